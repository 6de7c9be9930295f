"""Invoices, the money that came and went, and goods that came back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from chassis.tables import Access, Stamped
from sqlalchemy import Date, ForeignKeyConstraint, Index, Integer, desc
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.customer import SalesTable
from sales.model.lines import DocumentColumns, LineColumns


class Invoice(DocumentColumns, Access, SalesTable):
    """An invoice or a credit note. What it says is locked, by the database too, from when it has a number."""

    __tablename__ = "invoice"

    number: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    order_id: Mapped[UUID | None]
    credited_invoice_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    customer_name: Mapped[str]
    customer_address: Mapped[str]
    customer_tax_number: Mapped[str]
    reference: Mapped[str]
    note: Mapped[str]
    paid_amount_minor: Mapped[int]
    refunded_amount_minor: Mapped[int]
    credited_amount_minor: Mapped[int]
    open_amount_minor: Mapped[int]
    issued_on: Mapped[date] = mapped_column(Date())
    due_on: Mapped[date] = mapped_column(Date())
    reason: Mapped[str]

    __table_args__ = (
        Index("uq_invoice_number", "tenant_id", "kind", "number", unique=True, postgresql_where="number <> ''"),
        Index("ix_invoice_newest", "tenant_id", desc("created_at"), desc("id")),
        Index("ix_invoice_updated", "tenant_id", desc("updated_at"), desc("id")),
        Index("ix_invoice_number_order", "tenant_id", desc("number"), desc("id")),
        Index("ix_invoice_net", "tenant_id", desc("net_amount_minor"), desc("id")),
        Index("ix_invoice_gross", "tenant_id", desc("gross_amount_minor"), desc("id")),
        Index("ix_invoice_issued", "tenant_id", desc("issued_on"), desc("id")),
        Index("ix_invoice_due", "tenant_id", "due_on", "id"),
        Index("ix_invoice_status", "tenant_id", "status", desc("created_at"), desc("id")),
        Index("ix_invoice_owner", "tenant_id", "owner_id", desc("created_at"), desc("id")),
        Index("ix_invoice_account", "tenant_id", "account_id", desc("created_at"), desc("id")),
        Index("ix_invoice_order", "tenant_id", "order_id", desc("created_at"), desc("id")),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "credited_invoice_id"], ["invoice.tenant_id", "invoice.id"]),
    )


class InvoiceLine(LineColumns, SalesTable):
    """A line of an invoice. `source_line_id` is that of the order, or of the invoice that is credited."""

    __tablename__ = "invoice_line"

    invoice_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-50)
    source_line_id: Mapped[UUID | None] = mapped_column(sort_order=50)
    credited_milli: Mapped[int] = mapped_column(sort_order=51)

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "invoice_id"], ["invoice.tenant_id", "invoice.id"]),)


class Payment(Stamped, SalesTable):
    """Money that came, or is to come. `refunding_minor` is given back or on its way back."""

    __tablename__ = "payment"

    order_id: Mapped[UUID | None]
    invoice_id: Mapped[UUID | None]
    method: Mapped[str]
    status: Mapped[str]
    currency_code: Mapped[str]
    amount_minor: Mapped[int]
    refunding_minor: Mapped[int]
    refunded_amount_minor: Mapped[int]
    reference: Mapped[str]
    provider: Mapped[str]
    provider_reference: Mapped[str]
    failure: Mapped[str]
    captured_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_payment_order", "tenant_id", "order_id", "created_at", "id"),
        Index("ix_payment_invoice", "tenant_id", "invoice_id", "created_at", "id"),
        Index("ix_payment_provider", "tenant_id", "provider_reference", postgresql_where="provider_reference <> ''"),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
        ForeignKeyConstraint(["tenant_id", "invoice_id"], ["invoice.tenant_id", "invoice.id"]),
    )


class Refund(Stamped, SalesTable):
    """Money given back, or on its way."""

    __tablename__ = "refund"

    payment_id: Mapped[UUID]
    return_id: Mapped[UUID | None]
    status: Mapped[str]
    amount_minor: Mapped[int]
    reason: Mapped[str]
    provider_reference: Mapped[str]
    failure: Mapped[str]

    __table_args__ = (
        Index("ix_refund_payment", "tenant_id", "payment_id", "created_at", "id"),
        ForeignKeyConstraint(["tenant_id", "payment_id"], ["payment.tenant_id", "payment.id"]),
    )


class ReturnOrder(Stamped, SalesTable):
    """Goods of an order that come back. What was taken over from another system may have no order that is known."""

    __tablename__ = "return_order"

    number: Mapped[str]
    order_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    returned_on: Mapped[date | None] = mapped_column(Date())
    status: Mapped[str]
    reason: Mapped[str]
    note: Mapped[str]
    currency_code: Mapped[str]
    amount_minor: Mapped[int]
    exchange_order_id: Mapped[UUID | None]

    __table_args__ = (
        Index("uq_return_order_number", "tenant_id", "number", unique=True),
        Index("ix_return_order_order", "tenant_id", "order_id", "created_at", "id"),
        Index("ix_return_order_account", "tenant_id", "account_id", "created_at", "id"),
        ForeignKeyConstraint(["tenant_id", "order_id"], ["sales_order.tenant_id", "sales_order.id"]),
    )


class ReturnLine(SalesTable):
    """So much of a line of the order comes back, or so much of a variant where the order is not known."""

    __tablename__ = "return_line"

    return_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_variant_id: Mapped[UUID | None]
    quantity_milli: Mapped[int]
    accepted_milli: Mapped[int]
    restocked_milli: Mapped[int]
    amount_minor: Mapped[int]

    __table_args__ = (ForeignKeyConstraint(["tenant_id", "return_id"], ["return_order.tenant_id", "return_order.id"]),)


class CardAccount(SalesTable):
    """How a company is paid by card; its secrets are sealed."""

    __tablename__ = "card_account"

    id: Mapped[UUID]
    provider: Mapped[str]
    publishable_key: Mapped[str]
    sealed_secret_key: Mapped[str]
    sealed_webhook_secret: Mapped[str]
    version: Mapped[int] = mapped_column(Integer())


class ProviderEvent(SalesTable):
    """A webhook of a card provider that was taken."""

    __tablename__ = "provider_event"

    event_id: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
