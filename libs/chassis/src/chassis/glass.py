"""What was done under break-glass, told before it is done: no trace, no answer.

Every service tells of it by an event of its own, which identity enters in the company's audit log.
"""

from __future__ import annotations

from funia.events.v1.break_glass_pb2 import BreakGlassUsed
from google.protobuf.message import Message

from chassis.caller import Caller, Glass
from chassis.envelope import Event
from chassis.work import Database

USED = "break_glass.used"
"""The event's type after the name of the service."""


def tell(database: Database, caller: Caller, method: str, request: object) -> None:
    """Records the call of a method, such as ``/funia.contacts.v1.ContactService/GetContact``, in its own transaction.

    A request that streams in tells of no record. Raises what the database raises; the call must not go on then.
    """
    glass = caller.glass
    assert glass is not None
    with database.open_work(caller) as work:
        work.record(used(glass, method, record_id_of(request)))


def used(glass: Glass, method: str, record_id: str) -> Event:
    """``<service>.break_glass.used``, about the opening."""
    service = method.split(".", 2)[1]
    payload = BreakGlassUsed(break_glass_id=str(glass.id), method=method.rpartition(".")[2], record_id=record_id)
    return Event(f"{service}.{USED}", glass.id, 1, payload)


def record_id_of(request: object) -> str:
    """The id of the record that a request is about: its first field that is one, else that of the record inside."""
    if not isinstance(request, Message):
        return ""
    inside = ""
    for field, value in request.ListFields():
        if isinstance(value, str) and (field.name == "id" or field.name.endswith("_id")):
            return value
        if isinstance(value, Message) and not inside:
            inside = str(getattr(value, "id", ""))
    return inside
