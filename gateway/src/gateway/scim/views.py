"""/scim/v2: finds out whose directory asks, and hands the request on. What serves it is loaded with the first one."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from chassis.caller import Caller
from chassis.errors import FuniaError, PermissionDenied, TooLarge, Unauthenticated
from chassis.tokens import TokenVerifier
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from gateway.identity.audited import IdentityDatabase
from gateway.identity.usecases.scim_tokens import PREFIX, ROOT, SCOPE, ScimTokens
from gateway.problems import RETRY_AFTER_KEY, request_id_of
from gateway.ratelimit.edge import REFUSAL
from gateway.scim.calls import Answer, ScimCall
from gateway.settings import GatewaySettings

if TYPE_CHECKING:
    from gateway.scim.serving import ScimServer

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_OPEN = "ServiceProviderConfig"
"""What the service can do is no secret, and is asked before there is a token."""


class ScimCallers:
    """Who a bearer token of a SCIM request speaks for: a company's directory, or whoever has the scope."""

    def __init__(self, tokens: ScimTokens, verifier: TokenVerifier) -> None:
        self._tokens = tokens
        self._verifier = verifier

    def __call__(self, token: str, *, request_id: str = "") -> Caller:
        """Raises Unauthenticated or PermissionDenied. A directory sees the whole company, or it would make double."""
        if token.startswith(PREFIX):
            return self._tokens.caller(token, request_id=request_id)
        caller = self._verifier.verify(token)
        if SCOPE not in caller.scopes:
            raise PermissionDenied(
                f'Provisioning needs the scope "{SCOPE}".', reason="MISSING_SCOPE", metadata={"scope": SCOPE}
            )
        return replace(caller, visibility="all", request_id=request_id)


def scim_blueprint(database: IdentityDatabase, callers: ScimCallers, settings: GatewaySettings) -> Blueprint:
    """The SCIM endpoints."""
    blueprint = Blueprint("scim", __name__)
    views = _Scim(database, callers, settings)
    for rule in (ROOT, f"{ROOT}/<path:path>"):
        blueprint.add_url_rule(rule, "serve", views.serve, methods=_METHODS)
    return blueprint


class _Scim:
    def __init__(self, database: IdentityDatabase, callers: ScimCallers, settings: GatewaySettings) -> None:
        self._database = database
        self._callers = callers
        self._settings = settings
        self._server: ScimServer | None = None
        self._lock = threading.Lock()

    def serve(self, path: str = "") -> Response:
        """Any request of a directory."""
        server = self._loaded()
        request_id = request_id_of(request.environ)
        limited: FuniaError | None = request.environ.get(REFUSAL)
        try:
            if limited is not None:
                raise limited
            status, headers, content = self._answer(server, path, request_id)
        except RequestEntityTooLarge:
            too_large = TooLarge(f"A request has at most {self._settings.body_max_bytes} bytes. Send less at once.")
            status, headers, content = server.refusal(too_large, request_id)
        except FuniaError as error:
            status, headers, content = server.refusal(error, request_id)
        response = Response(content, status, headers)
        response.headers["Cache-Control"] = "no-store"
        if limited is not None:
            response.headers["Retry-After"] = limited.metadata.get(RETRY_AFTER_KEY, "1")
        return response

    def _answer(self, server: ScimServer, path: str, request_id: str) -> Answer:
        query = request.args.to_dict()
        if path == _OPEN and request.method == "GET":
            return server.configuration(query, request_id)
        caller = self._callers(_bearer(), request_id=request_id)
        return server.answer(
            ScimCall(request.method, f"/{path}", query, dict(request.headers), request.get_data(), request_id),
            lambda: self._database.open_work(caller, read_only=request.method == "GET"),
        )

    def _loaded(self) -> ScimServer:
        with self._lock:
            if self._server is None:
                from gateway.scim.serving import ScimServer

                self._server = ScimServer(self._settings, base_url=self._settings.issuer.rstrip("/") + ROOT)
            return self._server


def _bearer() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() != "bearer" or not token.strip():
        raise Unauthenticated("Send the SCIM token: Authorization: Bearer ...", reason="MISSING_TOKEN")
    return token.strip()
