"""The books of a company: whether all of its money, goods and numbers add up."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from chassis.caller import Caller
from chassis.statements import text
from chassis.work import Database, Work
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

_HELD = """
    SELECT {columns},
           coalesce(sum(transfer.amount) FILTER (WHERE transfer.target = 'available'), 0)::bigint
           - coalesce(sum(transfer.amount) FILTER (WHERE transfer.source = 'available'), 0)::bigint AS available,
           coalesce(sum(transfer.amount) FILTER (WHERE transfer.target = 'pending'), 0)::bigint
           - coalesce(sum(transfer.amount) FILTER (WHERE transfer.source = 'pending'), 0)::bigint AS pending,
           coalesce(sum(transfer.amount) FILTER (WHERE transfer.source = 'owed'), 0)::bigint
           - coalesce(sum(transfer.amount) FILTER (WHERE transfer.target = 'owed'), 0)::bigint AS owed,
           coalesce(sum(transfer.amount) FILTER (WHERE transfer.target = 'card'), 0)::bigint
           - coalesce(sum(transfer.amount) FILTER (WHERE transfer.source = 'card'), 0)::bigint AS on_card
      FROM {table} AS holder
      LEFT JOIN ledger_posting AS posting ON posting.holder_id = holder.id
      LEFT JOIN ledger_transfer AS transfer ON transfer.posting_id = posting.id
     WHERE holder.tenant_id = %(tenant_id)s GROUP BY holder.tenant_id, holder.id
"""
_MEMBERS = text(
    _HELD.format(
        table="loyalty_member",
        columns="""available_points, pending_points, owed_points,
           (SELECT coalesce(sum(left_points), 0)::bigint FROM point_lot
             WHERE member_id = holder.id AND usable) AS in_usable_lots,
           (SELECT coalesce(sum(left_points), 0)::bigint FROM point_lot
             WHERE member_id = holder.id AND NOT usable) AS in_waiting_lots""",
    ),
    "tenant_id",
)
_CARDS = text(_HELD.format(table="gift_card", columns="balance_amount_minor"), "tenant_id")
_TENDERS = text(
    """
    SELECT payment.method, payment.amount_minor, payment.refunded_amount_minor,
           coalesce(sum(transfer.amount) FILTER (WHERE posting.kind = 'redeem'), 0)::bigint AS spent,
           (SELECT coalesce(sum(back.amount), 0)::bigint FROM refund
              JOIN ledger_posting AS restored ON restored.source_id = refund.id AND restored.kind = 'restore'
              JOIN ledger_transfer AS back ON back.posting_id = restored.id
             WHERE refund.payment_id = payment.id) AS restored
      FROM payment
      LEFT JOIN ledger_posting AS posting ON posting.source_id = payment.id
      LEFT JOIN ledger_transfer AS transfer ON transfer.posting_id = posting.id
     WHERE payment.tenant_id = %(tenant_id)s AND payment.method IN ('points', 'gift_card')
     GROUP BY payment.id, payment.method, payment.amount_minor, payment.refunded_amount_minor
    """,
    "tenant_id",
)
_EARNED = text(
    """
    SELECT head.gross_amount_minor, head.refunded_amount_minor, own.points, own.reversed_points, own.line_points,
           (SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting AS posting
              JOIN ledger_transfer AS transfer ON transfer.posting_id = posting.id
             WHERE posting.source_id = head.id AND posting.kind = 'earn') AS earned,
           (SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting AS posting
              JOIN ledger_transfer AS transfer ON transfer.posting_id = posting.id
             WHERE posting.source_id = head.id AND posting.kind = 'reverse') AS reversed,
           (SELECT coalesce(jsonb_object_agg(line.id::text, jsonb_build_array(
                line.returned_milli, line.quantity_milli, line.gross_minor)), '{}')
              FROM order_line AS line WHERE line.order_id = head.id) AS lines
      FROM order_points AS own JOIN sales_order AS head ON head.id = own.order_id
     WHERE own.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_TILLS = text(
    """
    SELECT register.id, register.last_sequence,
           (SELECT array_agg(sequence ORDER BY sequence) FROM till_receipt AS receipt
             WHERE receipt.register_id = register.id) AS sequences
      FROM register WHERE register.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)
_RECEIPTS = text(
    """
    SELECT receipt.kind, receipt.gross_minor, receipt.payments, receipt.points, head.gross_amount_minor,
           coalesce(own.points, 0) AS earned,
           (SELECT amount_minor FROM return_order WHERE id = receipt.return_id) AS returned,
           (SELECT coalesce(jsonb_object_agg(paid.method, paid.minor), '{}') FROM (
                SELECT method, sum(amount_minor)::bigint AS minor FROM payment
                 WHERE order_id = head.id AND status = 'captured' GROUP BY method) AS paid) AS paid
      FROM till_receipt AS receipt
      JOIN sales_order AS head ON head.id = receipt.order_id
      LEFT JOIN order_points AS own ON own.order_id = head.id
     WHERE receipt.tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)


def check_tills(work: Work) -> None:
    """Fails where receipts of a till have gaps, or do not say what was taken and given back."""
    for row in work.rows(_TILLS):
        assert (row.sequences or []) == list(range(1, row.last_sequence + 1))
    for row in work.rows(_RECEIPTS):
        said: dict[str, int] = {}
        for one in row.payments:
            said[one["method"]] = said.get(one["method"], 0) + one["amount_minor"]
        assert sum(said.values()) == row.gross_minor
        if row.kind == "return":
            assert row.returned == row.gross_minor
        else:
            assert (row.gross_minor, said) == (row.gross_amount_minor, row.paid)
            assert row.points.get("earned", 0) == row.earned


def check_points(work: Work) -> None:
    """Fails where a balance is not what its ledger and its lots say, or an order keeps points of what came back."""
    for row in work.rows(_MEMBERS):
        assert (row.available_points, row.pending_points, row.owed_points) == (row.available, row.pending, row.owed)
        assert (row.in_usable_lots, row.in_waiting_lots) == (row.available, row.pending)
        assert min(row.available, row.pending, row.owed) >= 0
    for row in work.rows(_CARDS):
        assert row.balance_amount_minor == row.on_card >= 0
    for row in work.rows(_TENDERS):
        if row.method == "gift_card":
            assert (row.spent, row.restored) == (row.amount_minor, row.refunded_amount_minor)
        else:
            exact = Fraction(row.spent * row.refunded_amount_minor, row.amount_minor)
            assert abs(row.restored - exact) <= Fraction(1, 2)
    for row in work.rows(_EARNED):
        assert (row.points, row.reversed_points) == (row.earned, row.reversed)
        assert sum(row.line_points.values()) == row.points
        back = sum(
            Fraction(row.line_points[line] * returned, quantity) for line, (returned, quantity, _) in row.lines.items()
        )
        assert row.reversed + Fraction(len(row.lines), 2) >= back
        if row.refunded_amount_minor == 0:
            assert abs(row.reversed - back) <= Fraction(len(row.lines), 2)
        if row.refunded_amount_minor == row.gross_amount_minor:
            assert row.reversed == row.points


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
            exact = Fraction(row.gross_minor * row.returned, row.quantity_milli)
            # Parts add up: rounded once over all that came back, whatever its parts were.
            assert abs(row.given - exact) <= Fraction(1, 2)
        for row in work.rows(_INVOICES):
            if row.kind == "invoice":
                assert (row.credited_amount_minor, row.paid_amount_minor) == (row.credited, row.paid)
                due = max(row.gross_amount_minor - row.paid - row.credited, 0)
                assert row.open_amount_minor == (0 if row.status == "void" else due)
                assert (row.status == "paid") == (row.status not in ("draft", "void") and due == 0)
        check_points(work)
        check_tills(work)
        given: dict[str, list[int]] = {}
        for row in work.rows(_NUMBERS):
            given.setdefault(row.kind, []).append(int(row.number[-5:]))
    for numbers in given.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    return sum(len(numbers) for numbers in given.values())
