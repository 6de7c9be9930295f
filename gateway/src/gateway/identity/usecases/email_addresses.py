"""The e-mail address of an account: confirmed after sign-up, changed by confirming the new one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chassis.caller import Caller
from chassis.work import Database, Row, Work

from gateway.errors import email_taken, email_unconfirmed, link_gone
from gateway.identity import events, letters, throttle
from gateway.identity.platform import PlatformWork, as_tenant, open_platform_work, platform_rights
from gateway.identity.post import NOTHING, Post
from gateway.identity.queries import user as users
from gateway.identity.throttle import Counted
from gateway.identity.usecases import links
from gateway.identity.usecases.addresses import checked_email
from gateway.settings import GatewaySettings


class EmailAddresses:
    """Asks for confirmations and takes them. Thread-safe."""

    def __init__(self, database: Database, post: Post, settings: GatewaySettings) -> None:
        self._database = database
        self._post = post
        self._settings = settings

    def ask_to_confirm(self, platform: PlatformWork, user_id: UUID, *, email: str, locale: str) -> None:
        """Sends the link that confirms a new account's address."""
        lifetime = timedelta(hours=self._settings.confirm_email_hours)
        link = links.make(platform, self._settings.issuer, links.CONFIRM_EMAIL, user_id, email=email, lifetime=lifetime)
        hours = self._settings.confirm_email_hours
        letter = letters.compose("confirm_email", locale, to=email, link=link, hours=hours)
        self._post.put(platform, letter, good_for=lifetime)

    def ask_again(self, user_id: UUID) -> None:
        """Sends that link once more. Raises ResourceExhausted where it was asked for too often."""
        self._count("confirm-email", str(user_id))
        with open_platform_work(self._database) as platform:
            account = users.account(platform, user_id)
            if account is not None and not account.email_confirmed:
                self.ask_to_confirm(platform, user_id, email=account.email, locale=account.locale)

    def confirm(self, secret: str) -> Row:
        """Takes the link of a confirmation; returns the account."""
        with open_platform_work(self._database) as platform:
            taken = links.take(platform, links.CONFIRM_EMAIL, secret)
            account = users.account(platform, taken.user_id)
            if account is None or account.email != taken.email:
                raise link_gone()
            users.confirm_email(platform, taken.user_id)
            return account

    def ask_to_change(self, user_id: UUID, text: str) -> None:
        """Sends a link to the new address and a notice to the old one. The answer is the same where it is taken.

        Raises InvalidArgument for a text that is no address, ResourceExhausted where it was asked for too often.
        """
        email = checked_email(text)
        self._count("change-email", str(user_id))
        lifetime = timedelta(hours=self._settings.change_email_hours)
        with open_platform_work(self._database) as platform:
            account = users.account(platform, user_id)
            if account is None or account.email == email:
                return
            link = links.make(
                platform, self._settings.issuer, links.CHANGE_EMAIL, user_id, email=email, lifetime=lifetime
            )
            kind = NOTHING if users.account_by_email(platform, email) else "change_email"
            hours = self._settings.change_email_hours
            letter = letters.compose("change_email", account.locale, to=email, link=link, hours=hours)
            self._post.put(platform, letter, kind=kind, good_for=lifetime)
            notice = letters.compose("email_changed", account.locale, to=account.email, email=email)
            self._post.put(platform, notice)

    def change(self, secret: str) -> Row:
        """Takes the link sent to a new address, which the account and all its memberships have from now on."""
        with open_platform_work(self._database) as platform:
            taken = links.take(platform, links.CHANGE_EMAIL, secret)
            if users.account_by_email(platform, taken.email) is not None:
                raise email_taken()
            users.change_email(platform, taken.user_id, taken.email)
            for member in users.memberships(platform, taken.user_id):
                caller = Caller.system(member.tenant_id)
                with as_tenant(platform, caller) as work:
                    users.change_member_email(work, taken.user_id, taken.email)
                    row = users.get(work, taken.user_id)
                    work.record(events.user_changed("updated", row, changed_fields=("email",)))
            account = users.account(platform, taken.user_id)
            assert account is not None
            return account

    def _count(self, kind: str, value: str) -> None:
        settings = self._settings
        counted = [Counted(kind, value, settings.link_mails_per_account)]
        throttle.count(self._database, counted, window_s=settings.link_mail_window_s)


def check_confirmed(work: Work) -> None:
    """Raises FailedPrecondition where the caller is a person whose address is not confirmed yet."""
    if work.caller.actor_type != "user":
        return
    with platform_rights(work) as platform:
        account = users.account(platform, work.caller.actor_id)
    if account is not None and not account.email_confirmed:
        raise email_unconfirmed()
