"""Whom a person or company is shared with by hand: a panel on its page, to look at, add to and take from."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request
from funia.contacts.v1.record_share_pb2 import (
    ListRecordSharesRequest,
    RecordShare,
    ShareRecordRequest,
    UnshareRecordRequest,
)
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.console.backend import allowed, call, form_key, session, stubs
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.page import HTTP_STATUS
from gateway.console.views.roles import TOLD
from gateway.console.views.sharing_rules import LEVELS, Parties, parties
from gateway.console.words import say, violations

HOLDS = "hold"


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/records/<uuid:record_id>/shares", "record_shares", record_shares)
    rule("/records/<uuid:record_id>/shares", "record_share", record_share, methods=["POST"])
    rule("/records/<uuid:record_id>/shares/<uuid:grantee_id>/end", "record_unshare", record_unshare, methods=["POST"])


@needs("contacts.read")
def record_shares(record_id: object) -> Response:
    """The panel."""
    return _panel(str(record_id))


@needs("contacts.write")
def record_share(record_id: object) -> Response:
    kind, _, grantee_id = request.form.get("grantee_id", "").partition(":")
    if not grantee_id:
        return _panel(str(record_id), errors={"grantee_id": gettext("Choose somebody.")}, status=400)
    share = RecordShare(
        grantee_kind=kind, grantee_id=grantee_id, level=request.form.get("level", ""), until=_end_of_day()
    )
    message = ShareRecordRequest(record_id=str(record_id), share=share)
    try:
        call(stubs().record_shares.ShareRecord, message, idempotency_key=form_key())
    except FuniaError as error:
        if error.kind not in TOLD:
            raise
        return _panel(str(record_id), problem=say(error), errors=violations(error), status=HTTP_STATUS[error.kind])
    return _panel(str(record_id))


@needs("contacts.write")
def record_unshare(record_id: object, grantee_id: object) -> Response:
    message = UnshareRecordRequest(record_id=str(record_id), grantee_id=str(grantee_id))
    call(stubs().record_shares.UnshareRecord, message)
    return _panel(str(record_id))


def _panel(record_id: str, *, problem: str = "", errors: dict[str, str] | None = None, status: int = 200) -> Response:
    answer = call(stubs().record_shares.ListRecordShares, ListRecordSharesRequest(record_id=record_id))
    may_name = allowed("identity.read")
    page = render_template(
        "console/record_shares.html",
        record_id=record_id,
        shares=answer.shares,
        may_share=answer.level == HOLDS and allowed("contacts.write") and may_name,
        level=answer.level,
        parties=parties(with_roles=False) if may_name else Parties((), ()),
        levels=LEVELS,
        problem="" if errors else problem,
        errors=errors or {},
    )
    return make_response(page, status)


def _end_of_day() -> Timestamp | None:
    """The end of the chosen day where the company is; None where no day was chosen."""
    try:
        day = date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        return None
    moment = Timestamp()
    moment.FromDatetime(datetime.combine(day, time(23, 59, 59), ZoneInfo(session().time_zone or "UTC")))
    return moment
