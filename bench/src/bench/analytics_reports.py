"""The process of the report figures: a store of its own, the reports as their RPCs give them, and the bare engine.

Runs in a process of its own; what it measured comes back through a queue.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import numpy as np
from analytics.queries.catalogue import TIMES
from analytics.servicers.customer_report import CustomerReportServicer
from analytics.servicers.dashboard import DashboardServicer
from analytics.servicers.funnel import FunnelServicer
from analytics.settings import Settings
from analytics.store.opening import open_store
from analytics.store.port import ColumnStore, Parameter, Row, TenantReader
from chassis.caller import Caller
from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import customer_report_pb2, dashboard_pb2, funnel_pb2

from bench.analytics_facts import EVENT_FACTS, ORDER_FACTS, SHOP, STEPS, BareEngine
from bench.processes import peak_rss_mb
from bench.sizes import Sizes

_LAST_DAY = "2026-10-31"
_TILES = (
    (("sales", "orders", "average_order", "customers"), ()),
    (("sales",), ("month",)),
    (("orders",), ("week",)),
    (("sales",), ("seller",)),
    (("sales",), ("customer",)),
    (("net_sales",), ("product",)),
    (("price_realisation",), ("month",)),
    (("margin",), ("channel",)),
)
_PATIENCE_S = 60.0
"""A report that takes longer than callers may wait is a figure that does not hold, not the end of the run."""


@dataclass
class Measured:
    """Milliseconds of (floor, ours) pairs by report, alone and among others; seconds of the methods; peak memory."""

    reports: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    among: list[tuple[float, float]] = field(default_factory=list)
    methods: dict[str, float] = field(default_factory=dict)
    peak_mb: float = 0.0


@dataclass(frozen=True)
class _Recorded:
    """A reader that notes what it is asked."""

    reader: TenantReader
    asked: list[tuple[str, dict[str, Parameter]]]

    @property
    def tenant_id(self) -> UUID:
        return self.reader.tenant_id

    def query(self, sql: str, /, *, repeats: bool = False, **parameters: Parameter) -> list[Row]:
        self.asked.append((sql, parameters))
        return self.reader.query(sql, repeats=repeats, **parameters)


class _Recording:
    """The store for the servicers, as far as they use it."""

    def __init__(self, store: ColumnStore) -> None:
        self._store = store
        self.asked: list[tuple[str, dict[str, Parameter]]] = []

    def for_tenant(self, tenant_id: UUID) -> _Recorded:
        return _Recorded(self._store.for_tenant(tenant_id), self.asked)


def measure_reports(state_dir: str, sizes: Sizes, taken: Queue[Measured]) -> None:
    """Fills a store, asks every report beside the bare engine, then again among a thousand companies."""
    settings = Settings(state_dir=Path(state_dir), analytics_query_timeout_s=_PATIENCE_S)
    store = open_store(settings)
    bare = BareEngine(Path(state_dir), threads=settings.analytics_query_threads)
    found = Measured()
    bare.make_bare()
    bare.write_shop(lines=sizes.analytics_lines, customers=sizes.analytics_customers)
    bare.copy_bare(ORDER_FACTS)
    recording = _Recording(store)
    reports = _reports(cast(ColumnStore, recording), settings)
    for name in ("RFM", "cohorts", "dashboard of eight tiles"):
        found.reports[name] = _pairs(reports[name], recording, bare, sizes.analytics_rounds)
    alone = _fastest(reports["RFM"], sizes.analytics_rounds)
    bare.write_neighbours(sizes.analytics_tenants, lines=sizes.analytics_neighbour_lines, customers=100)
    among = _fastest(reports["RFM"], sizes.analytics_rounds)
    found.among = [(alone, among)]
    bare.write_events(sizes.analytics_events)
    bare.copy_bare(EVENT_FACTS)
    found.reports["funnel"] = _pairs(reports["funnel"], recording, bare, sizes.analytics_rounds)
    found.methods = _methods(sizes)
    found.peak_mb = peak_rss_mb(os.getpid())
    bare.close()
    store.close()
    taken.put(found)


def _reports(store: ColumnStore, settings: Settings) -> dict[str, Callable[[], object]]:
    pager = Pager("b" * 32, default_size=50, max_size=500)
    call = cast(Call, SimpleNamespace(caller=Caller.system(SHOP)))
    customers = CustomerReportServicer(store, settings, pager)
    dashboards = DashboardServicer(pager, store)
    funnels = FunnelServicer(store, settings, pager)
    window = funnel_pb2.GetEventFunnelRequest(steps=STEPS, window_s=30 * 86_400)
    getattr(window, "from").FromDatetime(datetime(2026, 8, 1, tzinfo=UTC))
    window.to.FromDatetime(datetime(2026, 11, 1, tzinfo=UTC))
    tiles = dashboard_pb2.QueryTilesRequest(
        tiles=[
            dashboard_pb2.Tile(
                title=", ".join(names), metrics=names, group_by=by, chart=_chart(by), period="12_months", limit=10
            )
            for names, by in _TILES
        ],
        today=_LAST_DAY,
    )
    return {
        "RFM": lambda: customers.GetRfm(call, customer_report_pb2.GetRfmRequest(as_of=_LAST_DAY)),
        "cohorts": lambda: customers.GetCohorts(
            call, customer_report_pb2.GetCohortsRequest(first_day="2023-11-01", last_day=_LAST_DAY)
        ),
        "dashboard of eight tiles": lambda: dashboards.QueryTiles(call, tiles),
        "funnel": lambda: funnels.GetEventFunnel(call, window),
    }


def _chart(group_by: tuple[str, ...]) -> str:
    if not group_by:
        return "number"
    return "line" if group_by[0] in TIMES else "bars"


def _pairs(
    report: Callable[[], object], recording: _Recording, bare: BareEngine, rounds: int
) -> list[tuple[float, float]]:
    """The bare engine answering the report's own statements, and the report, one right after the other, warm."""
    recording.asked.clear()
    report()
    asked = list(recording.asked)

    def ask_bare() -> None:
        for sql, parameters in asked:
            bare.ask(sql, parameters)

    return [(_ms(ask_bare), _ms(report)) for _ in range(rounds + 1)][1:]


def _fastest(report: Callable[[], object], rounds: int) -> float:
    return min(_ms(report) for _ in range(rounds + 1))


def _ms(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _methods(sizes: Sizes) -> dict[str, float]:
    """Seconds of the methods on as many customers and baskets as the figures are of."""
    from analytics.methods.baskets import frequent_sets, rules
    from analytics.methods.buying import fit_beta_geometric, fit_pareto
    from analytics.methods.purchases import RepeatBuying

    chance = np.random.default_rng(7)
    buying = RepeatBuying(*_customers(chance, sizes.analytics_customers))
    sizes_of = 1 + chance.poisson(4.0, sizes.analytics_baskets)
    baskets = np.repeat(np.arange(sizes.analytics_baskets), sizes_of)
    items = (2_000 * chance.random(baskets.size) ** 3).astype(np.int64)
    work: Sequence[tuple[str, Callable[[], object]]] = (
        ("BG/NBD fit", lambda: fit_beta_geometric(buying)),
        ("Pareto/NBD fit", lambda: fit_pareto(buying)),
        ("basket rules", lambda: rules(frequent_sets(baskets, items, support="0.005"), confidence="0.1")),
    )
    return {name: _ms(each) / 1000 for name, each in work}


def _customers(chance: np.random.Generator, count: int) -> tuple[Any, Any, Any]:
    """Customers as the BG/NBD has them (Fader, Hardie & Lee 2005), in weeks: some never come again."""
    age = chance.uniform(10.0, 150.0, count)
    rate = chance.gamma(0.6, 1 / 6.0, count)
    dropping = chance.beta(0.8, 2.5, count)
    frequency, recency, clock = np.zeros(count), np.zeros(count), np.zeros(count)
    alive = chance.random(count) > 0
    while alive.any():
        clock[alive] += chance.exponential(1 / np.maximum(rate[alive], 1e-9))
        alive &= clock <= age
        frequency[alive] += 1
        recency[alive] = clock[alive]
        alive &= chance.random(count) > dropping
    return frequency, recency, age
