"""What is bought together over gRPC: rules, and the orders behind each."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.errors import NotFound
from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Row, Work
from funia.analytics.v1 import basket_rule_pb2 as pb

from analytics.queries import basket_rules as queries
from analytics.queries import baskets, model_runs
from analytics.queries.periods import FIRST_DAY
from analytics.queries.sight import Sight
from analytics.servicers.model_run import refuse_partial_sight
from analytics.store.port import ColumnStore


class BasketRuleServicer:
    """Carries out funia.analytics.v1.BasketRuleService."""

    def __init__(self, store: ColumnStore, pager: Pager) -> None:
        self._store = store
        self._pager = pager

    def ListBasketRules(self, work: Work, request: pb.ListBasketRulesRequest) -> pb.ListBasketRulesResponse:
        """Rules of the active run, the strongest first."""
        refuse_partial_sight(work.caller)
        run = model_runs.active(work, "baskets")
        if run is None:
            return pb.ListBasketRulesResponse()
        asked = queries.Asked(
            request.sort or "lift",
            UUID(request.product_id) if request.product_id else None,
            request.least_lift_permille / 1000,
            request.least_confidence_permille / 1000,
        )
        size = self._pager.size(request.page_size)
        binding = (
            "ListBasketRules", str(run.id), asked.sort, request.product_id, str(request.least_lift_permille),
            str(request.least_confidence_permille),
        )  # fmt: skip
        after = None
        if request.page_token:
            value, rule_id = self._pager.key(work.tenant_id, binding, request.page_token)
            after = (float(str(value)), UUID(str(rule_id)))
        rows = queries.listed(work, run.id, asked, after=after, limit=size + 1)
        last = rows[size - 1] if len(rows) > size else None
        following = [repr(getattr(last, asked.sort)), last.id] if last is not None else []
        return pb.ListBasketRulesResponse(
            rules=[_rule(row) for row in rows[:size]],
            next_page_token=self._pager.token(work.tenant_id, binding, following) if following else "",
            model_run_id=str(run.id),
        )

    def ListBasketRuleOrders(
        self, call: Call, request: pb.ListBasketRuleOrdersRequest
    ) -> pb.ListBasketRuleOrdersResponse:
        """Orders that hold both sides of a rule, among those that its run looked at."""
        refuse_partial_sight(call.caller)
        with call.database.open_work(call.caller, read_only=True) as work:
            run = model_runs.active(work, "baskets")
            rule = queries.get(work, run.id, UUID(request.id)) if run is not None else None
        if run is None or rule is None:
            raise NotFound(f"There is no rule {request.id}.", reason="BASKET_RULE_NOT_FOUND")
        tenant_id, size = call.caller.tenant_id, self._pager.size(request.page_size)
        binding = ("ListBasketRuleOrders", str(run.id), request.id)
        after = None
        if request.page_token:
            day, order_id = self._pager.key(tenant_id, binding, request.page_token)
            after = (str(day), UUID(str(order_id)))
        given = run.parameters
        first = date.fromisoformat(given["first_day"]) if given.get("first_day") else FIRST_DAY
        chosen = baskets.Chosen(first, run.as_of, given.get("store_id", ""), given.get("group", ""))
        sight = Sight(self._store.for_tenant(tenant_id), call.caller)
        products = [*rule.antecedent_ids, rule.consequent_id]
        rows = baskets.holding(sight, chosen, products, after=after, limit=size + 1)
        return pb.ListBasketRuleOrdersResponse(
            order_ids=[str(order_id) for _, order_id in rows[:size]],
            next_page_token=self._pager.token(tenant_id, binding, rows[size - 1]) if len(rows) > size else "",
        )


def _rule(row: Row) -> pb.FoundBasketRule:
    return pb.FoundBasketRule(
        id=str(row.id),
        antecedent_product_ids=[str(one) for one in row.antecedent_ids],
        consequent_product_id=str(row.consequent_id),
        together=row.together,
        antecedent_count=row.antecedent_count,
        consequent_count=row.consequent_count,
        support=row.support,
        confidence=row.confidence,
        lift=row.lift,
        p_value=row.p_value,
        p_adjusted=row.p_adjusted,
    )
