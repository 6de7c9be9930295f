"""The books of a company: whether all of its money, goods and numbers add up."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.statements import text
from chassis.work import Database
from sales.usecases.states import payment_status

_ORDERS = text(
    """
    SELECT head.id, head.status, head.payment_status, head.gross_amount_minor, head.paid_amount_minor,
           head.refunded_amount_minor,
           coalesce((SELECT sum(amount_minor) FROM payment
                      WHERE order_id = head.id AND status = 'captured'), 0)::bigint AS paid,
           coalesce((SELECT sum(refund.amount_minor) FROM refund JOIN payment ON payment.id = refund.payment_id
                      WHERE payment.order_id = head.id AND refund.status = 'succeeded'), 0)::bigint AS refunded,
           (SELECT sum(gross_minor) FROM order_line WHERE order_id = head.id)::bigint AS lines
      FROM sales_order AS head WHERE head.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_PAYMENTS = text(
    """
    SELECT payment.amount_minor, payment.refunding_minor, payment.refunded_amount_minor,
           coalesce(sum(refund.amount_minor) FILTER (WHERE refund.status <> 'failed'), 0)::bigint AS refunding,
           coalesce(sum(refund.amount_minor) FILTER (WHERE refund.status = 'succeeded'), 0)::bigint AS refunded
      FROM payment LEFT JOIN refund ON refund.payment_id = payment.id
     WHERE payment.tenant_id = %(tenant_id)s GROUP BY payment.id, payment.amount_minor, payment.refunding_minor,
           payment.refunded_amount_minor
    """,
    "tenant_id",
)
_LINES = text(
    """
    SELECT line.quantity_milli, line.gross_minor, line.fulfilled_milli, line.returned_milli, line.invoiced_milli,
           coalesce((SELECT sum(quantity_milli) FROM fulfilment_line WHERE line_id = line.id), 0)::bigint AS fulfilled,
           coalesce((SELECT sum(accepted_milli) FROM return_line WHERE line_id = line.id), 0)::bigint AS returned,
           coalesce((SELECT sum(amount_minor) FROM return_line WHERE line_id = line.id), 0)::bigint AS given,
           coalesce((SELECT sum(quantity_milli) FROM invoice_line JOIN invoice ON invoice.id = invoice_line.invoice_id
                      WHERE source_line_id = line.id AND invoice.status <> 'void'), 0)::bigint AS invoiced
      FROM order_line AS line WHERE line.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_INVOICES = text(
    """
    SELECT kind, status, gross_amount_minor, paid_amount_minor, credited_amount_minor, open_amount_minor,
           coalesce((SELECT sum(gross_amount_minor) FROM invoice AS note
                      WHERE note.credited_invoice_id = head.id), 0)::bigint AS credited,
           coalesce((SELECT sum(amount_minor) FROM payment
                      WHERE invoice_id = head.id AND status = 'captured'), 0)::bigint AS paid
      FROM invoice AS head WHERE head.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_NUMBERS = text(
    """
    SELECT 'order' AS kind, number FROM sales_order WHERE tenant_id = %(tenant_id)s AND number <> ''
    UNION ALL SELECT kind, number FROM invoice WHERE tenant_id = %(tenant_id)s AND number <> ''
    UNION ALL SELECT 'return', number FROM return_order WHERE tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)


def check_books(database: Database, tenant_id: UUID) -> int:
    """Fails at the first thing that does not add up; how many numbers were given."""
    with database.open_work(Caller.system(tenant_id), read_only=True) as work:
        for row in work.rows(_ORDERS):
            assert (row.paid_amount_minor, row.refunded_amount_minor) == (row.paid, row.refunded)
            assert 0 <= row.refunded <= row.paid <= row.gross_amount_minor == row.lines
            assert row.payment_status == payment_status(row.gross_amount_minor, row.paid, row.refunded)
            assert row.status != "canceled" or row.paid == row.refunded
        for row in work.rows(_PAYMENTS):
            assert (row.refunding_minor, row.refunded_amount_minor) == (row.refunding, row.refunded)
            assert row.refunding <= row.amount_minor
        for row in work.rows(_LINES):
            assert (row.fulfilled_milli, row.returned_milli) == (row.fulfilled, row.returned)
            assert row.invoiced_milli == row.invoiced
            assert row.returned != row.quantity_milli or row.given == row.gross_minor
        for row in work.rows(_INVOICES):
            if row.kind == "invoice":
                assert (row.credited_amount_minor, row.paid_amount_minor) == (row.credited, row.paid)
                due = max(row.gross_amount_minor - row.paid - row.credited, 0)
                assert row.open_amount_minor == (0 if row.status == "void" else due)
                assert (row.status == "paid") == (row.status not in ("draft", "void") and due == 0)
        given: dict[str, list[int]] = {}
        for row in work.rows(_NUMBERS):
            given.setdefault(row.kind, []).append(int(row.number[-5:]))
    for numbers in given.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    return sum(len(numbers) for numbers in given.values())
