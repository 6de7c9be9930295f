"""Whom a customer, a deal or a lead is shared with by hand: a panel on its page, to look at, add to and take from."""

from __future__ import annotations

from collections.abc import Sequence
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
from funia.sales.v1 import record_share_pb2 as sales
from funia.sales.v1.record_share_pb2_grpc import SalesRecordShareServiceStub
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.console.backend import allowed, call, form_key, session, stubs
from gateway.console.guard import check_scope
from gateway.console.i18n import gettext
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS
from gateway.console.views.roles import TOLD
from gateway.console.views.sharing_rules import LEVELS, Parties, parties
from gateway.console.words import say, violations

HOLDS = "hold"
SHARED = "people, companies, deals, leads"
"""Kinds of record that are shared by hand, as routes name them."""


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    shares = f"/<any({SHARED}):plural>/<uuid:record_id>/shares"
    rule(shares, "record_shares", record_shares)
    rule(shares, "record_share", record_share, methods=["POST"])
    rule(f"{shares}/<uuid:grantee_id>/end", "record_unshare", record_unshare, methods=["POST"])


def record_shares(plural: str, record_id: object) -> Response:
    """The panel."""
    check_scope(KINDS[plural].reads)
    return _panel(plural, str(record_id))


def record_share(plural: str, record_id: object) -> Response:
    check_scope(KINDS[plural].writes)
    kind, _, grantee_id = request.form.get("grantee_id", "").partition(":")
    if not grantee_id:
        return _panel(plural, str(record_id), errors={"grantee_id": gettext("Choose somebody.")}, status=400)
    share = RecordShare(
        grantee_kind=kind, grantee_id=grantee_id, level=request.form.get("level", ""), until=_end_of_day()
    )
    try:
        _share(plural, str(record_id), share)
    except FuniaError as error:
        if error.kind not in TOLD:
            raise
        status = HTTP_STATUS[error.kind]
        return _panel(plural, str(record_id), problem=say(error), errors=violations(error), status=status)
    return _panel(plural, str(record_id))


def record_unshare(plural: str, record_id: object, grantee_id: object) -> Response:
    check_scope(KINDS[plural].writes)
    ids = {"record_id": str(record_id), "grantee_id": str(grantee_id)}
    if _of_sales(plural):
        call(_sales().UnshareSalesRecord, sales.UnshareSalesRecordRequest(**ids))
    else:
        call(stubs().record_shares.UnshareRecord, UnshareRecordRequest(**ids))
    return _panel(plural, str(record_id))


def _panel(
    plural: str, record_id: str, *, problem: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    shares, level = _every(plural, record_id)
    may_name = allowed("identity.read")
    page = render_template(
        "console/record_shares.html",
        plural=plural,
        record_id=record_id,
        shares=shares,
        may_share=level == HOLDS and allowed(KINDS[plural].writes) and may_name,
        level=level,
        parties=parties(with_roles=False) if may_name else Parties((), ()),
        levels=LEVELS,
        problem="" if errors else problem,
        errors=errors or {},
    )
    return make_response(page, status)


def _of_sales(plural: str) -> bool:
    return plural in ("deals", "leads")


def _sales() -> SalesRecordShareServiceStub:
    return stubs().sales(SalesRecordShareServiceStub)


def _every(plural: str, record_id: str) -> tuple[Sequence[RecordShare], str]:
    if _of_sales(plural):
        found = call(_sales().ListSalesRecordShares, sales.ListSalesRecordSharesRequest(record_id=record_id))
        return found.shares, found.level
    answer = call(stubs().record_shares.ListRecordShares, ListRecordSharesRequest(record_id=record_id))
    return answer.shares, answer.level


def _share(plural: str, record_id: str, share: RecordShare) -> None:
    if _of_sales(plural):
        wanted = sales.ShareSalesRecordRequest(record_id=record_id, share=share)
        call(_sales().ShareSalesRecord, wanted, idempotency_key=form_key())
    else:
        message = ShareRecordRequest(record_id=record_id, share=share)
        call(stubs().record_shares.ShareRecord, message, idempotency_key=form_key())


def _end_of_day() -> Timestamp | None:
    """The end of the chosen day where the company is; None where no day was chosen."""
    try:
        day = date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        return None
    moment = Timestamp()
    moment.FromDatetime(datetime.combine(day, time(23, 59, 59), ZoneInfo(session().time_zone or "UTC")))
    return moment
