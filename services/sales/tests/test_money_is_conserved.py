"""Whatever is sold, paid and given back, in money, points and gift cards, in whatever order and whoever dies in
between, the books add up."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from chassis.errors import Conflict, InvalidArgument
from chassis.ids import uuid7
from chassis.testing.databases import TestDatabase
from chassis.testing.people import House, Person
from chassis.work import Database
from funia.sales.v1 import order_pb2 as orders
from funia.sales.v1 import till_order_pb2 as till_pb
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from .books import check_books
from .companies import settle
from .shop import Shop, open_shop
from .test_gift_cards import by_card, issue
from .test_invoices import ask_back, credit, do, go, inspected, invoice_of, pay_invoice
from .test_lines import item
from .test_loyalty import adjust, by_points, enrol, programme
from .test_orders import get, hand_over, on_hand, place, step, track
from .test_payments import give_back, pay, payment
from .tills import cups, from_card, in_cash, in_points, open_till, paid_by, receipt_of

SALES_BEFORE_THE_KILL = 8
KILLS = 40
COUNTED = 1_000
WORTH = 3
"""Cents that a point is worth."""


class Company(RuleBasedStateMachine):
    """A company at work. What its rules refuse is refused; everything else must keep the books."""

    house: House
    database: Database

    @initialize()
    def opens(self) -> None:
        self.person: Person = self.house.person()
        self.shop: Shop = open_shop(self.person)
        settle(self.database, self.person.tenant_id)
        self.till = open_till(self.person)
        track(self.person, self.shop, COUNTED)
        self.orders: list[str] = []
        self.payments: list[Any] = []
        self.invoices: list[Any] = []
        self.sales: list[till_pb.TillOrder] = []
        self.returns: list[till_pb.PostTillReturnRequest] = []
        programme(self.person, earn_milli=3_333, point_value_minor=WORTH)
        self.member = enrol(self.person)
        adjust(self.person, self.member, 500)
        self.card = issue(self.person, 3_000)
        self.sells_at_the_till(2, 100, 30, 700, True)
        for whole in (True, True, False):
            made = self.placed(3, 3_341_700, whole=whole)
            if whole:
                self.payments.append(pay(self.person, made, made.gross_amount.amount_minor))

    @rule(count=st.integers(1, 4), micros=st.integers(0, 9_999_999), whole=st.booleans())
    def sells(self, count: int, micros: int, whole: bool) -> None:
        self.placed(count, micros, whole=whole)

    @rule(at=st.integers(0, 9), count=st.sampled_from([0, 1, 40, 333, 2_000]), twice=st.booleans())
    def is_paid_in_points(self, at: int, count: int, twice: bool) -> None:
        payment_id = str(uuid7())
        for _ in range(1 + twice):
            self.payments += self.tried(lambda order: by_points(self.person, order, self.member, count, payment_id), at)

    @rule(at=st.integers(0, 9), minor=st.sampled_from([None, 1, 99, 1_200]), twice=st.booleans())
    def is_paid_from_a_card(self, at: int, minor: int | None, twice: bool) -> None:
        payment_id = str(uuid7())
        for _ in range(1 + twice):
            self.payments += self.tried(
                lambda order: by_card(self.person, order, self.card.code, minor, payment_id), at
            )

    @rule(
        count=st.integers(1, 4),
        off=st.sampled_from([0, 1, 99]),
        points=st.sampled_from([0, 1, 40, 333, 2_000]),
        on_card=st.sampled_from([0, 1, 700, 2_000]),
        twice=st.booleans(),
    )
    def sells_at_the_till(self, count: int, off: int, points: int, on_card: int, twice: bool) -> None:
        line = cups(self.shop.red, count, off=off)
        due = line.gross_minor
        tenders = []
        if points and points * WORTH <= due:
            tenders.append(in_points(points, WORTH))
        if on_card and points * WORTH + on_card <= due:
            tenders.append(from_card(self.card, on_card))
        left = due - sum(one.amount_minor for one in tenders)
        sale = self.till.sale(line, card_number=self.member.card_number)
        paid_by(sale, *tenders, *([in_cash(left)] if left else []))
        answers = [self.till.post(sale) for _ in range(1 + twice)]
        assert all(one == answers[0] for one in answers)
        if answers[0].HasField("refusal"):
            assert answers[0].refusal.reason in ("NOT_ENOUGH_POINTS", "NOT_ENOUGH_ON_CARD")
            self.till.sequence -= 1
            return
        self.sales.append(sale)
        self.orders.append(sale.id)
        self.payments += [payment(self.person, one.id) for one in sale.payments]

    @rule(at=st.integers(0, 9), count=st.integers(1, 2), method=st.sampled_from(["", "cash"]))
    def takes_back_at_the_till(self, at: int, count: int, method: str) -> None:
        whole = receipt_of(self.person, self.sales[at % len(self.sales)].id)
        asked = self.till.back(whole, count, method=method)
        if self.allowed(partial(self.person.call, "TillOrderService.PostTillReturn", asked)):
            self.returns.append(asked)
        else:
            self.till.sequence -= 1

    @rule(at=st.integers(0, 9), returns=st.booleans())
    def hears_of_the_till_again(self, at: int, returns: bool) -> None:
        if returns and self.returns:
            self.person.call("TillOrderService.PostTillReturn", self.returns[at % len(self.returns)])
        else:
            answer = self.till.post(self.sales[at % len(self.sales)])
            assert (answer.HasField("refusal"), answer.last_sequence) == (False, self.till.sequence)

    @rule(count=st.sampled_from([-400, -7, 5, 300]))
    def adjusts_points(self, count: int) -> None:
        self.allowed(lambda: adjust(self.person, self.member, count))

    @rule(at=st.integers(0, 9), minor=st.sampled_from([-1, 1, 99, 400, 1_200, 2_000]), twice=st.booleans())
    def is_paid(self, at: int, minor: int, twice: bool) -> None:
        payment_id = str(uuid7())
        for _ in range(1 + twice):
            self.payments += self.tried(lambda order: pay(self.person, order, minor, payment_id=payment_id), at)

    @rule(at=st.integers(0, 9), minor=st.sampled_from([0, 1, 99, 400, 1_200]))
    def refunds(self, at: int, minor: int) -> None:
        if self.payments:
            refund_id = str(uuid7())
            for _ in range(2):
                self.allowed(
                    lambda: give_back(self.person, self.payments[at % len(self.payments)], minor, refund_id=refund_id)
                )

    @rule(at=st.integers(0, 9), count=st.integers(1, 4))
    def hands_over(self, at: int, count: int) -> None:
        self.tried(lambda order: hand_over(self.person, order, (0, count)), at)

    @rule(at=st.integers(0, 9))
    def cancels(self, at: int) -> None:
        self.tried(lambda order: step(self.person, "Cancel", order), at)

    @rule(at=st.integers(0, 9), count=st.integers(1, 4), issues=st.booleans())
    def invoices_some(self, at: int, count: int, issues: bool) -> None:
        for made in self.tried(lambda order: invoice_of(self.person, order, (0, count)), at):
            self.invoices.append(do(self.person, "Issue" if issues else "Void", made))

    @rule(at=st.integers(0, 9), minor=st.integers(1, 2_000), is_credited=st.booleans())
    def settles_an_invoice(self, at: int, minor: int, is_credited: bool) -> None:
        if self.invoices:
            chosen = self.invoices[at % len(self.invoices)]
            if is_credited:
                self.allowed(lambda: credit(self.person, chosen, (0, 1)))
            else:
                self.payments += self.allowed(lambda: pay_invoice(self.person, chosen, minor))

    @rule(at=st.integers(0, 9), count=st.integers(1, 2), refunds=st.booleans())
    def takes_back(self, at: int, count: int, refunds: bool) -> None:
        for asked in self.tried(lambda order: ask_back(self.person, order, 0, count), at):
            inspected(self.person, asked)
            if refunds:
                self.allowed(partial(go, self.person, "Refund", asked))

    @invariant()
    def the_books_add_up(self) -> None:
        if hasattr(self, "person"):
            check_books(self.database, self.person.tenant_id)

    def teardown(self) -> None:
        if hasattr(self, "person"):
            # 12.04 for three: unit by unit, no third of it is a whole cent.
            while self.tried(lambda order: inspected(self.person, ask_back(self.person, order, 0, 1)), 0):
                check_books(self.database, self.person.tenant_id)
            sold = back = 0
            for order in (get(self.person, one) for one in self.orders):
                if order.status != "canceled":
                    sold += order.lines[0].quantity_milli
                    back += order.lines[0].returned_milli
            assert on_hand(self.person, self.shop) == COUNTED * 1_000 - sold + back

    def placed(self, count: int, micros: int, *, whole: bool) -> orders.Order:
        """An order of the member."""
        lines = item(self.shop.red, count, unit_micros=micros)
        made = place(self.person, lines, fulfilled=whole, loyalty_member_id=self.member.id)
        self.orders.append(made.id)
        return made

    def tried(self, does: Any, at: int) -> list[Any]:
        """What comes of doing something with an order, if it is allowed."""
        if not self.orders:
            return []
        order: orders.Order = get(self.person, self.orders[at % len(self.orders)])
        return self.allowed(lambda: does(order))

    def allowed(self, does: Any) -> list[Any]:
        """What comes of doing something, nothing where a rule refuses it."""
        try:
            return [does()]
        except (Conflict, InvalidArgument):
            return []


def test_the_books_add_up_whatever_is_done(house: House, database: Database) -> None:
    class Told(Company):
        pass

    Told.house, Told.database = house, database
    short = settings(
        max_examples=10,
        stateful_step_count=16,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Told, settings=short)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_the_books_add_up_in_a_thousand_ways(house: House, database: Database) -> None:
    class Told(Company):
        pass

    Told.house, Told.database = house, database
    many = settings(
        max_examples=1_000,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Told, settings=many)


def test_numbers_have_no_gaps_and_money_and_points_are_kept_when_tills_are_killed(
    alice: Person, database: Database, sales_database: TestDatabase
) -> None:
    sold_until_killed(alice, database, sales_database, SALES_BEFORE_THE_KILL)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_tills_are_killed_again_and_again(house: House, database: Database, sales_database: TestDatabase) -> None:
    for sales_before in range(1, KILLS + 1):
        sold_until_killed(house.person(), database, sales_database, sales_before)


def sold_until_killed(alice: Person, database: Database, sales_database: TestDatabase, sales_before: int) -> None:
    """Two tills sell to one member and from one gift card, and are killed in the middle of what they do."""
    shop = open_shop(alice)
    settle(database, alice.tenant_id)
    programme(alice)
    one, card = enrol(alice), issue(alice, 2_000)
    script = Path(__file__).with_name("killed_till.py")
    command = [
        sys.executable,
        str(script),
        sales_database.app_url,
        str(alice.tenant_id),
        shop.red.id,
        one.id,
        card.code,
    ]
    tills = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        for till in tills:
            assert till.stdout is not None
            for _ in range(sales_before):
                assert till.stdout.readline() == ".\n"
    finally:
        for till in tills:
            till.kill()
            till.communicate()
    given = check_books(database, alice.tenant_id)
    assert given >= 2 * sales_before
    assert place(alice, item(shop.red, 1)).number.endswith(f"{given + 1:05}")
