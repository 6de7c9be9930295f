"""Deals through their stages as one cohort, and events in an order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from analytics.consumers.events import store_events
from analytics.servicers.funnel import FunnelServicer
from analytics.settings import Settings
from analytics.store.port import ColumnStore
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import funnel_pb2 as pb
from funia.events.v1.envelope_pb2 import Envelope
from funia.sales.v1 import events_pb2 as sales
from google.protobuf.timestamp_pb2 import Timestamp

from .telling import NOON, deal, event

PIPELINE, FIRST, SECOND, WON, LOST = (str(uuid7()) for _ in range(5))
PERIOD = {"first_day": "2026-02-01", "last_day": "2026-03-31"}


@pytest.fixture
def funnels(store: ColumnStore) -> FunnelServicer:
    return FunnelServicer(store, Settings(), Pager("s" * 32, default_size=1))


def call(tenant: UUID) -> Call:
    return Call(Caller.system(tenant), cast(Any, None), cast(Any, None))


def stages(tenant: UUID) -> list[Envelope]:
    told = []
    for position, (stage_id, name, category) in enumerate(
        [(FIRST, "Prospecting", "open"), (SECOND, "Proposal", "open"), (WON, "Won", "won"), (LOST, "Lost", "lost")]
    ):
        payload = sales.StageChanged(
            stage_id=stage_id, pipeline_id=PIPELINE, name=name, position=position, category=category
        )
        told.append(event(tenant, "sales.stage.created", stage_id, payload))
    return told


def way(tenant: UUID, *steps: str, reason: str = "", **given: Any) -> list[Envelope]:
    """A deal that goes through these stages, an hour each."""
    deal_id = str(uuid7())
    told = []
    for version, stage_id in enumerate(steps, start=1):
        status = {WON: "won", LOST: "lost"}.get(stage_id, "open")
        moved: dict[str, Any] = {"from_stage_id": steps[version - 2], "seconds_in_stage": 3_600} if version > 1 else {}
        told.append(
            deal(
                tenant, "stage_changed", version=version, deal_id=deal_id, pipeline_id=PIPELINE, stage_id=stage_id,
                status=status, created_at=NOON, lost_reason=reason if status == "lost" else "",
                closed_at=None if status == "open" else NOON + timedelta(days=3), **moved, **given,
            )
        )  # fmt: skip
    return told


def test_the_funnel_follows_one_cohort_of_deals(
    funnels: FunnelServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    told = [
        *stages(tenant),
        *way(tenant, FIRST),
        *way(tenant, FIRST, SECOND),
        *way(tenant, FIRST, SECOND, FIRST),
        *way(tenant, FIRST, WON, source="web"),
        *way(tenant, FIRST, LOST, reason="price"),
        *way(tenant, FIRST, SECOND, LOST, reason="price"),
        *way(second_tenant, FIRST, SECOND, WON),
    ]
    store_events(store, told[::-1])
    found = funnels.GetSalesFunnel(call(tenant), pb.GetSalesFunnelRequest(**PERIOD))
    assert (found.pipeline_id, found.deals, found.open, found.won, found.lost) == (PIPELINE, 6, 3, 1, 2)
    assert [(one.name, one.reached, one.standing, one.lost, one.median_seconds) for one in found.stages] == [
        ("Prospecting", 6, 2, 1, 3_600),
        ("Proposal", 4, 1, 1, 3_600),
        ("", 1, 0, 0, 0),
    ]
    assert sorted((one.stage_id == FIRST, one.lost_reason, one.deals) for one in found.leaks) == [
        (False, "price", 1),
        (True, "price", 1),
    ]
    assert found.cycle_days == 3.0
    web = funnels.GetSalesFunnel(call(tenant), pb.GetSalesFunnelRequest(source="web", **PERIOD))
    assert (web.deals, web.won) == (1, 1)


def test_the_deals_behind_a_stage_come_page_by_page(funnels: FunnelServicer, store: ColumnStore, tenant: UUID) -> None:
    lost = way(tenant, FIRST, SECOND, LOST, reason="time")
    store_events(store, [*stages(tenant), *way(tenant, FIRST), *lost, *way(tenant, FIRST, WON)])
    asked = {"pipeline_id": PIPELINE, "stage_id": SECOND, **PERIOD}
    ids, token = [], ""
    while True:
        page = funnels.ListFunnelDeals(call(tenant), pb.ListFunnelDealsRequest(page_token=token, **asked))
        ids += page.deal_ids
        if not (token := page.next_page_token):
            break
    assert len(ids) == len(set(ids)) == 2
    found = funnels.ListFunnelDeals(call(tenant), pb.ListFunnelDealsRequest(figure="lost", **asked))
    assert list(found.deal_ids) == [lost[0].subject_id]


def test_a_company_without_deals_has_an_empty_funnel(funnels: FunnelServicer, tenant: UUID) -> None:
    assert funnels.GetSalesFunnel(call(tenant), pb.GetSalesFunnelRequest()).deals == 0


def test_events_count_in_their_order_within_the_window_and_once(
    funnels: FunnelServicer, store: ColumnStore, tenant: UUID, second_tenant: UUID
) -> None:
    def history(whose: UUID, *steps: tuple[str, int]) -> list[Envelope]:
        subject = uuid7()
        empty = Timestamp()
        return [event(whose, kind, subject, empty, at=NOON + timedelta(hours=hours)) for kind, hours in steps]

    created, quoted, won = "sales.deal.created", "sales.deal.updated", "sales.deal.won"
    told = [
        *history(tenant, (created, 0), (quoted, 1), (won, 2)),
        *history(tenant, (created, 0), (won, 1), (quoted, 2)),
        *history(tenant, (created, 0), (quoted, 100)),
        *history(tenant, (quoted, 0), (won, 1)),
        *history(second_tenant, (created, 0), (quoted, 1)),
    ]
    store_events(store, told)
    store_events(store, told[:5])

    def reached(*steps: str) -> list[int]:
        span: dict[str, Any] = {"from": Timestamp(), "to": Timestamp()}
        span["from"].FromDatetime(datetime(2026, 2, 1, tzinfo=UTC))
        span["to"].FromDatetime(datetime(2026, 4, 1, tzinfo=UTC))
        request = pb.GetEventFunnelRequest(steps=steps, window_s=86_400, **span)
        return list(funnels.GetEventFunnel(call(tenant), request).reached)

    assert reached(created, quoted, won) == [3, 2, 1]
    assert reached(created, "sales.deal.*") == [3, 2]
