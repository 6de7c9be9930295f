"""Statements on invoices, payments, refunds and returns beyond those that every record has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from chassis.caller import SIGHTS, Sight
from chassis.statements import Prepared, prepare, text
from chassis.tables import scoped, tenant_parameter, visible
from chassis.work import Row, Work
from sqlalchemy import BigInteger, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as SqlUuid
from sqlalchemy.sql.elements import ColumnElement

from sales.model.billing import (
    CardAccount,
    Invoice,
    InvoiceLine,
    Payment,
    Refund,
    ReturnLine,
    ReturnOrder,
)
from sales.queries.lines import LineStore

INVOICE_LINES = LineStore(InvoiceLine, "invoice_id")
NOBODY = UUID(int=0)
_CREDIT = text(
    """
    UPDATE invoice_line SET credited_milli = credited_milli + step.quantity
      FROM unnest(%(line_ids)b::uuid[], %(quantities)b::bigint[]) AS step(line_id, quantity)
     WHERE invoice_line.tenant_id = %(tenant_id)s AND invoice_line.invoice_id = %(invoice_id)s
       AND invoice_line.id = step.line_id
    """,
    "tenant_id",
)
_PENDING = text(
    """
    SELECT coalesce(sum(amount_minor), 0)::bigint AS minor FROM payment
     WHERE tenant_id = %(tenant_id)s AND status = 'pending'
       AND (order_id = %(order_id)s OR invoice_id = %(invoice_id)s)
    """,
    "tenant_id",
)
_COMING_BACK = text(
    """
    SELECT line.line_id, sum(line.quantity_milli)::bigint AS quantity
      FROM return_order AS head JOIN return_line AS line
        ON line.tenant_id = head.tenant_id AND line.return_id = head.id
     WHERE head.tenant_id = %(tenant_id)s AND head.order_id = %(order_id)s
       AND head.status IN ('requested', 'authorized', 'received')
     GROUP BY line.line_id
    """,
    "tenant_id",
)
_ADD_RETURN_LINES = text(
    """
    INSERT INTO return_line (tenant_id, return_id, line_id, quantity_milli, accepted_milli, restocked_milli,
           amount_minor)
    SELECT %(tenant_id)s, %(return_id)s, line_id, quantity, 0, 0, 0
      FROM unnest(%(line_ids)b::uuid[], %(quantities)b::bigint[]) AS step(line_id, quantity)
    """,
    "tenant_id",
)
_JUDGE_RETURN_LINES = text(
    """
    UPDATE return_line SET accepted_milli = step.accepted, restocked_milli = step.restocked, amount_minor = step.amount
      FROM unnest(%(line_ids)b::uuid[], %(accepted)b::bigint[], %(restocked)b::bigint[], %(amounts)b::bigint[])
           AS step(line_id, accepted, restocked, amount)
     WHERE return_line.tenant_id = %(tenant_id)s AND return_line.return_id = %(return_id)s
       AND return_line.line_id = step.line_id
    """,
    "tenant_id",
)
_RETURN_LINES = prepare(
    scoped(ReturnLine)
    .where(ReturnLine.return_id == func.any(bindparam("ids", type_=ARRAY(SqlUuid(as_uuid=True)))))
    .order_by(ReturnLine.return_id, ReturnLine.line_id)
)
_ACCOUNT = prepare(scoped(CardAccount))
_KEEP_ACCOUNT = text(
    """
    INSERT INTO card_account (tenant_id, id, provider, publishable_key, sealed_secret_key, sealed_webhook_secret,
           version)
    VALUES (%(tenant_id)s, %(id)s, %(provider)s, %(publishable_key)s, %(sealed_secret_key)s,
            %(sealed_webhook_secret)s, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET provider = excluded.provider, publishable_key = excluded.publishable_key,
           sealed_secret_key = excluded.sealed_secret_key, sealed_webhook_secret = excluded.sealed_webhook_secret,
           version = card_account.version + 1
    """,
    "tenant_id",
)
_TAKE_EVENT = text(
    """
    INSERT INTO provider_event (tenant_id, event_id, received_at) VALUES (%(tenant_id)s, %(event_id)s, %(now)s)
    ON CONFLICT DO NOTHING RETURNING event_id
    """,
    "tenant_id",
)


class Rows:
    """Rows of a table without a message of the kit: payments, refunds, returns. The caller has seen their order."""

    def __init__(self, table: Any) -> None:
        self._columns = [one.name for one in table.__table__.columns if one.name != "tenant_id"]
        self._table = table
        mine = scoped(table).where(table.id == bindparam("id"))
        self._get, self._lock = prepare(mine), prepare(mine.with_for_update())
        self._insert = prepare(
            insert(table)
            .values(tenant_id=tenant_parameter(), **{name: bindparam(name) for name in self._columns})
            .returning(table)
        )
        self._update = lru_cache(64)(self._update_statement)
        self._by = lru_cache(8)(self._by_statement)

    def get(self, work: Work, record_id: UUID, *, lock: bool = False) -> Row | None:
        """A row by its id."""
        return work.row(self._lock if lock else self._get, id=record_id)

    def by(self, work: Work, column: str, value: Any) -> list[Row]:
        """Rows of one document, the first first; a document has few."""
        return work.rows(self._by(column), value=value)

    def insert(self, work: Work, record_id: UUID, values: Mapping[str, Any]) -> Row:
        """Writes a new row."""
        frame = {
            "id": record_id,
            "version": 1,
            "created_at": work.now,
            "created_by": work.caller.actor_id,
            "updated_at": work.now,
            "updated_by": work.caller.actor_id,
        }
        row = work.row(self._insert, **frame, **values)
        assert row is not None, "an insert returns its row"
        return row

    def update(self, work: Work, record_id: UUID, values: Mapping[str, Any]) -> Row:
        """Changes a locked row."""
        row = work.row(
            self._update(tuple(sorted(values))), id=record_id, at=work.now, by=work.caller.actor_id, **values
        )
        assert row is not None, "the caller has locked the row"
        return row

    def _by_statement(self, column: str) -> Prepared:
        table = self._table
        given = getattr(table, column) == bindparam("value")
        return prepare(scoped(table).where(given).order_by(table.created_at, table.id))

    def _update_statement(self, names: Sequence[str]) -> Prepared:
        table = self._table
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        values |= {"version": table.version + 1, "updated_at": bindparam("at"), "updated_by": bindparam("by")}
        mine = update(table).where(table.tenant_id == tenant_parameter(), table.id == bindparam("id"))
        return prepare(mine.values(**values).returning(table))


PAYMENTS, REFUNDS, RETURNS = Rows(Payment), Rows(Refund), Rows(ReturnOrder)


def credit(work: Work, invoice_id: UUID, steps: Mapping[UUID, int]) -> None:
    """Adds to how much of each line of a locked invoice was credited."""
    work.execute(_CREDIT, invoice_id=invoice_id, line_ids=list(steps), quantities=list(steps.values()))


def pending(work: Work, *, order_id: UUID | None, invoice_id: UUID | None) -> int:
    """What is on its way for an order or an invoice."""
    row: Any = work.row(_PENDING, order_id=order_id, invoice_id=invoice_id)
    minor: int = row.minor
    return minor


def coming_back(work: Work, order_id: UUID) -> dict[UUID, int]:
    """What of each line is asked to come back and not judged yet."""
    return {row.line_id: row.quantity for row in work.rows(_COMING_BACK, order_id=order_id)}


def add_return_lines(work: Work, return_id: UUID, steps: Mapping[UUID, int]) -> None:
    """Writes what comes back."""
    work.execute(_ADD_RETURN_LINES, return_id=return_id, line_ids=list(steps), quantities=list(steps.values()))


def judge_return_lines(work: Work, return_id: UUID, judged: Mapping[UUID, tuple[int, int, int]]) -> None:
    """Writes what of each line is taken back, restocked, and given for it."""
    accepted, restocked, amounts = (list(one) for one in zip(*judged.values(), strict=True))
    work.execute(
        _JUDGE_RETURN_LINES,
        return_id=return_id,
        line_ids=list(judged),
        accepted=accepted,
        restocked=restocked,
        amounts=amounts,
    )


def return_lines(work: Work, return_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Lines of these returns."""
    found: dict[UUID, list[Row]] = {one: [] for one in return_ids}
    if found:
        for row in work.rows(_RETURN_LINES, ids=list(found)):
            found[row.return_id].append(row)
    return found


def card_account(work: Work) -> Row | None:
    """How the company is paid by card."""
    return work.row(_ACCOUNT)


def keep_card_account(work: Work, account_id: UUID, values: Mapping[str, str]) -> None:
    """Writes how the company is paid by card; the id of an earlier account stays."""
    work.execute(_KEEP_ACCOUNT, id=account_id, **values)


def take_event(work: Work, event_id: str) -> bool:
    """Notes a webhook; whether it is new."""
    return work.row(_TAKE_EVENT, event_id=event_id, now=work.now) is not None


def ageing(work: Work, on: date, *, after: tuple[UUID, str] | None, limit: int) -> list[Row]:
    """What customers owe, by how late it is on a day; after this customer and currency."""
    given: dict[str, Any] = {"on": on} | ({} if after is None else {"after_id": after[0], "after_currency": after[1]})
    return work.rows(_ageing(work.caller.sight, after is not None, limit), **given)


@lru_cache(len(SIGHTS) * 8)
def _ageing(sight: Sight, after_key: bool, limit: int) -> Prepared:
    on: Any = bindparam("on", type_=Invoice.due_on.type)
    late = on - Invoice.due_on
    customer = func.coalesce(Invoice.account_id, Invoice.contact_id, NOBODY).label("customer_id")
    statement = (
        select(
            customer,
            Invoice.currency_code,
            _owed("not_due_minor", late <= 0),
            _owed("days_30_minor", and_(late > 0, late <= 30)),
            _owed("days_60_minor", and_(late > 30, late <= 60)),
            _owed("days_90_minor", and_(late > 60, late <= 90)),
            _owed("older_minor", late > 90),
            func.count().label("invoice_count"),
        )
        .where(
            Invoice.tenant_id == tenant_parameter(),
            or_(Invoice.status == "issued", Invoice.status == "partially_paid", Invoice.status == "overdue"),
            Invoice.kind == "invoice",
            visible(Invoice, sight, listing=True),
        )
        .group_by(customer, Invoice.currency_code)
        .order_by(customer, Invoice.currency_code)
        .limit(limit)
    )
    if after_key:
        after_id = bindparam("after_id", type_=SqlUuid(as_uuid=True))
        same = and_(customer == after_id, Invoice.currency_code > bindparam("after_currency"))
        statement = statement.having(or_(customer > after_id, same))
    return prepare(statement)


def _owed(name: str, when: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(Invoice.open_amount_minor).filter(when), 0).cast(BigInteger).label(name)
