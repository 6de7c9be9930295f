"""Keeps what is bought together: by orders as they are placed, and by the rules that analytics finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis.subscriptions import Received, Subscription
from chassis.work import Work
from funia.analytics.v1.events_pb2 import BasketRule, BasketRulesDiscovered
from funia.sales.v1.events_pb2 import OrderChanged

from sales.queries import suggestions as queries
from sales.usecases import suggestions

_GATHER_S = 1.0


def orders_subscription() -> Subscription:
    """Orders that are placed or canceled. Those of files are counted together, once they are in (`jobs.baskets`)."""
    return Subscription(
        "sales-baskets",
        "sales",
        ("sales.order.placed", "sales.order.canceled"),
        count_orders,
        gather_s=_GATHER_S,
    )


def rules_subscription() -> Subscription:
    """Rules that analytics has found."""
    return Subscription("sales-basket-rules", "analytics", ("analytics.basket_rule.discovered",), keep_rules)


def count_orders(work: Work, events: Sequence[Received]) -> None:
    """Puts orders into the sums as they last were."""
    baskets: dict[UUID, list[UUID]] = {}
    for event in events:
        if isinstance(event.payload, OrderChanged):
            lines = [] if event.payload.status == "canceled" else event.payload.lines
            held = {UUID(line.product_id) for line in lines if line.quantity_milli > 0}
            baskets[event.subject_id] = sorted(held)
    if baskets:
        suggestions.count(work, baskets)


def keep_rules(work: Work, events: Sequence[Received]) -> None:
    """Keeps the parts of generations of rules."""
    for event in events:
        told = event.payload
        if isinstance(told, BasketRulesDiscovered):
            generation = {
                "id": event.subject_id,
                "parts": max(told.parts, 1),
                "discovered_at": told.discovered_at.ToDatetime(tzinfo=work.now.tzinfo),
                "first_day": _day(told.first_day),
                "last_day": _day(told.last_day),
                "baskets": told.baskets,
            }
            queries.keep_part(work, generation, [_rule(one) for one in told.rules])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _rule(one: BasketRule) -> dict[str, Any]:
    return {
        "id": one.rule_id,
        "antecedent_ids": list(one.antecedent_product_ids),
        "consequent_id": one.consequent_product_id,
        "store_id": one.store_id or None,
        "support": one.support,
        "confidence": one.confidence,
        "lift": one.lift,
        "together": one.together,
    }
