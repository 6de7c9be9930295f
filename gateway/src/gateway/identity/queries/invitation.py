"""Statements on invitations. The secret of a link is known by its hash only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped, tenant_parameter
from chassis.work import Row, Work
from sqlalchemy import bindparam, insert, tuple_, update

from gateway.identity.model.tables import Invitation
from gateway.identity.platform import PlatformWork

_OPEN = scoped(Invitation).where(Invitation.status == "pending")
_ADD = prepare(insert(Invitation))
_GET_FOR_UPDATE = prepare(_OPEN.where(Invitation.id == bindparam("id")).with_for_update())
_BY_EMAIL_FOR_UPDATE = prepare(_OPEN.where(Invitation.email == bindparam("email")).with_for_update())
_PAGE = _OPEN.order_by(Invitation.created_at, Invitation.id).limit(bindparam("limit"))
_FIRST_PAGE = prepare(_PAGE)
_NEXT_PAGE = prepare(
    _PAGE.where(
        tuple_(Invitation.created_at, Invitation.id)
        > tuple_(
            bindparam("after_created_at", type_=Invitation.created_at.type),
            bindparam("after_id", type_=Invitation.id.type),
        )
    )
)
_CHANGE = update(Invitation).where(
    Invitation.tenant_id == tenant_parameter(), Invitation.id == bindparam("which"), Invitation.status == "pending"
)
_RENEW = prepare(
    _CHANGE.values(
        secret_hash=bindparam("new_secret_hash"),
        sent_at=bindparam("at"),
        expires_at=bindparam("new_expires_at"),
        version=Invitation.version + 1,
    )
)
_REVOKE = prepare(_CHANGE.values(status="revoked", version=Invitation.version + 1))
_ACCEPT = prepare(
    _CHANGE.where(Invitation.secret_hash == bindparam("secret")).values(
        status="accepted", accepted_at=bindparam("at"), accepted_by=bindparam("user"), version=Invitation.version + 1
    )
)
_BY_SECRET = text(
    """
    SELECT invitation.tenant_id, invitation.id, invitation.email, invitation.role, invitation.team_id,
           invitation.locale, invitation.status, invitation.expires_at, invitation.invited_by,
           invitation.invited_by_type, tenant.name AS tenant_name, tenant.status AS tenant_status,
           inviter.full_name AS inviter_name, inviter.status AS inviter_status, inviter.role AS inviter_role
      FROM invitation JOIN tenant USING (tenant_id)
      LEFT JOIN membership AS inviter
        ON inviter.tenant_id = invitation.tenant_id AND inviter.user_id = invitation.invited_by
     WHERE invitation.secret_hash = %(secret_hash)s
    """,
    "secret_hash",
)


def add(work: Work, **values: Any) -> None:
    """Writes a new invitation."""
    work.execute(_ADD, **values)


def get_for_update(work: Work, invitation_id: UUID) -> Row | None:
    """An open invitation, locked until the transaction ends."""
    return work.row(_GET_FOR_UPDATE, id=invitation_id)


def of_email_for_update(work: Work, email: str) -> Row | None:
    """The open invitation of an address, locked until the transaction ends."""
    return work.row(_BY_EMAIL_FOR_UPDATE, email=email)


def page(work: Work, *, limit: int, after: tuple[datetime, UUID] | None) -> list[Row]:
    """Open invitations, oldest first, after the given position."""
    if after is None:
        return work.rows(_FIRST_PAGE, limit=limit)
    return work.rows(_NEXT_PAGE, limit=limit, after_created_at=after[0], after_id=after[1])


def renew(work: Work, invitation_id: UUID, *, secret_hash: bytes, expires_at: datetime) -> None:
    """Gives an invitation a new secret."""
    work.execute(_RENEW, which=invitation_id, new_secret_hash=secret_hash, new_expires_at=expires_at, at=work.now)


def revoke(work: Work, invitation_id: UUID) -> None:
    """Closes an invitation."""
    work.execute(_REVOKE, which=invitation_id)


def accept(work: Work, invitation_id: UUID, *, secret_hash: bytes, user_id: UUID) -> bool:
    """Uses an invitation up. Of any number of transactions that try, one gets True."""
    return work.execute(_ACCEPT, which=invitation_id, secret=secret_hash, user=user_id, at=work.now) == 1


def by_secret(platform: PlatformWork, secret_hash: bytes) -> Row | None:
    """The invitation of a link, whatever its state, with its company and who invited."""
    return platform.row(_BY_SECRET, secret_hash=secret_hash)
