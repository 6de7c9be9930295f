"""Statements on grants, authorization codes and refresh tokens. Codes and tokens are known by their hash only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert, update

from gateway.identity.model.tables import OAuthGrant
from gateway.identity.platform import PlatformWork

_ADD_GRANT = prepare(insert(OAuthGrant))
_REVOKE = prepare(
    update(OAuthGrant)
    .where(
        OAuthGrant.tenant_id == tenant_parameter(),
        OAuthGrant.id == bindparam("which"),
        OAuthGrant.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at"), revoked_for=bindparam("reason"))
    .returning(OAuthGrant.id, OAuthGrant.client_id, OAuthGrant.user_id)
)
_REVOKE_OF_USER = prepare(
    update(OAuthGrant)
    .where(
        OAuthGrant.tenant_id == tenant_parameter(),
        OAuthGrant.user_id == bindparam("which_user"),
        OAuthGrant.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at"), revoked_for=bindparam("reason"))
)
_REVOKE_OF_PERSON_AND_CLIENT = prepare(
    update(OAuthGrant)
    .where(
        OAuthGrant.tenant_id == tenant_parameter(),
        OAuthGrant.user_id == bindparam("which_user"),
        OAuthGrant.client_id == bindparam("which_client"),
        OAuthGrant.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at"), revoked_for=bindparam("reason"))
    .returning(OAuthGrant.id, OAuthGrant.client_id, OAuthGrant.user_id)
)
_OF_PERSON = text(
    """
    SELECT client_id, scopes, created_at, expires_at FROM oauth_grant
     WHERE tenant_id = %(of_tenant)s AND user_id = %(user_id)s AND revoked_at IS NULL AND expires_at > %(at)s
     ORDER BY created_at DESC LIMIT %(limit)s
    """,
    "of_tenant",
    "user_id",
    "at",
    "limit",
)
_GRANT_IS_ALIVE = text(
    """
    SELECT revoked_at IS NULL AND expires_at > %(at)s AS alive FROM oauth_grant
     WHERE tenant_id = %(of_tenant)s AND id = %(grant_id)s
    """,
    "at",
    "of_tenant",
    "grant_id",
)
_LIVING = text(
    """
    SELECT scopes FROM oauth_grant
     WHERE tenant_id = %(of_tenant)s AND user_id = %(user_id)s AND client_id = %(client_id)s
       AND revoked_at IS NULL AND expires_at > %(at)s
     ORDER BY created_at DESC LIMIT 20
    """,
    "of_tenant",
    "user_id",
    "client_id",
    "at",
)
_ADD_CODE = text(
    """
    INSERT INTO authorization_code (code_hash, client_id, for_tenant, user_id, redirect_uri, scopes, code_challenge,
                                    nonce, authenticated_at, amr, expires_at, grant_id, key_thumbprint)
    VALUES (%(code_hash)s, %(client_id)s, %(for_tenant)s, %(user_id)s, %(redirect_uri)s, %(scopes)s,
            %(code_challenge)s, %(nonce)s, %(authenticated_at)s, %(amr)s, %(expires_at)s, %(grant_id)s,
            %(key_thumbprint)s)
    """,
    "code_hash",
    "client_id",
    "for_tenant",
    "user_id",
    "redirect_uri",
    "scopes",
    "code_challenge",
    "nonce",
    "authenticated_at",
    "amr",
    "expires_at",
    "grant_id",
    "key_thumbprint",
)
_GET_CODE = text(
    """
    SELECT code_hash, client_id, for_tenant, user_id, redirect_uri, scopes, code_challenge, nonce, authenticated_at,
           amr, expires_at, consumed_at, grant_id, key_thumbprint
      FROM authorization_code WHERE code_hash = %(code_hash)s
    """,
    "code_hash",
)
_CONSUME_CODE = text(
    """
    UPDATE authorization_code SET consumed_at = %(at)s
     WHERE code_hash = %(code_hash)s AND consumed_at IS NULL AND expires_at > %(at)s
    """,
    "code_hash",
    "at",
)
_ADD_TOKEN = text(
    """
    INSERT INTO refresh_token (token_hash, for_tenant, grant_id, created_at, expires_at)
    VALUES (%(token_hash)s, %(for_tenant)s, %(grant_id)s, %(at)s, %(expires_at)s)
    """,
    "token_hash",
    "for_tenant",
    "grant_id",
    "at",
    "expires_at",
)
_GET_TOKEN = text(
    """
    SELECT refresh_token.token_hash, refresh_token.for_tenant, refresh_token.grant_id, refresh_token.created_at,
           refresh_token.expires_at, refresh_token.used_at, oauth_grant.client_id, oauth_grant.user_id,
           oauth_grant.scopes, oauth_grant.authenticated_at, oauth_grant.amr,
           oauth_grant.expires_at AS grant_expires_at, oauth_grant.revoked_at, oauth_grant.key_thumbprint
      FROM refresh_token JOIN oauth_grant
        ON oauth_grant.tenant_id = refresh_token.for_tenant AND oauth_grant.id = refresh_token.grant_id
     WHERE refresh_token.token_hash = %(token_hash)s
    """,
    "token_hash",
)
_USE_TOKEN = text(
    "UPDATE refresh_token SET used_at = %(at)s WHERE token_hash = %(token_hash)s AND used_at IS NULL",
    "token_hash",
    "at",
)


def add(work: Work, **values: Any) -> None:
    """Writes a new grant."""
    work.execute(_ADD_GRANT, **values)


def revoke(work: Work, grant_id: UUID, reason: str) -> Row | None:
    """Ends a grant, and with it every refresh token of its family; None where it had ended before."""
    return work.row(_REVOKE, which=grant_id, at=work.now, reason=reason)


def revoke_of_user(work: Work, user_id: UUID, reason: str) -> int:
    """Ends every grant of a person in the company; returns how many."""
    return work.execute(_REVOKE_OF_USER, which_user=user_id, at=work.now, reason=reason)


def revoke_of_person_and_client(work: Work, user_id: UUID, client_id: str, reason: str) -> list[Row]:
    """Ends every grant of a person to a client in the company; returns those that it ended."""
    return work.rows(
        _REVOKE_OF_PERSON_AND_CLIENT, which_user=user_id, which_client=client_id, at=work.now, reason=reason
    )


def living_of_person(platform: PlatformWork, tenant_id: UUID, user_id: UUID, *, limit: int) -> list[Row]:
    """Grants of a person in a company that stand, the newest first."""
    return platform.rows(_OF_PERSON, of_tenant=tenant_id, user_id=user_id, at=platform.now, limit=limit)


def is_alive(platform: PlatformWork, tenant_id: UUID, grant_id: UUID) -> bool:
    """Whether a grant is neither revoked nor over."""
    row = platform.row(_GRANT_IS_ALIVE, of_tenant=tenant_id, grant_id=grant_id, at=platform.now)
    return row is not None and bool(row.alive)


def living_scopes(platform: PlatformWork, tenant_id: UUID, user_id: UUID, client_id: str) -> list[frozenset[str]]:
    """Scopes of the newest consents of a person to a client that still hold."""
    rows = platform.rows(_LIVING, of_tenant=tenant_id, user_id=user_id, client_id=client_id, at=platform.now)
    return [frozenset(row.scopes) for row in rows]


def add_code(platform: PlatformWork, **values: Any) -> None:
    """Writes a new authorization code."""
    platform.execute(_ADD_CODE, **values)


def code(platform: PlatformWork, code_hash: bytes) -> Row | None:
    """A code, whether still good or not."""
    return platform.row(_GET_CODE, code_hash=code_hash)


def consume_code(platform: PlatformWork, code_hash: bytes) -> bool:
    """Uses a code up. Of any number of transactions that try, one gets True."""
    return platform.execute(_CONSUME_CODE, code_hash=code_hash, at=platform.now) == 1


def add_token(
    platform: PlatformWork, token_hash: bytes, *, tenant_id: UUID, grant_id: UUID, expires_at: datetime
) -> None:
    """Writes a new refresh token of a grant."""
    platform.execute(
        _ADD_TOKEN,
        token_hash=token_hash,
        for_tenant=tenant_id,
        grant_id=grant_id,
        at=platform.now,
        expires_at=expires_at,
    )


def token(platform: PlatformWork, token_hash: bytes) -> Row | None:
    """A refresh token with its grant, whether still good or not."""
    return platform.row(_GET_TOKEN, token_hash=token_hash)


def use_token(platform: PlatformWork, token_hash: bytes) -> bool:
    """Uses a refresh token up. Of any number of transactions that try, one gets True."""
    return platform.execute(_USE_TOKEN, token_hash=token_hash, at=platform.now) == 1
