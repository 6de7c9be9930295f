"""Reports of prices over gRPC: why turnover changed, and what is given away beyond what is usual or allowed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import price_report_pb2 as pb

from analytics.errors import invalid_field
from analytics.methods.bridge import Effects, Sold, price_volume_mix
from analytics.queries import prices
from analytics.queries.periods import FIRST_DAY, day_of, period
from analytics.queries.purchases import currency_of
from analytics.queries.sight import Sight
from analytics.store.port import ColumnStore

_ROWS = 50


class PriceReportServicer:
    """Carries out funia.analytics.v1.PriceReportService."""

    def __init__(self, store: ColumnStore, pager: Pager) -> None:
        self._store = store
        self._pager = pager

    def GetPriceBridge(self, call: Call, request: pb.GetPriceBridgeRequest) -> pb.PriceBridge:
        """Price, volume and mix between two periods."""
        sight = self._sight(call)
        before, after = _periods(request, request.currency_code or currency_of(sight))
        by, store_id = request.by or "product", UUID(request.store_id) if request.store_id else None
        first, second = (prices.sold(sight, one, by, store_id) for one in (before, after))
        answer = pb.PriceBridge(
            first_day=after.first.isoformat(),
            last_day=after.last.isoformat(),
            before_first_day=before.first.isoformat(),
            before_last_day=before.last.isoformat(),
            currency_code=after.currency,
            left_out_orders=prices.left_out(sight, before) + prices.left_out(sight, after),
        )
        if not first and not second:
            return answer
        found = price_volume_mix(first, second)
        answer.before_minor, answer.after_minor = found.before, found.after
        answer.effects.CopyFrom(_effects(found.effects))
        ranked = sorted(found.products.items(), key=lambda one: (-abs(one[1].total), one[0]))
        shown, rest = ranked[: request.limit or _ROWS], ranked[request.limit or _ROWS :]
        none = Sold(0, 0)
        for key, effects in shown:
            old, new = first.get(key, none), second.get(key, none)
            answer.rows.add(
                key=key,
                before_minor=old.amount,
                after_minor=new.amount,
                before_quantity_milli=old.quantity,
                after_quantity_milli=new.quantity,
                effects=_effects(effects),
            )
        answer.other_rows = len(rest)
        answer.other_effects.CopyFrom(_summed(one for _, one in rest))
        return answer

    def GetDiscountLeakage(self, call: Call, request: pb.GetDiscountLeakageRequest) -> pb.DiscountLeakage:
        """What people took off, and how much of it beyond."""
        sight = self._sight(call)
        asked = _span(sight, request)
        found = prices.leakage(sight, asked, request.by or "seller", _allowed(request))
        total = pb.LeakageRow(
            base_minor=sum(one.base for one in found),
            given_minor=sum(one.given for one in found),
            beyond_minor=sum(one.beyond for one in found),
        )
        if found:
            # An order has lines in several groups of products: orders are counted on their own.
            whole = found if request.by != "product" else prices.leakage(sight, asked, "channel", _allowed(request))
            total.orders = sum(one.orders for one in whole)
            total.beyond_orders = sum(one.beyond_orders for one in whole)
        return pb.DiscountLeakage(
            first_day=asked.first.isoformat(),
            last_day=asked.last.isoformat(),
            currency_code=asked.currency,
            rows=[_row(one) for one in found[: request.limit or _ROWS]],
            total=total,
            left_out_orders=prices.left_out(sight, asked),
        )

    def ListDiscountLeakageOrders(
        self, call: Call, request: pb.ListDiscountLeakageOrdersRequest
    ) -> pb.ListDiscountLeakageOrdersResponse:
        """Orders with lines beyond, the most first."""
        sight = self._sight(call)
        asked, by, allowed = _span(sight, request), request.by or "seller", _allowed(request)
        key = request.key if request.HasField("key") else None
        tenant_id, size = call.caller.tenant_id, self._pager.size(request.page_size)
        binding = (
            "ListDiscountLeakageOrders", by, asked.first.isoformat(), asked.last.isoformat(), asked.currency,
            str(allowed), str(key),
        )  # fmt: skip
        after = None
        if request.page_token:
            lost, order_id = self._pager.key(tenant_id, binding, request.page_token)
            after = (int(str(lost)), UUID(str(order_id)))
        rows = prices.leaking(sight, asked, by, allowed, key, after=after, limit=size + 1)
        last = rows[size - 1] if len(rows) > size else None
        return pb.ListDiscountLeakageOrdersResponse(
            orders=[
                pb.LeakageOrder(order_id=str(row[0]), base_minor=row[1], given_minor=row[2], beyond_minor=row[3])
                for row in rows[:size]
            ],
            next_page_token=self._pager.token(tenant_id, binding, [last[3], last[0]]) if last else "",
        )

    def _sight(self, call: Call) -> Sight:
        return Sight(self._store.for_tenant(call.caller.tenant_id), call.caller)


def _periods(request: pb.GetPriceBridgeRequest, currency: str) -> tuple[prices.Span, prices.Span]:
    first, last = period(request.first_day, request.last_day)
    ends = day_of("before_last_day", request.before_last_day) or max(first - timedelta(days=1), FIRST_DAY)
    length = (last - first).days
    begins = day_of("before_first_day", request.before_first_day)
    if begins is None:
        begins = ends - timedelta(days=min(length, (ends - FIRST_DAY).days))
    if begins > ends:
        raise invalid_field("before_last_day", "it lies before the first day", "BACKWARDS")
    if ends >= first:
        raise invalid_field("before_last_day", "choose a day before the later period", "PERIODS_OVERLAP")
    return prices.Span(currency, begins, ends), prices.Span(currency, first, last)


def _span(sight: Sight, request: pb.GetDiscountLeakageRequest | pb.ListDiscountLeakageOrdersRequest) -> prices.Span:
    return prices.Span(request.currency_code or currency_of(sight), *period(request.first_day, request.last_day))


def _allowed(request: pb.GetDiscountLeakageRequest | pb.ListDiscountLeakageOrdersRequest) -> int | None:
    return request.allowed_permille if request.HasField("allowed_permille") else None


def _effects(one: Effects) -> pb.PriceEffects:
    return pb.PriceEffects(
        price=one.price, volume=one.volume, mix=one.mix, new=one.new, lost=one.lost, other=one.other
    )  # fmt: skip


def _summed(effects: Iterable[Effects]) -> pb.PriceEffects:
    found = pb.PriceEffects()
    for one in effects:
        found.price += one.price
        found.volume += one.volume
        found.mix += one.mix
        found.new += one.new
        found.lost += one.lost
        found.other += one.other
    return found


def _row(one: prices.Leak) -> pb.LeakageRow:
    return pb.LeakageRow(
        key=one.key,
        orders=one.orders,
        beyond_orders=one.beyond_orders,
        base_minor=one.base,
        given_minor=one.given,
        beyond_minor=one.beyond,
    )
