"""The peer's analysis: a small company's figures, the same at every question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funia.analytics.v1 import customer_report_pb2 as customers_pb
from funia.analytics.v1 import customer_report_pb2_grpc as customers_grpc
from funia.analytics.v1 import funnel_pb2 as funnel_pb
from funia.analytics.v1 import funnel_pb2_grpc as funnel_grpc
from funia.analytics.v1 import metric_pb2 as metric_pb
from funia.analytics.v1 import metric_pb2_grpc as metric_grpc
from peer_baskets import add_baskets
from peer_dashboards import add_dashboards
from peer_forecast import add_forecast
from peer_prices import add_prices

if TYPE_CHECKING:
    from peer import Peer

SPAN = {"first_day": "2026-01-01", "last_day": "2026-03-31"}
MONEY = frozenset(
    {"sales", "average_order", "won_amount", "discount_leakage", "list_sales", "rule_reduction", "line_discount"}
    | {"suggested_sales"}
    | {"coupon_reduction", "document_discount", "net_sales"}
)
SHARES = frozenset({"win_rate", "leakage_share", "price_realisation", "suggested_rate", "suggested_share"})
STEPS = {"list_sales": 1_000_000, "rule_reduction": 120_000, "line_discount": 60_000, "coupon_reduction": 15_000,
         "document_discount": 5_000, "net_sales": 800_000}  # fmt: skip


MOVES = (
    ("champions", "champions", "stayed", 30), ("champions", "at_risk", "worsened", 6),
    ("at_risk", "champions", "improved", 9), ("at_risk", "lost", "worsened", 16), ("lost", "lost", "stayed", 19),
    ("none", "champions", "came", 1), ("none", "loyal", "came", 19),
)  # fmt: skip
"""Group before and after, the way that is, and customers."""


class MetricPeer(metric_grpc.MetricServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def QueryMetrics(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        units = {
            name: "money" if name in MONEY else "percent" if name in SHARES else "number" for name in request.metrics
        }
        table = metric_pb.MetricTable(
            metrics=[metric_pb.Metric(metric=name, unit=unit) for name, unit in units.items()],
            group_by=request.group_by,
            **SPAN,
        )
        if not company.contacts:
            return table
        keys = {"month": ["2026-01", "2026-02", "2026-03"], "": []}.get("".join(request.group_by), ["", "web"])
        for at, key in enumerate(keys, start=1):
            values = [metric_pb.MetricValue(value=STEPS.get(name, 2_345 * at)) for name in request.metrics]
            table.rows.append(metric_pb.MetricRow(keys=[key], currency_code="EUR", values=values))
        whole = [metric_pb.MetricValue(value=STEPS.get(name, 9_380)) for name in request.metrics]
        table.totals.append(metric_pb.MetricRow(currency_code="EUR", values=whole))
        return table

    def ListMetrics(self, request: Any, context: Any) -> Any:
        dimensions = ["month", "seller"]
        known = [metric_pb.Metric(metric=name, dimensions=dimensions) for name in ("sales", "orders", "won_deals")]
        return metric_pb.ListMetricsResponse(metrics=known)

    def ListMetricRecords(self, request: Any, context: Any) -> Any:
        self.peer.company(context)
        return metric_pb.ListMetricRecordsResponse(record="order", ids=["0190c0de-0000-7000-8000-000000000001"])


class CustomerReportPeer(customers_grpc.CustomerReportServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def GetRfm(self, request: Any, context: Any) -> Any:
        found = customers_pb.RfmReport(as_of="2026-03-31", currency_code="EUR")
        if not self.peer.company(context).contacts:
            return found
        groups = {
            "champions": (40, 400, 900_000, 8.5),
            "at_risk": (25, 75, 300_000, 140.0),
            "lost": (35, 35, 40_000, 300.0),
        }
        for group, (customers, orders, minor, recency) in groups.items():
            found.groups.add(
                group=group, customers=customers, orders=orders, monetary_minor=minor, recency_mean=recency
            )
        found.customers, found.orders, found.monetary_minor = 100, 510, 1_240_000
        found.recency.median = 51
        return found

    def ListRfmCustomers(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        people = list(company.contacts)[:3]
        rows = [
            customers_pb.RfmCustomer(customer_id=one, kind="contact", recency=3, frequency=7, monetary_minor=431_000,
                                     recency_score=5, frequency_score=5, monetary_score=4, group=request.group)
            for one in people
        ]  # fmt: skip
        return customers_pb.ListRfmCustomersResponse(customers=rows)

    def GetRfmMovement(self, request: Any, context: Any) -> Any:
        found = customers_pb.RfmMovement(
            from_day=request.from_day or "2026-01-01", to_day=request.to_day or "2026-03-31",
            cuts=request.cuts or "each", currency_code="EUR",
        )  # fmt: skip
        if not self.peer.company(context).contacts:
            return found
        for was, now, direction, customers in MOVES:
            found.moves.add(from_group=was, to_group=now, direction=direction, customers=customers, orders=customers,
                            monetary_minor=customers * 4_321)  # fmt: skip
        for group in ("champions", "loyal", "at_risk", "lost"):
            before = sum(customers for was, _, _, customers in MOVES if was == group)
            found.groups.add(group=group, before=before, after=sum(move[3] for move in MOVES if move[1] == group))
        for name in ("improved", "worsened", "stayed", "came"):
            gone = sum(customers for _, _, direction, customers in MOVES if direction == name)
            found.directions.add(direction=name, customers=gone, orders=gone, monetary_minor=gone * 4_321)
        found.customers = sum(move[3] for move in MOVES)
        return found

    def ListRfmMovementCustomers(self, request: Any, context: Any) -> Any:
        people = list(self.peer.company(context).contacts)[:3]
        rows = [
            customers_pb.RfmMovementCustomer(
                customer_id=one, kind="contact", from_group=request.from_group or "none", to_group="champions",
                recency=4, orders=2, monetary_minor=8_642,
            )
            for one in people
        ]  # fmt: skip
        return customers_pb.ListRfmMovementCustomersResponse(customers=rows, currency_code="EUR")

    def GetCohorts(self, request: Any, context: Any) -> Any:
        found = customers_pb.CohortReport(step="month", **SPAN)
        if self.peer.company(context).contacts:
            for start, active in (("2026-01-01", [40, 16, 9]), ("2026-02-01", [30, 0]), ("2026-03-01", [12])):
                found.cohorts.add(starts_on=start, customers=active[0], active=active)
        return found

    def GetRepeatPurchases(self, request: Any, context: Any) -> Any:
        if not self.peer.company(context).contacts:
            return customers_pb.RepeatPurchases()
        found = customers_pb.RepeatPurchases(
            customers=82, repeat_customers=41, repeat_purchases=60, mean_days=30.5, median_days=24.0
        )
        for start, end, count in ((0, 1, 2), (1, 8, 18), (8, 15, 20), (366, 0, 20)):
            found.gaps.add(from_days=start, to_days=end, purchases=count)
        return found


class FunnelPeer(funnel_grpc.FunnelServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def GetSalesFunnel(self, request: Any, context: Any) -> Any:
        if not self.peer.company(context).contacts:
            return funnel_pb.SalesFunnel(**SPAN)
        found = funnel_pb.SalesFunnel(
            pipeline_id="0190c0de-0000-7000-8000-000000000002",
            deals=90,
            open=20,
            won=25,
            lost=45,
            cycle_days=33.3,
            **SPAN,
        )
        for at, (name, reached) in enumerate((("Prospecting", 90), ("Proposal", 55), ("", 25))):
            stage_id = f"0190c0de-0000-7000-8000-00000000001{at}" if name else ""
            found.stages.add(
                stage_id=stage_id, name=name, reached=reached, standing=10, lost=20, median_seconds=200_000
            )
        found.leaks.add(stage_id=found.stages[0].stage_id, lost_reason="price", deals=20)
        return found


def add_analysis(peer: Peer) -> None:
    """Serves them beside the others."""
    add_baskets(peer)
    add_dashboards(peer)
    add_prices(peer)
    add_forecast(peer)
    metric_grpc.add_MetricServiceServicer_to_server(peer.wrap(MetricPeer(peer)), peer.server)
    customers_grpc.add_CustomerReportServiceServicer_to_server(peer.wrap(CustomerReportPeer(peer)), peer.server)
    funnel_grpc.add_FunnelServiceServicer_to_server(peer.wrap(FunnelPeer(peer)), peer.server)
