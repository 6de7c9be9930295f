"""The part of analysis about deals: how far those get that began in a period."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from funia.analytics.v1 import funnel_pb2 as funnel_pb
from funia.analytics.v1 import funnel_pb2_grpc as funnel_grpc

from gateway.console import formats
from gateway.console.backend import call, stubs
from gateway.console.figures import Cell, Section, Series, Shown, Table, percent, plot_json
from gateway.console.i18n import gettext
from gateway.console.report_words import duration


def funnels() -> funnel_grpc.FunnelServiceStub:
    """Funnels, with the person's own token."""
    return stubs().analytics(funnel_grpc.FunnelServiceStub)


def funnel_sections(asked: Mapping[str, str]) -> list[Section]:
    """The funnel, and where and why deals leave it."""
    period = funnel_pb.GetSalesFunnelRequest(first_day=asked["first_day"], last_day=asked["last_day"])
    found = call(funnels().GetSalesFunnel, period)
    title = gettext("How far deals get that began in this time")
    if not found.deals:
        return [Section(title)]
    names = {one.stage_id: one.name or gettext("Won") for one in found.stages}
    rows = []
    before = found.deals
    for one in found.stages:
        stands = Cell(formats.format_number(one.standing), _deals(found, one.stage_id, "standing", one.standing))
        lost = Cell(formats.format_number(one.lost), _deals(found, one.stage_id, "lost", one.lost))
        reached = Cell(formats.format_number(one.reached), _deals(found, one.stage_id, "reached", one.reached))
        wait = Cell(duration(one.median_seconds) if one.median_seconds else "–")
        share = Cell(percent(one.reached, found.deals))
        rows.append(
            Shown([names[one.stage_id]], [reached, Cell(percent(one.reached, before)), share, stands, lost, wait])
        )
        before = one.reached
    head = [
        gettext("Deals"), gettext("Of the stage before"), gettext("Of all"), gettext("Standing here"),
        gettext("Lost here"), gettext("Median time"),
    ]  # fmt: skip
    tiles = [
        (gettext("Deals"), formats.format_number(found.deals)),
        (gettext("Won"), percent(found.won, found.deals)),
        (gettext("Lost"), percent(found.lost, found.deals)),
        (gettext("Days to win"), formats.format_number(round(found.cycle_days, 1)) if found.won else "–"),
    ]
    plot = plot_json(
        [names[one.stage_id] for one in found.stages],
        [Series(gettext("Deals"), [one.reached for one in found.stages])],
        across=True,
    )
    sections = [Section(title, tiles, plot, [gettext("Deals")], Table(title, [gettext("Stage")], head, rows))]
    if found.leaks:
        leaks = [
            Shown([names[one.stage_id], one.lost_reason or gettext("None")], [Cell(formats.format_number(one.deals))])
            for one in found.leaks
        ]
        where = gettext("Where and why deals are lost")
        table = Table(where, [gettext("Stage"), gettext("Reason of the loss")], [gettext("Deals")], leaks)
        sections.append(Section(where, table=table))
    return sections


def _deals(found: funnel_pb.SalesFunnel, stage_id: str, shown: str, count: int) -> str:
    if not count:
        return ""
    return url_for(
        "console.analysis_deals", pipeline=found.pipeline_id, stage=stage_id, figure=shown, first=found.first_day,
        last=found.last_day,
    )  # fmt: skip
