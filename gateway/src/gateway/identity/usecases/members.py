"""Makes an account a member of a company. Who may do that has been decided by the callers."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work

from gateway.identity.queries import user as users


def add_member(
    work: Work,
    user_id: UUID,
    *,
    email: str,
    full_name: str,
    role: str,
    locale: str,
    team_id: UUID | None = None,
) -> None:
    """Makes an account a member of the company of the running work."""
    users.add(
        work,
        user_id=user_id,
        email=email,
        full_name=full_name,
        locale=locale,
        role=role,
        team_id=team_id,
        status="active",
        version=1,
        created_at=work.now,
        created_by=work.caller.actor_id,
        updated_at=work.now,
        updated_by=work.caller.actor_id,
    )
