"""Sessions at tills over gRPC: float, cash, count, X and Z reports."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.events import recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import pos_session_pb2 as pb
from funia.sales.v1 import store_pb2 as stores


def a_register(person: Person, *, code: str = "S1") -> stores.Register:
    """A register in a store of its own."""
    store = person.call(
        "StoreService.CreateStore",
        stores.CreateStoreRequest(
            store=stores.Store(name="High street", code=code, currency_code="EUR", time_zone="Europe/Sofia")
        ),
    )
    made: stores.Register = person.call(
        "RegisterService.CreateRegister",
        stores.CreateRegisterRequest(register=stores.Register(store_id=store.id, name="Till 1")),
    )
    return made


def start(person: Person, register: stores.Register, **given: Any) -> pb.PosSession:
    """A session at a register; open where a float is given."""
    request = pb.StartPosSessionRequest(register_id=register.id, **given)
    made: pb.PosSession = person.call("PosSessionService.StartPosSession", request)
    return made


def ask(person: Person, verb: str, **given: Any) -> Any:
    """Calls a method of sessions."""
    return person.call(f"PosSessionService.{verb}", getattr(pb, f"{verb}Request")(**given))


def test_a_session_goes_from_its_float_to_its_z_report_and_its_cash_adds_up(
    alice: Person, bob: Person, database: Database
) -> None:
    register = a_register(alice)
    session = start(alice, register)
    assert session.status == "opening"
    notes = [pb.CashCount(value_minor=2_000, quantity=4), pb.CashCount(value_minor=1_000, quantity=2)]
    wrong = refused(ask, alice, "OpenPosSession", id=session.id, opening_float_minor=9_000, counts=notes)
    assert wrong.reason == "COUNT_DIFFERS"
    opened = ask(alice, "OpenPosSession", id=session.id, counts=notes)
    assert (opened.status, opened.opening_float_minor, len(opened.opening_counts)) == ("open", 10_000, 2)
    movement = {"session_id": session.id, "id": str(uuid7()), "kind": "out", "amount_minor": 2_500, "reason": "Bank"}
    first, again = ask(alice, "AddCashMovement", **movement), ask(alice, "AddCashMovement", **movement)
    assert first == again
    assert refused(ask, alice, "AddCashMovement", **{**movement, "amount_minor": 1}).reason == "ID_TAKEN"
    ask(alice, "AddCashMovement", session_id=session.id, kind="in", amount_minor=300, reason="Change")
    x_report = ask(alice, "GetXReport", session_id=session.id)
    assert (x_report.paid_in_minor, x_report.paid_out_minor, x_report.expected_cash_minor) == (300, 2_500, 7_800)
    assert refused(ask, alice, "ClosePosSession", id=session.id, counted_minor=7_800).reason == "WRONG_STATE"
    assert ask(alice, "BeginClosingPosSession", id=session.id).status == "closing"
    report = ask(alice, "ClosePosSession", id=session.id, counted_minor=7_750, note="Lost")
    assert (report.number, report.counted_cash_minor, report.difference_minor) == (1, 7_750, -50)
    assert ask(alice, "ClosePosSession", id=session.id, counted_minor=1) == report
    assert ask(alice, "GetXReport", session_id=session.id) == report.figures
    closed = ask(alice, "GetPosSession", id=session.id)
    assert (closed.status, closed.difference_minor, closed.expected_minor) == ("closed", -50, 7_800)
    assert refused(ask, bob, "GetZReport", session_id=session.id).reason == "Z_REPORT_NOT_FOUND"
    assert ask(bob, "ListZReports", register_id=register.id).reports == []
    verbs = [one.type for one in recorded(database, alice.tenant_id) if ".pos_session." in one.type]
    assert verbs == [f"sales.pos_session.{one}" for one in ("started", "opened", "closing", "closed")]


def test_a_register_has_one_session_and_z_numbers_have_no_gaps(alice: Person, bob: Person) -> None:
    register = a_register(alice)
    for number in (1, 2, 3):
        session = start(alice, register, opening_float_minor=0)
        second = refused(start, alice, register, opening_float_minor=0)
        assert (second.reason, second.metadata["session_id"]) == ("SESSION_OPEN", session.id)
        ask(alice, "BeginClosingPosSession", id=session.id)
        assert ask(alice, "ClosePosSession", id=session.id, counted_minor=0).number == number
    of_register = {"filter": f'register_id = "{register.id}" AND status = "closed"'}
    listed = ask(alice, "ListPosSessions", **of_register).pos_sessions
    assert [one.z_number for one in listed] == [3, 2, 1]
    assert ask(bob, "ListPosSessions", **of_register).pos_sessions == []
    page = ask(alice, "ListZReports", register_id=register.id, page_size=2)
    rest = ask(alice, "ListZReports", register_id=register.id, page_size=2, page_token=page.next_page_token)
    assert [one.number for one in [*page.reports, *rest.reports]] == [3, 2, 1]
    assert refused(start, bob, register).reason == "REGISTER_NOT_FOUND"


def test_a_session_is_not_closed_while_sales_of_the_till_are_on_their_way(alice: Person) -> None:
    session = start(alice, a_register(alice), opening_float_minor=0)
    under_way = refused(ask, alice, "BeginClosingPosSession", id=session.id, last_sequence=2)
    assert (under_way.reason, under_way.metadata["missing"]) == ("SALES_UNDER_WAY", "2")
    assert ask(alice, "GetPosSession", id=session.id).status == "open"


def test_nobody_changes_a_z_report_or_deletes_a_register_in_use(alice: Person, database: Database) -> None:
    register = a_register(alice)
    session = start(alice, register, opening_float_minor=0)
    request = stores.DeleteRegisterRequest(id=register.id)
    assert refused(alice.call, "RegisterService.DeleteRegister", request).reason == "SESSION_OPEN"
    ask(alice, "BeginClosingPosSession", id=session.id)
    ask(alice, "ClosePosSession", id=session.id, counted_minor=0)
    for table in ("z_report", "cash_movement", "till_receipt"):
        change = text(f"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = %(tenant_id)s", "tenant_id")
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            database.open_work(Caller.system(alice.tenant_id)) as work,
        ):
            work.execute(change)


def test_codes_of_stores_are_their_own_and_a_till_needs_the_right_to_sell(alice: Person, house: House) -> None:
    register = a_register(alice, code="Main")
    assert refused(a_register, alice, code="MAIN").metadata["field"] == "store.code"
    reader = house.person(alice.tenant_id, scopes=["sales.read"])
    assert refused(start, reader, register).reason == "MISSING_SCOPE"
