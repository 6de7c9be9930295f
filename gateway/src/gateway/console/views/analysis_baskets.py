"""What is bought together: rules between products with the orders behind each, and whether suggestions sell."""

from __future__ import annotations

from typing import Any

from chassis.errors import NotFound, PermissionDenied
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.analytics.v1 import basket_rule_pb2 as pb
from funia.analytics.v1 import basket_rule_pb2_grpc as rules_grpc
from funia.analytics.v1 import metric_pb2 as metrics_pb
from funia.analytics.v1 import model_run_pb2 as runs_pb

from gateway.console import formats, references
from gateway.console.analysis_words import PAGES, SEGMENTS, WHOLE_COMPANY
from gateway.console.backend import call, stubs
from gateway.console.basket_words import CONFIDENCES, LIFTS, SORTS, SUPPORTS, chance, prefetch, share
from gateway.console.figures import Cell, Point, Section, Series, Shown, Table, plot_json, scatter_json
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.model_words import refusal, remark
from gateway.console.report_words import figure
from gateway.console.section_files import FORMS, file_of
from gateway.console.views.analysis import READS, metrics
from gateway.console.views.analysis_models import models, under_way
from gateway.console.views.analysis_records import listed, named

_DRAWN = 200
_EFFECT = ("suggested_orders", "suggested_rate", "suggested_sales", "suggested_share")
_SHOWN = ("suggestions_shown", "suggestions_taken", "suggestions_taken_rate")


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/analysis/baskets", "analysis_baskets", baskets)
    blueprint.add_url_rule(f"/analysis/baskets/export.<any({FORMS}):form>", "analysis_baskets_file", file)
    blueprint.add_url_rule("/analysis/baskets/<uuid:rule_id>/orders", "analysis_basket_orders", orders)


def _rules() -> rules_grpc.BasketRuleServiceStub:
    return stubs().analytics(rules_grpc.BasketRuleServiceStub)


@needs(READS)
def baskets() -> Response:
    """The rules of the active run, the form for another one, and what suggestions have sold."""
    asked = runs_pb.ListModelRunsRequest(kind="baskets", page_size=1)
    try:
        newest = call(models().ListModelRuns, asked).model_runs
        active = call(models().ListModelRuns, runs_pb.ListModelRunsRequest(kind="baskets", active=True)).model_runs
        found = call(_rules().ListBasketRules, _asked(_DRAWN))
    except PermissionDenied:
        return make_response(_page(None, None, [], str(WHOLE_COMPANY), refused=True), 403)
    last = newest[0] if newest else None
    run = active[0] if active else None
    problem = refusal(last.refusal.reason) if last is not None and last.state == "failed" else ""
    sections = [_together(run, found), _effect(), _taken()] if run is not None else []
    return make_response(_page(run, last, sections, problem, answer=_answer(run, found), found=found))


@needs(READS)
def file(form: str) -> Response:
    """All rules that the filters leave, as a file. Raises NotFound where nothing was computed yet."""
    active = call(models().ListModelRuns, runs_pb.ListModelRunsRequest(kind="baskets", active=True)).model_runs
    if not active:
        raise NotFound("This was not computed yet.", reason="MODEL_RUN_NOT_FOUND")
    message = _asked(_DRAWN)
    message.page_token = ""
    found = call(_rules().ListBasketRules, message)
    message.page_token = found.next_page_token
    while message.page_token:
        page = call(_rules().ListBasketRules, message)
        found.rules.extend(page.rules)
        message.page_token = page.next_page_token
    as_of = gettext("As of %(day)s", day=formats.format_date(active[0].as_of))
    return file_of(str(PAGES["baskets"]), as_of, [_together(active[0], found), _effect(), _taken()], form)


@needs(READS)
def orders(rule_id: object) -> Response:
    """Orders behind a rule."""
    asked = pb.ListBasketRuleOrdersRequest(id=str(rule_id), page_token=request.args.get("token", ""))
    answer = call(_rules().ListBasketRuleOrders, asked)
    title = gettext("Orders that hold these products")
    return listed(title, "analysis_baskets", named("orders", answer.order_ids), answer.next_page_token)


def _asked(size: int) -> pb.ListBasketRulesRequest:
    given = request.args
    sort, product = given.get("sort", ""), given.get("product", "")
    return pb.ListBasketRulesRequest(
        sort=sort if sort in SORTS else "lift",
        least_lift_permille=_chosen("lift", LIFTS),
        least_confidence_permille=_chosen("confidence", CONFIDENCES),
        product_id=product,
        page_size=size,
        page_token=given.get("token", ""),
    )


def _chosen(name: str, known: tuple[int, ...]) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and text in map(str, known) else 0


def _page(
    run: runs_pb.ModelRun | None,
    last: runs_pb.ModelRun | None,
    sections: list[Section],
    problem: str,
    *,
    answer: str = "",
    found: pb.ListBasketRulesResponse | None = None,
    refused: bool = False,
) -> str:
    names = prefetch(list(found.rules)) if found is not None else {}
    given: dict[str, Any] = {**request.args.to_dict(), "token": found.next_page_token if found is not None else ""}
    remarks = [said for one in (run.result.remarks if run else ()) if (said := remark(one.code))]
    return render_template(
        "console/analysis_baskets.html", key="baskets", pages=PAGES, run=run, problem=problem, refused=refused,
        sections=sections, answer=answer, busy=under_way(last), sorts=SORTS, asked=_asked(0), remarks=remarks,
        products=sorted(names.items(), key=lambda one: one[1].casefold()), part=_part(run), groups=SEGMENTS,
        stores=references.options("stores") if not refused else [],
        supports=[(one, share(one / 1_000_000)) for one in SUPPORTS],
        confidences=[(one, share(one / 1000)) for one in CONFIDENCES],
        lifts=[(one, formats.format_number(one / 1000)) for one in LIFTS],
        more=url_for("console.analysis_baskets", **given) if given["token"] else "",
    )  # fmt: skip


def _part(run: runs_pb.ModelRun | None) -> str:
    """Which part of the company a run looked at; empty for all of it."""
    if run is None or not (run.parameters.store_id or run.parameters.group):
        return ""
    store = references.name_of("stores", run.parameters.store_id)
    group = SEGMENTS.get(run.parameters.group)
    what = ", ".join(one for one in (store, str(group) if group else "") if one) or gettext("Not to be seen")
    return gettext("Only orders of: %(what)s. Suggestions go by all orders.", what=what)


def _answer(run: runs_pb.ModelRun | None, found: pb.ListBasketRulesResponse) -> str:
    """The strongest tie in a sentence."""
    if run is None:
        return ""
    if not found.rules:
        return gettext("No products are bought together more often than by chance.")
    rule, names = found.rules[0], prefetch(list(found.rules))
    return gettext(
        "Who buys %(left)s buys %(right)s, too, in %(share)s of the orders: %(lift)s times as often as by chance.",
        left=", ".join(names[one] for one in rule.antecedent_product_ids),
        right=names[rule.consequent_product_id],
        share=share(rule.confidence),
        lift=formats.format_number(round(rule.lift, 2)),
    )


def _together(run: runs_pb.ModelRun, found: pb.ListBasketRulesResponse) -> Section:
    names, figures = prefetch(list(found.rules)), run.result.baskets
    said = [
        (", ".join(names[each] for each in one.antecedent_product_ids), names[one.consequent_product_id])
        for one in found.rules
    ]
    rows = [
        Shown(
            [left, right],
            [
                Cell(formats.format_number(one.together), url_for("console.analysis_basket_orders", rule_id=one.id)),
                Cell(share(one.support)),
                Cell(share(one.confidence)),
                Cell(formats.format_number(round(one.lift, 2))),
                Cell(chance(one.p_adjusted)),
            ],
        )
        for (left, right), one in zip(said, found.rules, strict=True)
    ]
    head = [
        gettext("Orders with both"), gettext("Share of orders"), gettext("Buy it, too"), gettext("Times as often"),
        gettext("By chance"),
    ]  # fmt: skip
    across, up = gettext("Share of orders, per cent"), gettext("Times as often")
    points = [
        Point(round(100 * one.support, 3), round(one.lift, 2), f"{left} → {right}")
        for (left, right), one in zip(said, found.rules, strict=True)
    ]
    tiles = [
        (gettext("Orders looked at"), formats.format_number(figures.baskets)),
        (gettext("With several products"), formats.format_number(figures.baskets - figures.single)),
        (gettext("Rules tested"), formats.format_number(figures.tested)),
        (gettext("Rules kept"), formats.format_number(figures.rules)),
    ]
    title = gettext("What is bought together?")
    note = gettext(
        "A rule is kept if it is in at least %(support)s of the orders, holds for %(confidence)s of those with its left"
        " side, and its chance, corrected for all rules tested, is at most %(chance)s.",
        support=share(run.parameters.least_support_ppm / 1_000_000),
        confidence=share(run.parameters.least_confidence_permille / 1000),
        chance=share(run.parameters.significance_permille / 1000),
    )
    table = Table(title, [gettext("Who buys"), gettext("buys, too")], head, rows)
    return Section(title, tiles, scatter_json(points, across, up), [], table if rows else None, note)


def _effect() -> Section:
    """What was sold by suggestions, month by month."""
    found = call(metrics().QueryMetrics, metrics_pb.QueryMetricsRequest(metrics=_EFFECT, group_by=["month"], limit=120))
    head = [
        gettext("Orders with a suggested line"), gettext("Of all orders"), gettext("Sales of such lines"),
        gettext("Of all sales"),
    ]  # fmt: skip
    rows = [Shown([formats.month_name(row.keys[0])], _cells(found, row)) for row in found.rows]
    totals = [Shown([], _cells(found, row)) for row in found.totals]
    title = gettext("Do suggestions sell?")
    plot = plot_json(
        [formats.month_name(row.keys[0]) for row in found.rows],
        [Series(head[0], [row.values[0].value for row in found.rows])],
    )
    note = gettext(
        "Lines added by a suggestion. What would have been bought without it is not known: nobody was left without"
        " suggestions to compare with."
    )
    return Section(
        title, (), plot, head[:1], Table(title, [gettext("Month")], head, rows, totals) if plot else None, note
    )


def _taken() -> Section:
    """What was shown, month by month, and how much of it was taken."""
    found = call(metrics().QueryMetrics, metrics_pb.QueryMetricsRequest(metrics=_SHOWN, group_by=["month"], limit=120))
    head = [gettext("Shown"), gettext("Taken"), gettext("Share taken")]
    rows = [Shown([formats.month_name(row.keys[0])], _cells(found, row)) for row in found.rows]
    totals = [Shown([], _cells(found, row)) for row in found.totals]
    title = gettext("Are suggestions taken?")
    plot = plot_json(
        [formats.month_name(row.keys[0]) for row in found.rows],
        [Series(said, [row.values[at].value for row in found.rows]) for at, said in enumerate(head[:2])],
    )
    note = gettext("Each suggestion counts once for a deal, quote, order or sale, however often it was shown there.")
    table = Table(title, [gettext("Month")], head, rows, totals) if plot else None
    return Section(title, (), plot, head[:2], table, note)


def _cells(found: metrics_pb.MetricTable, row: metrics_pb.MetricRow) -> list[Cell]:
    return [
        Cell(figure(value, one.unit, row.currency_code)) for one, value in zip(found.metrics, row.values, strict=True)
    ]
