"""Statements on OAuth clients of companies."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import ARRAY, String, any_, bindparam, insert, tuple_, update

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
           oauth_client.jwks, oauth_client.requires_pushed, oauth_client.binds_tokens, oauth_client.status,
           oauth_client.description, oauth_client.homepage_url, oauth_client.visibility, oauth_client.version,
           tenant.status IN ('trial', 'active', 'past_due') AS tenant_is_open, tenant.locale, tenant.name AS publisher
      FROM oauth_client JOIN tenant USING (tenant_id)
     WHERE oauth_client.client_id = %(client_id)s AND oauth_client.deleted_at IS NULL
    """,
    "client_id",
)
_MOVE = prepare(
    update(OAuthClient)
    .where(
        OAuthClient.tenant_id == tenant_parameter(),
        OAuthClient.id == bindparam("which"),
        OAuthClient.status == any_(bindparam("former", type_=ARRAY(String()))),
        OAuthClient.deleted_at.is_(None),
    )
    .values(
        status=bindparam("new_status"),
        review_note=bindparam("note"),
        version=OAuthClient.version + 1,
        updated_at=bindparam("at"),
    )
)
_HAS_PUBLISHED = prepare(_LIVING.with_only_columns(OAuthClient.id).where(OAuthClient.status == "published").limit(1))
_REVIEW_PAGE = """
    SELECT oauth_client.tenant_id, oauth_client.id, oauth_client.client_id, oauth_client.name, oauth_client.description,
           oauth_client.homepage_url, oauth_client.redirect_uris, oauth_client.scopes, oauth_client.grant_types,
           oauth_client.status, oauth_client.review_note, oauth_client.updated_at, tenant.name AS publisher
      FROM oauth_client JOIN tenant USING (tenant_id)
     WHERE oauth_client.status = %(status)s AND oauth_client.deleted_at IS NULL{after}
     ORDER BY oauth_client.updated_at, oauth_client.id LIMIT %(limit)s
    """
_FIRST_REVIEW_PAGE = text(_REVIEW_PAGE.format(after=""), "status", "limit")
_NEXT_REVIEW_PAGE = text(
    _REVIEW_PAGE.format(after=" AND (oauth_client.updated_at, oauth_client.id) > (%(after_updated_at)s, %(after_id)s)"),
    "status",
    "limit",
    "after_updated_at",
    "after_id",
)
_HOME = text("SELECT tenant_id FROM oauth_client WHERE id = %(id)s AND deleted_at IS NULL", "id")
_NAMES = text(
    """
    SELECT oauth_client.client_id, oauth_client.name, tenant.name AS publisher
      FROM oauth_client JOIN tenant USING (tenant_id) WHERE oauth_client.client_id = ANY (%(client_ids)s)
    """,
    "client_ids",
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


def move(work: Work, record_id: UUID, *, former: tuple[str, ...], status: str, note: str = "") -> bool:
    """Brings a client from one of the former states to a new one; False where it is in none of them."""
    return work.execute(_MOVE, which=record_id, former=list(former), new_status=status, note=note, at=work.now) == 1


def has_published(work: Work) -> bool:
    """Whether the company has an app that was reviewed and published."""
    return work.row(_HAS_PUBLISHED) is not None


def by_status(
    platform: PlatformWork, status: str, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[Row]:
    """Apps of every company in this state, the longest waiting first, after the given position."""
    if after is None:
        return platform.rows(_FIRST_REVIEW_PAGE, status=status, limit=limit)
    return platform.rows(_NEXT_REVIEW_PAGE, status=status, limit=limit, after_updated_at=after[0], after_id=after[1])


def home(platform: PlatformWork, record_id: UUID) -> UUID | None:
    """The company that a client belongs to."""
    row = platform.row(_HOME, id=record_id)
    return None if row is None else row.tenant_id


def names(platform: PlatformWork, client_ids: list[str]) -> dict[str, Row]:
    """Name and publisher of clients of any company, deleted ones too, by their client_id."""
    return {row.client_id: row for row in platform.rows(_NAMES, client_ids=client_ids)}
