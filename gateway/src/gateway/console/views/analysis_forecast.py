"""The part of analysis about what the next weeks or months may come to, and how far such forecasts can be trusted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from flask import request, url_for
from funia.analytics.v1 import revenue_forecast_pb2 as pb
from funia.analytics.v1.revenue_forecast_pb2_grpc import RevenueForecastServiceStub

from gateway.console import formats
from gateway.console.analysis_words import FORECAST_STEPS, METHODS
from gateway.console.backend import call, stubs
from gateway.console.dimensions import time_name
from gateway.console.figures import Cell, Choice, Section, Series, Shown, Table, minor_units, plot_json
from gateway.console.i18n import gettext, ngettext
from gateway.console.model_words import refusal, remark

_AHEAD = {"month": 6, "week": 13}
_DRAWN = {"month": 24, "week": 52}
"""Steps of the past that are drawn; the table has those ahead."""
_CONFIDENCES = ("800", "950")
_MONTHS_AGO = ("3", "6", "12")
_Written = Callable[[int], str]


def forecast_choices() -> Sequence[Choice]:
    """What the page is asked with."""
    sure = [(one, _per_cent(int(one) / 10)) for one in _CONFIDENCES]
    then = [(one, ngettext("%(num)s month ago", "%(num)s months ago", int(one))) for one in _MONTHS_AGO]
    return [
        Choice("step", gettext("Step"), [(key, str(word)) for key, word in FORECAST_STEPS.items()], _step()),
        Choice("sure", gettext("How sure"), sure, str(_confidence())),
        Choice("ago", gettext("As it was seen"), [("", gettext("Today")), *then], _ago()),
    ]


def forecast_sections(_asked: Mapping[str, str]) -> list[Section]:
    """Revenue and orders ahead with their intervals, and how each method would have done."""
    step = _step()
    message = pb.ForecastRevenueRequest(
        step=step, ahead=_AHEAD[step], confidence_permille=_confidence(), as_of=_as_of()
    )
    found = call(stubs().analytics(RevenueForecastServiceStub).ForecastRevenue, message)
    title = gettext("What will we sell?")
    if found.HasField("refusal"):
        return [Section(title, answer=refusal(found.refusal.reason))]
    currency = found.currency_code
    exact = any(
        formats.has_cents(minor, currency)
        for one in found.revenue.steps
        for minor in (one.expected, one.low, one.high, one.came)
    )

    def money(minor: int) -> str:
        return formats.format_minor(minor, currency, exact=exact)

    sections = [
        _ahead(found, found.revenue, gettext("Revenue"), "sales", money, minor_units("money", currency)),
        _ahead(found, found.orders, gettext("Orders"), "orders", formats.format_number, 1),
    ]
    if found.revenue.back_tests:
        sections.append(_tested(found))
    return sections


def _ahead(
    found: pb.RevenueForecast, series: pb.ForecastSeries, title: str, metric: str, written: _Written, scale: int
) -> Section:
    past, steps = series.history[-_DRAWN[found.step] :], series.steps
    days = [*(one.first_day for one in past), *(one.first_day for one in steps)]
    labels = [_label(found.step, day) for day in days]
    gap: list[float | None] = [None] * len(past)
    names = [gettext("What came"), gettext("Expected"), gettext("At least"), gettext("At most")]
    came = [
        *(one.value / scale for one in past),
        *(one.came / scale if one.HasField("came") else None for one in steps),
    ]
    lines = [
        Series(names[0], came),
        Series(names[1], [*gap, *(one.expected / scale for one in steps)]),
        Series(names[2], [*gap, *(one.low / scale for one in steps)], dashed=True),
        Series(names[3], [*gap, *(one.high / scale for one in steps)], dashed=True),
    ]
    rows = [
        Shown(
            [_label(found.step, one.first_day)],
            [
                *(Cell(written(value)) for value in (one.expected, one.low, one.high)),
                Cell(written(one.came), _records(found, metric, one.first_day)) if one.HasField("came") else Cell("–"),
            ],
        )
        for one in steps
    ]
    head = [names[1], names[2], names[3], names[0]]
    table = Table(title, [str(FORECAST_STEPS[found.step])], head, rows)
    plot, said = plot_json(labels, lines, lines=True), _said(found, series, written)
    return Section(title, (), plot, names, table, _note(found, series), said)


def _said(found: pb.RevenueForecast, series: pb.ForecastSeries, written: _Written) -> str:
    """The next step in a sentence, or how many outcomes lay inside where they are known."""
    known = [one for one in series.steps if one.HasField("came")]
    if known:
        inside = sum(one.low <= one.came <= one.high for one in known)
        return gettext(
            "Of %(known)s outcomes that are known now, %(inside)s lie within the limits.",
            known=len(known), inside=inside,
        )  # fmt: skip
    first = series.steps[0]
    return gettext(
        "%(step)s: %(expected)s expected; with %(sure)s certainty between %(low)s and %(high)s.",
        step=_label(found.step, first.first_day),
        expected=written(first.expected), low=written(first.low), high=written(first.high),
        sure=_per_cent(series.confidence_permille / 10),
    )  # fmt: skip


def _note(found: pb.RevenueForecast, series: pb.ForecastSeries) -> str:
    said = [gettext("By this method: %(method)s.", method=METHODS.get(series.method, series.method))]
    said += [words for one in series.remarks if (words := remark(one.code))]
    if found.left_out_orders:
        said.append(gettext("Orders in other currencies are left out: %(num)s.", num=found.left_out_orders))
    return " ".join(said)


def _tested(found: pb.RevenueForecast) -> Section:
    """Each method held against what came after points in the past."""
    title = gettext("How well would it have done?")
    head = [
        gettext("Miss against repeating the past"), gettext("Usual miss"), gettext("Within the limits"),
        gettext("Outcomes tried"),
    ]  # fmt: skip
    rows = []
    for name, series in ((gettext("Revenue"), found.revenue), (gettext("Orders"), found.orders)):
        for one in series.back_tests:
            method = str(METHODS.get(one.method, one.method))
            rows.append(
                Shown(
                    [name, gettext("%(method)s (chosen)", method=method) if one.method == series.method else method],
                    [
                        Cell(formats.format_decimal_places(round(one.mase * 100), 2)),
                        Cell(_per_cent(one.smape * 100)),
                        Cell(_per_cent(one.coverage * 100)),
                        Cell(formats.format_number(one.tested)),
                    ],
                )
            )
    note = gettext(
        "Forecasts were made as of days in the past and held against what came. A miss below 1 is better than saying"
        " that everything will be as a cycle before. The usual miss is symmetric (sMAPE)."
    )
    return Section(title, (), "", (), Table(title, [gettext("Figure"), gettext("Method")], head, rows), note)


def _per_cent(share: float) -> str:
    return formats.format_number(round(share)) + "\u00a0%"


def _label(step: str, first_day: str) -> str:
    return time_name(step, first_day[:7] if step == "month" else first_day)


def _records(found: pb.RevenueForecast, metric: str, first_day: str) -> str:
    key = first_day[:7] if found.step == "month" else first_day
    today = formats.now().date().isoformat()
    return url_for(
        "console.analysis_records", metric=metric, dimension=found.step, key=key, first=first_day, last=today,
        currency=found.currency_code,
    )  # fmt: skip


def _step() -> str:
    asked = request.args.get("step", "")
    return asked if asked in FORECAST_STEPS else "month"


def _confidence() -> int:
    asked = request.args.get("sure", "")
    return int(asked if asked in _CONFIDENCES else _CONFIDENCES[0])


def _ago() -> str:
    asked = request.args.get("ago", "")
    return asked if asked in _MONTHS_AGO else ""


def _as_of() -> str:
    """First day of the month so many months ago; empty for today."""
    if not _ago():
        return ""
    today = formats.now().date()
    months = today.year * 12 + today.month - 1 - int(_ago())
    return dt.date(months // 12, months % 12 + 1, 1).isoformat()
