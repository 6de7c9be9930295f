"""Statements on what companies let apps of others do, and on the tokens that register clients."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert, tuple_, update

from gateway.identity.model.tables import AppGrant, OAuthGrant, RegistrationToken
from gateway.identity.platform import PlatformWork

_LIVING = scoped(AppGrant).where(AppGrant.revoked_at.is_(None))
_GET = prepare(_LIVING.where(AppGrant.id == bindparam("id")))
_OF_CLIENT = prepare(_LIVING.where(AppGrant.client_id == bindparam("client_id")).with_for_update())
_HOLD = prepare(_LIVING.where(AppGrant.client_id == bindparam("client_id")).with_for_update(read=True))
_PAGE = _LIVING.order_by(AppGrant.created_at, AppGrant.id).limit(bindparam("limit"))
_FIRST_PAGE = prepare(_PAGE)
_NEXT_PAGE = prepare(
    _PAGE.where(
        tuple_(AppGrant.created_at, AppGrant.id)
        > tuple_(
            bindparam("after_created_at", type_=AppGrant.created_at.type),
            bindparam("after_id", type_=AppGrant.id.type),
        )
    )
)
_INSERT = prepare(insert(AppGrant))
_CHANGE = prepare(
    update(AppGrant)
    .where(AppGrant.tenant_id == tenant_parameter(), AppGrant.id == bindparam("which"))
    .values(
        scopes=bindparam("new_scopes"),
        version=AppGrant.version + 1,
        updated_at=bindparam("at"),
        updated_by=bindparam("by"),
    )
)
_REVOKE = prepare(
    update(AppGrant)
    .where(AppGrant.tenant_id == tenant_parameter(), AppGrant.id == bindparam("which"), AppGrant.revoked_at.is_(None))
    .values(
        revoked_at=bindparam("at"), version=AppGrant.version + 1, updated_at=bindparam("at"), updated_by=bindparam("by")
    )
)
_REVOKE_CONSENTS = prepare(
    update(OAuthGrant)
    .where(
        OAuthGrant.tenant_id == tenant_parameter(),
        OAuthGrant.client_id == bindparam("which_client"),
        OAuthGrant.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at"), revoked_for=bindparam("reason"))
    .returning(OAuthGrant.id, OAuthGrant.client_id, OAuthGrant.user_id)
)
_LET_IN = text(
    """
    SELECT tenant_id, scopes FROM app_grant
     WHERE client_id = %(client_id)s AND tenant_id = ANY (%(tenants)s) AND revoked_at IS NULL
    """,
    "client_id",
    "tenants",
)
_ADD_TOKEN = prepare(insert(RegistrationToken))
_TOKEN = text(
    """
    SELECT registration_token.tenant_id, registration_token.scopes, registration_token.created_by
      FROM registration_token JOIN tenant USING (tenant_id)
     WHERE registration_token.token_hash = %(token_hash)s AND registration_token.expires_at > %(at)s
       AND tenant.status IN ('trial', 'active', 'past_due')
    """,
    "token_hash",
    "at",
)


def get(work: Work, grant_id: UUID) -> Row | None:
    """A grant of the company that was not revoked."""
    return work.row(_GET, id=grant_id)


def of_client(work: Work, client_id: str) -> Row | None:
    """The company's grant to an app, locked until the transaction ends."""
    return work.row(_OF_CLIENT, client_id=client_id)


def hold(work: Work, client_id: str) -> Row | None:
    """The company's grant to an app; nobody revokes it until the transaction ends."""
    return work.row(_HOLD, client_id=client_id)


def page(work: Work, *, limit: int, after: tuple[datetime, UUID] | None) -> list[Row]:
    """Grants of the company, oldest first, after the given position."""
    if after is None:
        return work.rows(_FIRST_PAGE, limit=limit)
    return work.rows(_NEXT_PAGE, limit=limit, after_created_at=after[0], after_id=after[1])


def add(work: Work, **values: Any) -> None:
    """Writes a new grant."""
    work.execute(_INSERT, **values)


def change(work: Work, grant_id: UUID, scopes: list[str]) -> None:
    """Gives a grant other scopes."""
    work.execute(_CHANGE, which=grant_id, new_scopes=scopes, at=work.now, by=work.caller.actor_id)


def revoke(work: Work, grant_id: UUID) -> bool:
    """Ends a grant; False where it had ended before."""
    return work.execute(_REVOKE, which=grant_id, at=work.now, by=work.caller.actor_id) == 1


def revoke_consents(work: Work, client_id: str, reason: str) -> list[Row]:
    """Ends what people of the company allowed a client; returns what ended."""
    return work.rows(_REVOKE_CONSENTS, which_client=client_id, at=work.now, reason=reason)


def let_in(platform: PlatformWork, client_id: str, tenants: list[UUID]) -> dict[UUID, frozenset[str]]:
    """Which of these companies let an app in, and for which scopes."""
    rows = platform.rows(_LET_IN, client_id=client_id, tenants=tenants)
    return {row.tenant_id: frozenset(row.scopes) for row in rows}


def add_token(work: Work, **values: Any) -> None:
    """Writes a new registration token."""
    work.execute(_ADD_TOKEN, **values)


def token(platform: PlatformWork, token_hash: bytes) -> Row | None:
    """A registration token that is good now."""
    return platform.row(_TOKEN, token_hash=token_hash, at=platform.now)
