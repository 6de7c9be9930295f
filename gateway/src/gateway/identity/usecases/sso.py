"""Logging in by a company's own provider. A provider speaks for its own company, and there for proven domains only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import PermissionDenied, invalid_field
from chassis.ids import uuid7
from chassis.vault import Vault
from chassis.work import Row

from gateway.errors import no_membership, session_ended
from gateway.identity import events, throttle
from gateway.identity.audited import IdentityDatabase, IdentityWork
from gateway.identity.model.audit import Act, Actor
from gateway.identity.platform import PlatformWork, as_tenant, open_platform_work
from gateway.identity.queries import sso as queries
from gateway.identity.queries import user as users
from gateway.identity.secret_values import digest, new_secret
from gateway.identity.throttle import Counted
from gateway.identity.usecases.addresses import normalise_email
from gateway.identity.usecases.members import add_member
from gateway.identity.usecases.sessions import Opened, Sessions
from gateway.identity.usecases.sso_connection import REDIRECT_PATH, SECRET_PURPOSE
from gateway.settings import GatewaySettings
from gateway.sso.provider import Asserted, Client, Providers

_VERIFIER_PURPOSE = "sso-code-verifier"
NO_PASSWORD = "!"
"""In place of a hash: no password fits it. The person may set one by a link to the address."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the secret that proves, when it comes back, that it is the same."""

    url: str
    browser_secret: str


class SingleSignOn:
    """Sends people to their company's provider and lets them in when they come back. Thread-safe."""

    def __init__(
        self,
        database: IdentityDatabase,
        sessions: Sessions,
        providers: Providers,
        vault: Vault,
        settings: GatewaySettings,
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._providers = providers
        self._vault = vault
        self._settings = settings

    def companies(self, email: str, *, address: str) -> list[Row]:
        """Companies whose people with addresses like this log in by a provider. Raises InvalidArgument for none."""
        normal = normalise_email(email)
        if not normal:
            raise invalid_field("email", "write a whole e-mail address: name@example.com", reason="INVALID_EMAIL")
        counted = [Counted("sso-begin", throttle.network_of(address), self._settings.log_in_per_address)]
        throttle.count(self._database, counted, window_s=self._settings.log_in_window_s)
        with open_platform_work(self._database) as platform:
            found = queries.companies_of_domain(
                platform, normal.rpartition("@")[2], limit=self._settings.sso_companies_max
            )
        if not found:
            raise invalid_field("email", "no company logs in with addresses like this", reason="NO_SSO")
        return found

    def begin(self, tenant_id: UUID, *, target: str, login_hint: str = "") -> Begun:
        """Begins a log-in at the company's provider; `target` is where the person wants to go after it."""
        with self._database.open_work(Caller.system(tenant_id), read_only=True) as work:
            row = queries.connection(work)
        if row is None:
            raise session_ended()
        state, nonce, verifier, browser = (new_secret() for _ in range(4))
        url = self._providers.authorization_url(self._client(row), state=state, nonce=nonce, verifier=verifier)
        with open_platform_work(self._database) as platform:
            queries.begin(
                platform,
                state_hash=digest(state),
                browser_hash=digest(browser),
                for_tenant=tenant_id,
                issuer=row.issuer,
                nonce=nonce,
                verifier_jwe=self._vault.encrypt(_VERIFIER_PURPOSE, verifier.encode()),
                target=target,
                expires_at=platform.now + timedelta(seconds=self._settings.sso_request_s),
            )
        return Begun(url, browser)

    def finish(self, *, state: str, code: str, issuer: str, browser_secret: str, replaces: str) -> tuple[Opened, str]:
        """The session of a person who comes back, and where he wanted to go.

        Raises Unauthenticated where this browser began no such log-in, PermissionDenied where the provider's word
        does not hold or does not open this company.
        """
        with open_platform_work(self._database) as platform:
            begun = queries.take(platform, digest(state), digest(browser_secret))
        if begun is None:
            raise session_ended()
        with self._database.open_work(Caller.system(begun.for_tenant), read_only=True) as work:
            row = queries.connection(work)
        if row is None or row.issuer != begun.issuer:
            raise session_ended()
        verifier = self._vault.decrypt(_VERIFIER_PURPOSE, begun.verifier_jwe).decode()
        asserted = self._providers.redeem(
            self._client(row), code=code, nonce=begun.nonce, verifier=verifier, issuer_told=issuer
        )
        try:
            return self._enter(row, asserted, replaces), begun.target
        except PermissionDenied as refusal:
            self._note_refusal(begun.for_tenant, refusal.reason)
            raise

    def _enter(self, row: Row, asserted: Asserted, replaces: str) -> Opened:
        email = normalise_email(asserted.email)
        if not email or not asserted.email_verified:
            raise PermissionDenied(
                "Your company's log-in does not say that your e-mail address is confirmed. Ask your administrator.",
                reason="SSO_EMAIL_NOT_VERIFIED",
            )
        with open_platform_work(self._database) as platform:
            with as_tenant(platform, Caller.system(row.tenant_id)) as work:
                domain = queries.domain(work, email.rpartition("@")[2])
                if domain is None or domain.verified_at is None:
                    raise PermissionDenied(
                        "Your e-mail address is of a domain that this company has not proven to be its own.",
                        reason="SSO_FOREIGN_DOMAIN",
                    )
                linked = queries.linked(work, row.issuer, asserted.subject)
            user_id = linked.user_id if linked is not None else self._newcomer(platform, row, asserted, email)
            return self._sessions.open_bound(platform, user_id, row.tenant_id, replaces=replaces)

    def _newcomer(self, platform: PlatformWork, row: Row, asserted: Asserted, email: str) -> UUID:
        """Links the account of the address, made where there is none, and makes it a member."""
        name = asserted.full_name or email.partition("@")[0]
        account = users.account_by_email(platform, email)
        user_id = account.id if account is not None else uuid7()
        if account is None:
            users.add_account(
                platform,
                user_id=user_id,
                email=email,
                full_name=name,
                locale="en",
                password_hash=NO_PASSWORD,
                email_confirmed=True,
            )
        caller = Caller(row.tenant_id, "user", user_id, frozenset(), "own")
        with as_tenant(platform, caller) as work:
            member = users.get(work, user_id)
            if member is None:
                add_member(work, user_id, email=email, full_name=name, role=row.default_role, locale="")
                work.record(events.user_changed("activated", users.get(work, user_id)))
            elif member.status != "active":
                raise no_membership()
            queries.link(work, row.issuer, asserted.subject, user_id)
            _note_link(work, user_id, row.issuer)
        return user_id

    def _note_refusal(self, tenant_id: UUID, reason: str) -> None:
        with self._database.open_work(Caller.system(tenant_id)) as work:
            work.note(Act("identity.log_in.failed", detail={"reason": reason}))

    def _client(self, row: Row) -> Client:
        return Client(
            issuer=row.issuer,
            client_id=row.client_id,
            client_secret=self._vault.decrypt(SECRET_PURPOSE, row.secret_jwe).decode(),
            redirect_uri=self._settings.issuer.rstrip("/") + REDIRECT_PATH,
        )


def _note_link(work: IdentityWork, user_id: UUID, issuer: str) -> None:
    work.note(Act("identity.sso.linked", str(user_id), {"issuer": issuer}, actor=Actor("user", user_id)))
