"""Closing a company, and opening it again while its grace lasts. Erasing itself is `gateway.tenancy`'s.

A closed company's people and apps are shut out within seconds. An operator, or an owner who logs in, opens it again
until it is erased.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from babel.dates import format_date
from chassis.caller import Caller
from chassis.errors import FailedPrecondition, PermissionDenied, invalid_field
from chassis.ids import uuid7
from chassis.work import Database, Row, Work

from gateway.identity import events, letters
from gateway.identity.platform import as_tenant, open_platform_work, platform_rights
from gateway.identity.post import Post
from gateway.identity.queries import erasure as erasures
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.roles import OWNER
from gateway.settings import GatewaySettings

ClosedBy = Literal["owner", "operator"]
_OPEN = ("trial", "active", "past_due", "suspended")


class Closing:
    """Closes and opens companies. Thread-safe."""

    def __init__(self, database: Database, post: Post, settings: GatewaySettings) -> None:
        self._database = database
        self._post = post
        self._settings = settings

    def close_own(self, work: Work, confirm_name: str) -> datetime:
        """An owner closes the company of the work; returns when it will be erased.

        Raises PermissionDenied for anybody but an owner, InvalidArgument where the name is not the company's.
        """
        member = users.get(work, work.caller.actor_id) if work.caller.actor_type == "user" else None
        if member is None or member.role != OWNER or member.status != "active":
            raise PermissionDenied("Only an owner may close the company.", reason="NOT_AN_OWNER")
        row = tenants.get(work)
        assert row is not None
        if " ".join(confirm_name.split()) != " ".join(row.name.split()):
            raise invalid_field(
                "confirm_name", "write the company's name as it stands, to confirm", reason="NAME_DIFFERS"
            )
        return self.close(work, "owner", timedelta(days=self._settings.closing_grace_days))

    def close(self, work: Work, closed_by: ClosedBy, grace: timedelta) -> datetime:
        """Shuts everybody out and has the company erased after the grace, or once the last token has ended.

        Raises FailedPrecondition where it is closed already.
        """
        before = tenants.get_for_update(work)
        assert before is not None
        if before.status not in _OPEN:
            raise FailedPrecondition("The company is closed already.", reason="TENANT_STATE")
        row = tenants.set_status(work, "closing")
        work.record(events.tenant_changed("closed", row, changed_fields=("status",)))
        due_at = work.now + max(grace, self._shortest)
        owners = users.owners(work)
        with platform_rights(work) as platform:
            erasures.add(
                platform,
                id=uuid7(),
                for_tenant=work.tenant_id,
                tenant_digest=digest_of_tenant(work.tenant_id),
                former_status=before.status,
                closed_by=closed_by,
                due_at=due_at,
            )
            for owner in owners:
                self._post.put(platform, self._letter(owner, row, due_at), company=work.tenant_id)
        return due_at

    def _letter(self, owner: Row, company: Row, due_at: datetime) -> letters.Letter:
        locale = owner.locale or company.locale
        until = format_date(due_at, format="long", locale=locale)
        link = f"{self._settings.issuer}/log-in"
        return letters.compose("company_closed", locale, to=owner.email, link=link, company=company.name, until=until)

    def closed_of(self, user_id: UUID) -> list[Row]:
        """Closed companies that the person owns: tenant_id, name, due_at."""
        with open_platform_work(self._database) as platform:
            return erasures.closed_of_user(platform, user_id)

    def reopen_own(self, user_id: UUID, tenant_id: UUID) -> None:
        """An owner who has logged in opens the company again. Raises FailedPrecondition where that is too late."""
        if tenant_id not in {row.tenant_id for row in self.closed_of(user_id)}:
            raise _too_late()
        caller = Caller(tenant_id, "user", user_id, frozenset(), "all")
        self.reopen(caller)

    def reopen(self, caller: Caller) -> None:
        """Opens the caller's company again, as what it was. Raises FailedPrecondition where erasing has begun."""
        with open_platform_work(self._database, request_id=caller.request_id) as platform:
            found = erasures.of_tenant(platform, caller.tenant_id)
            if found is None or not erasures.remove(platform, found.id):
                raise _too_late()
            if tenants.is_sandbox(platform, caller.tenant_id):
                raise _too_late()
            with as_tenant(platform, caller) as work:
                row = tenants.set_status(work, found.former_status)
                work.record(events.tenant_changed("reopened", row, changed_fields=("status",)))

    def erase_now(self, tenant_id: UUID) -> datetime:
        """Ends the grace of a closed company: it is erased once the last token has ended; returns when.

        Raises FailedPrecondition where the company is not closed, or erasing has begun.
        """
        with open_platform_work(self._database) as platform:
            found = erasures.of_tenant(platform, tenant_id)
            if found is None or found.state != "waiting":
                raise _too_late()
            due_at: datetime = max(found.closed_at + self._shortest, platform.now)
            erasures.bring_forward(platform, found.id, due_at)
            return due_at

    @property
    def _shortest(self) -> timedelta:
        # Whoever still held a token could write rows behind the back of the erasure.
        return timedelta(seconds=self._settings.access_token_s + 2 * self._settings.clock_skew_s)


def digest_of_tenant(tenant_id: UUID) -> bytes:
    """What is kept of an erased company's id: whoever knows the id can tell, nobody else."""
    return hashlib.sha256(b"funia:tenant:" + tenant_id.bytes).digest()


def _too_late() -> FailedPrecondition:
    return FailedPrecondition(
        "The company is not closed, or is being erased already; nothing can be taken back then.", reason="TENANT_STATE"
    )
