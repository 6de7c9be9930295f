"""Forecasts of revenue over gRPC: what may come with its intervals, or why nothing can be told."""

from __future__ import annotations

from chassis.server import Call
from funia.analytics.v1 import revenue_forecast_pb2 as pb

from analytics.errors import invalid_field
from analytics.methods.findings import Refused
from analytics.modelling.takings import outlook
from analytics.queries import takings
from analytics.queries.periods import FIRST_DAY, day_of, today
from analytics.queries.prices import Span
from analytics.queries.purchases import currency_of, left_out, start_of
from analytics.queries.sight import Sight
from analytics.servicers.model_run import refuse_partial_sight
from analytics.store.port import ColumnStore
from analytics.wire import refusal_message

_LEAST_CONFIDENCE = 500
_AHEAD = 6


class RevenueForecastServicer:
    """Carries out funia.analytics.v1.RevenueForecastService."""

    def __init__(self, store: ColumnStore) -> None:
        self._store = store

    def ForecastRevenue(self, call: Call, request: pb.ForecastRevenueRequest) -> pb.RevenueForecast:
        """A forecast of revenue and orders, or the reason why there is none."""
        refuse_partial_sight(call.caller)
        if 0 < request.confidence_permille < _LEAST_CONFIDENCE:
            message = f"give at least {_LEAST_CONFIDENCE} thousandths"
            raise invalid_field("confidence_permille", message, "CONFIDENCE_OUT_OF_RANGE")
        now = today()
        as_of = day_of("as_of", request.as_of) or now
        if as_of > now:
            raise invalid_field("as_of", "choose today or a day before it", "DAY_OUT_OF_RANGE")
        sight = Sight(self._store.for_tenant(call.caller.tenant_id), call.caller)
        step, currency = request.step or "month", request.currency_code or currency_of(sight)
        # The day as of which is asked has not ended, so the step that ends with it has not either.
        unfinished = start_of(as_of, step)
        taken = takings.by_step(sight, Span(currency, FIRST_DAY, now), step)
        known = [one for one in taken if one.starts_on < unfinished]
        since = [one for one in taken if unfinished <= one.starts_on < start_of(now, step)]
        try:
            answer = outlook(known, since, step, request.ahead or _AHEAD, (request.confidence_permille or 800) / 1000)
        except Refused as refused:
            answer = pb.RevenueForecast(refusal=refusal_message(refused.reason, refused.figures))
        answer.step, answer.as_of, answer.currency_code = step, as_of.isoformat(), currency
        answer.left_out_orders = left_out(sight, currency, FIRST_DAY, as_of)
        return answer
