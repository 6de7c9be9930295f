"""Whatever is sold, paid and given back, in whatever order and whoever dies in between, the books add up."""

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
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from .books import check_books
from .companies import settle
from .shop import Shop, open_shop
from .test_invoices import ask_back, credit, do, go, inspected, invoice_of, pay_invoice
from .test_lines import item
from .test_orders import get, hand_over, on_hand, place, step, track
from .test_payments import give_back, pay

SALES_BEFORE_THE_KILL = 8
COUNTED = 1_000


class Company(RuleBasedStateMachine):
    """A company at work. What its rules refuse is refused; everything else must keep the books."""

    house: House
    database: Database

    @initialize()
    def opens(self) -> None:
        self.person: Person = self.house.person()
        self.shop: Shop = open_shop(self.person)
        settle(self.database, self.person.tenant_id)
        track(self.person, self.shop, COUNTED)
        self.orders: list[str] = []
        self.payments: list[Any] = []
        self.invoices: list[Any] = []
        for whole in (True, True, False):
            made = place(self.person, item(self.shop.red, 3, unit_micros=3_333_300), fulfilled=whole)
            self.orders.append(made.id)
            if whole:
                self.payments.append(pay(self.person, made, made.gross_amount.amount_minor))

    @rule(count=st.integers(1, 4), micros=st.integers(0, 9_999_999), whole=st.booleans())
    def sells(self, count: int, micros: int, whole: bool) -> None:
        made = place(self.person, item(self.shop.red, count, unit_micros=micros), fulfilled=whole)
        self.orders.append(made.id)

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
            sold = back = 0
            for order in (get(self.person, one) for one in self.orders):
                if order.status != "canceled":
                    sold += order.lines[0].quantity_milli
                    back += order.lines[0].returned_milli
            assert on_hand(self.person, self.shop) == COUNTED * 1_000 - sold + back

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


def test_numbers_have_no_gaps_and_money_is_kept_when_tills_are_killed(
    alice: Person, database: Database, sales_database: TestDatabase
) -> None:
    shop = open_shop(alice)
    settle(database, alice.tenant_id)
    script = Path(__file__).with_name("killed_till.py")
    command = [sys.executable, str(script), sales_database.app_url, str(alice.tenant_id), shop.red.id]
    tills = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        for till in tills:
            assert till.stdout is not None
            for _ in range(SALES_BEFORE_THE_KILL):
                assert till.stdout.readline() == ".\n"
    finally:
        for till in tills:
            till.kill()
            till.communicate()
    given = check_books(database, alice.tenant_id)
    assert given >= 2 * SALES_BEFORE_THE_KILL
    assert place(alice, item(shop.red, 1)).number.endswith(f"{given + 1:05}")
