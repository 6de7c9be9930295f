"""Events of analytics: what models found, as ids and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.envelope import Event
from funia.analytics.v1.events_pb2 import BasketRule, BasketRulesDiscovered
from funia.analytics.v1.model_events_pb2 import CustomerScoreChange, CustomerScoresChanged
from google.protobuf.timestamp_pb2 import Timestamp

RULES_AN_EVENT = 2_000
"""Rules in one event at most."""
CHANGES_AN_EVENT = 500
"""Customers in one event at most."""
_TYPES = {
    "rfm": "analytics.rfm.changed",
    "clusters": "analytics.cluster.changed",
    "lifetime_value": "analytics.clv.updated",
    "churn": "analytics.churn_risk.raised",
}

Change = tuple[UUID, str, str, str, int]
"""Customer, its kind, the band before and now, the score."""


def scores_changed(run_id: UUID, kind: str, changes: Sequence[Change]) -> list[Event]:
    """Events of a run that has become active."""
    starts = range(0, len(changes), CHANGES_AN_EVENT)
    return [
        Event(
            _TYPES[kind],
            run_id,
            number,
            CustomerScoresChanged(
                model_run_id=str(run_id),
                kind=kind,
                changes=[
                    CustomerScoreChange(
                        customer_id=str(customer), customer_kind=of, from_band=before, to_band=now, score=score
                    )
                    for customer, of, before, now, score in changes[start : start + CHANGES_AN_EVENT]
                ],
            ),
        )
        for number, start in enumerate(starts, start=1)
    ]


@dataclass(frozen=True, slots=True)
class Discovered:
    """A generation of rules: the run, when it ended, which days and how many orders it looked at."""

    run_id: UUID
    at: datetime
    first_day: str
    last_day: date
    baskets: int


def rules_discovered(found: Discovered, rules: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Events of a generation of rules, at least one: without rules it takes the place of the one before, too."""
    parts = max(1, -(-len(rules) // RULES_AN_EVENT))
    at = Timestamp()
    at.FromDatetime(found.at)
    return [
        Event(
            "analytics.basket_rule.discovered",
            found.run_id,
            part,
            BasketRulesDiscovered(
                generation_id=str(found.run_id),
                part=part,
                parts=parts,
                discovered_at=at,
                first_day=found.first_day,
                last_day=found.last_day.isoformat(),
                baskets=found.baskets,
                rules=[_rule(one) for one in rules[(part - 1) * RULES_AN_EVENT : part * RULES_AN_EVENT]],
            ),
        )
        for part in range(1, parts + 1)
    ]


def _rule(one: Mapping[str, Any]) -> BasketRule:
    return BasketRule(
        rule_id=one["id"],
        antecedent_product_ids=one["antecedent_ids"],
        consequent_product_id=one["consequent_id"],
        support=one["support"],
        confidence=one["confidence"],
        lift=one["lift"],
        together=one["together"],
    )
