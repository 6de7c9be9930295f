"""The console's port to identity: sign-up, log-in and sessions as the pages need them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import NotFound, invalid_field
from chassis.work import Row
from flask import request

from gateway.composition import Identity
from gateway.console.ports import SESSION_COOKIE, Company, CompanyChoice, Session, SignedIn
from gateway.errors import no_membership, session_ended
from gateway.identity.events import user_changed
from gateway.identity.queries import user as users
from gateway.identity.usecases.accounts import SignUp
from gateway.identity.usecases.company_defaults import LOCALES
from gateway.identity.usecases.sessions import Opened, Present


class ConsoleAccounts:
    """`gateway.console.ports.Identity` over the identity database. `address` is the caller's, for the throttle."""

    def __init__(self, identity: Identity, *, address: Callable[[], str]) -> None:
        self._identity = identity
        self._accounts = identity.accounts
        self._sessions = identity.sessions
        self._address = address

    def sign_up(self, company_name: str, full_name: str, email: str, password: str, locale: str) -> SignedIn:
        """Makes the company and logs its owner in."""
        form = SignUp(company_name, full_name, email, password, locale=locale)
        done = self._accounts.sign_up(form, address=self._address())
        return self._open(done.user.user_id, done.tenant.tenant_id)

    def log_in(self, email: str, password: str) -> SignedIn | CompanyChoice:
        """A session, or the choice among several companies."""
        account = self._accounts.check_password(email, password, address=self._address())
        companies = self._sessions.companies(account.id)
        if not companies:
            raise no_membership()
        if len(companies) > 1:
            return CompanyChoice(self._sessions.ticket(account.id), tuple(_company(row) for row in companies))
        return self._open(account.id, companies[0].tenant_id)

    def enter(self, user_id: str, tenant_id: str) -> SignedIn:
        """The session of a person who has just proved who he is, by accepting an invitation."""
        return self._open(UUID(user_id), UUID(tenant_id))

    def choose(self, ticket: str, tenant_id: str) -> SignedIn:
        """The session in the chosen company."""
        return self._open(self._sessions.user_of_ticket(ticket), _uuid(tenant_id))

    def switch(self, cookie: str, tenant_id: str) -> SignedIn:
        """The same person in another company."""
        return _signed_in(self._sessions.switch(cookie, _uuid(tenant_id)))

    def companies(self, session: Session) -> Sequence[Company]:
        """Companies the person may work in."""
        return [_company(row) for row in self._sessions.companies(UUID(session.user_id))]

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie, with a token for the request at hand."""
        present = self._sessions.read(cookie)
        return None if present is None else self._session(present)

    def set_locale(self, cookie: str, locale: str) -> None:
        """The person's language in this company from now on."""
        if locale not in LOCALES:
            raise invalid_field("locale", f"choose one of {', '.join(LOCALES)}", reason="NOT_ONE_OF")
        present = self._sessions.read(cookie)
        if present is None:
            raise session_ended()
        with self._identity.database.open_work(_caller_of(present)) as work:
            row = users.get_for_update(work, present.member.user_id)
            if row is None:
                raise NotFound("You do not belong to this company any more.", reason="USER_NOT_FOUND")
            users.change(
                work,
                row.user_id,
                full_name=row.full_name,
                locale=locale,
                role=row.role,
                team_id=row.team_id,
                status=row.status,
                version=row.version + 1,
                updated_at=work.now,
                updated_by=row.user_id,
            )
            after = users.get(work, row.user_id)
            work.record(user_changed("updated", after, changed_fields=("locale",)))

    def end(self, cookie: str) -> None:
        """Logs out."""
        self._sessions.end(cookie)

    def _open(self, user_id: UUID, tenant_id: UUID) -> SignedIn:
        former = request.cookies.get(SESSION_COOKIE, "")
        return _signed_in(self._sessions.open(user_id, tenant_id, replaces=former))

    def _session(self, present: Present) -> Session:
        member = present.member
        return Session(
            user_id=str(member.user_id),
            user_name=member.full_name,
            email=member.email,
            tenant_id=str(member.tenant_id),
            tenant_name=member.tenant_name,
            tenant_slug=member.tenant_slug,
            role=member.role,
            scopes=present.role.scopes,
            locale=member.locale,
            access_token=self._sessions.access_token(present),
            csrf_token=present.csrf_token,
            accent_color=member.accent_color,
            time_zone=member.time_zone,
            country_code=member.country_code,
            currency_code=member.currency_code,
            email_confirmed=present.email_confirmed,
        )


def _caller_of(present: Present) -> Caller:
    rights = present.rights
    return Caller(
        tenant_id=rights.tenant_id,
        actor_type="user",
        actor_id=rights.subject,
        scopes=rights.scopes,
        visibility=rights.visibility,
        team_ids=rights.team_ids,
        locale=rights.locale,
    )


def _signed_in(opened: Opened) -> SignedIn:
    return SignedIn(opened.secret, opened.max_age_s)


def _company(row: Row) -> Company:
    return Company(str(row.tenant_id), row.name, row.slug, row.role)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid_field("tenant_id", "choose one of your companies", reason="INVALID_ID") from None
