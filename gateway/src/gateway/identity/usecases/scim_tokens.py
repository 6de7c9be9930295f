"""Tokens with which a company's directory calls the SCIM endpoints. Only their hashes are kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import FailedPrecondition, NotFound, Unauthenticated
from chassis.ids import uuid7
from chassis.revocations import refused
from chassis.work import Database, Row, Work

from gateway.identity import scim_events as events
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import scim_token as queries
from gateway.identity.secret_values import digest, new_secret
from gateway.settings import GatewaySettings

SCOPE = "identity.scim"
ROOT = "/scim/v2"
PREFIX = "funia_scim_"
"""What every token begins with, so that scanners of leaked secrets know it."""
_OPEN = ("trial", "active", "past_due")
_TOUCH_AFTER = timedelta(minutes=5)


class ScimTokens:
    """Makes, revokes and recognises tokens. Thread-safe."""

    def __init__(self, database: Database, settings: GatewaySettings) -> None:
        self._database = database
        self._settings = settings

    @property
    def base_url(self) -> str:
        """Address of the endpoints, as directories are told."""
        return self._settings.issuer.rstrip("/") + ROOT

    def create(self, work: Work) -> tuple[UUID, str]:
        """A new token: its id and the token itself. Raises FailedPrecondition where there are two already."""
        queries.forget_expired(work)
        if len(queries.every(work)) >= self._settings.scim_tokens_max:
            raise FailedPrecondition(
                f"Your company has {self._settings.scim_tokens_max} tokens, which is the most. Revoke one first.",
                reason="TOO_MANY_SCIM_TOKENS",
            )
        token_id, secret = uuid7(), PREFIX + new_secret()
        until = work.now + timedelta(days=self._settings.scim_token_days)
        queries.add(work, token_id, digest(secret), expires_at=until)
        work.record(events.scim_token_changed("created", token_id, 1))
        return token_id, secret

    def revoke(self, work: Work, token_id: UUID) -> None:
        """Ends a token at once. Raises NotFound."""
        if not queries.remove(work, token_id):
            raise NotFound(f"There is no SCIM token {token_id} in your company.", reason="SCIM_TOKEN_NOT_FOUND")
        work.record(events.scim_token_changed("revoked", token_id, 2))

    def caller(self, token: str, *, request_id: str = "") -> Caller:
        """Who shows the token. Raises Unauthenticated, PermissionDenied where the company is suspended."""
        with open_platform_work(self._database) as platform:
            row = queries.by_hash(platform, digest(token))
            now = platform.now
        if row is None:
            raise Unauthenticated(
                "This token is not known, has ended or was revoked. Make one under Settings, Provisioning.",
                reason="INVALID_TOKEN",
            )
        if row.status not in _OPEN:
            raise refused("TENANT_SUSPENDED" if row.status == "suspended" else "TENANT_CLOSED")
        caller = Caller(
            tenant_id=row.tenant_id,
            actor_type="client",
            actor_id=row.id,
            scopes=frozenset({SCOPE}),
            visibility="all",
            request_id=request_id,
        )
        if row.last_used_at is None or now - row.last_used_at > _TOUCH_AFTER:
            self._touch(caller, row)
        return caller

    def _touch(self, caller: Caller, row: Row) -> None:
        with self._database.open_work(caller) as work:
            queries.touch(work, row.id)
