"""A session at a till, from its float to its Z report.

The row of the session is locked by whoever sells or counts, so a report waits for the sale that is being written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, FailedPrecondition, invalid_field
from chassis.work import Row, Work

from sales.errors import not_there
from sales.queries import company
from sales.queries import tills as queries
from sales.usecases.states import POS_SESSION

Values = dict[str, Any]
CASH = "cash"
"""The way to pay that fills the drawer."""


@dataclass(frozen=True, slots=True)
class CashCount:
    """So many notes or coins of a kind."""

    value_minor: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a session has taken, in minor units. As a Z report keeps it."""

    session_id: str
    currency_code: str
    opened_at: str
    made_at: str
    first_sequence: int
    last_sequence: int
    sale_count: int
    return_count: int
    sales_minor: int
    returns_minor: int
    discount_minor: int
    taxes: list[Values]
    payments: list[Values]
    opening_float_minor: int
    paid_in_minor: int
    paid_out_minor: int
    expected_cash_minor: int


def begin(work: Work, register_id: UUID) -> Values:
    """Column values of a new session at a register. Raises Conflict where it has one, or may not be opened."""
    register = queries.register(work, register_id, lock=True)
    if register is None or register.deleted_at is not None:
        raise not_there("register_id", "register")
    if not (register.active and register.store_open):
        raise FailedPrecondition(
            "This register, or its store, is switched off. Switch it on in Settings > Stores.", reason="REGISTER_OFF"
        )
    found = queries.session_of(work, register_id)
    if found is not None:
        raise Conflict(
            "There is a session at this register. Close it first, or go on with it.",
            reason="SESSION_OPEN",
            metadata={"session_id": str(found.id), "state": found.status},
        )
    return {
        "store_id": register.store_id,
        "register_id": register_id,
        "status": "opening",
        "currency_code": register.currency_code,
        "opening_float_minor": 0,
        "opening_counts": [],
        "opened_at": work.now,
        "opened_by": work.caller.actor_id,
        "closing_counts": [],
        "counted_minor": None,
        "expected_minor": None,
        "difference_minor": None,
        "closing_note": "",
        "z_number": None,
        "closed_at": None,
        "closed_by": None,
    }


def opened(work: Work, state: str, stated: int | None, counts: Sequence[CashCount]) -> Values:
    """What opening a session with this float changes."""
    return {
        "status": POS_SESSION.after("open", state),
        "opening_float_minor": counted("opening_float_minor", stated, counts),
        "opening_counts": [asdict(one) for one in counts],
        "opened_at": work.now,
        "opened_by": work.caller.actor_id,
    }


def counted(field: str, stated: int | None, counts: Sequence[CashCount]) -> int:
    """The cash that was counted. Raises InvalidArgument where sum and notes disagree, or neither is given."""
    total = sum(one.value_minor * one.quantity for one in counts)
    if stated is None and not counts:
        raise invalid_field(field, "say how much cash there is, or count it", reason="REQUIRED")
    if stated is not None and counts and stated != total:
        raise invalid_field(field, f"the notes and coins make {total}", reason="COUNT_DIFFERS")
    if len({one.value_minor for one in counts}) != len(counts):
        raise invalid_field("counts", "a note or coin is counted twice", reason="DUPLICATE")
    return total if stated is None else stated


def check_all_arrived(work: Work, session: Row, last_sequence: int) -> None:
    """Raises FailedPrecondition where the till has made receipts that have not arrived."""
    register = queries.register(work, session.register_id, lock=True)
    assert register is not None, "a session names its register"
    missing = last_sequence - register.last_sequence
    if missing > 0:
        raise FailedPrecondition(
            f"{missing} of the till's sales have not arrived yet. Let it send them, then close.",
            reason="SALES_UNDER_WAY",
            metadata={"last_sequence": str(register.last_sequence), "missing": str(missing)},
        )


def figures(work: Work, session: Row, *, made_at: datetime | None = None) -> Figures:
    """The figures of a session as they are now."""
    sums, cash, taxes, payments = queries.takings(work, session.id)
    in_cash = sum(one.amount for one in payments if one.method == CASH)
    return Figures(
        session_id=str(session.id),
        currency_code=session.currency_code,
        opened_at=session.opened_at.isoformat(),
        made_at=(made_at or work.now).isoformat(),
        first_sequence=sums.first_sequence,
        last_sequence=sums.last_sequence,
        sale_count=sums.sale_count,
        return_count=sums.return_count,
        sales_minor=sums.sales_minor,
        returns_minor=sums.returns_minor,
        discount_minor=sums.discount_minor,
        taxes=[
            {"rate_basis_points": one.rate_basis_points, "net_minor": one.net, "tax_minor": one.tax} for one in taxes
        ],
        payments=[{"method": one.method, "count": one.number, "amount_minor": one.amount} for one in payments],
        opening_float_minor=session.opening_float_minor,
        paid_in_minor=cash.paid_in,
        paid_out_minor=cash.paid_out,
        expected_cash_minor=session.opening_float_minor + in_cash + cash.paid_in - cash.paid_out,
    )


def close(work: Work, session: Row, stated: int | None, counts: Sequence[CashCount], note: str) -> tuple[Values, Row]:
    """What closing a session changes, and its Z report."""
    status = POS_SESSION.after("close", session.status)
    cash = counted("counted_minor", stated, counts)
    taken = figures(work, session)
    difference = cash - taken.expected_cash_minor
    number = queries.take_z_number(work, session.register_id)
    report = queries.add_z(
        work,
        session,
        asdict(taken),
        number=number,
        counted_minor=cash,
        difference_minor=difference,
        note=note,
    )
    return {
        "status": status,
        "closing_counts": [asdict(one) for one in counts],
        "counted_minor": cash,
        "expected_minor": taken.expected_cash_minor,
        "difference_minor": difference,
        "closing_note": note,
        "z_number": number,
        "closed_at": work.now,
        "closed_by": work.caller.actor_id,
    }, report


def move_cash(
    work: Work, session: Row, movement_id: UUID, *, kind: str, amount_minor: int, reason: str
) -> tuple[Row, bool]:
    """Puts cash into the drawer or takes some out; the movement, and whether it is new.

    Raises Conflict where the session takes none, or the id was given to another movement.
    """
    if session.status not in ("open", "closing"):
        raise Conflict(
            f'The session is "{session.status}". Cash moves while it is open or being closed.',
            reason="WRONG_STATE",
            metadata={"state": session.status},
        )
    new = queries.add_cash(work, session.id, movement_id, kind, amount_minor, reason)
    row = queries.cash_movement(work, session.id, movement_id)
    if (row.kind, row.amount_minor) != (kind, amount_minor):
        raise Conflict("Another movement has this id. Give this one an id of its own.", reason="ID_TAKEN")
    return row, new


def check_store(work: Work, before: Row | None, after: Values) -> None:
    """Brings a store to its normal form. Raises what is wrong with it."""
    after["name_key"] = after["name"].lower()
    after["code_key"] = after["code"].lower()
    home = company.company(work)
    after["time_zone"] = after["time_zone"] or home.time_zone
    after["currency_code"] = after["currency_code"] or home.currency_code
    if not after["currency_code"]:
        raise invalid_field("store.currency_code", "say in which currency it sells", reason="REQUIRED")
    after["channel"] = after["channel"] or "pos"
    after["active"] = True if after["active"] is None else after["active"]
    if queries.code_taken(work, after["code_key"], None if before is None else before.id):
        raise Conflict(
            f"{after['code']} is the code of another store. Choose another.",
            reason="CODE_TAKEN",
            metadata={"field": "store.code"},
        )


def check_register(work: Work, before: Row | None, after: Values) -> None:
    """Brings a register to its normal form. Raises what is wrong with it."""
    after["name_key"] = after["name"].lower()
    after["active"] = True if after["active"] is None else after["active"]
    if before is None and not queries.has_store(work, after["store_id"]):
        raise not_there("register.store_id", "store")
    if before is None:
        after["receipt_prefix"] = _prefix(work, after["store_id"], after["receipt_prefix"].strip().upper())


def _prefix(work: Work, store_id: UUID, given: str) -> str:
    """What numbers of receipts begin with: as given, else the store's code and the first number that is free."""
    if given:
        if queries.prefix_taken(work, given):
            raise Conflict(
                f"Receipts of another register begin with {given}. Choose another prefix.",
                reason="PREFIX_TAKEN",
                metadata={"field": "register.receipt_prefix"},
            )
        return given
    code, taken = queries.prefixes(work, store_id)
    return next(one for number in count(1) if (one := f"{code.upper()}-{number}") not in taken)


def check_idle(work: Work, record_id: UUID, label: str) -> None:
    """Raises Conflict where a session of the store, or at the register, is not closed."""
    if queries.sells(work, record_id):
        raise Conflict(f"A session at this {label} is not closed. Close it first.", reason="SESSION_OPEN")
