"""DashboardService at the edge: dashboards that are shared, and the caller's own; and the figures of their tiles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from chassis.errors import PermissionDenied
from chassis.paging import Pager
from chassis.records import Order, RecordServicer, Resource
from chassis.server import Call
from chassis.work import Row, Work
from funia.analytics.v1 import dashboard_pb2 as pb
from funia.analytics.v1 import metric_pb2
from google.protobuf.json_format import ParseDict

from analytics.errors import invalid_field
from analytics.model.dashboard import Dashboard
from analytics.queries import metrics, periods
from analytics.queries.catalogue import TIMES
from analytics.queries.metrics import Question
from analytics.queries.sight import Sight
from analytics.queries.tiles import Wanted, answered
from analytics.servicers.metric import filters_of, metric_message, row_message
from analytics.store.port import ColumnStore

ADMINISTER = "identity.admin"
ROWS_SHOWN = 10
_CURRENCIES_SHOWN = 20


class DashboardServicer(RecordServicer):
    """Carries out funia.analytics.v1.DashboardService."""

    service = pb.DESCRIPTOR.services_by_name["DashboardService"]
    resource = Resource(
        "analytics", "dashboard", Dashboard, pb.Dashboard, lowered={"name": "name_key"}, order=Order("name")
    )
    defaults: ClassVar[dict[str, Any]] = {"custom": {}, "external_ids": {}}

    def __init__(self, pager: Pager, store: ColumnStore) -> None:
        super().__init__(pager)
        self._columns = store

    def found(self, work: Work, record_id: UUID, *, lock: bool = False) -> Row:
        row = super().found(work, record_id, lock=lock)
        mine = row.made_by == work.caller.actor_id
        if not row.shared and not mine:
            raise self.resource.not_found(record_id)
        if lock and not mine and ADMINISTER not in work.caller.scopes:
            raise PermissionDenied(
                "Only whoever made a shared dashboard changes it. Make a copy of your own.", reason="NOT_OWNER"
            )
        return row

    def ListDashboards(self, work: Work, request: pb.ListDashboardsRequest) -> pb.ListDashboardsResponse:
        """Shared ones and the caller's own."""
        asked = pb.ListDashboardsRequest()
        asked.CopyFrom(request)
        seen = f'(shared = true OR made_by = "{work.caller.actor_id}")'
        asked.filter = f"{seen} AND ({request.filter})" if request.filter.strip() else seen
        return self._list(work, asked)  # type: ignore[no-any-return]

    def QueryTiles(self, call: Call, request: pb.QueryTilesRequest) -> pb.TileTable:
        """Figures of tiles, all of them counted before the first is answered."""
        tiles: list[pb.Tile] = list(request.tiles)
        if bool(request.id) == bool(tiles):
            raise invalid_field("id", "name a dashboard, or give tiles", "DASHBOARD_OR_TILES")
        if request.id:
            with call.database.open_work(call.caller) as work:
                kept = self.found(work, UUID(request.id)).tiles
            tiles = [ParseDict(one, pb.Tile(), ignore_unknown_fields=True) for one in kept]
        check_tiles(tiles, "tiles")
        today = periods.day_of("today", request.today) or periods.today()
        sight = Sight(self._columns.for_tenant(call.caller.tenant_id), call.caller)
        for tile in tiles:
            tile.period = request.period or tile.period
        spans = [periods.moving(tile.period, today) for tile in tiles]
        wholes = [tile for tile in tiles if tile.compared]
        earlier = [periods.before(tile.period, today) for tile in wholes]
        wanted = [
            *(_wanted(tile, span, grouped=True) for tile, span in zip(tiles, spans, strict=True)),
            *(_wanted(tile, span, grouped=False) for tile, span in zip(tiles, spans, strict=True)),
            *(_wanted(tile, span, grouped=False) for tile, span in zip(wholes, earlier, strict=True)),
        ]
        lines = answered(sight, wanted)
        answer = pb.TileTable()
        befores = iter(zip(lines[2 * len(tiles) :], earlier, strict=True))
        for at, (tile, span) in enumerate(zip(tiles, spans, strict=True)):
            shown = pb.TileFigures(tile=tile, figures=_table(tile, span, lines[at], lines[len(tiles) + at]))
            if tile.compared:
                whole, former = next(befores)
                shown.before.CopyFrom(_table(tile, former, whole, whole))
            answer.tiles.append(shown)
        return answer

    def checked(self, work: Work, before: Row | None, after: dict[str, Any], changed: frozenset[str]) -> None:
        if before is None:
            after["made_by"] = work.caller.actor_id
        after["name_key"] = after["name"].lower()
        after["tiles"] = after["tiles"] or []
        if "tiles" in changed:
            check_tiles([ParseDict(one, pb.Tile()) for one in after["tiles"]], "dashboard.tiles")


def check_tiles(tiles: Iterable[pb.Tile], field: str) -> None:
    """Raises InvalidArgument naming the first tile that cannot be answered as it is asked, or drawn so."""
    for at, tile in enumerate(tiles):
        path = f"{field}[{at}]"
        source = metrics.named(f"{path}.metrics", tile.metrics)[0].source
        metrics.check_dimensions(source, f"{path}.group_by", tile.group_by)
        filters = filters_of(tile.filters, f"{path}.filters")
        metrics.check_dimensions(source, f"{path}.filters", list(filters))
        in_time = bool(tile.group_by) and tile.group_by[0] in TIMES
        if tile.chart == "line" and not in_time:
            raise invalid_field(f"{path}.group_by", f"a line goes over time: choose of {', '.join(TIMES)}", "NO_TIME")
        if tile.chart in ("bars", "table") and not tile.group_by:
            raise invalid_field(f"{path}.group_by", "say what the rows are made of, such as month", "NO_ROWS")


def _wanted(tile: pb.Tile, span: tuple[date, date], *, grouped: bool) -> Wanted:
    question = Question(
        metrics.named("metrics", tile.metrics), *span, filters_of(tile.filters), tuple(tile.group_by) if grouped else ()
    )
    return Wanted(question, (tile.limit or ROWS_SHOWN) if question.group_by else _CURRENCIES_SHOWN)


def _table(
    tile: pb.Tile, span: tuple[date, date], rows: list[metrics.Line], totals: list[metrics.Line]
) -> metric_pb2.MetricTable:
    return metric_pb2.MetricTable(
        metrics=[metric_message(one) for one in metrics.named("metrics", tile.metrics)],
        group_by=tile.group_by if rows is not totals else (),
        first_day=span[0].isoformat(),
        last_day=span[1].isoformat(),
        rows=[row_message(one) for one in rows],
        totals=[row_message(one) for one in totals],
    )
