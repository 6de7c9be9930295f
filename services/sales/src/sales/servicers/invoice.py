"""InvoiceService at the edge."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.masks import read_mask, set_fields
from chassis.paging import Pager
from chassis.record_shares import check_writes
from chassis.records import RecordServicer
from chassis.work import Row, Work
from funia.sales.v1 import invoice_pb2 as pb

from sales.queries import billing as queries
from sales.queries.billing import INVOICE_LINES, NOBODY
from sales.records import INVOICE, ORDER, ORDERS
from sales.references import Customers
from sales.usecases import invoices
from sales.usecases.prices import today
from sales.wire import items, read_items, read_steps

_GIVEN = INVOICE.mapping.names & {
    "account_id",
    "contact_id",
    "customer_name",
    "customer_address",
    "customer_tax_number",
    "reference",
    "note",
    "currency_code",
    "due_on",
    "owner_id",
    "team_id",
    "custom",
}


class InvoiceServicer(RecordServicer):
    """Invoices and credit notes."""

    service = pb.DESCRIPTOR.services_by_name["InvoiceService"]
    resource = INVOICE

    def __init__(self, pager: Pager, customers: Customers) -> None:
        super().__init__(pager)
        self._customers = customers

    def living(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        return ids - self._customers.unknown(work, kind, ids)

    def message(self, work: Work, row: Row) -> pb.Invoice:
        made = pb.Invoice(lines=items(INVOICE_LINES.of(work, [row.id])[row.id]))
        self.resource.mapping.fill(row, made)
        return made

    def messages(self, work: Work, rows: list[Row]) -> list[Any]:
        found = []
        for row in rows:
            made = pb.Invoice()
            self.resource.mapping.fill(row, made)
            found.append(made)
        return found

    def CreateInvoice(self, work: Work, request: pb.CreateInvoiceRequest) -> pb.Invoice:
        given = request.invoice
        values = self.with_custom(work, None, self.resource.mapping.values(given, sorted(_GIVEN)))
        self._check_named(work, values, None)
        return self.message(work, invoices.draft(work, values, read_items(given.lines)))

    def CreateInvoiceFromOrder(self, work: Work, request: pb.CreateInvoiceFromOrderRequest) -> pb.Invoice:
        order = ORDERS.get(work, UUID(request.order_id), lock=True)
        if order is None:
            raise ORDER.not_found(request.order_id)
        check_writes(order, ORDER.said)
        return self.message(work, invoices.draft_of_order(work, order, read_steps(request.lines)))

    def UpdateInvoice(self, work: Work, request: pb.UpdateInvoiceRequest) -> pb.Invoice:
        given = request.invoice
        mask = read_mask(request.update_mask, given.DESCRIPTOR) if request.update_mask.paths else set_fields(given)
        before = self._locked(work, given.id, request.etag)
        values = self.with_custom(work, before, self.resource.mapping.values(given, sorted(mask.names & _GIVEN)))
        self._check_named(work, values, before)
        lines = read_items(given.lines) if "lines" in mask.names else None
        return self.message(work, invoices.change(work, before, values, lines))

    def IssueInvoice(self, work: Work, request: pb.IssueInvoiceRequest) -> pb.Invoice:
        return self.message(work, invoices.issue(work, self._locked(work, request.id, request.etag)))

    def VoidInvoice(self, work: Work, request: pb.VoidInvoiceRequest) -> pb.Invoice:
        row = self._locked(work, request.id, request.etag)
        return self.message(work, invoices.void(work, row, request.reason.strip()))

    def WriteOffInvoice(self, work: Work, request: pb.WriteOffInvoiceRequest) -> pb.Invoice:
        row = self._locked(work, request.id, request.etag)
        return self.message(work, invoices.write_off(work, row, request.reason.strip()))

    def CreditInvoice(self, work: Work, request: pb.CreditInvoiceRequest) -> pb.Invoice:
        row = self._locked(work, request.invoice_id)
        return self.message(work, invoices.credit(work, row, read_steps(request.lines), request.reason.strip()))

    def GetReceivablesAgeing(self, work: Work, request: pb.GetReceivablesAgeingRequest) -> pb.ReceivablesAgeing:
        size, binding = self.pager.size(request.page_size), ("GetReceivablesAgeing",)
        after = None
        if request.page_token:
            customer_id, currency = self.pager.key(work.tenant_id, binding, request.page_token)
            after = UUID(str(customer_id)), str(currency)
        rows = queries.ageing(work, today(work), after=after, limit=size + 1)
        token = ""
        if len(rows) > size:
            rows = rows[:size]
            last = [str(rows[-1].customer_id), rows[-1].currency_code]
            token = self.pager.token(work.tenant_id, binding, last)
        return pb.ReceivablesAgeing(customers=[_ageing(row) for row in rows], next_page_token=token)

    def _locked(self, work: Work, invoice_id: str, etag: str = "") -> Row:
        """An invoice, locked after its order, which a step may touch."""
        known = self.found(work, UUID(invoice_id))
        if known.order_id is not None:
            ORDERS.get(work, known.order_id, lock=True)
        row = self.locked(work, UUID(invoice_id), etag)
        check_writes(row, self.resource.said)
        return row

    def _check_named(self, work: Work, values: dict[str, Any], before: Row | None) -> None:
        """Only who is new is asked for: who has gone since stays named."""
        for kind in ("account", "contact"):
            named = values.get(f"{kind}_id")
            if named is not None and (before is None or getattr(before, f"{kind}_id") != named):
                self._customers.check(work, kind, [(f"invoice.{kind}_id", named)])


def _ageing(row: Row) -> pb.CustomerAgeing:
    return pb.CustomerAgeing(
        customer_id="" if row.customer_id == NOBODY else str(row.customer_id),
        currency_code=row.currency_code,
        not_due_minor=row.not_due_minor,
        days_30_minor=row.days_30_minor,
        days_60_minor=row.days_60_minor,
        days_90_minor=row.days_90_minor,
        older_minor=row.older_minor,
        invoice_count=row.invoice_count,
    )
