"""Saving one field in place, so that two people editing different fields of a record never stop each other.

The form sends the etag and the value it was opened with. Where the etag is stale but this very field is untouched,
the save goes through with the newer etag; where the field itself was changed, the person decides.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from chassis.errors import Conflict, FuniaError
from funia.contacts.v1.activity_pb2 import ListTimelineRequest, TimelineEntry

from gateway.console.backend import call, stubs
from gateway.console.colleagues import colleagues
from gateway.console.custom_fields import is_custom
from gateway.console.fields import Field
from gateway.console.formats import format_when
from gateway.console.i18n import gettext
from gateway.console.kind import Kind
from gateway.console.page import HTTP_STATUS
from gateway.console.values import Form, Record, put, raw, shown
from gateway.console.words import actor, say, violations

RECENT_ENTRIES = 20
# A person who tabs through a form saves one field after another, each from a thread of its own.
TRIES = 6


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save. After a refusal `record` holds what the person wrote and `base` what is stored."""

    record: Record
    status: int = 200
    problem: str = ""
    conflict: str = ""
    base: str | None = None
    asks_reason: bool = False

    @property
    def done(self) -> bool:
        return not (self.problem or self.conflict or self.asks_reason)


def save_field(kind: Kind, record_id: str, field: Field, form: Form) -> Saved:
    for _ in range(TRIES):
        current = kind.get(record_id)
        wanted = copy.deepcopy(current)
        try:
            put(wanted, field, form)
            if raw(wanted, field) == raw(current, field):
                return Saved(current)
            if form.get("overwrite") != "1" and touched(current, field, form):
                break
            return Saved(update(kind, wanted, field, current.etag if form.get("etag") else "", form))
        except Conflict as error:
            # Another field of the record may have been saved in between: only this field's own change asks the person.
            if error.reason not in {"STALE_ETAG", "CONFLICT", "ABORTED"}:
                return refused(current, wanted, field, error)
        except FuniaError as error:
            return refused(current, wanted, field, error)
    return conflicting(kind.get(record_id), wanted, field)


def touched(current: Record, field: Field, form: Form) -> bool:
    """Whether somebody else has changed this very field since the form was opened."""
    return "was" in form and normal(form["was"]) != normal(raw(current, field))


def update(kind: Kind, wanted: Record, field: Field, etag: str, form: Form) -> Record:
    return kind.update(
        wanted, ["custom" if is_custom(field) else field.name], etag, reason=form.get("reason", "").strip(), key=""
    )


def conflicting(stored: Record, wanted: Record, field: Field) -> Saved:
    return Saved(wanted, 409, conflict=who_changed(stored, field), base=raw(stored, field))


def refused(current: Record, wanted: Record, field: Field, error: FuniaError) -> Saved:
    """Not saved: the field shows what the person wrote and why it was not taken."""
    said = violations(error)
    status = HTTP_STATUS[error.kind]
    if "reason" in said or error.reason in {"REASON_REQUIRED", "STAGE_BACKWARD"}:
        return Saved(wanted, status, asks_reason=True, base=raw(current, field))
    return Saved(wanted, status, problem=said.get(field.name) or say(error), base=raw(current, field))


def who_changed(stored: Record, field: Field) -> str:
    """The sentence about a field that somebody else has changed: who, when and to what."""
    value = shown(stored, field, colleagues()) or gettext("empty")
    entry = last_change(stored.id, field)
    if entry is None:
        return gettext("Somebody else has changed this to “%(value)s”.", value=value)
    who = actor(entry, colleagues())
    return gettext(
        "%(who)s changed this to “%(value)s” %(when)s.", who=who, value=value, when=format_when(entry.occurred_at)
    )


def last_change(record_id: str, field: Field) -> TimelineEntry | None:
    message = ListTimelineRequest(subject_id=record_id, page_size=RECENT_ENTRIES)
    try:
        entries = call(stubs().activities.ListTimeline, message).entries
    except FuniaError:
        return None
    name = "custom" if is_custom(field) else field.name
    return next((entry for entry in entries if name in entry.changed_fields), None)


def normal(text: str) -> str:
    """Browsers send line ends as CR LF; a value does not change by that."""
    return text.replace("\r\n", "\n").strip()
