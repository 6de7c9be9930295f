"""Models of customers: what they will be worth, who may leave, which kinds there are; and all of it on one customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from chassis.errors import FuniaError, NotFound, PermissionDenied
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from funia.analytics.v1 import model_run_pb2 as pb
from funia.analytics.v1 import model_run_pb2_grpc as models_grpc

from gateway.console import formats
from gateway.console.analysis_words import PAGES, WHOLE_COMPANY
from gateway.console.backend import call, form_key, stubs
from gateway.console.basket_words import basket_parameters
from gateway.console.figures import Cell, Section, Series, Shown, Table, minor_units, percent, plot_json
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.model_words import FEATURES, TRAITS, band_name, refusal, remark
from gateway.console.section_files import FORMS, file_of
from gateway.console.views.analysis import READS
from gateway.console.views.analysis_records import customer_cells, listed

MODELS: Mapping[str, str] = {"worth": "lifetime_value", "churn": "churn", "clusters": "clusters"}
RUNS: Mapping[str, str] = {**MODELS, "baskets": "baskets"}
_UNFINISHED = ("scheduled", "training")
_PARTS = 10_000
"""Scores of churn are in hundredths of a per cent."""


def add(blueprint: Blueprint) -> None:
    names = ", ".join(f'"{one}"' for one in MODELS)
    runs = ", ".join(f'"{one}"' for one in RUNS)
    for name in MODELS:
        blueprint.add_url_rule(f"/analysis/{name}", f"analysis_{name}", model_page, defaults={"name": name})
    blueprint.add_url_rule(f"/analysis/<any({runs}):name>/run", "analysis_run", start, methods=["POST"])
    blueprint.add_url_rule(
        f"/analysis/<any({names}):name>/export.<any({FORMS}):form>", "analysis_model_file", model_file
    )
    blueprint.add_url_rule(f"/analysis/<any({runs}):name>/state", "analysis_state", state)
    blueprint.add_url_rule(f"/analysis/<any({names}):name>/customers", "analysis_scores", scores)
    blueprint.add_url_rule('/<any("people", "companies"):plural>/<uuid:record_id>/insight', "customer_insight", insight)


def models() -> models_grpc.ModelRunServiceStub:
    """Runs of models, with the person's own token."""
    return stubs().analytics(models_grpc.ModelRunServiceStub)


@needs(READS)
def model_page(name: str) -> Response:
    """What the active run of a model found, and what has become of the last one."""
    kind = MODELS[name]
    try:
        newest = call(models().ListModelRuns, pb.ListModelRunsRequest(kind=kind, page_size=1)).model_runs
        active = call(models().ListModelRuns, pb.ListModelRunsRequest(kind=kind, active=True)).model_runs
    except PermissionDenied:
        return _shown(name, (), None, str(WHOLE_COMPANY), 403)
    run = active[0] if active else None
    last = newest[0] if newest else None
    problem = refusal(last.refusal.reason) if last is not None and last.state == "failed" else ""
    return _shown(name, _SECTIONS[kind](name, run) if run is not None else (), run, problem, busy=under_way(last))


@needs(READS)
def model_file(name: str, form: str) -> Response:
    """What the active run found as a file. Raises NotFound where nothing was computed yet."""
    kind = MODELS[name]
    active = call(models().ListModelRuns, pb.ListModelRunsRequest(kind=kind, active=True)).model_runs
    if not active:
        raise NotFound("This was not computed yet.", reason="MODEL_RUN_NOT_FOUND")
    as_of = gettext("As of %(day)s", day=formats.format_date(active[0].as_of))
    return file_of(str(PAGES[name]), as_of, _SECTIONS[kind](name, active[0]), form)


@needs(READS)
def start(name: str) -> Response:
    """Asks for a run; the page tells when it has ended."""
    parameters = basket_parameters(request.form) if name == "baskets" else pb.ModelParameters()
    asked = pb.StartModelRunRequest(kind=RUNS[name], parameters=parameters)
    call(models().StartModelRun, asked, idempotency_key=form_key())
    return make_response(redirect(url_for(f"console.analysis_{name}"), 303))


@needs(READS)
def state(name: str) -> Response:
    """Loads the page anew once the run has ended, and asks again until then."""
    newest = call(models().ListModelRuns, pb.ListModelRunsRequest(kind=RUNS[name], page_size=1)).model_runs
    if newest and under_way(newest[0]):
        return make_response(render_template("console/model_state.html", key=name))
    answer = make_response("")
    answer.headers["HX-Refresh"] = "true"
    return answer


@needs(READS)
def scores(name: str) -> Response:
    """Customers of a band with their figures, the highest score first."""
    kind, given = MODELS[name], request.args
    asked = pb.ListModelScoresRequest(kind=kind, band=given.get("band", ""), page_token=given.get("token", ""))
    answer = call(models().ListModelScores, asked)
    names = customer_cells([(one.customer_kind, one.customer_id) for one in answer.scores])
    rows = [
        Shown([], [head, *_figures(one, answer.currency_code)]) for head, one in zip(names, answer.scores, strict=True)
    ]
    title = band_name(kind, asked.band) if asked.band else str(PAGES[name])
    return listed(title, f"analysis_{name}", rows, answer.next_page_token, _heads(kind))


@needs(READS)
def insight(record_id: object, **_: str) -> Response:
    """What the models say of one customer, beside his facts; says so where analytics does not answer."""
    try:
        found = call(models().GetCustomerInsight, pb.GetCustomerInsightRequest(customer_id=str(record_id)))
    except FuniaError:
        found = None
    by_kind = {one.score.kind: one for one in found.models} if found is not None else {}
    churn = by_kind.get("churn")
    page = render_template(
        "console/customer_insight.html",
        missing=found is None,
        rows=[row for kind, one in by_kind.items() for row in _told(kind, one)],
        reasons=[
            f"{FEATURES[one.feature]}: {_feature(one)}"
            for one in (churn.score.reasons if churn is not None else ())
            if one.contribution > 0 and one.feature in FEATURES and one.feature not in ("purchases", "mean_spend")
        ],
        as_of=next((one.as_of for one in by_kind.values()), ""),
    )
    return make_response(page)


def _shown(
    name: str,
    sections: Sequence[Section],
    run: pb.ModelRun | None,
    problem: str,
    status: int = 200,
    *,
    busy: bool = False,
) -> Response:
    remarks = [said for one in (run.result.remarks if run else ()) if (said := remark(one.code))]
    page = render_template(
        "console/analysis_models.html", key=name, pages=PAGES, sections=sections, run=run, problem=problem, busy=busy,
        refused=status != 200, remarks=remarks,
    )  # fmt: skip
    return make_response(page, status)


def under_way(run: pb.ModelRun | None) -> bool:
    """Whether a run waits or is being computed."""
    return run is not None and run.state in _UNFINISHED


def _worth(name: str, run: pb.ModelRun) -> list[Section]:
    found, currency = run.result.lifetime_value, run.result.currency_code
    scale = minor_units("money", currency)
    tiles = [
        (gettext("Worth altogether"), formats.format_minor(found.value_minor, currency)),
        (gettext("Customers"), formats.format_number(run.result.customers)),
        (gettext("Still customers, expected"), formats.format_number(round(found.alive))),
        (gettext("Orders expected"), formats.format_number(round(found.expected_purchases))),
    ]
    head = [gettext("Customers"), gettext("Worth"), gettext("Worth a customer"), gettext("Share of worth")]
    rows = [
        Shown(
            [band_name("lifetime_value", one.band)],
            [
                _customers(name, one),
                Cell(formats.format_minor(one.score_sum, currency)),
                Cell(formats.format_minor(round(one.score_sum / one.customers), currency)),
                Cell(percent(one.score_sum, found.value_minor)),
            ],
        )
        for one in run.result.bands
    ]
    plot = plot_json(
        [band_name("lifetime_value", one.band) for one in run.result.bands],
        [Series(head[1], [one.score_sum / scale for one in run.result.bands])],
        across=True,
    )
    title = gettext("What customers will be worth in the next %(num)s days", num=run.parameters.horizon_days)
    note = gettext(
        "Orders expected by how often and how lately a customer bought, times what an order of his is worth."
    )
    sections = [Section(title, tiles, plot, head[1:2], Table(title, [gettext("Group")], head, rows), note)]
    return [*sections, _hold_out(found.hold_out)] if found.HasField("hold_out") else sections


def _hold_out(check: pb.HoldOutCheck) -> Section:
    head = [gettext("Customers"), gettext("Expected"), gettext("Happened")]
    rows = [
        Shown(
            [str(one.frequency)],
            [Cell(formats.format_number(one.customers)), _one_place(one.expected), _one_place(one.actual)],
        )
        for one in check.rows
    ]
    plot = plot_json(
        [str(one.frequency) for one in check.rows],
        [
            Series(head[1], [round(one.expected, 2) for one in check.rows]),
            Series(head[2], [round(one.actual, 2) for one in check.rows]),
        ],
        beside=True,
    )
    title = gettext("How well the model foretold the last %(num)s days", num=check.days)
    tiles = [
        (gettext("Orders expected"), formats.format_number(round(check.expected))),
        (gettext("Orders that came"), formats.format_number(round(check.actual))),
    ]
    note = gettext("The model saw the orders before that time only. Orders a customer, by repeat orders before.")
    return Section(title, tiles, plot, head[1:], Table(title, [gettext("Repeat orders before")], head, rows), note)


def _churn(name: str, run: pb.ModelRun) -> list[Section]:
    found = run.result.churn
    tiles = [
        (gettext("Expected to leave"), formats.format_number(round(found.expected))),
        (gettext("Customers"), formats.format_number(run.result.customers)),
        (gettext("Left in the time before"), percent(found.happened, found.rows)),
        (gettext("Ranked rightly"), percent(round(found.auc * 1000), 1000)),
    ]
    head = [gettext("Customers"), gettext("Share of customers"), gettext("Chance of leaving")]
    bands = run.result.bands
    rows = [
        Shown(
            [band_name("churn", one.band)],
            [
                _customers(name, one),
                Cell(percent(one.customers, run.result.customers)),
                Cell(percent(one.score_sum, one.customers * _PARTS)),
            ],
        )
        for one in bands
    ]
    labels = [band_name("churn", one.band) for one in bands]
    plot = plot_json(labels, [Series(head[0], [one.customers for one in bands])], across=True)
    title = gettext("Who may not buy in the next %(num)s days", num=run.parameters.horizon_days)
    risks = Section(title, tiles, plot, head[:1], Table(title, [gettext("Risk")], head, rows))
    head = [gettext("Customers"), gettext("Expected"), gettext("Happened")]
    rows = [
        Shown(
            [str(at)],
            [
                Cell(formats.format_number(one.rows)),
                Cell(percent(round(one.predicted * 1000), 1000)),
                Cell(percent(round(one.happened * 1000), 1000)),
            ],
        )
        for at, one in enumerate(found.calibration, start=1)
    ]
    title = gettext("Chances foretold, and what happened")
    plot = plot_json(
        [str(at) for at in range(1, len(rows) + 1)],
        [
            Series(head[1], [round(100 * one.predicted, 1) for one in found.calibration]),
            Series(head[2], [round(100 * one.happened, 1) for one in found.calibration]),
        ],
        beside=True,
    )
    note = gettext("Customers in ten parts by their chance, judged by models that had not seen them; in per cent.")
    return [risks, Section(title, (), plot, head[1:], Table(title, [gettext("Part")], head, rows), note)]


def _clusters(name: str, run: pb.ModelRun) -> list[Section]:
    found, currency = run.result.clusters, run.result.currency_code
    by_band = {one.band: one for one in run.result.bands}
    head = [
        gettext("Customers"), gettext("Share of sales"), gettext("Last order before"), gettext("Orders"),
        gettext("Sales"),
    ]  # fmt: skip
    rows = [
        Shown(
            [band_name("clusters", one.band)],
            [
                _customers(name, by_band[one.band]),
                Cell(percent(round(one.share_of_spend * 1000), 1000)),
                Cell(gettext("%(num)s days", num=formats.format_number(round(one.recency_median, 1)))),
                _one_place(one.frequency_median),
                Cell(formats.format_minor(round(one.spend_median), currency)),
            ],
        )
        for one in found.profiles
    ]
    labels = [band_name("clusters", one.band) for one in found.profiles]
    plot = plot_json(labels, [Series(head[0], [one.customers for one in found.profiles])], across=True)
    title = gettext("Kinds of customers who are alike")
    apart = [
        f"{band_name('clusters', one.band)}: {', '.join(str(TRAITS[trait]) for trait in one.traits)}."
        for one in found.profiles
        if one.traits
    ]
    note = " ".join([*apart, gettext("Figures of a customer in the middle of each cluster.")])
    kinds = Section(title, (), plot, head[:1], Table(title, [gettext("Cluster")], head, rows), note)
    title = gettext("Why %(num)s clusters", num=found.k)
    head = [gettext("How well they are apart")]
    rows = [Shown([str(one.k)], [Cell(formats.format_number(round(one.silhouette, 3)))]) for one in found.choices]
    plot = plot_json(
        [str(one.k) for one in found.choices], [Series(head[0], [round(one.silhouette, 3) for one in found.choices])]
    )
    note = gettext(
        "From -1 to 1: how much nearer customers are to their own cluster than to the next. The highest is taken."
    )
    return [kinds, Section(title, (), plot, head, Table(title, [gettext("Clusters")], head, rows), note)]


_SECTIONS: Mapping[str, Callable[[str, pb.ModelRun], list[Section]]] = {
    "lifetime_value": _worth,
    "churn": _churn,
    "clusters": _clusters,
}


def _customers(name: str, band: pb.ScoreBand) -> Cell:
    return Cell(formats.format_number(band.customers), url_for("console.analysis_scores", name=name, band=band.band))


def _one_place(value: float) -> Cell:
    return Cell(formats.format_number(round(value, 1)))


def _heads(kind: str) -> list[str]:
    match kind:
        case "lifetime_value":
            return [gettext("Worth"), gettext("Orders expected"), gettext("Still a customer"), gettext("Next order")]
        case "churn":
            return [gettext("Chance of leaving")]
    return [gettext("Sales"), gettext("Orders"), gettext("Days since the last order")]


def _figures(one: pb.ModelScore, currency: str) -> list[Cell]:
    match one.kind:
        case "lifetime_value":
            return [
                Cell(formats.format_minor(one.score, currency)),
                _one_place(one.figures["purchases"]),
                Cell(percent(round(one.figures["alive"] * 1000), 1000)),
                Cell(_wait(one)),
            ]
        case "churn":
            return [Cell(percent(one.score, _PARTS))]
    return [
        Cell(formats.format_minor(one.score, currency)),
        Cell(formats.format_number(one.figures["frequency"])),
        Cell(formats.format_number(one.figures["recency"])),
    ]


def _wait(one: pb.ModelScore) -> str:
    if "next_days" not in one.figures:
        return gettext("Not likely")
    return gettext("in %(num)s days", num=formats.format_number(round(one.figures["next_days"])))


def _told(kind: str, one: pb.CustomerModelScore) -> list[tuple[str, str]]:
    """Names and figures of a model on the page of a customer."""
    score = one.score
    match kind:
        case "rfm":
            return [(gettext("Group"), band_name(kind, score.band))]
        case "clusters":
            return [(gettext("Cluster"), band_name(kind, score.band))]
        case "churn":
            text = f"{band_name(kind, score.band)} · {percent(score.score, _PARTS)}"
            return [(gettext("Does not buy within %(num)s days", num=one.horizon_days), text)]
    return [
        (
            gettext("Worth within %(num)s days", num=one.horizon_days),
            formats.format_minor(score.score, one.currency_code),
        ),
        (gettext("Still a customer"), percent(round(score.figures["alive"] * 1000), 1000)),
        (gettext("Next order"), _wait(score)),
    ]  # fmt: skip


def _feature(one: pb.ScoreReason) -> str:
    return formats.format_number(round(one.value, 1))
