"""Lines of a timeline that tell of support: what became of tickets, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from funia.contacts.v1.activity_pb2 import TimelineEntry

from gateway.console import references
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.sales_lines import Named

PREFIX = "support."
_SAID: Mapping[str, Lazy] = {
    "support.ticket.created": lazy("A ticket came in"),
    "support.ticket.solved": lazy("%(who)s solved a ticket"),
    "support.ticket.reopened": lazy("A ticket was opened again"),
    "support.ticket.closed": lazy("A ticket was closed"),
}
_ICONS: Mapping[str, str] = {"support.ticket.solved": "circle-check", "support.ticket.reopened": "arrow-back"}


def sentence(entry: TimelineEntry, who: str) -> str:
    """What happened, in words; `who` did it."""
    said = _SAID.get(entry.type)
    return gettext(said.key, who=who) if said else gettext("%(who)s: %(event)s", who=who, event=entry.type)


def icon(entry: TimelineEntry) -> str:
    """The picture beside a line."""
    return _ICONS.get(entry.type, "file-text")


def prefetch(entries: Iterable[TimelineEntry]) -> None:
    """Asks for the names of the tickets that these lines are about at once."""
    references.prefetch("tickets", [one for entry in entries if (one := _ticket(entry))])


def records_of(entry: TimelineEntry) -> list[Named]:
    """The ticket of a line, where the reader may open it."""
    name = references.name_of("tickets", _ticket(entry))
    return [Named("tickets", _ticket(entry), name)] if name else []


def _ticket(entry: TimelineEntry) -> str:
    return entry.details.get("ticket_id", "") if entry.type.startswith(PREFIX) else ""
