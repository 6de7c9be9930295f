"""Figures of pages as files: the numbers that people read are numbers in a spreadsheet, whatever the language."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask, g
from funia.analytics.v1 import dashboard_pb2 as pb
from funia.analytics.v1 import metric_pb2 as metric_pb
from gateway.console import formats, report_files
from gateway.console.blueprint import VIEWS
from gateway.console.report_files import FILES
from gateway.console.section_files import number_in
from gateway.identity.reports import scope_of


@pytest.mark.parametrize("locale", ["en", "ru", "bg"])
def test_a_figure_is_read_back_as_it_was_written(locale: str) -> None:
    with Flask(__name__).test_request_context("/"):
        g.console_locale = locale
        for minor in (0, 5, -123_456, 1_234_567_890):
            assert number_in(formats.format_minor(minor, "EUR", exact=True)) == Decimal(minor).scaleb(-2)
        assert number_in(formats.format_minor(123_400, "JPY")) == Decimal(123_400)
        assert number_in(formats.format_number(1_234_567)) == Decimal(1_234_567)
        assert number_in(formats.format_decimal_places(405, 1) + "\u00a0%") == Decimal("40.5")


@pytest.mark.parametrize(
    "text", ["", "–", "3 days", "Anna 5", "2026-01-02", "5–9", "12 часов", "3 дни", "1 / 2", "Q1 2026"]
)
def test_words_and_days_are_no_numbers(text: str) -> None:
    with Flask(__name__).test_request_context("/"):
        g.console_locale = "en"
        assert number_in(text) is None


def test_every_page_with_a_file_can_be_sent_regularly() -> None:
    app = Flask(__name__)
    from flask import Blueprint

    blueprint = Blueprint("console", __name__)
    for view in VIEWS:
        view.add(blueprint)
    app.register_blueprint(blueprint)
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if rule.methods and "GET" in rule.methods}
    for endpoint, file in FILES.items():
        assert "form" in rules[file].arguments
        place = rules[endpoint].rule
        if "<" not in place:
            assert scope_of(place) == "analytics.read"


@pytest.mark.parametrize(
    ("comparison", "wanted", "rows", "so"),
    [
        ("above", 100, [99, 101], True),
        ("above", 100, [100], False),
        ("below", 100, [99, 500], True),
        ("below", 100, [], True),
        ("above", 0, [], False),
        ("below", 100, [None], False),
    ],
)
def test_an_alert_compares_each_currency_and_takes_nothing_for_nought(
    monkeypatch: pytest.MonkeyPatch, comparison: str, wanted: int, rows: list[int | None], so: bool
) -> None:
    figures = metric_pb.MetricTable(metrics=[metric_pb.Metric(metric="sales", unit="money")])
    for value in rows:
        shown = metric_pb.MetricValue() if value is None else metric_pb.MetricValue(value=value)
        figures.totals.append(metric_pb.MetricRow(values=[shown]))
    answer = pb.TileTable(tiles=[pb.TileFigures(figures=figures)])
    monkeypatch.setattr(report_files, "call", lambda _method, _request: answer)
    monkeypatch.setattr(report_files, "dashboards", lambda: SimpleNamespace(QueryTiles=None))
    desk = object.__new__(report_files.ReportDesk)
    desk._app = Flask(__name__)
    session = SimpleNamespace(time_zone="Europe/Sofia", locale="en")
    condition = {"metric": "sales", "period": "month", "comparison": comparison, "value": wanted}
    assert desk.holds(session, condition) is so  # type: ignore[arg-type]
