"""Dynamic client registration (RFC 7591) for programs of reviewed partners, with an initial access token.

A client registered so is a draft of the partner's own company: other companies meet it only after a review.
"""

from __future__ import annotations

import time
from typing import Any

import orjson
from chassis.caller import Caller
from chassis.errors import FuniaError, Unauthenticated
from chassis.work import Database
from flask import Response, request

from gateway.identity.platform import open_platform_work
from gateway.identity.queries import app_grant as queries
from gateway.identity.queries import user as users
from gateway.identity.roles import role_of
from gateway.identity.secret_values import digest
from gateway.identity.usecases import clients
from gateway.oauth.clients import COMMAND_LINE

_METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
_GRANTS = ("authorization_code", "refresh_token", "client_credentials", clients.DEVICE)
_TEXTS = ("client_name", "client_uri", "scope", "token_endpoint_auth_method")
_LISTS = ("redirect_uris", "grant_types", "response_types")


class MetadataError(Exception):
    """Metadata that cannot be registered; `code` is the error of RFC 7591, 3.2.2."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


class Registration:
    """The view of POST /oauth/register."""

    def __init__(self, database: Database, *, body_max_bytes: int) -> None:
        self._database = database
        self._body_max_bytes = body_max_bytes

    def __call__(self) -> Response:
        """201 with the client and its secret, shown this once; unknown metadata is ignored (RFC 7591, 2)."""
        request.max_content_length = self._body_max_bytes
        try:
            caller = self._caller()
            draft, method = _draft(_metadata())
            with self._database.open_work(caller) as work:
                registered = clients.register(work, draft)
        except Unauthenticated as error:
            headers = {"WWW-Authenticate": 'Bearer realm="funia", error="invalid_token"'}
            return _answer(401, {"error": "invalid_token", "error_description": error.message}, headers)
        except MetadataError as error:
            return _answer(400, {"error": error.code, "error_description": str(error)})
        except FuniaError as error:
            fields = {violation.field for violation in error.violations}
            about_redirect = any("redirect_uris" in field for field in fields)
            code = "invalid_redirect_uri" if about_redirect else "invalid_client_metadata"
            return _answer(400, {"error": code, "error_description": error.message})
        return _answer(201, _registered(registered, method))

    def _caller(self) -> Caller:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            with open_platform_work(self._database) as platform:
                row = queries.token(platform, digest(token.strip()))
                member = None if row is None else users.rights(platform, row.tenant_id, row.created_by)
            role = None if member is None else role_of(member)
            if row is not None and role is not None:
                # A token gives no more than its maker may do today.
                scopes = frozenset(row.scopes) & role.scopes
                if "identity.admin" in scopes:
                    return Caller(row.tenant_id, "user", row.created_by, scopes, role.visibility)
        raise Unauthenticated("Registering needs a token of CreateRegistrationToken that is still good.")


def _metadata() -> dict[str, Any]:
    try:
        document = orjson.loads(request.get_data())
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise MetadataError("invalid_client_metadata", "Send the client's metadata as a JSON object.")
    for name in _TEXTS:
        if not isinstance(document.get(name, ""), str):
            raise MetadataError("invalid_client_metadata", f"{name} must be a text.")
    for name in _LISTS:
        values = document.get(name, [])
        texts = isinstance(values, list) and all(isinstance(one, str) and len(one) <= 500 for one in values)
        if not texts or len(values) > 10:
            raise MetadataError(
                "invalid_client_metadata", f"{name} must be a list of at most 10 texts of 500 characters."
            )
    return document


def _draft(document: dict[str, Any]) -> tuple[clients.ClientDraft, str]:
    method = document.get("token_endpoint_auth_method", "client_secret_basic")
    if method not in _METHODS:
        raise MetadataError("invalid_client_metadata", f"token_endpoint_auth_method: use one of {', '.join(_METHODS)}.")
    if set(document.get("response_types", ["code"])) - {"code"}:
        raise MetadataError("invalid_client_metadata", "response_types: only code is supported.")
    grants = document.get("grant_types", ["authorization_code"])
    if unknown := set(grants) - set(_GRANTS):
        raise MetadataError("invalid_client_metadata", f"grant_types: {min(unknown)[:80]} is not supported.")
    if "jwks_uri" in document:
        raise MetadataError("invalid_client_metadata", "jwks_uri is not read; give the keys themselves in jwks.")
    keyed = method == "private_key_jwt"
    if keyed != ("jwks" in document):
        raise MetadataError("invalid_client_metadata", "jwks and private_key_jwt belong together.")
    name, page = document.get("client_name", "").strip(), document.get("client_uri", "")
    if not name or len(name) > 120 or not name.isprintable():
        raise MetadataError("invalid_client_metadata", "client_name: give a name of at most 120 characters.")
    if page and (not page.startswith("https://") or len(page) > 500):
        raise MetadataError("invalid_client_metadata", "client_uri: give an https address of at most 500 characters.")
    scopes = document.get("scope", "").split()
    draft = clients.ClientDraft(
        name=name,
        redirect_uris=document.get("redirect_uris", []),
        scopes=[scope for scope in scopes if scope in COMMAND_LINE.scopes] if scopes else ["openid"],
        grant_types=grants,
        is_public=method == "none",
        jwks=orjson.dumps(document["jwks"]).decode() if keyed else "",
        requires_pushed=document.get("require_pushed_authorization_requests") is True,
        binds_tokens=document.get("dpop_bound_access_tokens") is True,
        homepage_url=page,
    )
    return draft, method


def _registered(registered: clients.Registered, method: str) -> dict[str, Any]:
    row = registered.row
    answer: dict[str, Any] = {
        "client_id": row.client_id,
        "client_id_issued_at": int(time.time()),
        "client_name": row.name,
        "redirect_uris": row.redirect_uris,
        "grant_types": row.grant_types,
        "response_types": ["code"] if "authorization_code" in row.grant_types else [],
        "scope": " ".join(row.scopes),
        "token_endpoint_auth_method": method,
        "require_pushed_authorization_requests": row.requires_pushed,
        "dpop_bound_access_tokens": row.binds_tokens,
    }
    if row.homepage_url:
        answer["client_uri"] = row.homepage_url
    if registered.secret:
        answer |= {"client_secret": registered.secret, "client_secret_expires_at": 0}
    if row.jwks is not None:
        answer["jwks"] = row.jwks
    return answer


def _answer(status: int, document: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    response = Response(orjson.dumps(document), status, headers, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
