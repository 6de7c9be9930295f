"""Signing a company up and checking a person's password. Opens no session: that is `usecases.sessions`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

import orjson
from chassis import idempotency
from chassis.caller import Caller
from chassis.errors import Conflict, InvalidArgument, Unauthenticated, Violation
from chassis.ids import uuid7
from chassis.vault import Vault
from chassis.work import Database, Row
from google.protobuf.wrappers_pb2 import BytesValue, StringValue

from gateway.errors import email_taken, wrong_log_in
from gateway.identity import throttle
from gateway.identity.model.audit import Act, Actor
from gateway.identity.passwords import Passwords
from gateway.identity.platform import NOBODY, PlatformWork, as_tenant, note_all, open_platform_work
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.throttle import Counted
from gateway.identity.usecases import plans
from gateway.identity.usecases.addresses import counted_email, normalise_email
from gateway.identity.usecases.company_defaults import LOCALES, is_country
from gateway.identity.usecases.devices import Devices
from gateway.identity.usecases.email_addresses import EmailAddresses
from gateway.identity.usecases.founding import Founded, Founder, found
from gateway.settings import GatewaySettings

NAME_MAX_LENGTH = 200
_SIGN_UP = "sign-up"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a person says when a company signs up."""

    company_name: str
    full_name: str
    email: str
    password: str
    locale: str = "en"
    country_code: str = ""


class Accounts:
    """Sign-up and log-in. Thread-safe."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        emails: EmailAddresses,
        devices: Devices,
        vault: Vault,
        settings: GatewaySettings,
    ) -> None:
        self._database = database
        self._devices = devices
        self._vault = vault
        self._emails = emails
        self._passwords = passwords
        self._settings = settings

    def sign_up(self, form: SignUp, *, address: str, request_id: str = "", key: str = "") -> Founded:
        """Makes a company with the person as its owner; a person who has an account gives its password.

        Under the same idempotency key it is made once. Raises InvalidArgument naming every bad field, Conflict where
        the e-mail's account has another password.
        """
        form = self._checked(form)
        settings = self._settings
        asked_from = [Counted("sign-up", throttle.network_of(address), settings.sign_up_per_address)]
        throttle.count(self._database, asked_from, window_s=settings.sign_up_window_s)
        with open_platform_work(self._database, request_id=request_id) as platform:
            account = users.account_by_email(platform, form.email)
        if account is not None:
            self._check_owner(form, address)
            password_hash = ""
        else:
            password_hash = self._passwords.hash(form.password)
        with open_platform_work(self._database, request_id=request_id) as platform:
            once = _Once(self._vault, form, key) if key else None
            earlier = once.earlier(platform) if once is not None else None
            if earlier is not None:
                return earlier
            user_id = account.id if account is not None else uuid7()
            if account is None and not users.add_account(
                platform,
                user_id=user_id,
                email=form.email,
                full_name=form.full_name,
                locale=form.locale,
                password_hash=password_hash,
                email_confirmed=not settings.email_confirmation_required,
            ):
                raise email_taken()
            if account is None and settings.email_confirmation_required:
                self._emails.ask_to_confirm(platform, user_id, email=form.email, locale=form.locale)
            founder = Founder(user_id, form.email, form.full_name)
            founded = found(
                platform,
                founder,
                company_name=form.company_name,
                locale=form.locale,
                country_code=form.country_code,
                status="trial",
                request_id=request_id,
            )
            with as_tenant(platform, Caller.system(founded.tenant.tenant_id, request_id=request_id)) as work:
                plans.begin(work, settings)
            if once is not None:
                once.keep(platform, founded)
            return founded

    def check_password(self, email: str, password: str, *, address: str, device: str = "") -> Row:
        """The account the e-mail and password belong to. Takes as long where there is none.

        `device` is what a browser kept from an earlier log-in, if it has. Raises Unauthenticated without saying which
        of the two was wrong, ResourceExhausted after too many tries.
        """
        settings = self._settings
        email = counted_email(email)
        known = self._devices.known(device, email) if device else ""
        network = throttle.network_of(address)
        counted = [
            Counted("log-in-both", f"{email}|{network}", settings.log_in_per_account_address),
            Counted("log-in-device", known, settings.log_in_per_account)
            if known
            else Counted("log-in-account", email, settings.log_in_per_account),
            Counted("log-in-address", network, settings.log_in_per_address),
        ]
        throttle.count(self._database, counted, window_s=settings.log_in_window_s)
        with open_platform_work(self._database) as platform:
            account = users.account_by_email(platform, email)
        right = self._passwords.verify(account.password_hash if account else None, password)
        if account is None or not right or account.status != "active":
            self._note_failure(account)
            raise wrong_log_in()
        throttle.uncount(self._database, counted)
        if self._passwords.is_outdated(account.password_hash):
            renewed = self._passwords.hash(password)
            with open_platform_work(self._database) as platform:
                users.change_password_hash(platform, account.id, renewed)
        return account

    def _note_failure(self, account: Row | None) -> None:
        """Enters a failed log-in with every company of the person."""
        with open_platform_work(self._database) as platform:
            # Without the wait for the disk it takes as long as for an e-mail that has no account.
            platform.raw.execute("SET LOCAL synchronous_commit TO off")
            user_id = account.id if account is not None else NOBODY
            act = Act("identity.log_in.failed", str(user_id), actor=Actor("user", user_id))
            note_all(platform, [(Caller.system(one.tenant_id), act) for one in tenants.of_user(platform, user_id)])

    def _check_owner(self, form: SignUp, address: str) -> None:
        try:
            self.check_password(form.email, form.password, address=address)
        except Unauthenticated:
            raise email_taken() from None

    def _checked(self, form: SignUp) -> SignUp:
        violations: list[Violation] = []
        names = {"company_name": form.company_name.strip(), "full_name": form.full_name.strip()}
        for field, value in names.items():
            violations += _name_violations(field, value)
        email = normalise_email(form.email)
        if not email:
            violations.append(Violation("email", "Write a whole e-mail address: name@example.com.", "INVALID_EMAIL"))
        if form.locale not in LOCALES:
            violations.append(Violation("locale", f"Choose one of {', '.join(LOCALES)}.", "NOT_ONE_OF"))
        country = form.country_code.strip().upper()
        if country and not is_country(country):
            violations.append(Violation("country_code", "Use a two-letter code such as BG.", "INVALID_COUNTRY"))
        try:
            self._passwords.check_strength(form.password, email=email)
        except InvalidArgument as error:
            violations.extend(error.violations)
        if violations:
            first = violations[0]
            raise InvalidArgument(f"{first.field}: {first.message}", reason="INVALID_FIELD", violations=violations)
        return SignUp(names["company_name"], names["full_name"], email, form.password, form.locale, country)


class _Once:
    """A sign-up under an idempotency key. The keys of an address are its own, and no password is kept by them."""

    def __init__(self, vault: Vault, form: SignUp, key: str) -> None:
        said = orjson.dumps([form.company_name, form.full_name, form.email, form.password, form.country_code])
        self._asked = BytesValue(value=vault.sign(_SIGN_UP, said))
        whose = UUID(bytes=vault.sign(_SIGN_UP, form.email.encode())[:16])
        self._caller = Caller(NOBODY, "system", whose, frozenset(), "own")
        self._key = key

    def earlier(self, platform: PlatformWork) -> Founded | None:
        """What the first sign-up under the key made. Raises Conflict while that runs, Unprocessable where the key was
        used for another one."""
        with as_tenant(platform, self._caller) as work:
            made = idempotency.earlier_answer(work, self._key, _SIGN_UP, self._asked)
        if made is None:
            return None
        tenant_id, user_id = (UUID(one) for one in StringValue.FromString(made).value.split())
        with as_tenant(platform, Caller.system(tenant_id)) as work:
            tenant, user = tenants.get(work), users.get(work, user_id)
        if tenant is None or user is None:
            raise Conflict("The company that this key made is gone. Use a new key.", reason="IDEMPOTENCY_KEY_REUSED")
        return Founded(tenant, user)

    def keep(self, platform: PlatformWork, founded: Founded) -> None:
        made = StringValue(value=f"{founded.tenant.tenant_id} {founded.user.user_id}")
        with as_tenant(platform, self._caller) as work:
            idempotency.keep_answer(work, self._key, _SIGN_UP, self._asked, made)


def checked_name(text: str, *, field: str) -> str:
    """A name without spaces around it. Raises InvalidArgument where it is none."""
    violations = _name_violations(field, text.strip())
    if violations:
        raise InvalidArgument(f"{field}: {violations[0].message}", reason=violations[0].reason, violations=violations)
    return text.strip()


def _name_violations(field: str, value: str) -> list[Violation]:
    if not value:
        return [Violation(field, "Fill this in.", "REQUIRED")]
    if len(value) > NAME_MAX_LENGTH:
        return [Violation(field, f"Use at most {NAME_MAX_LENGTH} characters.", "TOO_LONG")]
    if _CONTROL.search(value):
        return [Violation(field, "Leave out control characters.", "INVALID_TEXT")]
    return []
