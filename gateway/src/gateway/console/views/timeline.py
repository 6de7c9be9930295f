"""The timeline of a record: what happened, newest first, with filter chips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from funia.contacts.v1.activity_pb2 import ListTimelineRequest, TimelineEntry
from funia.contacts.v1.contact_pb2 import BatchGetContactsRequest

from gateway.console import sales_lines, support_lines, words
from gateway.console.backend import allowed, call, stubs, try_call
from gateway.console.colleagues import colleagues
from gateway.console.guard import needs
from gateway.console.i18n import Lazy, lazy

PAGE_SIZE = 30
CHIPS: tuple[tuple[str, Lazy], ...] = (
    ("", lazy("All")),
    ("contacts.activity.", lazy("Notes and tasks")),
    ("contacts.lifecycle.", lazy("Stage")),
    ("contacts.account_contact.", lazy("Companies")),
    (sales_lines.PREFIX, lazy("Sales")),
    (support_lines.PREFIX, lazy("Support")),
    ("contacts.contact.", lazy("Changes")),
)
COMPANY_CHIPS: tuple[tuple[str, Lazy], ...] = (
    ("", lazy("All")),
    ("contacts.activity.", lazy("Notes and tasks")),
    ("contacts.account_contact.", lazy("People")),
    (sales_lines.PREFIX, lazy("Sales")),
    (support_lines.PREFIX, lazy("Support")),
    ("contacts.account.", lazy("Changes")),
)
_SCOPES = {sales_lines.PREFIX: "sales.read", support_lines.PREFIX: "support.read"}
"""Scope of whoever sees the lines of a chip."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of the timeline; `missing` where it could not be read."""

    subject_id: str
    entries: Sequence[TimelineEntry]
    next_page_token: str
    type_prefix: str = ""
    missing: bool = False


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/<any(people, companies):plural>/<uuid:record_id>/timeline", "timeline", timeline)


def first_timeline(subject_id: str) -> Timeline:
    """The newest entries, for the first sight of a record page; the page stands without them."""
    message = ListTimelineRequest(subject_id=subject_id, page_size=PAGE_SIZE)
    answer = try_call(stubs().activities.ListTimeline, message)
    if answer is None:
        return Timeline(subject_id, (), "", missing=True)
    return Timeline(subject_id, answer.entries, answer.next_page_token)


@needs("contacts.read")
def timeline(plural: str, record_id: object) -> Response:
    """The entries of a chip, or those that follow a page token."""
    known = {prefix for prefix, _ in (*CHIPS, *COMPANY_CHIPS)}
    prefix = request.args.get("type", "") if request.args.get("type", "") in known else ""
    message = ListTimelineRequest(
        subject_id=str(record_id), page_size=PAGE_SIZE, page_token=request.args.get("token", ""), type_prefix=prefix
    )
    answer = call(stubs().activities.ListTimeline, message)
    shown = Timeline(str(record_id), answer.entries, answer.next_page_token, prefix)
    template = "console/timeline_entries.html" if message.page_token else "console/timeline.html"
    return make_response(render_template(template, **timeline_context(plural, shown)))


def timeline_context(plural: str, shown: Timeline | None) -> dict[str, object]:
    """What the timeline's templates need; None where only the composer is drawn again."""
    chips = CHIPS if plural == "people" else COMPANY_CHIPS
    sales_lines.prefetch(shown.entries if shown else ())
    support_lines.prefetch(shown.entries if shown else ())
    return {
        "timeline": shown,
        "plural": plural,
        "chips": [one for one in chips if one[0] not in _SCOPES or allowed(_SCOPES[one[0]])],
        "owners": {**colleagues(), **_people_in(shown.entries if shown else ())},
        "sentence": words.timeline_sentence,
        "icon_of": words.timeline_icon,
        "records_of": lambda entry: sales_lines.records_of(entry) or support_lines.records_of(entry),
    }


def _people_in(entries: Sequence[TimelineEntry]) -> dict[str, str]:
    """Names of the people that entries of a company tell of, read at once; a line stands without them too."""
    ids = sorted({entry.details["contact_id"] for entry in entries if "contact_id" in entry.details})
    answer = try_call(stubs().contacts.BatchGetContacts, BatchGetContactsRequest(ids=ids)) if ids else None
    return {person.id: person.display_name for person in answer.contacts} if answer else {}
