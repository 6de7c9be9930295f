"""Lines of a timeline that tell of sales: what is said, and that nothing is named that the reader may not open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask, g
from funia.contacts.v1.activity_pb2 import TimelineEntry
from gateway.console import references, sales_lines
from gateway.console.sales_lines import Named

DEAL, STAGE, CALL = "deal-1", "stage-1", "call-1"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """What was asked for; sales names the deal and the stage, and nothing else."""
    names = {("deals", DEAL): "Globex rollout", ("stages", STAGE): "Proposal"}
    calls: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(references, "prefetch", lambda plural, ids: calls.append((plural, list(ids))))
    monkeypatch.setattr(references, "name_of", lambda plural, one: names.get((plural, one), ""))
    return calls


def entry(type_: str, **details: str) -> TimelineEntry:
    return TimelineEntry(type=type_, details=details)


def said(one: TimelineEntry, locale: str = "en") -> str:
    with Flask(__name__).test_request_context():
        g.console_locale = locale
        return sales_lines.sentence(one, "Maria")


def test_a_line_names_and_links_what_may_be_opened(asked: list[Any]) -> None:
    moved = entry("sales.deal.stage_changed", deal_id=DEAL, stage_id=STAGE)
    assert said(moved) == "Maria moved a deal to the stage “Proposal”"
    assert sales_lines.records_of(moved) == [Named("deals", DEAL, "Globex rollout")]
    call = entry("sales.activity.completed", sales_activity_id=CALL, kind="call", deal_id=DEAL)
    assert said(call) == "Maria made a call"
    assert [one.plural for one in sales_lines.records_of(call)] == ["deals"]


def test_a_line_about_what_may_not_be_opened_names_nothing(asked: list[Any]) -> None:
    moved = entry("sales.deal.stage_changed", deal_id="of somebody else", stage_id=STAGE)
    assert said(moved) == "Maria moved a deal to another stage"
    assert sales_lines.records_of(moved) == []


def test_each_kind_of_record_is_asked_for_once(asked: list[tuple[str, list[str]]]) -> None:
    entries = [
        entry("sales.deal.won", deal_id=DEAL),
        entry("sales.quote.sent", quote_id="q", deal_id=DEAL),
        entry("contacts.contact.updated"),
    ]
    sales_lines.prefetch(entries)
    assert asked == [("deals", [DEAL, DEAL]), ("quotes", ["q"])]


@pytest.mark.parametrize(
    ("type_", "words"),
    [
        ("sales.lead.captured", {"en": "A lead came in", "bg": "Постъпи потенциален клиент"}),
        ("sales.order.paid", {"en": "An order was paid", "ru": "Заказ оплачен"}),
        ("sales.something.new", {"en": "Maria: sales.something.new"}),
    ],
)
def test_what_happened_is_said_in_the_reader_s_language(asked: list[Any], type_: str, words: Mapping[str, str]) -> None:
    assert {locale: said(entry(type_), locale) for locale in words} == words
    assert sales_lines.icon(entry(type_))
