"""Setting a new password: by the one before, or by a link to the address of the account."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chassis.errors import Unauthenticated, invalid_field
from chassis.work import Database, Row

from gateway.errors import link_gone
from gateway.identity import letters, throttle
from gateway.identity.passwords import Passwords
from gateway.identity.platform import PlatformWork, open_platform_work
from gateway.identity.post import NOTHING, Post
from gateway.identity.queries import one_time
from gateway.identity.queries import user as users
from gateway.identity.secret_values import digest, new_secret
from gateway.identity.throttle import Counted
from gateway.identity.usecases import links
from gateway.identity.usecases.accounts import Accounts
from gateway.identity.usecases.addresses import checked_email, counted_email
from gateway.identity.usecases.endings import end_everywhere
from gateway.settings import GatewaySettings


class PasswordChanges:
    """Resets and changes. Thread-safe."""

    def __init__(
        self, database: Database, accounts: Accounts, passwords: Passwords, post: Post, settings: GatewaySettings
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._passwords = passwords
        self._post = post
        self._settings = settings

    def ask_reset(self, text: str, *, address: str) -> None:
        """Sends a link that sets a new password, if the address has an account.

        Does the same work where it has none, so that neither the answer nor its time tells. Raises InvalidArgument
        for a text that is no address, ResourceExhausted after too many requests for it or from the caller's address.
        """
        settings = self._settings
        email = checked_email(text)
        counted = [
            Counted("reset-email", counted_email(text), settings.link_mails_per_account),
            Counted("reset-address", throttle.network_of(address), settings.link_mails_per_address),
        ]
        throttle.count(self._database, counted, window_s=settings.link_mail_window_s)
        lifetime = timedelta(minutes=settings.reset_password_minutes)
        with open_platform_work(self._database) as platform:
            account = users.account_by_email(platform, email)
            kind, locale = "reset_password", "en"
            if account is not None and account.status == "active":
                locale = account.locale
                link = links.make(
                    platform, settings.issuer, links.RESET_PASSWORD, account.id, email=email, lifetime=lifetime
                )
            else:
                kind, secret = NOTHING, new_secret()
                one_time.get(platform, digest(secret), purpose=links.RESET_PASSWORD)
                one_time.get(platform, digest(secret), purpose=links.RESET_PASSWORD)
                link = links.address(settings.issuer, links.RESET_PASSWORD, secret)
            minutes = settings.reset_password_minutes
            letter = letters.compose("reset_password", locale, to=email, link=link, minutes=minutes)
            self._post.put(platform, letter, kind=kind, good_for=lifetime)

    def is_open(self, secret: str) -> bool:
        """Whether the link of a reset still works."""
        with open_platform_work(self._database) as platform:
            return one_time.get(platform, digest(secret), purpose=links.RESET_PASSWORD) is not None

    def reset(self, secret: str, password: str) -> None:
        """Takes the link and sets the password; everybody who is logged in to the account is logged out.

        Raises FailedPrecondition where the link works no more, InvalidArgument where the password is too weak.
        """
        with open_platform_work(self._database) as platform:
            found = one_time.get(platform, digest(secret), purpose=links.RESET_PASSWORD)
        if found is None:
            raise link_gone()
        self._passwords.check_strength(password, email=found.email)
        password_hash = self._passwords.hash(password)
        with open_platform_work(self._database) as platform:
            taken = links.take(platform, links.RESET_PASSWORD, secret)
            account = users.account(platform, taken.user_id)
            if account is None or account.email != taken.email or account.status != "active":
                raise link_gone()
            # The link was read in the mailbox of the address, which so is confirmed.
            users.confirm_email(platform, account.id)
            self._set(platform, account, password_hash, "password_reset", keep=b"")

    def change(self, user_id: UUID, current: str, password: str, *, address: str, keep: bytes) -> None:
        """Sets a new password where the current one is right; every session but the one with the hash `keep` ends."""
        with open_platform_work(self._database) as platform:
            account = users.account(platform, user_id)
        if account is None:
            raise link_gone()
        try:
            self._accounts.check_password(account.email, current, address=address)
        except Unauthenticated:
            raise invalid_field("current_password", "this is not your password", reason="WRONG_PASSWORD") from None
        self._passwords.check_strength(password, email=account.email, field="new_password")
        password_hash = self._passwords.hash(password)
        with open_platform_work(self._database) as platform:
            self._set(platform, account, password_hash, "password_changed", keep=keep)

    def _set(self, platform: PlatformWork, account: Row, password_hash: str, reason: str, *, keep: bytes) -> None:
        users.set_password_hash(platform, account.id, password_hash)
        for purpose in (links.RESET_PASSWORD, links.CHANGE_EMAIL):
            one_time.drop(platform, account.id, purpose=purpose)
        end_everywhere(platform, account.id, reason, keep=keep)
        self._post.put(platform, letters.compose("password_changed", account.locale, to=account.email))
