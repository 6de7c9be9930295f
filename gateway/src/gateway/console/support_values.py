"""Values of working hours, holidays and promises: as words, as form controls hold them, and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from chassis.errors import InvalidArgument
from funia.support.v1.business_calendar_pb2 import Holiday, WorkingHours
from funia.support.v1.sla_policy_pb2 import SlaTarget
from werkzeug.datastructures import MultiDict

from gateway.console.amounts import wrong
from gateway.console.fields import Field
from gateway.console.formats import now, weekdays
from gateway.console.i18n import gettext, ngettext
from gateway.console.support_fields import CLOCKS, PRIORITIES

Record: TypeAlias = Any
Form = MultiDict[str, str]
WIDGETS = frozenset({"working_hours", "holidays", "sla_targets"})
PROMISES: Mapping[str, str] = {
    "first_response": "first_response_minutes",
    "next_response": "next_response_minutes",
    "resolution": "resolution_minutes",
}
"""Field of a target by the clock that counts it."""
_SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?\s*[-–—]\s*(\d{1,2})(?::(\d\d))?")
_DAY = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})(?:\s+(.*))?")
_LENGTH = re.compile(r"(\d{1,4}):([0-5]\d)")
_LEAP_YEAR = 2028


def shown(record: Record, field: Field) -> str:
    """The value as words on one line."""
    if field.widget == "holidays":
        days = len(getattr(record, field.name))
        return ngettext("%(num)s day", "%(num)s days", days) if days else ""
    if field.widget == "sla_targets":
        return "; ".join(_promise(one) for one in getattr(record, field.name))
    names = dict(weekdays())
    return "; ".join(f"{names[day]} {text}" for day in names if (text := day_hours(record, field, day)))


def raw(record: Record, field: Field) -> str:
    """The value as one text, by which two versions are compared; that of holidays is what its control holds."""
    values = getattr(record, field.name)
    match field.widget:
        case "holidays":
            return "\n".join(f"{one.day[5:] if one.yearly else one.day} {one.name}".strip() for one in values)
        case "sla_targets":
            return "\n".join(
                "|".join((one.priority, *(str(getattr(one, name)) for name in PROMISES.values()))) for one in values
            )
    return "\n".join(f"{one.weekday} {one.opens}-{one.closes}" for one in values)


def put(record: Record, field: Field, form: Form) -> None:
    """Writes the field from the form into the message. Raises InvalidArgument naming what cannot be read."""
    read = {"working_hours": _hours, "holidays": _holidays, "sla_targets": _targets}[field.widget]
    found = read(field, form)
    record.ClearField(field.name)
    getattr(record, field.name).extend(found)


def day_hours(record: Record, field: Field, day: int) -> str:
    """The hours of a day of the week, 1 for Monday, as its control holds them."""
    hours = [one for one in getattr(record, field.name) if one.weekday == day]
    return ", ".join(f"{one.opens}-{one.closes}" for one in hours)


def promised(record: Record, field: Field, priority: str, clock: str) -> str:
    """What is promised for a priority, in hours and minutes; empty where nothing is."""
    target = next((one for one in getattr(record, field.name) if one.priority == priority), SlaTarget())
    return length(getattr(target, PROMISES[clock]))


def length(minutes: int) -> str:
    """Minutes as 4:30; empty for none."""
    return f"{minutes // 60}:{minutes % 60:02}" if minutes else ""


def _promise(target: SlaTarget) -> str:
    parts = [f"{CLOCKS[clock]} {length(getattr(target, name))}" for clock, name in PROMISES.items()]
    said = ", ".join(part for part, name in zip(parts, PROMISES.values(), strict=True) if getattr(target, name))
    return f"{PRIORITIES.get(target.priority, target.priority)}: {said or '–'}"


def _hours(field: Field, form: Form) -> list[WorkingHours]:
    found = []
    for day, name in weekdays():
        for part in form.get(f"{field.name}_{day}", "").split(","):
            if not part.strip():
                continue
            match = _SPAN.fullmatch(part.strip())
            if match is None:
                raise _unread(field, gettext("%(day)s: write hours as 09:00-13:00, 14:00-18:00.", day=name))
            opens, closes = f"{int(match[1]):02}:{match[2] or '00'}", f"{int(match[3]):02}:{match[4] or '00'}"
            found.append(WorkingHours(weekday=day, opens=opens, closes=closes))
    return found


def _holidays(field: Field, form: Form) -> list[Holiday]:
    found = []
    for line in form.get(field.name, "").splitlines():
        if not line.strip():
            continue
        match = _DAY.fullmatch(line.strip())
        try:
            if match is None:
                raise ValueError(line)
            # A day of every year has the year in which it was written; the 29th of February needs one that has it.
            leap = (int(match[2]), int(match[3])) == (2, 29)
            year = int(match[1] or (_LEAP_YEAR if leap else now().year))
            day = dt.date(year, int(match[2]), int(match[3]))
        except ValueError as error:
            said = line.strip()[:40]
            raise _unread(
                field, gettext("“%(line)s”: write a day as 2026-12-24 Christmas Eve, or 12-25 Christmas.", line=said)
            ) from error
        found.append(Holiday(day=day.isoformat(), name=(match[4] or "").strip()[:120], yearly=match[1] is None))
    return found


def _targets(field: Field, form: Form) -> list[SlaTarget]:
    found = []
    for priority in PRIORITIES:
        target = SlaTarget(priority=priority)
        for clock, name in PROMISES.items():
            text = form.get(f"{field.name}_{priority}_{clock}", "").strip()
            if not text:
                continue
            match = _LENGTH.fullmatch(text)
            if match is None:
                raise _unread(field, gettext("“%(text)s”: write hours and minutes, such as 4:30.", text=text[:20]))
            setattr(target, name, int(match[1]) * 60 + int(match[2]))
        if any(getattr(target, name) for name in PROMISES.values()):
            found.append(target)
    return found


def _unread(field: Field, sentence: str) -> InvalidArgument:
    return wrong(field, sentence)
