"""Tickets at work: what is written on them, their way through the states, and who asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_timedelta
from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request, url_for
from funia.contacts.v1.contact_pb2 import Contact
from funia.support.v1 import ticket_comment_pb2, ticket_comment_pb2_grpc, ticket_pb2, ticket_pb2_grpc

from gateway.console import references
from gateway.console.backend import allowed, call, form_key, stubs, try_call
from gateway.console.colleagues import colleagues
from gateway.console.formats import babel_locale, format_when
from gateway.console.guard import go, needs
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.kind import ListQuery
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS, with_toast
from gateway.console.support_fields import CLOCKS, PRIORITIES, TICKET_STATES
from gateway.console.support_kinds import ANSWERS, READS
from gateway.console.values import Record
from gateway.console.words import say, violations

FEW = 5
"""How many deals, orders and tickets of a customer stand beside a ticket."""
CUSTOMERS = {"people": "contact_id", "companies": "account_id"}
"""The field by which tickets name customers of a kind."""
MOVES: Mapping[str, Sequence[str]] = {
    "new": ("solved", "open", "pending", "on_hold", "spam"),
    "open": ("solved", "pending", "on_hold", "spam"),
    "pending": ("solved", "open", "on_hold", "spam"),
    "on_hold": ("solved", "open", "pending", "spam"),
    "solved": ("open", "closed"),
    "spam": ("open",),
}
"""States that a person brings a ticket to from each, the next thing to do first."""
_MOVE: Mapping[str, tuple[Lazy, str]] = {
    "open": (lazy("Take into work"), "player-play"),
    "pending": (lazy("Wait for the customer"), "clock"),
    "on_hold": (lazy("Wait for others"), "player-pause"),
    "solved": (lazy("Solve"), "circle-check"),
    "closed": (lazy("Close for good"), "lock"),
    "spam": (lazy("It is spam"), "trash"),
}
_WITH_ANSWER = ("open", "pending", "on_hold", "solved")


@dataclass(frozen=True, slots=True)
class Move:
    """A button that brings a ticket to a state."""

    status: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A promise and how it stands, in words."""

    label: str
    state: str
    words: str


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/tickets/<uuid:record_id>/comments", "ticket_comments", ticket_comments)
    rule("/tickets/<uuid:record_id>/comments", "ticket_written", ticket_written, methods=["POST"])
    rule("/tickets/<uuid:record_id>/move", "ticket_moved", ticket_moved, methods=["POST"])
    rule("/tickets/<uuid:record_id>/clocks", "ticket_clocks", ticket_clocks)
    rule("/tickets/<uuid:record_id>/requester", "ticket_requester", ticket_requester)
    kinds = ", ".join(f'"{one}"' for one in CUSTOMERS)
    rule(f"/<any({kinds}):plural>/<uuid:record_id>/tickets", "customer_tickets", customer_tickets)


def ticket_around(ticket: Record) -> dict[str, Any]:
    """What the page of a ticket shows beside its facts."""
    return {
        "moves": moves_of(ticket.status),
        "clocks": clocks_of(ticket),
        "ticket_states": TICKET_STATES,
        "priorities": PRIORITIES,
        "with_answer": [(one, TICKET_STATES[one]) for one in _WITH_ANSWER if one in MOVES.get(ticket.status, ())],
        **_thread(ticket.id, ""),
    }


@needs(READS)
def ticket_comments(record_id: object) -> Response:
    """What was written before the comments that the page shows."""
    ticket = _get(str(record_id))
    around = _thread(ticket.id, request.args.get("token", ""))
    return make_response(render_template("console/ticket_comments.html", record=ticket, owners=colleagues(), **around))


@needs(ANSWERS)
def ticket_written(record_id: object) -> Response:
    """Writes on a ticket. What the service refuses is said beside the text, which stays."""
    form = request.form
    message = ticket_comment_pb2.AddTicketCommentRequest(
        ticket_id=str(record_id),
        body=form.get("body", ""),
        public=form.get("audience") == "customer",
        channel="console",
        status=form.get("status", ""),
    )
    try:
        call(_comments().AddTicketComment, message, idempotency_key=form_key())
    except FuniaError as error:
        ticket = _get(str(record_id))
        page = render_template(
            "console/ticket_composer.html",
            record=ticket,
            problem=" ".join(violations(error).values()) or say(error),
            form=form,
            **ticket_around(ticket),
        )
        return make_response(page, HTTP_STATUS[error.kind])
    done = gettext("The answer is written.") if message.public else gettext("The note is written.")
    return with_toast(go(url_for("console.record_page", plural="tickets", record_id=record_id)), done)


@needs(ANSWERS)
def ticket_moved(record_id: object) -> Response:
    """Brings a ticket to a state; the toast takes it back where that can be."""
    before = _get(str(record_id))
    message = ticket_pb2.MoveTicketRequest(
        id=before.id, status=request.values.get("status", ""), etag=request.form.get("etag", "")
    )
    ticket = call(_tickets().MoveTicket, message, idempotency_key=form_key())
    back = "open" if before.status == "new" else before.status
    undo = ""
    if back in MOVES.get(ticket.status, ()):
        undo = url_for("console.ticket_moved", record_id=ticket.id, status=back)
    sentence = gettext("Ticket #%(number)s: %(state)s", number=ticket.number, state=TICKET_STATES[ticket.status])
    return with_toast(Response(status=200, headers={"HX-Reswap": "none"}), sentence, undo=undo)


@needs(READS)
def ticket_clocks(record_id: object) -> Response:
    """How the promises stand now."""
    clocks = clocks_of(_get(str(record_id)))
    return make_response(render_template("console/ticket_clocks.html", clocks=clocks))


@needs(READS)
def ticket_requester(record_id: object) -> Response:
    """Who asks, and what else is known of them: deals, orders and other tickets, as far as the person may see them."""
    ticket = _get(str(record_id))
    person = KINDS["people"].batch_get([ticket.contact_id]) if ticket.contact_id and allowed("contacts.read") else ()
    contact: Contact | None = next(iter(person), None)
    company_id = ticket.account_id or _company_of(contact)
    page = render_template(
        "console/ticket_requester.html",
        contact=contact,
        company_id=company_id,
        deals=_few("deals", f'account_id = "{company_id}" AND status = "open"' if company_id else ""),
        orders=_few("orders", _asked_by(ticket.contact_id, company_id)),
        tickets=[one for one in _few("tickets", _asked_by(ticket.contact_id, company_id)) if one.id != ticket.id],
        states=TICKET_STATES,
    )
    return make_response(page)


@needs(READS)
def customer_tickets(plural: str, record_id: object) -> Response:
    """The newest tickets of a person or a company, and the way to a new one."""
    page = render_template(
        "console/customer_tickets.html",
        tickets=_few("tickets", f'{CUSTOMERS[plural]} = "{record_id}"'),
        filter=f'{CUSTOMERS[plural]} = "{record_id}"',
        field=CUSTOMERS[plural],
        record_id=str(record_id),
        states=TICKET_STATES,
    )
    return make_response(page)


def moves_of(status: str) -> list[Move]:
    """The buttons of a ticket in a state."""
    found = []
    for one in MOVES.get(status, ()):
        label, icon = _MOVE[one]
        again = one == "open" and status in ("solved", "spam")
        found.append(Move(one, gettext("Open again") if again else str(label), icon))
    return found


def clocks_of(ticket: Record) -> list[ClockLine]:
    """The promises of a ticket and how each stands, in words."""
    return [ClockLine(str(CLOCKS.get(one.kind, one.kind)), *_stand(one)) for one in ticket.sla_clocks]


def _stand(clock: ticket_pb2.SlaClock) -> tuple[str, str]:
    match clock.state:
        case "met" if clock.breached_at.seconds:
            return "breached", gettext("done too late, %(when)s", when=format_when(clock.met_at))
        case "met":
            return "met", gettext("kept %(when)s", when=format_when(clock.met_at))
        case "breached":
            return "breached", gettext("too late since %(when)s", when=format_when(clock.breached_at))
        case "paused":
            left = dt.timedelta(seconds=max(0, clock.target_s - clock.elapsed_s))
            text = format_timedelta(left, locale=babel_locale(), threshold=1.0)
            return "paused", gettext("paused; %(left)s of working time left", left=text)
    state = "warned" if clock.warned_at.seconds else "running"
    words = gettext("due soon: %(when)s") if state == "warned" else gettext("due %(when)s")
    return state, words % {"when": format_when(clock.due_at)}


def _thread(ticket_id: str, token: str) -> dict[str, Any]:
    message = ticket_comment_pb2.ListTicketCommentsRequest(ticket_id=ticket_id, page_token=token)
    answer = try_call(_comments().ListTicketComments, message)
    comments = answer.comments if answer is not None else ()
    references.prefetch("people", [one.author_id for one in comments if one.author_kind == "customer"])
    return {
        "comments": comments,
        "next_page_token": answer.next_page_token if answer is not None else "",
        "missing": answer is None,
    }


def _asked_by(contact_id: str, company_id: str) -> str:
    if contact_id:
        return f'contact_id = "{contact_id}"'
    return f'account_id = "{company_id}"' if company_id else ""


def _few(plural: str, wanted: str) -> Sequence[Record]:
    """The newest records of a filter; none where the person may not see them, or nothing is asked for."""
    if not wanted or not allowed(KINDS[plural].reads):
        return ()
    try:
        return KINDS[plural].list(ListQuery(wanted, "created_at desc", page_size=FEW)).records
    except FuniaError:
        return ()


def _company_of(contact: Contact | None) -> str:
    links = contact.accounts if contact is not None else ()
    return next((one.account_id for one in links if one.primary), next((one.account_id for one in links), ""))


def _get(ticket_id: str) -> ticket_pb2.Ticket:
    return call(_tickets().GetTicket, ticket_pb2.GetTicketRequest(id=ticket_id))


def _tickets() -> ticket_pb2_grpc.TicketServiceStub:
    return stubs().support(ticket_pb2_grpc.TicketServiceStub)


def _comments() -> ticket_comment_pb2_grpc.TicketCommentServiceStub:
    return stubs().support(ticket_comment_pb2_grpc.TicketCommentServiceStub)
