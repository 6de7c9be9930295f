"""Events of documents: ids, states and amounts, never names, addresses or texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.envelope import Event
from chassis.record_sharing import Share
from chassis.records.mapping import timestamp
from chassis.work import Row
from funia.sales.v1 import events_pb2 as pb


def order_event(verb: str, row: Row, lines: Sequence[Row] = (), changed: tuple[str, ...] = ()) -> Event:
    """Something happened to an order. Its lines are told when it is placed and when something of it comes back."""
    return Event(f"sales.order.{verb}", row.id, row.version, order_payload(row, lines), changed)


def order_payload(row: Row, lines: Sequence[Row] = ()) -> pb.OrderChanged:
    """What others may know about an order."""
    return pb.OrderChanged(
        order_id=str(row.id),
        number=row.number,
        channel=row.channel,
        status=row.status,
        payment_status=row.payment_status,
        account_id=str(row.account_id or ""),
        contact_id=str(row.contact_id or ""),
        deal_id=str(row.deal_id or ""),
        quote_id=str(row.quote_id or ""),
        store_id=str(row.store_id or ""),
        currency_code=row.currency_code,
        net_minor=row.net_amount_minor,
        tax_minor=row.tax_amount_minor,
        gross_minor=row.gross_amount_minor,
        home_currency_code=row.home_amount_currency,
        home_minor=row.home_amount_minor,
        paid_minor=row.paid_amount_minor,
        refunded_minor=row.refunded_amount_minor,
        ordered_on=row.ordered_on.isoformat(),
        owner_id=str(row.owner_id or ""),
        team_id=str(row.team_id or ""),
        coupon_ids=[one["id"] for one in row.coupons],
        lines=[order_line(line) for line in lines],
    )


def order_line(line: Row) -> pb.OrderedLine:
    """A line, with its waterfall."""
    return pb.OrderedLine(
        line_id=str(line.id),
        product_variant_id=str(line.product_variant_id),
        product_id=str(line.product_id),
        quantity_milli=line.quantity_milli,
        list_minor=line.list_minor,
        rule_minor=line.rule_minor,
        discount_minor=line.discounted_minor,
        coupon_minor=line.coupon_minor,
        document_discount_minor=line.document_discount_minor,
        net_minor=line.net_minor,
        tax_minor=line.tax_minor,
        gross_minor=line.gross_minor,
        cost_minor=line.cost_minor,
        returned_milli=line.returned_milli,
        suggestion_id=str(line.suggestion_id or ""),
    )


def quote_event(verb: str, row: Row, changed: tuple[str, ...] = ()) -> Event:
    """Something happened to a quote."""
    payload = pb.QuoteChanged(
        quote_id=str(row.id),
        series_id=str(row.series_id),
        number=row.number,
        revision=row.revision,
        status=row.status,
        deal_id=str(row.deal_id or ""),
        account_id=str(row.account_id or ""),
        contact_id=str(row.contact_id or ""),
        currency_code=row.currency_code,
        net_minor=row.net_amount_minor,
        gross_minor=row.gross_amount_minor,
        valid_until=row.valid_until.isoformat(),
        order_id=str(row.order_id or ""),
        owner_id=str(row.owner_id or ""),
        team_id=str(row.team_id or ""),
    )
    return Event(f"sales.quote.{verb}", row.id, row.version, payload, changed)


def invoice_event(verb: str, row: Row) -> Event:
    """Something happened to an invoice or a credit note."""
    payload = pb.InvoiceChanged(
        invoice_id=str(row.id),
        number=row.number,
        kind=row.kind,
        status=row.status,
        order_id=str(row.order_id or ""),
        credited_invoice_id=str(row.credited_invoice_id or ""),
        account_id=str(row.account_id or ""),
        contact_id=str(row.contact_id or ""),
        currency_code=row.currency_code,
        net_minor=row.net_amount_minor,
        tax_minor=row.tax_amount_minor,
        gross_minor=row.gross_amount_minor,
        open_minor=row.open_amount_minor,
        issued_on=row.issued_on.isoformat(),
        due_on=row.due_on.isoformat(),
        owner_id=str(row.owner_id or ""),
        team_id=str(row.team_id or ""),
    )
    return Event(f"sales.invoice.{verb}", row.id, row.version, payload)


def payment_event(verb: str, row: Row, *, refund: Row | None = None) -> Event:
    """Something happened to a payment, or to a refund of it."""
    payload = pb.PaymentChanged(
        payment_id=str(row.id),
        order_id=str(row.order_id or ""),
        invoice_id=str(row.invoice_id or ""),
        method=row.method,
        status=row.status,
        currency_code=row.currency_code,
        amount_minor=row.amount_minor,
        refunded_minor=row.refunded_amount_minor,
        refund_id="" if refund is None else str(refund.id),
        refund_minor=0 if refund is None else refund.amount_minor,
    )
    return Event(f"sales.payment.{verb}", row.id, row.version, payload)


def return_event(verb: str, row: Row) -> Event:
    """Something happened to a return."""
    payload = pb.ReturnChanged(
        return_id=str(row.id),
        number=row.number,
        order_id=str(row.order_id or ""),
        account_id=str(row.account_id or ""),
        contact_id=str(row.contact_id or ""),
        status=row.status,
        currency_code=row.currency_code,
        amount_minor=row.amount_minor,
        exchange_order_id=str(row.exchange_order_id or ""),
        returned_on="" if row.returned_on is None else row.returned_on.isoformat(),
    )
    return Event(f"sales.return.{verb}", row.id, row.version, payload)


def loyalty_event(
    verb: str,
    row: Row,
    *,
    points: int = 0,
    order_id: UUID | None = None,
    from_tier_id: UUID | None = None,
    changed: tuple[str, ...] = (),
) -> Event:
    """Something happened to a member."""
    payload = pb.LoyaltyChanged(
        member_id=str(row.id),
        contact_id=str(row.contact_id or ""),
        account_id=str(row.account_id or ""),
        status=row.status,
        tier_id=str(row.tier_id or ""),
        from_tier_id=str(from_tier_id or ""),
        points=points,
        available_points=row.available_points,
        pending_points=row.pending_points,
        owed_points=row.owed_points,
        order_id=str(order_id or ""),
    )
    return Event(f"sales.loyalty.{verb}", row.id, row.version, payload, changed)


def gift_card_event(verb: str, row: Row, *, amount: int = 0, order_id: UUID | None = None) -> Event:
    """Something happened to a gift card."""
    payload = pb.GiftCardChanged(
        gift_card_id=str(row.id),
        status=row.status,
        currency_code=row.currency_code,
        amount_minor=amount,
        balance_minor=row.balance_amount_minor,
        order_id=str(order_id or ""),
        contact_id=str(row.contact_id or ""),
        member_id=str(row.member_id or ""),
    )
    return Event(f"sales.gift_card.{verb}", row.id, row.version, payload)


def till_receipt_event(verb: str, row: Row, store_id: UUID) -> Event:
    """Something happened to a receipt of a till. A receipt is written once."""
    payload = pb.TillReceiptPosted(
        receipt_id=str(row.id),
        store_id=str(store_id),
        register_id=str(row.register_id),
        session_id=str(row.session_id),
        sequence=row.sequence,
        kind=row.kind,
        order_id=str(row.order_id or ""),
        return_id=str(row.return_id or ""),
        currency_code=row.currency_code,
        gross_minor=row.gross_minor,
        flags=row.flags,
        sold_at=timestamp(row.sold_at),
        sold_by=str(row.sold_by),
    )
    return Event(f"sales.till_receipt.{verb}", row.id, 1, payload)


def deal_event(verb: str, row: Row) -> Event:
    """Something happened to a deal."""
    return Event(f"sales.deal.{verb}", row.id, row.version, deal_payload(row))


def deal_payload(row: Row) -> pb.DealChanged:
    return pb.DealChanged(
        deal_id=str(row.id),
        account_id=str(row.account_id or ""),
        contact_ids=[one["contact_id"] for one in row.contacts],
        pipeline_id=str(row.pipeline_id),
        stage_id=str(row.stage_id),
        status=row.status,
        currency_code=row.amount_currency,
        amount_minor=row.amount_minor,
        home_currency_code=row.home_amount_currency,
        home_amount_minor=row.home_amount_minor,
        expected_close_date=row.expected_close_date.isoformat(),
        probability=row.probability,
        forecast_category=row.forecast_category,
        owner_id=str(row.owner_id or ""),
        team_id=str(row.team_id or ""),
        source=row.source,
        lead_id=str(row.lead_id or ""),
        campaign_id=str(row.campaign_id or ""),
        lost_reason=row.lost_reason,
        need_ids=[str(one) for one in row.need_ids],
        closed_at=None if row.closed_at is None else timestamp(row.closed_at),
        deleted=row.deleted_at is not None,
        created_at=timestamp(row.created_at),
    )


def lead_payload(row: Row) -> pb.LeadChanged:
    """What others may know about a lead."""
    return pb.LeadChanged(
        lead_id=str(row.id),
        status=row.status,
        source=row.source,
        form_id=str(row.form_id or ""),
        campaign_id=str(row.campaign_id or ""),
        rating=row.rating,
        score=row.score,
        completeness=row.completeness,
        owner_id=str(row.owner_id or ""),
        team_id=str(row.team_id or ""),
        assigned_by_rule_id=str(row.assigned_by_rule_id or ""),
        nurture_until="" if row.nurture_until is None else row.nurture_until.isoformat(),
        disqualify_reason=row.disqualify_reason,
        contact_id=str(row.contact_id or ""),
        account_id=str(row.account_id or ""),
        deal_id=str(row.deal_id or ""),
        deleted=row.deleted_at is not None,
        captured_at=timestamp(row.created_at),
    )


def record_shared(verb: str, kind: str, record_id: UUID, version: int, share: Share) -> Event:
    """``sales.deal.shared`` or ``unshared``, and the same of leads; the version is the record's."""
    payload = pb.SalesRecordShared(
        record_id=str(record_id),
        grantee_kind=share.grantee_kind,
        grantee_id=str(share.grantee_id),
        level=share.level,
        until="" if share.until is None else share.until.isoformat(),
    )
    return Event(f"sales.{kind}.{verb}", record_id, version, payload)


def product_event(verb: str, row: Mapping[str, Any]) -> Event:
    """A product of a file went into the catalogue, or left it again."""
    payload = pb.ProductChanged(
        product_id=str(row["id"]),
        kind=row["kind"],
        category_id=str(row["category_id"] or ""),
        unit=row["unit"],
        tax_code=row["tax_code"],
        status=row["status"],
        name=row["name"],
        deleted=row["deleted_at"] is not None,
    )
    return Event(f"sales.product.{verb}", row["id"], row["version"], payload)


def variant_event(verb: str, row: Mapping[str, Any]) -> Event:
    """A variant of a file went into the catalogue, or left it again."""
    payload = pb.ProductVariantChanged(
        product_variant_id=str(row["id"]),
        product_id=str(row["product_id"]),
        sku=row["sku"],
        price_currency=row["price_currency"],
        price_micros=row["price_micros"] or 0,
        cost_currency=row["cost_currency"],
        cost_micros=row["cost_micros"] or 0,
        status=row["status"],
        deleted=row["deleted_at"] is not None,
    )
    return Event(f"sales.product_variant.{verb}", row["id"], row["version"], payload)


def import_ended(verb: str, row: Row) -> Event:
    """``sales.import.completed``, ``reverted`` or ``failed``, from the import's row before this change of state."""
    payload = pb.SalesImportEnded(
        import_id=str(row.id),
        kind=row.kind,
        rows_created=row.rows_created,
        rows_skipped=row.rows_skipped,
        rows_failed=row.rows_failed,
    )
    return Event(f"sales.import.{verb}", row.id, row.version + 1, payload)


def suggestions_shown(kind: str, document: Row, rows: Sequence[Row], version: int, zone: ZoneInfo) -> Event:
    """``sales.suggestion.shown``: what is new of the suggestions beside a document; days are those of the zone."""
    payload = pb.SuggestionsShown(
        document_id=str(document.id),
        document_kind=kind,
        owner_id=str(document.owner_id or ""),
        team_id=str(document.team_id or ""),
        store_id=str(getattr(document, "store_id", None) or ""),
        suggestions=[
            pb.ShownSuggestion(
                suggestion_id=str(row.suggestion_id),
                source=row.source,
                shown_on=row.shown_at.astimezone(zone).date().isoformat(),
                taken=row.taken_at is not None,
            )
            for row in rows
        ],
    )
    return Event("sales.suggestion.shown", document.id, version, payload)
