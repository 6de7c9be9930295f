"""Figures of pages as files: the numbers that people read are numbers in a spreadsheet, whatever the language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask, g
from gateway.console import formats
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
