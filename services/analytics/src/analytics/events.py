"""Events of analytics: what models found, as ids and figures."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.envelope import Event
from funia.analytics.v1.model_events_pb2 import CustomerScoreChange, CustomerScoresChanged

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
