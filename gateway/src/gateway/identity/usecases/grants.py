"""Grants: what a person allows a client, the code that carries it, and the family of refresh tokens that comes of it.

Codes and refresh tokens are used up atomically; using one twice revokes the whole grant (RFC 9700, 2.1.1 and 4.14).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.work import Database, Row, Work

from gateway.identity import events
from gateway.identity.access_tokens import Rights
from gateway.identity.model.audit import Act, Actor
from gateway.identity.platform import PlatformWork, as_tenant, open_platform_work
from gateway.identity.queries import app_grant as app_grants
from gateway.identity.queries import grant as grants
from gateway.identity.queries import user as users
from gateway.identity.roles import OPENID_SCOPES, Role, role_of
from gateway.identity.secret_values import digest, new_secret
from gateway.identity.usecases.sessions import rights_of
from gateway.settings import GatewaySettings


class RegisteredClient(Protocol):
    """What a grant must know of its client."""

    @property
    def client_id(self) -> str: ...
    @property
    def tenant_id(self) -> UUID | None: ...
    @property
    def scopes(self) -> frozenset[str]: ...
    @property
    def version(self) -> int: ...
    @property
    def is_public(self) -> bool: ...
    def check_grant_type(self, grant_type: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person allowed, and the request it answers."""

    client_id: str
    tenant_id: UUID
    user_id: UUID
    redirect_uri: str
    scopes: tuple[str, ...]
    code_challenge: str
    nonce: str
    authenticated_at: datetime
    amr: tuple[str, ...] = ()
    """How the person had logged in, by RFC 8176."""
    key_thumbprint: str = ""
    """Of the key that alone may redeem the code; "" where any may."""


@dataclass(frozen=True, slots=True)
class Consented:
    """A consent that is about to become a grant."""

    client_id: str
    tenant_id: UUID
    user_id: UUID
    scopes: tuple[str, ...]
    authenticated_at: datetime
    grant_id: UUID
    nonce: str = ""
    amr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Granted:
    """The rights a token request earned. `refresh_token` is "" where the client gets none."""

    rights: Rights
    member: Row
    refresh_token: str
    nonce: str
    authenticated_at: datetime
    amr: tuple[str, ...]


class Grants:
    """Makes, redeems, refreshes and revokes. Thread-safe."""

    def __init__(self, database: Database, settings: GatewaySettings) -> None:
        self._database = database
        self._settings = settings

    def lasts_s(self, client: RegisteredClient) -> int:
        """How long a client can use what a person allows it now, at most."""
        if client.check_grant_type("refresh_token"):
            return self._settings.refresh_token_max_s
        return self._settings.access_token_s

    def add_code(self, code: str, consent: Consent) -> None:
        """Keeps a new authorization code, good for `authorization_code_s`."""
        with open_platform_work(self._database) as platform:
            grants.add_code(
                platform,
                code_hash=digest(code),
                client_id=consent.client_id,
                for_tenant=consent.tenant_id,
                user_id=consent.user_id,
                redirect_uri=consent.redirect_uri,
                scopes=list(consent.scopes),
                code_challenge=consent.code_challenge,
                nonce=consent.nonce,
                authenticated_at=consent.authenticated_at,
                amr=list(consent.amr),
                expires_at=platform.now + timedelta(seconds=self._settings.authorization_code_s),
                grant_id=uuid7(),
                key_thumbprint=consent.key_thumbprint,
            )

    def usable_code(self, code: str, client_id: str) -> Row | None:
        """The code's row for the client it was given to, or None. A code used before revokes what it gave."""
        with open_platform_work(self._database) as platform:
            row = grants.code(platform, digest(code))
            if row is None:
                return None
            if row.client_id != client_id:
                _note_refusal(platform, row, "foreign_client")
                return None
            if row.consumed_at is not None:
                _revoke(platform, row.for_tenant, row.grant_id, "code_replay")
                return None
            if row.expires_at <= platform.now:
                _note_refusal(platform, row, "expired")
                return None
            return row

    def redeem(self, code: Row, client: RegisteredClient, key: str = "") -> Granted | None:
        """Uses a code up and makes its grant, or None; the loser of a race revokes what the winner got.

        `key` is the key that the tokens are bound to, by its thumbprint; "" for bearer tokens.
        """
        with open_platform_work(self._database) as platform:
            if not grants.consume_code(platform, bytes(code.code_hash)):
                _revoke(platform, code.for_tenant, code.grant_id, "code_replay")
                return None
            consented = Consented(
                code.client_id,
                code.for_tenant,
                code.user_id,
                tuple(code.scopes),
                code.authenticated_at,
                code.grant_id,
                code.nonce,
                tuple(code.amr),
            )
            return self.start(platform, consented, client, key)

    def start(
        self, platform: PlatformWork, consented: Consented, client: RegisteredClient, key: str = ""
    ) -> Granted | None:
        """Makes the grant inside the running transaction.

        None where the person lost the company meanwhile, or the company shut the app out.
        """
        member = users.rights(platform, consented.tenant_id, consented.user_id)
        role = None if member is None else role_of(member)
        if member is None or role is None:
            return None
        ends = platform.now + timedelta(seconds=self._settings.refresh_token_max_s)
        with as_tenant(platform, Caller.system(consented.tenant_id)) as work:
            if not _is_let_in(work, client):
                return None
            grants.add(
                work,
                id=consented.grant_id,
                client_id=consented.client_id,
                user_id=consented.user_id,
                scopes=list(consented.scopes),
                authenticated_at=consented.authenticated_at,
                amr=list(consented.amr),
                created_at=work.now,
                expires_at=ends,
                revoked_at=None,
                revoked_for="",
                key_thumbprint=key if client.is_public else "",
            )
            work.note(
                Act(
                    "identity.grant.authorized",
                    str(consented.grant_id),
                    {"client_id": consented.client_id, "scopes": ",".join(sorted(consented.scopes))},
                    actor=Actor("user", consented.user_id, consented.client_id),
                )
            )
        refresh = ""
        if client.check_grant_type("refresh_token"):
            refresh = self._new_token(platform, consented.tenant_id, consented.grant_id, ends)
        scopes = effective_scopes(consented.scopes, role, client.scopes)
        rights = replace(
            rights_of(member, role, client_id=consented.client_id, scopes=scopes),
            grant_id=consented.grant_id,
            client_version=client.version,
            key_thumbprint=key,
        )
        return Granted(rights, member, refresh, consented.nonce, consented.authenticated_at, consented.amr)

    def end(self, platform: PlatformWork, tenant_id: UUID, grant_id: UUID, reason: str) -> None:
        """Ends a grant inside the running transaction."""
        _revoke(platform, tenant_id, grant_id, reason)

    def usable_token(self, token: str, client_id: str) -> Row | None:
        """The refresh token's row for the client it was given to, or None where it or its grant is over.

        A token used before revokes the whole family.
        """
        with open_platform_work(self._database) as platform:
            row = grants.token(platform, digest(token))
            if row is None:
                return None
            if row.client_id != client_id:
                _note_refusal(platform, row, "foreign_client")
                return None
            if row.used_at is not None:
                _revoke(platform, row.for_tenant, row.grant_id, "refresh_reuse")
                return None
            is_over = row.revoked_at is not None or min(row.expires_at, row.grant_expires_at) <= platform.now
            return None if is_over else row

    def refresh(self, token: Row, client: RegisteredClient, *, asked: Iterable[str], key: str = "") -> Granted | None:
        """Rotates a refresh token, or None; the loser of a race revokes the family, the winner's tokens with it."""
        with open_platform_work(self._database) as platform:
            if not grants.use_token(platform, bytes(token.token_hash)):
                _revoke(platform, token.for_tenant, token.grant_id, "refresh_reuse")
                return None
            member = users.rights(platform, token.for_tenant, token.user_id)
            role = None if member is None else role_of(member)
            if member is None or role is None:
                return None
            if not grants.is_alive(platform, token.for_tenant, token.grant_id):
                return None
            fresh = self._new_token(platform, token.for_tenant, token.grant_id, token.grant_expires_at)
        scopes = effective_scopes(asked, role, client.scopes)
        rights = replace(
            rights_of(member, role, client_id=token.client_id, scopes=scopes),
            grant_id=token.grant_id,
            client_version=client.version,
            key_thumbprint=key,
        )
        return Granted(rights, member, fresh, "", token.authenticated_at, tuple(token.amr))

    def remembers(self, tenant_id: UUID, user_id: UUID, client_id: str, scopes: Iterable[str]) -> bool:
        """Whether the person said yes to all of this before, and took none of it back."""
        with open_platform_work(self._database) as platform:
            former = grants.living_scopes(platform, tenant_id, user_id, client_id)
        return any(set(scopes) <= known for known in former)

    def find_token(self, token: str) -> Row | None:
        """A refresh token with its grant, only to be looked at."""
        with open_platform_work(self._database) as platform:
            return grants.token(platform, digest(token))

    def is_active(self, tenant_id: UUID, grant_id: UUID | None, user_id: UUID | None) -> bool:
        """Whether grant and person are still good."""
        with open_platform_work(self._database) as platform:
            if grant_id is not None and not grants.is_alive(platform, tenant_id, grant_id):
                return False
            return user_id is None or users.rights(platform, tenant_id, user_id) is not None

    def revoke(self, tenant_id: UUID, grant_id: UUID, reason: str) -> None:
        """Ends a grant with all its refresh and access tokens."""
        with open_platform_work(self._database) as platform:
            _revoke(platform, tenant_id, grant_id, reason)

    def note_refusal(self, row: Row, reason: str) -> None:
        """Enters in the company's audit log that a code or refresh token was refused, from its row."""
        with open_platform_work(self._database) as platform:
            _note_refusal(platform, row, reason)

    def revoke_access_token(self, tenant_id: UUID, token_id: UUID, client_id: str) -> None:
        """Ends one access token that an app got for itself, without a grant."""
        with open_platform_work(self._database) as platform, as_tenant(platform, Caller.system(tenant_id)) as work:
            work.record(events.token_revoked(token_id, client_id))

    def _new_token(self, platform: PlatformWork, tenant_id: UUID, grant_id: UUID, grant_ends: datetime) -> str:
        token = new_secret()
        idle_ends = platform.now + timedelta(seconds=self._settings.refresh_token_idle_s)
        grants.add_token(
            platform, digest(token), tenant_id=tenant_id, grant_id=grant_id, expires_at=min(idle_ends, grant_ends)
        )
        return token


def effective_scopes(granted: Iterable[str], role: Role, client_scopes: Iterable[str]) -> frozenset[str]:
    """What of a consent holds today: within the person's role and the client's registration."""
    allowed = (role.scopes | set(OPENID_SCOPES)) & set(client_scopes)
    return frozenset(granted) & allowed


def _is_let_in(work: Work, client: RegisteredClient) -> bool:
    """Whether the company let the app in; nobody shuts it out before the running transaction ends."""
    if client.tenant_id in (None, work.tenant_id):
        return True
    return app_grants.hold(work, client.client_id) is not None


def _note_refusal(platform: PlatformWork, row: Row, reason: str) -> None:
    act = Act(
        "identity.grant.refused",
        str(row.grant_id),
        {"client_id": row.client_id, "user_id": str(row.user_id), "reason": reason},
    )
    with as_tenant(platform, Caller.system(row.for_tenant)) as work:
        work.note(act)


def _revoke(platform: PlatformWork, tenant_id: UUID, grant_id: UUID, reason: str) -> None:
    with as_tenant(platform, Caller.system(tenant_id)) as work:
        ended = grants.revoke(work, grant_id, reason)
        if ended is not None:
            work.record(events.grant_revoked(ended, reason))
