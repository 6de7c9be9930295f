"""Tickets changed several at once: given to somebody, brought to a state, or made more or less urgent; and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chassis.errors import FuniaError
from chassis.errors import Kind as ErrorKind
from flask import Blueprint, Response, request, url_for
from funia.support.v1 import ticket_pb2, ticket_pb2_grpc
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console.backend import call, session, stubs
from gateway.console.colleagues import colleagues
from gateway.console.guard import needs
from gateway.console.i18n import gettext, ngettext
from gateway.console.kind import Kind
from gateway.console.kinds import KINDS
from gateway.console.page import toast_only, with_toast
from gateway.console.support_fields import PRIORITIES, TICKET_STATES
from gateway.console.support_kinds import ANSWERS
from gateway.console.views.tickets import MOVES
from gateway.console.words import say

SELECTED_MAX = 50
"""How many tickets are changed at once; each is a call of its own."""
FIELDS = ("owner_id", "priority", "status")
ME = "me"
_OWN_FAULTS = {ErrorKind.CONFLICT, ErrorKind.FAILED_PRECONDITION, ErrorKind.NOT_FOUND, ErrorKind.INVALID_ARGUMENT}
"""Refusals that are about one ticket; the others are changed all the same."""


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/tickets/change", "tickets_changed", tickets_changed, methods=["POST"])
    rule("/tickets/change-back", "tickets_changed_back", tickets_changed_back, methods=["POST"])


def mass_changes(kind: Kind) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """What can be done with the chosen records of a list besides deleting them: headings, and choices below each."""
    if kind.plural != "tickets":
        return ()
    others = [(f"owner_id:{one}", name) for one, name in colleagues().items() if one != session().user_id]
    reached = dict.fromkeys(one for steps in MOVES.values() for one in steps)
    return (
        (gettext("Assign to"), [(f"owner_id:{ME}", gettext("Me")), ("owner_id:", gettext("Nobody")), *others]),
        (gettext("State"), [(f"status:{one}", str(TICKET_STATES[one])) for one in reached]),
        (gettext("Priority"), [(f"priority:{one}", str(label)) for one, label in PRIORITIES.items()]),
    )


@needs(ANSWERS)
def tickets_changed() -> Response:
    """Changes the chosen tickets, each on its own; the toast says what became of them and takes it back."""
    name, _, value = request.form.get("change", "").partition(":")
    ids = request.form.getlist("id")[:SELECTED_MAX]
    if name not in FIELDS or not ids:
        return toast_only(gettext("Choose what to change."), 400)
    value = session().user_id if name == "owner_id" and value == ME else value
    before: dict[str, list[str]] = {}
    problem = ""
    refused = 0
    for ticket in KINDS["tickets"].batch_get(ids):
        was = getattr(ticket, name)
        if was == value:
            continue
        try:
            _change(ticket.id, name, value)
        except FuniaError as error:
            if error.kind not in _OWN_FAULTS:
                raise
            refused += 1
            problem = problem or say(error)
            continue
        before.setdefault(was, []).append(ticket.id)
    changed = sum(len(some) for some in before.values())
    said = [ngettext("%(num)s ticket is changed.", "%(num)s tickets are changed.", changed)]
    if refused:
        said.append(ngettext("%(num)s stays as it was:", "%(num)s stay as they were:", refused))
        said.append(problem)
    answer = Response(status=200, headers={"HX-Reswap": "none"})
    return with_toast(answer, " ".join(said), undo=_way_back(name, value, before), failed=not changed and refused > 0)


@needs(ANSWERS)
def tickets_changed_back() -> Response:
    """Takes a change back, of the tickets that nobody has changed since."""
    name, value = request.args.get("field", ""), request.args.get("value", "")
    if name not in FIELDS:
        return toast_only(gettext("Choose what to change."), 400)
    wanted = dict(_pairs(request.args.getlist("was")))
    back = 0
    for ticket in KINDS["tickets"].batch_get(list(wanted)[:SELECTED_MAX]):
        if getattr(ticket, name) == value:
            _change(ticket.id, name, wanted[ticket.id])
            back += 1
    return toast_only(ngettext("%(num)s ticket is as before.", "%(num)s tickets are as before.", back))


def _pairs(given: Iterable[str]) -> Iterable[tuple[str, str]]:
    for one in given:
        was, _, ids = one.partition(":")
        yield from ((ticket_id, was) for ticket_id in ids.split(",") if ticket_id)


def _way_back(name: str, value: str, before: dict[str, list[str]]) -> str:
    """The address that takes a change back; empty where none of it can be."""
    if name == "status":
        # Nothing is new a second time, and not every step has one back.
        opened = [(("open" if was == "new" else was), ids) for was, ids in before.items()]
        kept = [(was, ids) for was, ids in opened if was in MOVES.get(value, ())]
    else:
        kept = list(before.items())
    if not kept:
        return ""
    was = [f"{one}:{','.join(ids)}" for one, ids in kept]
    return url_for("console.tickets_changed_back", field=name, value=value, was=was)


def _change(ticket_id: str, name: str, value: str) -> None:
    service = stubs().support(ticket_pb2_grpc.TicketServiceStub)
    if name == "status":
        call(service.MoveTicket, ticket_pb2.MoveTicketRequest(id=ticket_id, status=value))
        return
    ticket = ticket_pb2.Ticket(id=ticket_id)
    setattr(ticket, name, value)
    call(service.UpdateTicket, ticket_pb2.UpdateTicketRequest(ticket=ticket, update_mask=FieldMask(paths=[name])))
