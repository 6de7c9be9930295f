"""Stores, their registers, the sessions at these, and what a session is made of: receipts, cash, its Z report."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.tables import Record, Stamped
from sqlalchemy import ForeignKeyConstraint, Index, String, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.catalogue import LIVING
from sales.model.customer import SalesTable

GOES_ON = text("status <> 'closed'")


class Store(Record, SalesTable):
    """A place where the company sells over the counter."""

    __tablename__ = "store"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    code: Mapped[str]
    code_key: Mapped[str] = mapped_column(String(collation="C"))
    address: Mapped[str]
    phone: Mapped[str]
    time_zone: Mapped[str]
    currency_code: Mapped[str]
    channel: Mapped[str]
    receipt_footer: Mapped[str]
    active: Mapped[bool]

    __table_args__ = (
        Index("uq_store_code", "tenant_id", "code_key", unique=True, postgresql_where=LIVING),
        Index("ix_store_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_store_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_store_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
    )


class Register(Record, SalesTable):
    """A till. Its receipts and its Z reports are numbered one by one, under a lock of its row."""

    __tablename__ = "register"

    store_id: Mapped[UUID]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    active: Mapped[bool]
    last_sequence: Mapped[int]
    last_z_number: Mapped[int]
    receipt_prefix: Mapped[str]

    __table_args__ = (
        Index(
            "uq_register_prefix", "tenant_id", "receipt_prefix", unique=True, postgresql_where="receipt_prefix <> ''"
        ),
        Index("ix_register_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_register_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_register_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_register_store", "tenant_id", "store_id"),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
    )


class PosSession(Stamped, SalesTable):
    """A stay of a drawer at a register; a register has one at most that is not closed."""

    __tablename__ = "pos_session"

    store_id: Mapped[UUID]
    register_id: Mapped[UUID]
    status: Mapped[str]
    currency_code: Mapped[str]
    opening_float_minor: Mapped[int]
    opening_counts: Mapped[list[Any]]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID]
    closing_counts: Mapped[list[Any]]
    counted_minor: Mapped[int | None]
    expected_minor: Mapped[int | None]
    difference_minor: Mapped[int | None]
    closing_note: Mapped[str]
    z_number: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]

    __table_args__ = (
        Index("uq_pos_session_register", "tenant_id", "register_id", unique=True, postgresql_where=GOES_ON),
        Index("ix_pos_session_newest", "tenant_id", desc("created_at"), desc("id")),
        Index("ix_pos_session_updated", "tenant_id", desc("updated_at"), desc("id")),
        Index("ix_pos_session_opened", "tenant_id", desc("opened_at"), desc("id")),
        ForeignKeyConstraint(["tenant_id", "store_id"], ["store.tenant_id", "store.id"]),
        ForeignKeyConstraint(["tenant_id", "register_id"], ["register.tenant_id", "register.id"]),
    )


class CashMovement(SalesTable):
    """Cash put into a drawer or taken out beside sales. Never changed."""

    __tablename__ = "cash_movement"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    amount_minor: Mapped[int]
    reason: Mapped[str]
    moved_at: Mapped[datetime]
    moved_by: Mapped[UUID]

    __table_args__ = (
        Index("ix_cash_movement_time", "tenant_id", "session_id", "moved_at", "id"),
        ForeignKeyConstraint(["tenant_id", "session_id"], ["pos_session.tenant_id", "pos_session.id"]),
    )


class TillReceipt(SalesTable):
    """What a till has sold or taken back, in the order and with the id it gave. Never changed."""

    __tablename__ = "till_receipt"

    register_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    session_id: Mapped[UUID]
    kind: Mapped[str]
    order_id: Mapped[UUID | None]
    sold_at: Mapped[datetime]
    till_said_at: Mapped[datetime]
    received_at: Mapped[datetime]
    sold_by: Mapped[UUID]
    gross_minor: Mapped[int]
    discount_minor: Mapped[int]
    taxes: Mapped[list[Any]]
    payments: Mapped[list[Any]]
    flags: Mapped[list[str]]
    priced_gross_minor: Mapped[int | None]
    digest: Mapped[str]
    return_id: Mapped[UUID | None]
    currency_code: Mapped[str]
    card_number: Mapped[str]
    agreed_by: Mapped[UUID | None]
    posted_by: Mapped[UUID | None]
    differences: Mapped[list[Any]]
    points: Mapped[dict[str, Any]]

    __table_args__ = (
        Index("ix_till_receipt_flagged", "tenant_id", "register_id", "sequence", postgresql_where="flags <> '{}'"),
        Index("uq_till_receipt_id", "tenant_id", "id", unique=True),
        Index("ix_till_receipt_session", "tenant_id", "session_id", "sequence"),
        ForeignKeyConstraint(["tenant_id", "register_id"], ["register.tenant_id", "register.id"]),
        ForeignKeyConstraint(["tenant_id", "session_id"], ["pos_session.tenant_id", "pos_session.id"]),
    )


class ZReport(SalesTable):
    """The figures with which a session was closed. The database refuses to change one."""

    __tablename__ = "z_report"

    register_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[UUID]
    store_id: Mapped[UUID]
    figures: Mapped[dict[str, Any]]
    counted_minor: Mapped[int]
    difference_minor: Mapped[int]
    note: Mapped[str]
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID]

    __table_args__ = (
        Index("uq_z_report_session", "tenant_id", "session_id", unique=True),
        ForeignKeyConstraint(["tenant_id", "register_id"], ["register.tenant_id", "register.id"]),
        ForeignKeyConstraint(["tenant_id", "session_id"], ["pos_session.tenant_id", "pos_session.id"]),
    )
