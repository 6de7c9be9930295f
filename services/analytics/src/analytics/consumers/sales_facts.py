"""Events of sales into facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from funia.sales.v1 import events_pb2 as pb

from analytics.consumers.cells import Told, day, identity, moment
from analytics.store import sales_facts as store
from analytics.store.facts import FactTable

Row = tuple[FactTable, tuple[Any, ...]]


def _order(event: Told, said: pb.OrderChanged) -> Iterator[Row]:
    sold = (
        said.channel, said.status, identity(said.account_id or said.contact_id), identity(said.account_id),
        identity(said.contact_id), identity(said.store_id), identity(said.owner_id), identity(said.team_id),
        said.currency_code, day(said.ordered_on),
    )  # fmt: skip
    head = event.state(said.order_id)
    yield (
        store.ORDER_FACT,
        (
            *head, *sold, identity(said.deal_id), identity(said.quote_id), said.payment_status, said.net_minor,
            said.tax_minor, said.gross_minor, said.home_currency_code, said.home_minor, said.paid_minor,
            said.refunded_minor,
        ),
    )  # fmt: skip
    for line in said.lines:
        yield (
            store.ORDER_LINE_FACT,
            (
                *head, identity(line.line_id), *sold, identity(line.product_id), identity(line.product_variant_id),
                line.quantity_milli, line.list_minor, line.rule_minor, line.discount_minor, line.coupon_minor,
                line.document_discount_minor, line.net_minor, line.tax_minor, line.gross_minor,
                line.cost_minor if line.HasField("cost_minor") else None, line.returned_milli,
                identity(line.suggestion_id),
            ),
        )  # fmt: skip


def _return(event: Told, said: pb.ReturnChanged) -> Iterator[Row]:
    # Returns told before the day was part of their events fall on the day of the event.
    returned = day(said.returned_on) if said.returned_on else event.at_us // 86_400_000_000
    yield (
        store.RETURN_FACT,
        event.state(
            said.return_id, identity(said.order_id), identity(said.account_id or said.contact_id), said.status,
            said.currency_code, returned, said.amount_minor,
        ),
    )  # fmt: skip


def _payment(event: Told, said: pb.PaymentChanged) -> Iterator[Row]:
    yield (
        store.PAYMENT_FACT,
        event.state(
            said.payment_id, identity(said.order_id), identity(said.invoice_id), said.method, said.status,
            said.currency_code, said.amount_minor, said.refunded_minor,
        ),
    )  # fmt: skip


def _deal(event: Told, said: pb.DealChanged) -> Iterator[Row]:
    row = event.state(said.deal_id)
    begun = moment(said.created_at) if said.HasField("created_at") else row[4]
    yield (
        store.DEAL_FACT,
        (
            *row, begun, identity(said.account_id or next(iter(said.contact_ids), "")), identity(said.pipeline_id),
            identity(said.stage_id), identity(said.from_stage_id), said.seconds_in_stage, said.status,
            said.currency_code, said.amount_minor, said.home_currency_code, said.home_amount_minor, said.probability,
            said.forecast_category, day(said.expected_close_date), identity(said.owner_id), identity(said.team_id),
            said.source, identity(said.lead_id), identity(said.campaign_id), said.lost_reason,
            moment(said.closed_at) if said.HasField("closed_at") else 0, int(said.deleted),
        ),
    )  # fmt: skip


def _lead(event: Told, said: pb.LeadChanged) -> Iterator[Row]:
    yield (
        store.LEAD_FACT,
        event.state(
            said.lead_id, said.status, said.from_status, said.source, said.rating, said.score, identity(said.owner_id),
            identity(said.team_id), identity(said.campaign_id), identity(said.deal_id), said.disqualify_reason,
            int(said.deleted),
        ),
    )  # fmt: skip


def _loyalty(event: Told, said: pb.LoyaltyChanged) -> Iterator[Row]:
    yield (
        store.LOYALTY_FACT,
        event.state(
            said.member_id, event.verb, identity(said.account_id or said.contact_id), said.status,
            identity(said.tier_id), identity(said.order_id), said.points, said.owed_points,
        ),
    )  # fmt: skip


def _stage(event: Told, said: pb.StageChanged) -> Iterator[Row]:
    yield (
        store.STAGE_FACT,
        event.state(
            said.stage_id, identity(said.pipeline_id), said.name, said.position, said.category, int(said.deleted)
        ),
    )


def _suggestions(event: Told, said: pb.SuggestionsShown) -> Iterator[Row]:
    head = event.state(said.document_id)
    for one in said.suggestions:
        yield (
            store.SUGGESTION_FACT,
            (
                *head, identity(one.suggestion_id), said.document_kind, one.source, identity(said.owner_id),
                identity(said.team_id), identity(said.store_id), day(one.shown_on), int(one.taken),
            ),
        )  # fmt: skip


SALES_ROWS: dict[str, Callable[[Told, Any], Iterator[Row]]] = {
    pb.OrderChanged.DESCRIPTOR.full_name: _order,
    pb.ReturnChanged.DESCRIPTOR.full_name: _return,
    pb.PaymentChanged.DESCRIPTOR.full_name: _payment,
    pb.DealChanged.DESCRIPTOR.full_name: _deal,
    pb.LeadChanged.DESCRIPTOR.full_name: _lead,
    pb.LoyaltyChanged.DESCRIPTOR.full_name: _loyalty,
    pb.StageChanged.DESCRIPTOR.full_name: _stage,
    pb.SuggestionsShown.DESCRIPTOR.full_name: _suggestions,
}
