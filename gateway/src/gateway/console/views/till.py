"""The till's page, which a tablet keeps, the worker that opens it without a network, and what it asks the console for.

The page holds nothing of anybody: who is signed in is asked for, and everything else comes over the public API.
"""

from __future__ import annotations

import json
from pathlib import Path

import grpc
from chassis.errors import FuniaError, NotFound, PermissionDenied
from chassis.status import from_rpc_error
from flask import Blueprint, Response, g, jsonify, make_response, render_template, request
from funia.sales.v1 import till_order_pb2, till_order_pb2_grpc

from gateway.console.backend import services, session, stubs
from gateway.console.guard import needs, open_to_all
from gateway.console.page import HTTP_STATUS
from gateway.console.ports import CompanyChoice, SecondStep, Session, SignedIn
from gateway.console.till_words import till_words
from gateway.console.views.assets import STATIC, version
from gateway.console.words import say

SELLS, AGREES = "sales.write", "sales.approve_discount"
PAGE = "/till"


def add(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule(PAGE, "till", till)
    rule("/till/worker.js", "till_worker", till_worker)
    rule("/till/session", "till_session", till_session)
    rule("/till/leave", "till_leave", till_leave, methods=["POST"])


@open_to_all
def till() -> Response:
    """The page, the same for everybody who speaks its language."""
    return make_response(render_template("console/till.html", till_words=till_words()))


@open_to_all
def till_worker() -> Response:
    """The worker of this build: what it keeps, and then its script."""
    built = version()
    vendor = [f"/static/vendor/{name}?v={built}" for name in ("till.css", "till-main.js")]
    shell = {"version": built, "page": PAGE, "files": [*vendor, "/static/vendor/icons.svg", "/favicon.svg"]}
    script = Path(STATIC / "vendor" / "till-worker.js")
    if not script.is_file():
        raise NotFound("The console is not built.", reason="NOT_BUILT")
    response = Response(f"self.SHELL={json.dumps(shell)};\n{script.read_text()}", mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = PAGE
    return response


@open_to_all
def till_session() -> Response:
    """Who is signed in, with the word that lets the page write; 401 where nobody is."""
    known: Session | None = g.console_session
    if known is None:
        return make_response(jsonify(reason="SIGNED_OUT"), 401)
    return make_response(
        jsonify(
            csrf_token=known.csrf_token,
            user_id=known.user_id,
            user_name=known.user_name or known.email,
            scopes=sorted(one for one in known.scopes if one.startswith("sales.")),
        )
    )


@needs(SELLS)
def till_leave() -> Response:
    """Somebody who may give more than the discount policy signs in for one sale, beside whoever sells; that session
    ends with it."""
    try:
        outcome = _prove()
        if isinstance(outcome, SecondStep):
            return make_response(jsonify(ticket=outcome.ticket))
        return make_response(jsonify(_granted(outcome.cookie)))
    except FuniaError as error:
        return make_response(jsonify(detail=say(error), reason=error.reason), HTTP_STATUS[error.kind])


def _prove() -> SignedIn | SecondStep:
    identity, form = services().identity, request.form
    if form.get("ticket"):
        outcome: SignedIn | CompanyChoice | SecondStep = identity.second_step(
            form["ticket"], form.get("code", ""), beside=True
        )
    else:
        outcome = identity.log_in(form.get("email", "").strip(), form.get("password", ""), beside=True)
    if isinstance(outcome, CompanyChoice):
        return identity.choose(outcome.ticket, session().tenant_id, beside=True)
    return outcome


def _granted(cookie: str) -> dict[str, str]:
    identity = services().identity
    try:
        other = identity.session(cookie)
        if other is None or other.tenant_id != session().tenant_id or AGREES not in other.scopes:
            raise PermissionDenied("You may not agree to this discount.", reason="MISSING_SCOPE")
        message = till_order_pb2.GrantTillDiscountRequest(
            register_id=request.form.get("register_id", ""), till_order_id=request.form.get("till_order_id", "")
        )
        try:
            grant = (
                stubs()
                .sales(till_order_pb2_grpc.TillOrderServiceStub)
                .GrantTillDiscount(
                    message,
                    timeout=services().call_timeout_s,
                    metadata=(("authorization", f"Bearer {other.access_token}"),),
                )
            )
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error
        return {"discount_grant": grant.discount_grant, "granted_by_name": other.user_name or other.email}
    finally:
        identity.end(cookie)
