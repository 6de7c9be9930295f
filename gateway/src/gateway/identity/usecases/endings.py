"""Ending what a person holds: sessions and the grants of apps, in one company or in all of them.

Each company is told by `identity.user.sessions_ended`, on which access tokens issued before it stop working.
"""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.work import Row, Work

from gateway.identity import events
from gateway.identity.platform import PlatformWork, as_tenant, platform_rights
from gateway.identity.queries import grant as grants
from gateway.identity.queries import session as sessions
from gateway.identity.queries import user as users


def end_everywhere(platform: PlatformWork, user_id: UUID, reason: str, *, keep: bytes = b"") -> int:
    """Ends every session of the account but the one with the hash `keep`, and every grant; returns how many."""
    ended = sessions.end_of_user(platform, user_id, keep=keep)
    for member in users.memberships(platform, user_id):
        caller = Caller(
            tenant_id=member.tenant_id, actor_type="user", actor_id=user_id, scopes=frozenset(), visibility="all"
        )
        with as_tenant(platform, caller) as work:
            grants.revoke_of_user(work, user_id, reason)
            work.record(events.sessions_ended(users.next_version(work, user_id), reason))
    return ended


def end_in_company(work: Work, member: Row, reason: str) -> int:
    """Ends the person's sessions and grants in the company of the work; returns how many sessions."""
    grants.revoke_of_user(work, member.user_id, reason)
    with platform_rights(work) as platform:
        ended = sessions.end_in_company(platform, member.user_id, work.tenant_id)
    work.record(events.sessions_ended(users.next_version(work, member.user_id), reason))
    return ended
