"""The console's port to identity: sign-up, log-in and sessions as the pages need them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from chassis.caller import Glass
from chassis.errors import NotFound, invalid_field
from chassis.work import Row
from flask import request

from gateway.composition import Identity
from gateway.console.ports import (
    DEVICE_COOKIE,
    SESSION_COOKIE,
    ClosedCompany,
    Company,
    CompanyChoice,
    OpenGlass,
    SecondStep,
    Session,
    SignedIn,
)
from gateway.errors import session_ended, wrong_passkey
from gateway.identity import throttle
from gateway.identity.caller import caller_of
from gateway.identity.events import user_changed
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import user as users
from gateway.identity.throttle import Counted
from gateway.identity.usecases.accounts import SignUp, checked_name
from gateway.identity.usecases.company_defaults import LOCALES
from gateway.identity.usecases.sessions import SECOND_STEP, Opened, Present


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
        return self._open(done.user.user_id, done.tenant.tenant_id, ("pwd",))

    def log_in(self, email: str, password: str, *, beside: bool = False) -> SignedIn | CompanyChoice | SecondStep:
        """A session, the choice among several companies, or the question for the second factor. It ends the browser's
        present session, but for one `beside` it: somebody else proves who they are on the same tablet."""
        account = self._check_password(email, password)
        factors = self._identity.second_factors.of(account.id)
        if factors.any:
            ticket = self._sessions.ticket(account.id, purpose=SECOND_STEP)
            return SecondStep(ticket, factors.has_app, bool(factors.passkeys))
        return self._enter(account.id, ("pwd",), beside=beside)

    def second_step(self, ticket: str, code: str, *, beside: bool = False) -> SignedIn | CompanyChoice:
        """Goes on after the password with a code of the app or a recovery code."""
        user_id, amr = self._sessions.proof_of_ticket(ticket, purpose=SECOND_STEP)
        way = self._identity.second_factors.check_code(user_id, code)
        return self._enter(user_id, (*amr, way, "mfa"), beside=beside)

    def by_passkey(self, credential: str, ticket: str) -> SignedIn | CompanyChoice:
        """Logs in by a passkey alone, or goes on with it after the password of the same person."""
        user_id = self._identity.passkeys.prove(credential)
        if not ticket:
            return self._enter(user_id, ("hwk", "mfa"))
        person, amr = self._sessions.proof_of_ticket(ticket, purpose=SECOND_STEP)
        if person != user_id:
            raise wrong_passkey()
        return self._enter(user_id, (*amr, "hwk", "mfa"))

    def offer_passkey(self) -> str:
        """Options for the browser to log in with any passkey, as JSON."""
        settings = self._identity.settings
        counted = [Counted("passkey-offer", throttle.network_of(self._address()), settings.log_in_per_address)]
        throttle.count(self._identity.database, counted, window_s=settings.log_in_window_s)
        return self._identity.passkeys.offer_to_prove()

    def prove(self, session: Session, password: str, code: str, credential: str) -> tuple[str, ...]:
        """How the person who is logged in has proved it once more: by a passkey, or all that a log-in asks for."""
        me = UUID(session.user_id)
        if credential:
            if self._identity.passkeys.prove(credential) != me:
                raise wrong_passkey()
            return ("hwk", "mfa")
        self._check_password(session.email, password)
        if not self._identity.second_factors.of(me).any:
            return ("pwd",)
        return ("pwd", self._identity.second_factors.check_code(me, code), "mfa")

    def renew(self, cookie: str, amr: Sequence[str]) -> SignedIn:
        """The session under a new secret, after the person proved who he is in these ways."""
        return _signed_in(self._sessions.renew(cookie, amr))

    def enter(self, user_id: str, tenant_id: str) -> SignedIn:
        """The session of a person who has just proved who he is, by accepting an invitation."""
        return self._open(UUID(user_id), UUID(tenant_id), ("pwd",))

    def choose(self, ticket: str, tenant_id: str, *, beside: bool = False) -> SignedIn:
        """The session in the chosen company."""
        user_id, amr = self._sessions.proof_of_ticket(ticket)
        return self._open(user_id, _uuid(tenant_id), amr, beside=beside)

    def reopen(self, ticket: str, tenant_id: str) -> SignedIn:
        """A session in a closed company of the person, which this opens again."""
        user_id, amr = self._sessions.proof_of_ticket(ticket)
        self._identity.closing.reopen_own(user_id, _uuid(tenant_id))
        return self._open(user_id, _uuid(tenant_id), amr)

    def switch(self, cookie: str, tenant_id: str) -> SignedIn:
        """The same person in another company."""
        return _signed_in(self._sessions.switch(cookie, _uuid(tenant_id)))

    def companies(self, session: Session) -> Sequence[Company]:
        """Companies the person may work in."""
        return [_company(row) for row in self._sessions.companies(UUID(session.user_id))]

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie, with a token for the request at hand."""
        present = self._sessions.look(cookie)
        return None if present is None else self._session(present)

    def set_locale(self, cookie: str, locale: str) -> None:
        """The person's language in this company from now on."""
        self.change_profile(cookie, "", locale)

    def change_profile(self, cookie: str, full_name: str, locale: str) -> None:
        """The person's name, where one is given, and language in this company from now on."""
        name = checked_name(full_name, field="full_name") if full_name else ""
        if locale not in LOCALES:
            raise invalid_field("locale", f"choose one of {', '.join(LOCALES)}", reason="NOT_ONE_OF")
        present = self._sessions.read(cookie)
        if present is None:
            raise session_ended()
        with self._identity.database.open_work(caller_of(present)) as work:
            row = users.get_for_update(work, present.member.user_id)
            if row is None:
                raise NotFound("You do not belong to this company any more.", reason="USER_NOT_FOUND")
            users.change(
                work,
                row.user_id,
                full_name=name or row.full_name,
                locale=locale,
                role=row.role,
                team_id=row.team_id,
                status=row.status,
                version=row.version + 1,
                updated_at=work.now,
                updated_by=row.user_id,
            )
            after = users.get(work, row.user_id)
            work.record(user_changed("updated", after, changed_fields=("full_name", "locale") if name else ("locale",)))

    def end(self, cookie: str) -> None:
        """Logs out."""
        self._sessions.end(cookie)

    def _check_password(self, email: str, password: str) -> Row:
        device = request.cookies.get(DEVICE_COOKIE, "")
        return self._accounts.check_password(email, password, address=self._address(), device=device)

    def _enter(self, user_id: UUID, amr: tuple[str, ...], *, beside: bool = False) -> SignedIn | CompanyChoice:
        companies = self._sessions.companies(user_id)
        closed = tuple(
            ClosedCompany(str(row.tenant_id), row.name, row.due_at) for row in self._identity.closing.closed_of(user_id)
        )
        if not companies and not closed:
            raise self._sessions.why_none(user_id)
        if closed or len(companies) > 1:
            ticket = self._sessions.ticket(user_id, amr)
            return CompanyChoice(ticket, tuple(_company(row) for row in companies), closed)
        return self._open(user_id, companies[0].tenant_id, amr, beside=beside)

    def _open(self, user_id: UUID, tenant_id: UUID, amr: Sequence[str], *, beside: bool = False) -> SignedIn:
        former = "" if beside else request.cookies.get(SESSION_COOKIE, "")
        opened = self._sessions.open(user_id, tenant_id, replaces=former, amr=amr)
        with open_platform_work(self._identity.database) as platform:
            account = users.account(platform, user_id)
        known = self._identity.settings.known_device_s
        proof = self._identity.devices.proof(account.email) if account else ""
        return SignedIn(opened.secret, opened.max_age_s, proof, known)

    def _session(self, present: Present) -> Session:
        member, rights = present.member, present.rights
        return Session(
            user_id=str(member.user_id),
            user_name=member.full_name,
            email=member.email,
            tenant_id=str(member.tenant_id),
            tenant_name=member.tenant_name,
            tenant_slug=member.tenant_slug,
            role=member.role,
            scopes=present.role.scopes,
            fields=present.role.fields,
            locale=member.locale,
            access_token="" if present.lacks_second_factor else self._sessions.access_token(present),
            csrf_token=present.csrf_token,
            accent_color=member.accent_color,
            time_zone=member.time_zone,
            country_code=member.country_code,
            currency_code=member.currency_code,
            email_confirmed=present.email_confirmed,
            is_sandbox=member.sandbox_of is not None,
            glass=None if rights.glass is None else _open_glass(rights.glass, member.glass["reason"]),
            lacks_second_factor=present.lacks_second_factor,
        )


def _signed_in(opened: Opened) -> SignedIn:
    return SignedIn(opened.secret, opened.max_age_s)


def _open_glass(glass: Glass, reason: str) -> OpenGlass:
    until = datetime.fromtimestamp(glass.until, UTC)
    return OpenGlass(str(glass.id), reason, until, str(glass.record_id or ""))


def _company(row: Row) -> Company:
    return Company(str(row.tenant_id), row.name, row.slug, row.role)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid_field("tenant_id", "choose one of your companies", reason="INVALID_ID") from None
