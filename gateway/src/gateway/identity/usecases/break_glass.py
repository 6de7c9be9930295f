"""Break-glass: an owner who does not see everything opens the company, or one record, for a while and for a reason.

It widens what is seen and never what may be done. The other owners get a mail at once, every call under it is in the
audit log, and its end takes back the tokens that were issued under it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from babel.dates import format_time, get_timezone
from chassis.caller import Caller
from chassis.errors import (
    Conflict,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unauthenticated,
    invalid_field,
)
from chassis.ids import uuid7
from chassis.work import Database, Row, Work

from gateway.identity import letters, throttle
from gateway.identity.audited import IdentityWork
from gateway.identity.break_glass_events import break_glass_changed
from gateway.identity.model.audit import Act
from gateway.identity.passwords import Passwords
from gateway.identity.platform import open_platform_work, platform_rights
from gateway.identity.post import Post
from gateway.identity.queries import break_glass as queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.roles import OWNER
from gateway.identity.throttle import Counted
from gateway.identity.usecases.second_factors import SecondFactors
from gateway.settings import GatewaySettings

_ENDED_AT_ONCE = 100
_OWNERS_TOLD = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What an owner asks for. 0 minutes are as many as there may be; without a record it is the whole company."""

    reason: str
    minutes: int = 0
    record_id: UUID | None = None


class BreakGlasses:
    """Opens and ends. Thread-safe."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        factors: SecondFactors,
        post: Post,
        settings: GatewaySettings,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._factors = factors
        self._post = post
        self._settings = settings

    def open_proven(self, caller: Caller, asked: Asked, password: str, code: str) -> Row:
        """Opens after asking the person anew for the password, and for a code where there is a second factor.

        Raises as `open`; Unauthenticated or InvalidArgument where a proof is wrong, which enters the audit log too, and
        ResourceExhausted after too many tries.
        """
        with self._database.open_work(caller, read_only=True) as work:
            self._check(work, asked)
        try:
            self._prove(caller.actor_id, password, code)
        except (Unauthenticated, InvalidArgument, ResourceExhausted) as refusal:
            with self._database.open_work(caller) as work:
                assert isinstance(work, IdentityWork)
                work.note(Act("identity.break_glass.refused", str(caller.actor_id), {"reason": refusal.reason}))
            raise
        with self._database.open_work(caller) as work:
            return self.open(work, asked)

    def _prove(self, user_id: UUID, password: str, code: str) -> None:
        tries = [Counted("break-glass", str(user_id), self._settings.second_factor_tries)]
        with throttle.Attempt(self._database, tries, window_s=self._settings.log_in_window_s):
            with open_platform_work(self._database) as platform:
                account = users.account(platform, user_id)
            if not self._passwords.verify(account.password_hash if account else None, password):
                raise Unauthenticated("The password is wrong.", reason="WRONG_PASSWORD")
            factors = self._factors.of(user_id)
            if not factors.any:
                return
            if not code:
                known = "the code of your app or a recovery code" if factors.has_app else "a recovery code"
                raise invalid_field("code", f"give {known}; the console takes a passkey too", reason="REQUIRED")
            self._factors.check_code(user_id, code)

    def open(self, work: Work, asked: Asked) -> Row:
        """Opens for the caller, who has just proved who he is, where he asks from.

        Raises PermissionDenied for anybody but an owner, FailedPrecondition for one who sees everything,
        InvalidArgument for too long a time, Conflict where he has one open.
        """
        company = tenants.get_for_update(work)
        assert company is not None
        member, minutes = self._check(work, asked)
        me = member.user_id
        former = queries.open_of(work, me)
        if former is not None:
            self._end(work, former.id, "time")
        glass_id = uuid7()
        queries.add(
            work,
            id=glass_id,
            user_id=me,
            client_id=work.caller.client_id or "",
            reason=asked.reason,
            record_id=asked.record_id,
            opened_at=work.now,
            expires_at=work.now + timedelta(minutes=minutes),
        )
        row = queries.get(work, glass_id)
        assert row is not None
        work.record(break_glass_changed("opened", row))
        self._tell_owners(work, company, member, row)
        return row

    def _check(self, work: Work, asked: Asked) -> tuple[Row, int]:
        """The owner who may open, and for how many minutes."""
        member = _owner(work)
        company = tenants.get(work)
        assert company is not None
        if company.owner_visibility == "all":
            raise FailedPrecondition("Owners of your company see everything as it is.", reason="SEES_EVERYTHING")
        longest = self._settings.break_glass_minutes_max
        minutes = asked.minutes or longest
        if not 0 < minutes <= longest:
            raise invalid_field("minutes", f"give a number from 1 to {longest}", reason="TOO_LONG")
        former = queries.open_of(work, member.user_id)
        if former is not None and former.expires_at > work.now:
            raise Conflict("You have one open. End it first.", reason="BREAK_GLASS_OPEN")
        return member, minutes

    def end(self, work: Work, glass_id: UUID) -> Row:
        """Ends an opening of any owner. Raises NotFound, PermissionDenied for anybody but an owner, and
        FailedPrecondition where it has ended."""
        row = get(work, glass_id)
        _owner(work)
        ended = self._end(work, row.id, "hand")
        if ended is None:
            raise FailedPrecondition("It has ended already.", reason="BREAK_GLASS_ENDED")
        return ended

    def end_due(self) -> int:
        """Ends openings of all companies whose time is over, and returns how many."""
        with open_platform_work(self._database) as platform:
            due = queries.due(platform, limit=_ENDED_AT_ONCE)
        for one in due:
            with self._database.open_work(Caller.system(one.tenant_id)) as work:
                self._end(work, one.id, "time")
        return len(due)

    def _end(self, work: Work, glass_id: UUID, why: Literal["hand", "time"]) -> Row | None:
        row = queries.end(work, glass_id, why)
        if row is not None:
            work.record(break_glass_changed("ended", row))
        return row

    def _tell_owners(self, work: Work, company: Row, opener: Row, row: Row) -> None:
        others = [owner for owner in users.owners(work, limit=_OWNERS_TOLD) if owner.user_id != row.user_id]
        link = f"{self._settings.issuer}/settings/break-glass"
        with platform_rights(work) as platform:
            for owner in others:
                locale = owner.locale or company.locale
                what = letters.phrase("break_glass", "record" if row.record_id else "company", locale)
                until = format_time(
                    row.expires_at, format="short", locale=locale, tzinfo=get_timezone(company.time_zone or "UTC")
                )
                letter = letters.compose(
                    "break_glass",
                    locale,
                    to=owner.email,
                    link=link,
                    who=opener.full_name,
                    company=company.name,
                    what=what,
                    reason=row.reason,
                    until=until,
                )
                self._post.put(platform, letter, company=work.tenant_id)


def _owner(work: Work) -> Row:
    """The owner who asks. An app never is one."""
    member = users.get(work, work.caller.actor_id) if work.caller.actor_type == "user" else None
    if member is None or member.role != OWNER or member.status != "active":
        raise PermissionDenied("Only an owner can do this.", reason="OWNER_ONLY")
    return member


def get(work: Work, glass_id: UUID) -> Row:
    """One opening. Raises NotFound."""
    row = queries.get(work, glass_id)
    if row is None:
        raise NotFound(f"There is no break-glass {glass_id} in your company.", reason="BREAK_GLASS_NOT_FOUND")
    return row
