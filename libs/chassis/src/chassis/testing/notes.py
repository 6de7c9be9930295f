"""A sample service of one table, `note`, on which the frame itself is tested: its statements and events."""

from __future__ import annotations

from uuid import UUID

from funia.contacts.v1.events_pb2 import ActivityChanged

from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.statements import text
from chassis.work import Database, Work

ADD = text("INSERT INTO note (tenant_id, id, body) VALUES (%(tenant_id)s, %(id)s, %(body)s)", "tenant_id")
ALL = text("SELECT id, body FROM note WHERE tenant_id = %(tenant_id)s ORDER BY id", "tenant_id")
EVERYBODYS = text("SELECT id, body FROM note")

OURS = Caller.system(uuid7(), request_id="ours")
THEIRS = Caller.system(uuid7(), request_id="theirs")


def noted(aggregate: UUID, version: int) -> Event:
    """The event of a note."""
    return Event("sample.note.added", aggregate, version, ActivityChanged(activity_id=str(aggregate)))


def add(work: Work, body: str, *, aggregate: UUID | None = None, version: int = 1) -> UUID:
    """Writes a note and records its event."""
    note_id = uuid7()
    work.execute(ADD, id=note_id, body=body)
    work.record(noted(aggregate or note_id, version))
    return note_id


def write(database: Database, caller: Caller, *bodies: str) -> None:
    """Writes notes, each in a transaction of its own."""
    for body in bodies:
        with database.open_work(caller) as work:
            add(work, body)


def bodies(database: Database, caller: Caller) -> list[str]:
    """Bodies of the caller's notes, oldest first."""
    with database.open_work(caller, read_only=True) as work:
        return [row.body for row in work.rows(ALL)]
