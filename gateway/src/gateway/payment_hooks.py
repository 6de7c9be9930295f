"""Webhooks of card providers on their way to sales: passed on as they came, and judged there.

The address names company and account; nothing is believed before sales has checked the provider's signature.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import Error
from uuid import UUID

import grpc
from chassis.errors import FuniaError, InvalidArgument, NotFound
from chassis.status import from_rpc_error
from flask import Blueprint, Response, request
from funia.sales.v1 import payment_event_pb2, payment_event_pb2_grpc

from gateway.identity.access_tokens import AccessTokens, Rights
from gateway.problems import request_id_of

SCOPE = "sales.payment_events"
"""Nobody can be given it: it is in no role, and no app may ask for it."""
_CLIENT = "funia-payment-hooks"
_NOBODY = UUID(int=0)


def payment_hooks_blueprint(
    channel: grpc.Channel, tokens: AccessTokens, *, body_max_bytes: int, timeout_s: float
) -> Blueprint:
    """POST /hooks/payments/{address}."""
    blueprint = Blueprint("payment_hooks", __name__)
    sales = payment_event_pb2_grpc.PaymentEventServiceStub(channel)

    @blueprint.post("/hooks/payments/<address>")
    def receive(address: str) -> Response:
        tenant_id, account_id = _named(address)
        body = request.get_data(cache=False)
        if len(body) > body_max_bytes:
            raise InvalidArgument(f"A webhook is {body_max_bytes} bytes at most.", reason="TOO_LARGE")
        event = payment_event_pb2.ReceivePaymentEventRequest(
            account_id=str(account_id), body=body, signature=request.headers.get("Stripe-Signature", "")
        )
        rights = Rights(tenant_id, _NOBODY, "client", _CLIENT, frozenset({SCOPE}), "all")
        metadata = (
            ("authorization", f"Bearer {tokens.issue(rights)}"),
            ("x-request-id", request_id_of(request.environ)),
        )
        try:
            sales.ReceivePaymentEvent(event, metadata=metadata, timeout=timeout_s)
        except grpc.RpcError as error:
            raise _told(from_rpc_error(error)) from None
        return Response(status=204)

    return blueprint


def _named(address: str) -> tuple[UUID, UUID]:
    """Company and account. Raises NotFound."""
    try:
        raw = urlsafe_b64decode(address + "=")
        return UUID(bytes=raw[:16]), UUID(bytes=raw[16:])
    except (Error, ValueError):
        raise _unknown() from None


def _told(error: FuniaError) -> FuniaError:
    """What a stranger is told: not whether there is such a company."""
    return _unknown() if error.reason in ("CARD_ACCOUNT_NOT_FOUND", "TENANT_NOT_FOUND") else error


def _unknown() -> NotFound:
    return NotFound("There is nothing at this address.", reason="NOT_FOUND")
