"""Dashboards: which there are, one with its tiles, and how it is put together."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.analytics.v1 import dashboard_pb2 as pb
from funia.analytics.v1 import dashboard_pb2_grpc
from funia.analytics.v1 import metric_pb2 as metrics_pb
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import formats
from gateway.console.analysis_words import DRAWINGS, METRICS, MOVING_PERIODS, PAGES
from gateway.console.backend import allowed, call, form_key, session, stubs
from gateway.console.colleagues import colleagues
from gateway.console.dashboard_tiles import metric_name, section_of_tile, tile_view
from gateway.console.dimensions import DIMENSIONS
from gateway.console.guard import go, needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS
from gateway.console.section_files import FORMS, file_of
from gateway.console.views.analysis import READS, metrics
from gateway.console.words import say

ADMINISTERS = "identity.admin"
TILES_MAX = 24


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    one = "/analysis/dashboards/<uuid:dashboard_id>"
    rule("/analysis/dashboards", "analysis_dashboards", dashboards)
    rule("/analysis/dashboards", "dashboard_create", create, methods=["POST"])
    rule(one, "dashboard", dashboard)
    rule(f"{one}/export.<any({FORMS}):form>", "dashboard_file", dashboard_file)
    rule(f"{one}/edit", "dashboard_edit", edit)
    rule(f"{one}/edit", "dashboard_change", change, methods=["POST"])
    rule(f"{one}/copy", "dashboard_copy", copy, methods=["POST"])
    rule(f"{one}/delete", "dashboard_delete", delete, methods=["POST"])
    rule(f"{one}/undelete", "dashboard_undelete", undelete, methods=["POST"])


def service() -> dashboard_pb2_grpc.DashboardServiceStub:
    return stubs().analytics(dashboard_pb2_grpc.DashboardServiceStub)


@needs(READS)
def dashboards() -> Response:
    """Those that are shared, and the person's own."""
    return _listed()


@needs(READS)
def create() -> Response:
    """A dashboard: empty, or with the figures that most begin with."""
    draft = pb.Dashboard(name=request.form.get("name", "").strip())
    if request.form.get("begin") == "figures":
        draft.tiles.extend(first_tiles())
    try:
        made = call(service().CreateDashboard, pb.CreateDashboardRequest(dashboard=draft), idempotency_key=form_key())
    except FuniaError as error:
        return _listed(say(error), HTTP_STATUS[error.kind])
    view = "dashboard" if made.tiles else "dashboard_edit"
    return go(url_for(f"console.{view}", dashboard_id=made.id))


@needs(READS)
def dashboard(dashboard_id: object) -> Response:
    """One, counted for the person who looks."""
    shown = _get(dashboard_id)
    page = render_template(
        "console/dashboard.html",
        dashboard=shown,
        tiles=[tile_view(one) for one in _counted(shown)],
        pages=PAGES,
        periods=MOVING_PERIODS.items(),
        chosen=_period(),
        may_edit=_may_edit(shown),
    )
    return make_response(page)


@needs(READS)
def dashboard_file(dashboard_id: object, form: str) -> Response:
    """All tiles as a file."""
    shown = _get(dashboard_id)
    sections = [section_of_tile(one) for one in _counted(shown)]
    return file_of(shown.name, formats.format_date(_today()), sections, form)


@needs(READS)
def edit(dashboard_id: object) -> Response:
    """The form of a dashboard, with its tiles."""
    return _edited(_get(dashboard_id))


@needs(READS)
def change(dashboard_id: object) -> Response:
    """Name and sharing, or one tile added, moved or taken away. What another has changed meanwhile is not lost."""
    before, given = _get(dashboard_id), request.form
    after = pb.Dashboard()
    after.CopyFrom(before)
    at = int(given.get("at", "")) if given.get("at", "").isdecimal() else -1
    match given.get("act", ""):
        case "add":
            after.tiles.append(_tile())
        case "up" if 0 < at < len(after.tiles):
            _put(after, [*before.tiles[: at - 1], before.tiles[at], before.tiles[at - 1], *before.tiles[at + 1 :]])
        case "remove" if 0 <= at < len(after.tiles):
            _put(after, [*before.tiles[:at], *before.tiles[at + 1 :]])
        case "name":
            after.name, after.shared = given.get("name", "").strip(), given.get("shared") == "1"
    mask = FieldMask(paths=["name", "shared", "tiles"])
    message = pb.UpdateDashboardRequest(dashboard=after, update_mask=mask, etag=given.get("etag", ""))
    try:
        call(service().UpdateDashboard, message)
    except FuniaError as error:
        return _edited(before, say(error), HTTP_STATUS[error.kind])
    return go(url_for("console.dashboard_edit", dashboard_id=before.id))


@needs(READS)
def copy(dashboard_id: object) -> Response:
    """The same tiles in a dashboard of the person's own."""
    known = _get(dashboard_id)
    draft = pb.Dashboard(name=gettext("Copy of %(name)s", name=known.name)[:120], tiles=known.tiles)
    made = call(service().CreateDashboard, pb.CreateDashboardRequest(dashboard=draft), idempotency_key=form_key())
    return go(url_for("console.dashboard_edit", dashboard_id=made.id))


@needs(READS)
def delete(dashboard_id: object) -> Response:
    """To the bin; the list offers to undo it."""
    call(service().DeleteDashboard, pb.DeleteDashboardRequest(id=str(dashboard_id)))
    return go(url_for("console.analysis_dashboards", gone=str(dashboard_id)))


@needs(READS)
def undelete(dashboard_id: object) -> Response:
    call(service().UndeleteDashboard, pb.UndeleteDashboardRequest(id=str(dashboard_id)))
    return go(url_for("console.dashboard", dashboard_id=dashboard_id))


def first_tiles() -> list[pb.Tile]:
    """What most companies want to see first."""
    number = [("sales", "month"), ("orders", "month"), ("average_order", "month"), ("won_amount", "month")]
    return [
        *(
            pb.Tile(metrics=[metric], period=period, chart="number", compared=True, group_by=["day"])
            for metric, period in number
        ),
        pb.Tile(metrics=["sales"], period="12_months", chart="line", group_by=["month"]),
        pb.Tile(metrics=["won_deals", "lost_deals"], period="12_months", chart="bars", group_by=["month"]),
        pb.Tile(metrics=["sales"], period="30_days", chart="bars", group_by=["seller"]),
        pb.Tile(metrics=["net_sales"], period="30_days", chart="bars", group_by=["product"]),
    ]


def _get(dashboard_id: object) -> pb.Dashboard:
    return call(service().GetDashboard, pb.GetDashboardRequest(id=str(dashboard_id)))


def _listed(problem: str = "", status: int = 200) -> Response:
    asked = pb.ListDashboardsRequest(page_size=200, page_token=request.args.get("token", ""))
    answer = call(service().ListDashboards, asked)
    gone = request.args.get("gone", "")
    page = render_template(
        "console/dashboards.html",
        key="dashboards",
        pages=PAGES,
        dashboards=answer.dashboards,
        next_page_token=answer.next_page_token,
        people=colleagues(),
        me=session().user_id,
        problem=problem,
        gone=gone,
    )
    return make_response(page, status)


def _edited(shown: pb.Dashboard, problem: str = "", status: int = 200) -> Response:
    catalogue = call(metrics().ListMetrics, metrics_pb.ListMetricsRequest()).metrics
    dimensions = dict.fromkeys(name for one in catalogue for name in one.dimensions)
    page = render_template(
        "console/dashboard_edit.html",
        dashboard=shown,
        titles=[one.title or ", ".join(metric_name(name) for name in one.metrics) for one in shown.tiles],
        drawings=DRAWINGS,
        periods=MOVING_PERIODS,
        figures=[(name, METRICS[name]) for name in METRICS if any(one.metric == name for one in catalogue)],
        dimensions=[(name, DIMENSIONS[name]) for name in dimensions if name in DIMENSIONS],
        given=request.form,
        problem=problem,
        may_edit=_may_edit(shown),
        full=len(shown.tiles) >= TILES_MAX,
    )
    return make_response(page, status)


def _counted(shown: pb.Dashboard) -> Sequence[pb.TileFigures]:
    if not shown.tiles:
        return ()
    asked = pb.QueryTilesRequest(id=shown.id, today=_today(), period=_period())
    return call(service().QueryTiles, asked).tiles


def _tile() -> pb.Tile:
    given = request.form
    return pb.Tile(
        title=given.get("title", "").strip(),
        metrics=[given.get("metric", "")],
        group_by=[one for one in (given.get("by", ""),) if one],
        period=given.get("period", ""),
        chart=given.get("chart", ""),
        compared=given.get("compared") == "1",
    )


def _put(shown: pb.Dashboard, tiles: Sequence[pb.Tile]) -> None:
    kept = [pb.Tile.FromString(one.SerializeToString()) for one in tiles]
    del shown.tiles[:]
    shown.tiles.extend(kept)


def _may_edit(shown: pb.Dashboard) -> bool:
    return shown.made_by == session().user_id or (shown.shared and allowed(ADMINISTERS))


def _period() -> str:
    asked = request.args.get("period", "")
    return asked if asked in MOVING_PERIODS else ""


def _today() -> str:
    return formats.now().date().isoformat()
