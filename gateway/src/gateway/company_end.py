"""The end of a company over HTTP: closing it by its owner, and checking the certificate of its erasure.

Closing asks for the password once more, whatever token or session the call carries. A certificate is checked for
anybody: whoever holds one has no company any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

from chassis.errors import PermissionDenied
from chassis.tokens import TokenVerifier
from flask import Blueprint, Response, request

from gateway.composition import Identity
from gateway.entry import fields_of_body, json_answer
from gateway.identity.queries import user as users
from gateway.problems import request_id_of
from gateway.transcode.calls import RequestLimits, SessionToken, token_of
from gateway.transcode.codec import JsonCodec

_CLOSE = {"confirm_name": True, "password": True}
_VERIFY = {"statement": True}
_STATEMENT_MAX_LENGTH = 20_000
SCOPE = "identity.admin"


def company_end_blueprint(
    identity: Identity, codec: JsonCodec, limits: RequestLimits, *, verifier: TokenVerifier, session_token: SessionToken
) -> Blueprint:
    """POST /v1/tenant:close and POST /v1/erasure-certificates:verify."""
    blueprint = Blueprint("company_end", __name__)

    @blueprint.post("/v1/tenant:close")
    def close() -> Response:
        known = verifier.verify(token_of(request.environ, session_token, limits))
        if SCOPE not in known.scopes:
            raise PermissionDenied(
                f'This call needs the scope "{SCOPE}".', reason="MISSING_SCOPE", metadata={"scope": SCOPE}
            )
        fields = fields_of_body(codec, limits, _CLOSE)
        caller = replace(known, request_id=request_id_of(request.environ))
        with identity.database.open_work(caller, read_only=True) as work:
            member = users.get(work, caller.actor_id)
        if member is None:
            raise PermissionDenied("Only an owner may close the company.", reason="NOT_AN_OWNER")
        identity.accounts.check_password(member.email, fields["password"], address=request.remote_addr or "")
        with identity.database.open_work(caller) as work:
            due_at = identity.closing.close_own(work, fields["confirm_name"])
        return json_answer({"erased_at": due_at.astimezone(UTC).isoformat().replace("+00:00", "Z")}, 200)

    @blueprint.post("/v1/erasure-certificates:verify")
    def verify() -> Response:
        fields = fields_of_body(codec, limits, _VERIFY, longest=_STATEMENT_MAX_LENGTH)
        claims = identity.certificates.read(fields["statement"])
        return json_answer({"valid": claims is not None, **({} if claims is None else {"says": claims})}, 200)

    return blueprint


def company_end_paths(problems: dict[str, Any]) -> dict[str, Any]:
    """The paths of these views for the OpenAPI document."""
    moment = {"type": "string", "format": "date-time", "description": "When the company is erased."}
    valid = {"type": "boolean", "description": "Whether it was written here and not changed."}
    says = {"type": "object", "description": "What it says; missing where it is not valid."}
    name = {"type": "string", "description": "The company's name as it stands, to confirm."}
    password = {"type": "string", "format": "password", "description": "The owner's password, once more."}
    statement = {"type": "string", "description": "The certificate, a JWS."}
    return {
        "/v1/tenant:close": {
            "post": _operation(
                "identity_CloseCompany",
                "Closes the company",
                "Its people and apps are shut out within seconds. It is erased after a time of grace, in which an "
                "owner who logs in can open it again. Only an owner may.",
                [{"oauth2": [SCOPE]}],
                {"confirm_name": name, "password": password},
                {"erased_at": moment},
                problems,
            )
        },
        "/v1/erasure-certificates:verify": {
            "post": _operation(
                "identity_VerifyErasureCertificate",
                "Checks the certificate of an erasure",
                "For anybody: whoever holds a certificate has no company any more.",
                [],
                {"statement": statement},
                {"valid": valid, "says": says},
                problems,
            )
        },
    }


def _operation(
    operation_id: str,
    summary: str,
    text: str,
    security: list[Any],
    body: dict[str, Any],
    answer: dict[str, Any],
    problems: dict[str, Any],
) -> dict[str, Any]:
    asked = {"type": "object", "properties": body, "required": sorted(body), "additionalProperties": False}
    given = {"type": "object", "properties": answer}
    return {
        "operationId": operation_id,
        "summary": summary,
        "description": text,
        "tags": ["Tenant"],
        "security": security,
        "requestBody": {"required": True, "content": {"application/json": {"schema": asked}}},
        "responses": {
            "200": {
                "description": summary,
                "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
                "content": {"application/json": {"schema": given}},
            },
            **problems,
        },
    }
