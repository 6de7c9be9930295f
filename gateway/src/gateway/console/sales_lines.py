"""Lines of a timeline that tell of sales: their words, and the records they lead to.

A line comes without names. Those of the records are asked for with the reader's own token: what the reader may not open
is neither named nor linked, and the line says only that it happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from funia.contacts.v1.activity_pb2 import TimelineEntry

from gateway.console import references
from gateway.console.i18n import Lazy, gettext, lazy

PREFIX = "sales."
_RECORDS: Mapping[str, tuple[str, str]] = {
    "lead": ("lead_id", "leads"),
    "deal": ("deal_id", "deals"),
    "quote": ("quote_id", "quotes"),
    "order": ("order_id", "orders"),
    "activity": ("sales_activity_id", "activities"),
}
"""By what a line is about: where its id stands, and the kind of record."""
_AROUND = ("deal", "lead")
"""What is named beside the record itself."""
_SAID: Mapping[str, Lazy] = {
    "sales.lead.captured": lazy("A lead came in"),
    "sales.lead.converted": lazy("%(who)s converted a lead"),
    "sales.deal.created": lazy("%(who)s began a deal"),
    "sales.deal.imported": lazy("A deal was taken over from another system"),
    "sales.deal.stage_changed": lazy("%(who)s moved a deal to another stage"),
    "sales.deal.won": lazy("%(who)s won a deal"),
    "sales.deal.lost": lazy("%(who)s lost a deal"),
    "sales.deal.reopened": lazy("%(who)s opened a deal again"),
    "sales.quote.sent": lazy("%(who)s sent a quote"),
    "sales.quote.viewed": lazy("A quote was opened"),
    "sales.quote.accepted": lazy("A quote was accepted"),
    "sales.quote.declined": lazy("A quote was declined"),
    "sales.order.placed": lazy("An order was placed"),
    "sales.order.imported": lazy("An order was taken over from another system"),
    "sales.order.paid": lazy("An order was paid"),
    "sales.order.returned": lazy("Goods of an order came back"),
    "sales.order.canceled": lazy("%(who)s canceled an order"),
    "sales.activity.created": lazy("%(who)s wrote a note"),
    "sales.activity.sent": lazy("%(who)s sent a mail"),
}
_TO_STAGE = lazy("%(who)s moved a deal to the stage “%(stage)s”")
_DONE: Mapping[str, Lazy] = {
    "task": lazy("%(who)s completed a task"),
    "meeting": lazy("%(who)s held a meeting"),
    "call": lazy("%(who)s made a call"),
}
_ICONS: Mapping[str, str] = {
    "sales.deal.won": "trophy",
    "sales.deal.lost": "thumb-down",
    "sales.deal.stage_changed": "arrow-right",
    "sales.order.paid": "cash",
    "sales.order.returned": "arrow-back",
    "sales.activity.created": "note",
    "sales.activity.sent": "mail",
}
_ICONS_OF: Mapping[str, str] = {
    "lead": "user-question",
    "deal": "briefcase",
    "quote": "file-text",
    "order": "package",
    "activity": "checkbox",
}
_DONE_ICONS: Mapping[str, str] = {"meeting": "calendar-event", "call": "phone"}


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a line leads to."""

    plural: str
    id: str
    name: str


def prefetch(entries: Iterable[TimelineEntry]) -> None:
    """Asks for the names of everything that these lines are about, each kind at once."""
    wanted: dict[str, list[str]] = {}
    for entry in entries:
        for plural, record_id in _about(entry):
            wanted.setdefault(plural, []).append(record_id)
    for plural, ids in wanted.items():
        references.prefetch(plural, ids)


def records_of(entry: TimelineEntry) -> list[Named]:
    """The records of a line that the reader may open, the one it is about first."""
    named = [Named(plural, one, references.name_of(plural, one)) for plural, one in _about(entry)]
    return [one for one in named if one.name]


def sentence(entry: TimelineEntry, who: str) -> str:
    """What happened, in words; `who` did it."""
    if entry.type == "sales.activity.completed":
        return gettext(_DONE.get(entry.details.get("kind", ""), _DONE["task"]).key, who=who)
    if entry.type == "sales.deal.stage_changed" and records_of(entry):
        stage = references.name_of("stages", entry.details.get("stage_id", ""))
        if stage:
            return gettext(_TO_STAGE.key, who=who, stage=stage)
    said = _SAID.get(entry.type)
    return gettext(said.key, who=who) if said else gettext("%(who)s: %(event)s", who=who, event=entry.type)


def icon(entry: TimelineEntry) -> str:
    """The picture beside a line."""
    kind = entry.details.get("kind", "")
    if entry.type == "sales.activity.completed" and kind in _DONE_ICONS:
        return _DONE_ICONS[kind]
    return _ICONS.get(entry.type) or _ICONS_OF.get(entry.type.split(".")[1], "circle-check")


def _about(entry: TimelineEntry) -> list[tuple[str, str]]:
    if not entry.type.startswith(PREFIX):
        return []
    nouns = dict.fromkeys((entry.type.split(".")[1], *_AROUND))
    pairs = [_RECORDS[noun] for noun in nouns if noun in _RECORDS]
    return [(plural, entry.details[key]) for key, plural in pairs if entry.details.get(key)]
