"""Inviting people into a company by e-mail, and accepting: with a new account, or as the account of that address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from babel.dates import format_date
from chassis.allowances import Allowance
from chassis.caller import Caller
from chassis.errors import Conflict, FuniaError
from chassis.ids import uuid7
from chassis.work import Database, Row, Work

from gateway.errors import invitation_not_found, invitation_of_another, link_gone
from gateway.identity import events, letters, roles, throttle
from gateway.identity.model.audit import Act
from gateway.identity.passwords import Passwords
from gateway.identity.platform import PlatformWork, as_tenant, note_all, open_platform_work, platform_rights
from gateway.identity.post import Post
from gateway.identity.queries import invitation as invitations
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.secret_values import digest, new_secret
from gateway.identity.throttle import Counted
from gateway.identity.usecases import links
from gateway.identity.usecases.accounts import checked_name
from gateway.identity.usecases.addresses import checked_email
from gateway.identity.usecases.members import add_member
from gateway.identity.usecases.people import check_role, check_team
from gateway.settings import GatewaySettings

PAGE = "invitation"


@dataclass(frozen=True, slots=True)
class InvitationDraft:
    """What an administrator says of the person."""

    email: str
    role: str
    team_id: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open invitation as the person reads it. `user_id` is the account of its address, if there is one."""

    tenant_id: UUID
    tenant_name: str
    inviter_name: str
    email: str
    role: str
    user_id: UUID | None


class Invitations:
    """Sends, renews, revokes and accepts. Thread-safe."""

    def __init__(self, database: Database, passwords: Passwords, post: Post, settings: GatewaySettings) -> None:
        self._database = database
        self._passwords = passwords
        self._post = post
        self._settings = settings

    def invite(self, work: Work, draft: InvitationDraft) -> Row:
        """Sends an invitation. One that is too old to accept gives way to a new one for the same address.

        Raises Conflict where the person is here or invited already, ResourceExhausted after too many in a day.
        """
        email = checked_email(draft.email, field="invitation.email")
        check_role(work, draft.role, field="invitation.role")
        team_id = UUID(draft.team_id) if draft.team_id else None
        if team_id is not None:
            check_team(work, team_id, field="invitation.team_id")
        self._check_is_new(work, email)
        Allowance(work, "seats").take("seats")
        company = tenants.get(work)
        assert company is not None
        invitation_id, secret = uuid7(), new_secret()
        locale = draft.locale or company.locale
        invitations.add(
            work,
            id=invitation_id,
            email=email,
            role=draft.role,
            team_id=team_id,
            locale=locale,
            secret_hash=digest(secret),
            status="pending",
            version=1,
            invited_by=work.caller.actor_id,
            invited_by_type=work.caller.actor_type,
            created_at=work.now,
            sent_at=work.now,
            expires_at=work.now + self._lifetime,
            accepted_at=None,
            accepted_by=None,
        )
        return self._send(work, invitation_id, secret, company)

    def resend(self, work: Work, invitation_id: UUID) -> Row:
        """Sends an invitation again with a new secret and a new time. Raises NotFound where none is open."""
        row = invitations.get_for_update(work, invitation_id)
        if row is None:
            raise invitation_not_found(invitation_id)
        check_role(work, row.role, field="invitation.role")
        secret = new_secret()
        invitations.renew(work, row.id, secret_hash=digest(secret), expires_at=work.now + self._lifetime)
        return self._send(work, row.id, secret, tenants.get(work))

    def revoke(self, work: Work, invitation_id: UUID) -> None:
        """Closes an invitation; its link works no more. Raises NotFound where none is open."""
        row = invitations.get_for_update(work, invitation_id)
        if row is None:
            raise invitation_not_found(invitation_id)
        self._close(work, row)

    def open(self, secret: str) -> Opened:
        """What a link leads to. Raises FailedPrecondition where it was used, revoked, replaced or is too old."""
        with self._telling(), open_platform_work(self._database) as platform:
            row = self._open_row(platform, secret)
            account = users.account_by_email(platform, row.email)
        return Opened(
            row.tenant_id,
            row.tenant_name,
            row.inviter_name or row.tenant_name,
            row.email,
            row.role,
            None if account is None else account.id,
        )

    def accept_as_new(self, secret: str, *, full_name: str, password: str, locale: str) -> tuple[UUID, UUID]:
        """Accepts with a new account of the invited address; returns person and company.

        Raises InvalidArgument naming a bad field, Conflict where the address has an account by now.
        """
        opened = self.open(secret)
        full_name = checked_name(full_name, field="full_name")
        self._passwords.check_strength(password, email=opened.email)
        password_hash = self._passwords.hash(password)
        user_id = uuid7()
        with self._telling(), open_platform_work(self._database) as platform:
            row = self._open_row(platform, secret)
            # The link was read in the mailbox of the address, which so is confirmed.
            if not users.add_account(
                platform,
                user_id=user_id,
                email=row.email,
                full_name=full_name,
                locale=locale,
                password_hash=password_hash,
                email_confirmed=True,
            ):
                raise Conflict("This address has an account by now. Log in with it.", reason="EMAIL_TAKEN")
            self._join(platform, row, secret, user_id, full_name=full_name, locale=locale)
        return user_id, row.tenant_id

    def accept_as(self, secret: str, user_id: UUID) -> UUID:
        """Accepts as this person, who is logged in; returns the company.

        Raises PermissionDenied where the invitation was sent to another address than the person's.
        """
        with self._telling(), open_platform_work(self._database) as platform:
            row = self._open_row(platform, secret)
            account = users.account(platform, user_id)
            if account is None or account.email != row.email or account.status != "active":
                raise _Refused(row, "forwarded", invitation_of_another())
            users.confirm_email(platform, user_id)
            self._join(platform, row, secret, user_id, full_name=account.full_name, locale=account.locale)
        return UUID(str(row.tenant_id))

    @property
    def _lifetime(self) -> timedelta:
        return timedelta(days=self._settings.invitation_days)

    def _check_is_new(self, work: Work, email: str) -> None:
        with platform_rights(work) as platform:
            account = users.account_by_email(platform, email)
        member = None if account is None else users.get(work, account.id)
        if member is not None and member.status != "deactivated":
            raise Conflict("This person belongs to your company already.", reason="USER_EXISTS")
        former = invitations.of_email_for_update(work, email)
        if former is not None:
            if former.expires_at > work.now:
                raise Conflict(
                    "This person is invited already. Send the invitation again, or revoke it first.",
                    reason="INVITED_ALREADY",
                    metadata={"invitation_id": str(former.id)},
                )
            self._close(work, former)

    def _close(self, work: Work, row: Row) -> None:
        invitations.revoke(work, row.id)
        closed = row._replace(status="revoked", version=row.version + 1)
        work.record(events.invitation_changed("identity.invitation.revoked", closed))

    def _send(self, work: Work, invitation_id: UUID, secret: str, company: Row) -> Row:
        settings = self._settings
        row = invitations.get_for_update(work, invitation_id)
        assert row is not None
        inviter = users.get(work, work.caller.actor_id) if work.caller.actor_type == "user" else None
        letter = letters.compose(
            "invitation",
            row.locale,
            to=row.email,
            link=links.address(settings.issuer, PAGE, secret),
            company=company.name,
            inviter=company.name if inviter is None else inviter.full_name or inviter.email,
            until=format_date(row.expires_at, "long", locale=row.locale),
        )
        with platform_rights(work) as platform:
            counted = [Counted("invitation-company", str(work.tenant_id), settings.invitations_per_company)]
            throttle.count_within(platform, counted, window_s=settings.invitation_window_s)
            self._post.put(platform, letter, good_for=self._lifetime, company=work.tenant_id)
        work.record(events.invitation_changed("identity.user.invited", row))
        return row

    def _open_row(self, platform: PlatformWork, secret: str) -> Row:
        row = invitations.by_secret(platform, digest(secret))
        if row is None:
            raise link_gone()
        if row.status != "pending":
            raise _Refused(row, "used" if row.status == "accepted" else row.status, link_gone())
        if row.expires_at <= platform.now:
            raise _Refused(row, "expired", link_gone())
        if row.tenant_status not in ("trial", "active", "past_due"):
            raise _Refused(row, "company_closed", link_gone())
        # What a person was sent away with is not handed on: the invitation falls with the right of who made it.
        by_person = row.invited_by_type == "user"
        if by_person and (row.inviter_status != "active" or (row.role == roles.OWNER != row.inviter_role)):
            raise _Refused(row, "inviter_gone", link_gone())
        return row

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Enters in the company's audit log why its invitation was refused, once what was begun is undone."""
        try:
            yield
        except _Refused as refused:
            act = Act("identity.invitation.refused", str(refused.row.id), {"reason": refused.why})
            with open_platform_work(self._database) as platform:
                note_all(platform, [(Caller.system(refused.row.tenant_id), act)])
            raise refused.error from None

    def _join(
        self, platform: PlatformWork, row: Row, secret: str, user_id: UUID, *, full_name: str, locale: str
    ) -> None:
        person = Caller(
            tenant_id=row.tenant_id, actor_type="user", actor_id=user_id, scopes=frozenset(), visibility="own"
        )
        with as_tenant(platform, person) as work:
            if not invitations.accept(work, row.id, secret_hash=digest(secret), user_id=user_id):
                raise _Refused(row, "used", link_gone())
            former = users.get_for_update(work, user_id)
            if former is None:
                add_member(
                    work,
                    user_id,
                    email=row.email,
                    full_name=full_name,
                    role=row.role,
                    locale=locale,
                    team_id=row.team_id,
                )
            elif former.status != "deactivated":
                raise Conflict("You belong to this company already. Log in.", reason="USER_EXISTS")
            else:
                users.change(
                    work,
                    user_id,
                    full_name=former.full_name,
                    locale=former.locale,
                    role=row.role,
                    team_id=row.team_id,
                    status="active",
                    version=former.version + 1,
                    updated_at=work.now,
                    updated_by=user_id,
                )
            work.record(events.user_changed("activated", users.get(work, user_id)))


class _Refused(Exception):
    """An invitation of a known company that lets nobody in: the reason for the log, and the error for the person."""

    def __init__(self, row: Row, why: str, error: FuniaError) -> None:
        super().__init__(why)
        self.row = row
        self.why = why
        self.error = error
