"""Schedules of reports: each belongs to the person whose rights it runs with. Their runs are in `report_runs`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis.errors import Conflict, FailedPrecondition, NotFound, PermissionDenied, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import stale
from gateway.identity.queries import report_schedule as queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.recurrence import next_due
from gateway.identity.report_events import schedule_changed
from gateway.identity.reports import scope_of

ADMINISTER = "identity.admin"
FIELDS = (
    "name",
    "report",
    "format",
    "every",
    "weekday",
    "month_day",
    "hour",
    "time_zone",
    "recipient_ids",
    "condition",
    "paused",
)
ASKED = "ASKED"
"""Reason of a run that somebody asked for now: it is sent whatever its condition."""
FIGURES = "analytics.read"
_TIMING = ("every", "weekday", "month_day", "hour", "time_zone", "paused")
Values = Mapping[str, Any]


def page(work: Work, *, of_everybody: bool, limit: int, before_id: UUID | None) -> list[Row]:
    """The caller's schedules, or those of everybody for administrators."""
    everybody = of_everybody and ADMINISTER in work.caller.scopes
    owner_id = None if everybody else work.caller.actor_id
    return queries.page(work, owner_id=owner_id, limit=limit, before_id=before_id)


def get(work: Work, schedule_id: UUID) -> Row:
    """A schedule that the caller may see, with its latest run. Raises NotFound."""
    return _seen(work, queries.get(work, schedule_id), schedule_id)


def create(work: Work, given: Values, *, schedules_max: int, recipients_max: int) -> Row:
    """Makes a schedule of the caller's. Raises what is wrong with it, FailedPrecondition beyond the bound."""
    if work.caller.actor_type != "user":
        raise PermissionDenied("A schedule runs with a person's rights: log in as one.", reason="PEOPLE_ONLY")
    if queries.owned(work, limit=schedules_max) >= schedules_max:
        raise FailedPrecondition(
            f"A person has at most {schedules_max} schedules. Delete one that is not needed any more.",
            reason="TOO_MANY_SCHEDULES",
        )
    values = _checked(work, given, recipients_max)
    schedule_id = uuid7()
    queries.add(work, id=schedule_id, **values, next_at=_next(work, values))
    row = get(work, schedule_id)
    work.record(schedule_changed("created", row))
    return row


def change(work: Work, schedule_id: UUID, given: Values, *, etag: str, recipients_max: int) -> Row:
    """Changes a schedule. Others than its owner may pause it only, and administrators only."""
    row = _seen(work, queries.locked(work, schedule_id), schedule_id)
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    if row.owner_id != work.caller.actor_id and given != {"paused": True}:
        raise _not_yours("Only its owner changes a schedule; administrators may pause it and delete it.")
    before = {name: getattr(row, name) for name in FIELDS}
    after = before | (_checked(work, before | dict(given), recipients_max) if set(given) - {"paused"} else dict(given))
    changed = tuple(name for name in FIELDS if after[name] != before[name])
    if not changed:
        return get(work, schedule_id)
    timed = any(name in changed for name in _TIMING)
    next_at = _next(work, after) if timed else row.next_at
    reason = "" if "paused" in changed else row.paused_reason
    queries.change(work, row, **after, paused_reason=reason, next_at=next_at)
    written = get(work, schedule_id)
    verb = "changed" if changed != ("paused",) else "paused" if written.paused else "resumed"
    work.record(schedule_changed(verb, written, changed_fields=changed))
    return written


def delete(work: Work, schedule_id: UUID) -> None:
    """Deletes a schedule with its runs."""
    row = _seen(work, queries.locked(work, schedule_id), schedule_id)
    queries.delete(work, schedule_id)
    work.record(schedule_changed("deleted", row))


def send_now(work: Work, schedule_id: UUID) -> Row:
    """Has a schedule run once more, now. Raises Conflict while a run of it waits."""
    row = _seen(work, queries.locked(work, schedule_id), schedule_id)
    if row.owner_id != work.caller.actor_id:
        raise _not_yours("Only its owner sends it: it shows what that person may see.")
    if queries.is_waiting(work, schedule_id):
        raise Conflict("It is being sent already. Wait until that is done.", reason="REPORT_RUNNING")
    queries.add_run(work, schedule_id, work.now, reason=ASKED)
    made = queries.run(work, schedule_id, work.now)
    assert made is not None
    return made


def next_of(row: Any, after: datetime) -> datetime:
    """When a schedule's row is due next."""
    return next_due(
        row.every,
        weekday=row.weekday,
        month_day=row.month_day,
        hour=row.hour,
        zone=ZoneInfo(row.time_zone),
        after=after,
    )


def _next(work: Work, values: Values) -> datetime | None:
    if values["paused"]:
        return None
    zone = ZoneInfo(values["time_zone"])
    timing = {name: values[name] for name in ("weekday", "month_day", "hour")}
    return next_due(values["every"], **timing, zone=zone, after=work.now)


def _checked(work: Work, given: Values, recipients_max: int) -> dict[str, Any]:
    scope = scope_of(given["report"])
    if scope not in work.caller.scopes:
        raise PermissionDenied(
            f'This report needs the scope "{scope}".', reason="MISSING_SCOPE", metadata={"scope": scope}
        )
    if given["condition"] is not None and FIGURES not in work.caller.scopes:
        raise PermissionDenied(
            f'An alert on a figure needs the scope "{FIGURES}".', reason="MISSING_SCOPE", metadata={"scope": FIGURES}
        )
    name = given["name"].strip()
    if not name:
        raise invalid_field("report_schedule.name", "give it a name", reason="REQUIRED")
    every = given["every"]
    if every == "week" and not given["weekday"]:
        raise invalid_field("report_schedule.weekday", "choose a day of the week, 1 for Monday", reason="REQUIRED")
    if every == "month" and not given["month_day"]:
        raise invalid_field("report_schedule.month_day", "choose a day of the month", reason="REQUIRED")
    return {one: given[one] for one in FIELDS} | {
        "name": name,
        "weekday": given["weekday"] if every == "week" else 0,
        "month_day": given["month_day"] if every == "month" else 0,
        "time_zone": _zone(work, given["time_zone"]),
        "recipient_ids": _recipients(work, given["recipient_ids"], recipients_max),
    }


def _zone(work: Work, name: str) -> str:
    company = tenants.get(work)
    wanted = name or (company.time_zone if company else "") or "UTC"
    try:
        return ZoneInfo(wanted).key
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid_field(
            "report_schedule.time_zone",
            "there is no such place; they look like Europe/Sofia",
            reason="INVALID_ZONE",
        ) from None


def _recipients(work: Work, given: Any, most: int) -> list[str]:
    chosen = list(dict.fromkeys(str(UUID(one)) for one in given))
    if not chosen:
        raise invalid_field("report_schedule.recipient_ids", "say who gets it", reason="REQUIRED")
    if len(chosen) > most:
        raise invalid_field("report_schedule.recipient_ids", f"choose at most {most} people", reason="TOO_MANY")
    for one in chosen:
        member = users.get(work, UUID(one))
        if member is None or member.status != "active":
            raise invalid_field(
                "report_schedule.recipient_ids",
                "choose people at work in your company",
                reason="USER_NOT_FOUND",
            )
    return chosen


def _seen(work: Work, row: Row | None, schedule_id: UUID) -> Row:
    if row is None or (row.owner_id != work.caller.actor_id and ADMINISTER not in work.caller.scopes):
        raise NotFound(f"There is no schedule {schedule_id} of yours.", reason="REPORT_SCHEDULE_NOT_FOUND")
    return row


def _not_yours(message: str) -> PermissionDenied:
    return PermissionDenied(message, reason="NOT_OWNER")
