"""/mcp: the Model Context Protocol over HTTP without sessions, under the rights of the token that comes with a request.

A console session is not enough here, so no page can make a browser call tools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from chassis.caller import Caller
from chassis.errors import FuniaError, PermissionDenied, Unauthenticated
from chassis.status import HTTP_STATUS
from chassis.tokens import TokenVerifier
from flask import Blueprint, Response, request

from gateway.mcp.messages import (
    FORBIDDEN,
    HANDSHAKE_VERSIONS,
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    MODERN_VERSION,
    VERSION_HEADER,
    VERSIONS,
    Message,
    Refusal,
    check_version,
    read_message,
    written,
)
from gateway.mcp.tools import Tool, read_tools
from gateway.problems import HttpError, ProblemWriter, request_id_of
from gateway.ratelimit.calls import ApiCalls
from gateway.transcode.calls import RequestLimits, json_body, proof_of, token_of
from gateway.transcode.endpoint import Endpoint
from gateway.transcode.openapi import read_comments
from gateway.transcode.routes import no_session

PATH = "/mcp"
METADATA = "/.well-known/oauth-protected-resource"
_SERVER = {"name": "funia", "title": "Funia CRM", "version": "1"}
_LIST_KEPT_MS = 60_000
_INSTRUCTIONS = """\
Funia is the company's CRM. Contacts are people, accounts are organisations; each has a timeline of what happened.
Find somebody by search_customers (forgives typos) or lookup_contact (exact e-mail, phone or external id) before you
create anybody. Lists take a filter such as lifecycle_stage = "lead" AND score >= 50 AND custom.tier = "gold": operators
are = != < <= > >= and : (has), joined by AND, OR, NOT and parentheses. list_custom_fields names the company's own.
A list that goes on has next_page_token: give it as page_token for the next page. Times are RFC 3339 in UTC, money is
{"currency_code", "amount_minor"}. Where a tool fails, its text names the field and the remedy: mend that and try again.
"""


def mcp_blueprint(
    endpoints: Iterable[Endpoint],
    problems: ProblemWriter,
    limits: RequestLimits,
    *,
    issuer: str,
    verifier: TokenVerifier,
    calls: ApiCalls | None = None,
) -> Blueprint:
    """The endpoint and its metadata (RFC 9728). `calls` refuses tools that write after the day's last call."""
    blueprint = Blueprint("mcp", __name__)
    views = _Mcp(read_tools(endpoints, read_comments()), problems, limits, issuer, verifier, calls)
    blueprint.add_url_rule(PATH, "mcp", views.post, methods=["POST"])
    blueprint.add_url_rule(METADATA, "metadata", views.metadata)
    blueprint.add_url_rule(METADATA + PATH, "metadata", views.metadata)
    return blueprint


BASIC_SCOPE = "contacts.read"
"""What a client asks for first. It learns of more from the challenge of a tool that needs more: clients ask for all
that is named here at once, and are refused what they are not registered for."""


class _Mcp:
    def __init__(
        self,
        tools: Mapping[str, Tool],
        problems: ProblemWriter,
        limits: RequestLimits,
        issuer: str,
        verifier: TokenVerifier,
        calls: ApiCalls | None,
    ) -> None:
        self._tools = tools
        self._problems = problems
        self._limits = limits
        self._issuer = issuer
        self._verifier = verifier
        self._calls = calls

    def metadata(self) -> Response:
        """Where a client finds the server that gives out tokens."""
        document = {
            "resource": f"{self._issuer}{PATH}",
            "authorization_servers": [self._issuer],
            "scopes_supported": [BASIC_SCOPE],
            "bearer_methods_supported": ["header"],
            "resource_name": "Funia",
            "resource_documentation": f"{self._issuer}/docs",
        }
        return _json(orjson.dumps(document), HTTPStatus.OK)

    def post(self) -> Response:
        """One message, answered at once as JSON."""
        origin = request.headers.get("Origin")
        if origin is not None and origin != self._issuer:
            raise HttpError(HTTPStatus.FORBIDDEN, "FOREIGN_ORIGIN", "Pages of other sites may not call this endpoint.")
        message: Message | None = None
        try:
            token = token_of(request.environ, no_session, self._limits)
            caller = self._verifier.verify(token, proof_of(request.environ))
            message = read_message(json_body(request.environ, self._limits))
            check_version(message, dict(request.headers))
            if message.request_id is None:
                return Response(status=HTTPStatus.ACCEPTED)
            return _json(written(message.request_id, result=self._answer(caller, message)), HTTPStatus.OK)
        except Unauthenticated as refusal:
            return self._challenge(refusal, f'Bearer resource_metadata="{self._issuer}{METADATA}{PATH}"')
        except _ScopeMissing as refusal:
            challenge = (
                f'Bearer error="insufficient_scope", scope="{refusal.scope}", '
                f'resource_metadata="{self._issuer}{METADATA}{PATH}"'
            )
            return self._challenge(refusal, challenge)
        except Refusal as refusal:
            request_id = None if message is None else message.request_id
            return _json(written(request_id, refusal=refusal), refusal.status)

    def _answer(self, caller: Caller, message: Message) -> dict[str, Any]:
        about = {
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": _SERVER,
            "instructions": _INSTRUCTIONS,
        }
        match message.method:
            case "initialize":
                asked = message.params.get("protocolVersion")
                return {"protocolVersion": asked if asked in HANDSHAKE_VERSIONS else HANDSHAKE_VERSIONS[-1], **about}
            case "server/discover":
                return {"supportedVersions": list(VERSIONS), "ttlMs": _LIST_KEPT_MS, "cacheScope": "private", **about}
            case "ping":
                return {}
            case "tools/list":
                listed = [tool.listing for tool in self._tools.values() if tool.scope in caller.scopes]
                return {"tools": listed, "ttlMs": _LIST_KEPT_MS, "cacheScope": "private"}
            case "tools/call":
                return self._call(caller, message.params)
        raise Refusal(
            METHOD_NOT_FOUND,
            "This server has tools only: use tools/list and tools/call.",
            status=HTTPStatus.NOT_FOUND if request.headers.get(VERSION_HEADER) == MODERN_VERSION else HTTPStatus.OK,
        )

    def _call(self, caller: Caller, params: Mapping[str, Any]) -> dict[str, Any]:
        tool, arguments = self._tools.get(str(params.get("name"))), params.get("arguments") or {}
        if tool is None or not isinstance(arguments, dict):
            known = ", ".join(name for name, one in self._tools.items() if one.scope in caller.scopes)
            raise Refusal(INVALID_PARAMS, f"Name one of these tools, and give its arguments as an object: {known}.")
        if tool.scope not in caller.scopes:
            raise _ScopeMissing(tool)
        try:
            if self._calls is not None and not tool.endpoint.route.access.read_only:
                self._calls.check(str(caller.tenant_id))
            body = tool.call(arguments, request.environ)
        except Unauthenticated:
            raise
        except FuniaError as error:
            return self._failed(error)
        except Exception as error:  # noqa: BLE001 - the border: a model gets a request id, as a program does
            return self._failed(error)
        return {"content": [_text(body.decode())], "structuredContent": orjson.loads(body), "isError": False}

    def _failed(self, error: Exception) -> dict[str, Any]:
        """What went wrong in words a model can act on, and the problem document as REST gives it."""
        document = orjson.loads(self._problems.render(error, request_id_of(request.environ)).body)
        lines = [f"{document['detail']} ({document['reason']})"]
        lines += [f"- {one['field']}: {one['message']}" for one in document["violations"]]
        return {"content": [_text("\n".join(lines))], "structuredContent": document, "isError": True}

    def _challenge(self, refusal: FuniaError, challenge: str) -> Response:
        body = written(None, refusal=Refusal(FORBIDDEN, refusal.message, more={"reason": refusal.reason}))
        response = _json(body, HTTP_STATUS[refusal.kind])
        response.headers["WWW-Authenticate"] = challenge
        return response


class _ScopeMissing(PermissionDenied):
    def __init__(self, tool: Tool) -> None:
        super().__init__(
            f"{tool.name} needs the scope {tool.scope}. Connect again and let it be granted.",
            reason="SCOPE_MISSING",
        )
        self.scope = tool.scope


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def _json(body: bytes, status: HTTPStatus) -> Response:
    response = Response(body, status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
