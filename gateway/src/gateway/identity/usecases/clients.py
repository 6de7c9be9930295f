"""Registering and removing OAuth clients of a company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.caller import VISIBILITIES
from chassis.errors import InvalidArgument, PermissionDenied, Violation
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import client_not_found
from gateway.identity import events
from gateway.identity.model import client_keys, redirect_uris
from gateway.identity.queries import client as clients
from gateway.identity.roles import OPENID_SCOPES, SCOPES
from gateway.identity.secret_values import digest, new_secret
from gateway.identity.usecases.webhook_endings import disable_of_app

CODE, REFRESH, CREDENTIALS = "authorization_code", "refresh_token", "client_credentials"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True)
class ClientDraft:
    """What an administrator says of a new client."""

    name: str
    redirect_uris: Sequence[str]
    scopes: Sequence[str]
    grant_types: Sequence[str]
    is_public: bool
    jwks: str = ""
    """Public keys of private_key_jwt as the text of a JWK Set, in place of a secret."""
    requires_pushed: bool = False
    binds_tokens: bool = False
    """Whether it gets access tokens bound to a key (DPoP) and no others."""
    description: str = ""
    homepage_url: str = ""
    visibility: str = ""
    """Whose records a client that acts for itself sees: "own" or "all"."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A new client's row, and the secret that nobody can read again."""

    row: Row
    secret: str


def register(work: Work, draft: ClientDraft) -> Registered:
    """Registers a client that may ask for at most the scopes of the caller.

    Raises InvalidArgument naming every bad field, PermissionDenied where it would be given more than the caller has.
    """
    grant_types = _grant_types(draft)
    keys = _check(draft, grant_types)
    beyond = sorted(set(draft.scopes) - set(OPENID_SCOPES) - work.caller.scopes)
    if beyond:
        raise PermissionDenied(
            f"You cannot give a client scopes that you do not have: {', '.join(beyond)}.", reason="SCOPE_BEYOND_OWN"
        )
    visibility = draft.visibility or work.caller.visibility
    # An app that acts for people shows what they see.
    if CREDENTIALS in grant_types and VISIBILITIES.index(visibility) > VISIBILITIES.index(work.caller.visibility):
        raise PermissionDenied(
            f'You cannot give a client the visibility "{visibility}": you see less yourself.',
            reason="VISIBILITY_BEYOND_OWN",
        )
    record_id = uuid7()
    secret = "" if draft.is_public or keys is not None else new_secret()
    clients.add(
        work,
        id=record_id,
        client_id=f"c-{record_id.hex}",
        secret_hash=digest(secret) if secret else None,
        name=draft.name,
        redirect_uris=list(draft.redirect_uris),
        scopes=sorted(set(draft.scopes)),
        grant_types=grant_types,
        jwks=keys,
        requires_pushed=draft.requires_pushed,
        binds_tokens=draft.binds_tokens,
        status="draft",
        description=draft.description,
        homepage_url=draft.homepage_url,
        review_note="",
        visibility=visibility,
        updated_at=work.now,
        version=1,
        created_at=work.now,
        created_by=work.caller.actor_id,
        deleted_at=None,
    )
    row = clients.get(work, record_id)
    assert row is not None
    work.record(events.client_changed("authorized", record_id, 1, client_id=row.client_id, scopes=row.scopes))
    return Registered(row, secret)


def remove(work: Work, record_id: UUID) -> None:
    """Removes a client with all that people granted it and the company's webhooks that it made are sent.

    Tokens it holds are refused within seconds.
    """
    row = clients.get(work, record_id)
    if row is None:
        raise client_not_found(record_id)
    clients.remove(work, record_id, row.client_id)
    disable_of_app(work, row.client_id)
    work.record(events.client_changed("revoked", record_id, row.version + 1, client_id=row.client_id, scopes=()))


def _grant_types(draft: ClientDraft) -> list[str]:
    if draft.grant_types:
        return sorted(set(draft.grant_types))
    return [CODE, REFRESH] if draft.redirect_uris else [CREDENTIALS]


def _check(draft: ClientDraft, grant_types: Sequence[str]) -> dict[str, Any] | None:
    """The keys to keep, if any. Raises InvalidArgument naming every bad field."""
    violations = []
    keys, wrong_keys = client_keys.parse(draft.jwks) if draft.jwks else (None, "")
    if draft.jwks and draft.is_public:
        wrong_keys = "a public client has no keys; leave out one of the two"
    if wrong_keys:
        violations.append(Violation("oauth_client.jwks", wrong_keys, "INVALID_KEYS"))
    known = set(SCOPES) | set(OPENID_SCOPES)
    for index, scope in enumerate(draft.scopes):
        if scope not in known:
            message = f"There is no scope {scope[:60]}. Known are: {', '.join(SCOPES)}."
            violations.append(Violation(f"oauth_client.scopes[{index}]", message, "UNKNOWN_SCOPE"))
    for index, uri in enumerate(draft.redirect_uris):
        if wrong := redirect_uris.problem(uri):
            violations.append(Violation(f"oauth_client.redirect_uris[{index}]", wrong, "INVALID_REDIRECT_URI"))
    if CODE in grant_types and not draft.redirect_uris:
        violations.append(
            Violation("oauth_client.redirect_uris", "authorization_code needs an address to return to", "REQUIRED")
        )
    if REFRESH in grant_types and not {CODE, DEVICE} & set(grant_types):
        wrong = "refresh_token needs authorization_code or the device code beside it"
        violations.append(Violation("oauth_client.grant_types", wrong, "INVALID_GRANTS"))
    if CREDENTIALS in grant_types and draft.is_public:
        violations.append(
            Violation("oauth_client.grant_types", "a public client cannot use client_credentials", "INVALID_GRANTS")
        )
    if violations:
        first = violations[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason="INVALID_FIELD", violations=violations)
    return keys
