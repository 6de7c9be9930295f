"""Statements on OAuth clients of companies."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert, tuple_, update

from gateway.identity.model.tables import OAuthClient, OAuthGrant
from gateway.identity.platform import PlatformWork

_LIVING = scoped(OAuthClient).where(OAuthClient.deleted_at.is_(None))
_GET = prepare(_LIVING.where(OAuthClient.id == bindparam("id")))
_INSERT = prepare(insert(OAuthClient))
_DELETE = prepare(
    update(OAuthClient)
    .where(OAuthClient.tenant_id == tenant_parameter(), OAuthClient.id == bindparam("which"))
    .values(deleted_at=bindparam("at"), version=OAuthClient.version + 1)
)
_REVOKE_GRANTS = prepare(
    update(OAuthGrant)
    .where(
        OAuthGrant.tenant_id == tenant_parameter(),
        OAuthGrant.client_id == bindparam("which_client"),
        OAuthGrant.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at"), revoked_for=bindparam("reason"))
)
_PAGE = _LIVING.order_by(OAuthClient.created_at, OAuthClient.id).limit(bindparam("limit"))
_FIRST_PAGE = prepare(_PAGE)
_NEXT_PAGE = prepare(
    _PAGE.where(
        tuple_(OAuthClient.created_at, OAuthClient.id)
        > tuple_(
            bindparam("after_created_at", type_=OAuthClient.created_at.type),
            bindparam("after_id", type_=OAuthClient.id.type),
        )
    )
)
_BY_CLIENT_ID = text(
    """
    SELECT oauth_client.tenant_id, oauth_client.id, oauth_client.client_id, oauth_client.secret_hash,
           oauth_client.name, oauth_client.redirect_uris, oauth_client.scopes, oauth_client.grant_types,
           oauth_client.jwks, oauth_client.requires_pushed,
           tenant.status IN ('trial', 'active', 'past_due') AS tenant_is_open, tenant.locale, tenant.name AS publisher
      FROM oauth_client JOIN tenant USING (tenant_id)
     WHERE oauth_client.client_id = %(client_id)s AND oauth_client.deleted_at IS NULL
    """,
    "client_id",
)


def get(work: Work, record_id: UUID) -> Row | None:
    """A client of the company."""
    return work.row(_GET, id=record_id)


def page(work: Work, *, limit: int, after: tuple[datetime, UUID] | None) -> list[Row]:
    """Clients of the company, oldest first, after the given position."""
    if after is None:
        return work.rows(_FIRST_PAGE, limit=limit)
    return work.rows(_NEXT_PAGE, limit=limit, after_created_at=after[0], after_id=after[1])


def add(work: Work, **values: Any) -> None:
    """Writes a new client."""
    work.execute(_INSERT, **values)


def remove(work: Work, record_id: UUID, client_id: str) -> None:
    """Marks a client deleted and revokes what people granted it."""
    work.execute(_DELETE, which=record_id, at=work.now)
    work.execute(_REVOKE_GRANTS, which_client=client_id, at=work.now, reason="client_deleted")


def by_client_id(platform: PlatformWork, client_id: str) -> Row | None:
    """The client that names itself so, of whichever company."""
    return platform.row(_BY_CLIENT_ID, client_id=client_id)
