"""The runs of schedules: begun when they are due, made outside of here, and settled once.

A run's mail is written in the commit that says it was sent. Whoever dies before leaves a run that another one makes.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.caller import Caller
from chassis.work import Database, Row, Work

from gateway.identity import letters
from gateway.identity.access_tokens import AccessTokens
from gateway.identity.letters import Attachment
from gateway.identity.platform import open_platform_work, platform_rights
from gateway.identity.post import Post
from gateway.identity.queries import report_schedule as queries
from gateway.identity.queries import user as users
from gateway.identity.report_events import run_ended, schedule_changed
from gateway.identity.reports import scope_of
from gateway.identity.roles import Role, role_of
from gateway.identity.usecases.report_schedules import ASKED, FIGURES, next_of
from gateway.identity.usecases.sessions import rights_of
from gateway.settings import GatewaySettings

CLIENT = "funia-reports"
"""client_id in the tokens that reports are made with."""
OWNER_GONE, MISSING_SCOPE, NOBODY_LEFT = "OWNER_GONE", "MISSING_SCOPE", "NOBODY_LEFT"
NOT_SO, STILL_SO = "NOT_SO", "STILL_SO"
TOLD = frozenset({MISSING_SCOPE, NOBODY_LEFT, "REPORT_REFUSED", "TOO_LARGE"})
"""Reasons for a pause that the owner is mailed; one who is gone is not."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run to be made now, with the rights that its owner has now."""

    schedule: Row
    run: Row
    member: Row
    role: Role
    token: str

    @property
    def is_alert(self) -> bool:
        """Whether it is sent only where its condition has come to hold; not where somebody asked for it now."""
        return self.schedule.condition is not None and self.run.reason != ASKED


class ReportRuns:
    """Begins, claims and settles runs. Thread-safe, in any number of processes."""

    def __init__(self, database: Database, tokens: AccessTokens, post: Post, settings: GatewaySettings) -> None:
        self._database = database
        self._tokens = tokens
        self._post = post
        self._settings = settings

    def begin_due(self, *, limit: int) -> int:
        """Begins the runs whose time has come, one for each schedule however long nothing ran; returns how many."""
        with open_platform_work(self._database) as platform:
            due = queries.due(platform, limit=limit)
        for one in due:
            with self._open(one.tenant_id) as work:
                row = queries.locked(work, one.id)
                if row is None or row.next_at is None or row.next_at > work.now:
                    continue
                queries.add_run(work, row.id, row.next_at)
                queries.move_on(work, row, next_of(row, work.now))
        return len(due)

    def waiting(self, *, limit: int) -> list[Row]:
        """Runs that are to be tried, by tenant, schedule and due time."""
        with open_platform_work(self._database) as platform:
            return queries.runs_due(platform, limit=limit)

    def claim(self, tenant_id: UUID, schedule_id: UUID, due_at: datetime) -> Claimed | None:
        """Takes a run for `report_lease_s`. None where another one has it, or where it paused its schedule."""
        with self._open(tenant_id) as work:
            found = self._waiting(work, schedule_id, due_at)
            if found is None:
                return None
            schedule, run = found
            if run.next_at > work.now:
                return None
            with platform_rights(work) as platform:
                member = users.rights(platform, tenant_id, schedule.owner_id)
            role = None if member is None else role_of(member)
            if member is None or role is None:
                self._pause(work, schedule, run, OWNER_GONE)
                return None
            needed = {scope_of(schedule.report)} | ({FIGURES} if schedule.condition is not None else set())
            if not needed <= role.scopes:
                self._pause(work, schedule, run, MISSING_SCOPE)
                return None
            lease_ends = work.now + timedelta(seconds=self._settings.report_lease_s)
            queries.change_run(work, run, attempts=run.attempts + 1, next_at=lease_ends)
            token = self._tokens.issue(rights_of(member, role, client_id=CLIENT, scopes=role.scopes))
            return Claimed(schedule, run, member, role, token)

    def settle(self, claimed: Claimed, file: Attachment) -> None:
        """Writes the mail and that it was sent, in one commit; does nothing where that was done."""
        with self._open(claimed.schedule.tenant_id) as work:
            found = self._waiting(work, claimed.schedule.id, claimed.run.due_at)
            if found is None:
                return
            schedule, run = found
            people = [users.get(work, UUID(one)) for one in schedule.recipient_ids]
            to = [one for one in people if one is not None and one.status == "active"]
            if not to:
                self._pause(work, schedule, run, NOBODY_LEFT)
                return
            member = claimed.member
            letter = letters.compose(
                "report",
                member.locale,
                to=", ".join(one.email for one in to),
                link=f"{self._settings.issuer}{schedule.report}",
                report=schedule.name,
                company=member.tenant_name,
                owner=member.full_name,
                attachments=(file,),
            )
            with platform_rights(work) as platform:
                self._post.put(platform, letter, company=work.tenant_id)
            sizes = {"recipients": len(to), "size_bytes": len(file.content)}
            queries.change_run(work, run, state="sent", reason="", next_at=None, ended_at=work.now, **sizes)
            ids = [str(one.user_id) for one in to]
            work.record(run_ended("sent", schedule, run, recipient_ids=ids, size_bytes=len(file.content)))

    def stays_quiet(self, claimed: Claimed, *, holds: bool) -> bool:
        """Ends a run that has nothing to tell: its condition does not hold, or was told already. False otherwise."""
        with self._open(claimed.schedule.tenant_id) as work:
            found = self._waiting(work, claimed.schedule.id, claimed.run.due_at)
            if found is None:
                return True
            schedule, run = found
            last = queries.last_ended(work, schedule.id)
            was_told = last is not None and (last.state == "sent" or last.reason == STILL_SO)
            if holds and not was_told:
                return False
            reason = STILL_SO if holds else NOT_SO
            queries.change_run(work, run, state="quiet", reason=reason, next_at=None, ended_at=work.now)
            return True

    def postpone(self, claimed: Claimed, reason: str) -> None:
        """Has a run tried again later; it has failed where it was tried often enough. The schedule goes on."""
        with self._open(claimed.schedule.tenant_id) as work:
            found = self._waiting(work, claimed.schedule.id, claimed.run.due_at)
            if found is None:
                return
            schedule, run = found
            if run.attempts < self._settings.report_attempts_max:
                wait_s = self._settings.report_retry_s * 2 ** (run.attempts - 1)
                kept = ASKED if run.reason == ASKED else reason
                queries.change_run(work, run, reason=kept, next_at=work.now + timedelta(seconds=wait_s))
                return
            queries.change_run(work, run, state="failed", reason=reason, next_at=None, ended_at=work.now)
            work.record(run_ended("failed", schedule, run, reason=reason))

    def pause(self, claimed: Claimed, reason: str) -> None:
        """Pauses the schedule of a run that will not go better the next time."""
        with self._open(claimed.schedule.tenant_id) as work:
            found = self._waiting(work, claimed.schedule.id, claimed.run.due_at)
            if found is not None:
                self._pause(work, *found, reason)

    def forget_old(self) -> None:
        """Deletes runs that ended long ago, of some companies."""
        with open_platform_work(self._database) as platform:
            before = platform.now - timedelta(days=self._settings.report_runs_keep_days)
            tenant_ids = queries.tenants_with_old_runs(platform, before=before, limit=1_000)
        for tenant_id in tenant_ids:
            with self._open(tenant_id) as work:
                queries.forget_runs(work, before=before)

    def _waiting(self, work: Work, schedule_id: UUID, due_at: datetime) -> tuple[Row, Row] | None:
        schedule = queries.locked(work, schedule_id)
        run = None if schedule is None else queries.run(work, schedule_id, due_at)
        return None if schedule is None or run is None or run.state != "waiting" else (schedule, run)

    def _pause(self, work: Work, schedule: Row, run: Row, reason: str) -> None:
        queries.change_run(work, run, state="paused", reason=reason, next_at=None, ended_at=work.now)
        queries.change(work, schedule, paused=True, paused_reason=reason, next_at=None)
        work.record(schedule_changed("paused", queries.get(work, schedule.id), changed_fields=("paused",)))
        owner = users.get(work, schedule.owner_id)
        if reason not in TOLD or owner is None or owner.status != "active":
            return
        letter = letters.compose(
            "report_paused",
            owner.locale,
            to=owner.email,
            link=f"{self._settings.issuer}/settings/reports",
            report=schedule.name,
            why=letters.phrase("report_paused", reason, owner.locale),
        )
        with platform_rights(work) as platform:
            self._post.put(platform, letter, company=work.tenant_id)

    def _open(self, tenant_id: UUID) -> AbstractContextManager[Work]:
        return self._database.open_work(Caller.system(tenant_id))
