"""Lines of a timeline that tell of tickets: what is said, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask, g
from funia.contacts.v1.activity_pb2 import TimelineEntry
from gateway.console import words


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("created", {"en": "A ticket came in", "ru": "Поступило обращение", "bg": "Постъпи заявка"}),
        ("solved", {"en": "Funia solved a ticket", "ru": "Funia: обращение решено", "bg": "Funia реши заявка"}),
        ("reopened", {"en": "A ticket was opened again"}),
        ("closed", {"en": "A ticket was closed"}),
        ("something_new", {"en": "Funia: support.ticket.something_new"}),
    ],
)
def test_what_became_of_a_ticket_is_said_in_words(type_: str, said: Mapping[str, str]) -> None:
    entry = TimelineEntry(type=f"support.ticket.{type_}")
    for locale, sentence in said.items():
        with Flask(__name__).test_request_context():
            g.console_locale = locale
            assert words.timeline_sentence(entry, {}) == sentence
    assert words.timeline_icon(entry)
