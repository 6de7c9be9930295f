"""The second factor of an account: codes of an app by RFC 6238, and recovery codes for the day the app is lost.

Who has any second factor, an app or a passkey, is asked for one after the password.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import pyotp
from chassis.caller import Caller
from chassis.vault import Vault
from chassis.work import Database, Row

from gateway.errors import app_is_on, factor_not_found, wrong_code
from gateway.identity import events, letters, throttle
from gateway.identity.platform import PlatformWork, as_tenant, open_platform_work
from gateway.identity.post import Post
from gateway.identity.queries import factor as factors
from gateway.identity.queries import user as users
from gateway.identity.throttle import Counted
from gateway.settings import GatewaySettings

Change = Literal["added_app", "removed_app", "added_passkey", "removed_passkey", "new_codes", "used_code"]
ISSUER = "Funia"
_APP_PURPOSE, _CODE_PURPOSE = "totp", "recovery-code"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 12
_STEP_S = 30


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has. `passkeys` are rows, oldest first."""

    has_app: bool
    passkeys: tuple[Row, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether a second factor is asked for after the password."""
        return self.has_app or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class NewApp:
    """What an app has to be given: the key to type, or the address of the picture to scan."""

    key: str
    uri: str


class SecondFactors:
    """Sets up, checks and removes. Thread-safe."""

    def __init__(self, database: Database, vault: Vault, post: Post, settings: GatewaySettings) -> None:
        self._database = database
        self._vault = vault
        self._post = post
        self._settings = settings

    def of(self, user_id: UUID) -> Factors:
        """What the person has now."""
        with open_platform_work(self._database) as platform:
            app = factors.app(platform, user_id)
            passkeys = factors.passkeys(platform, user_id, limit=self._settings.passkeys_per_person)
            has_app = app is not None and app.confirmed_at is not None
            return Factors(has_app, tuple(passkeys), factors.codes_left(platform, user_id))

    def begin_app(self, user_id: UUID, email: str) -> NewApp:
        """A new key for an app, which does nothing before its first code. Raises Conflict where an app is on."""
        key = pyotp.random_base32()
        with open_platform_work(self._database) as platform:
            if not factors.put_app(platform, user_id, self._vault.encrypt(_APP_PURPOSE, key.encode())):
                raise app_is_on()
        return self._new_app(key, email)

    def waiting_app(self, user_id: UUID, email: str) -> NewApp | None:
        """The key that waits for its first code, to be shown again."""
        with open_platform_work(self._database) as platform:
            row = factors.app(platform, user_id)
        if row is None or row.confirmed_at is not None:
            return None
        return self._new_app(self._vault.decrypt(_APP_PURPOSE, row.sealed).decode(), email)

    def confirm_app(self, user_id: UUID, code: str) -> list[str]:
        """Turns the app on with its first code. Returns recovery codes where the person had none; they are not kept.

        Raises InvalidArgument where the code is wrong, ResourceExhausted after too many tries.
        """
        with self._counted(user_id), open_platform_work(self._database) as platform:
            row = factors.app(platform, user_id)
            if row is None or not self._takes(platform, user_id, row, code):
                raise wrong_code()
            if not factors.confirm_app(platform, user_id):
                raise app_is_on()
            return self.changed(platform, user_id, "added_app")

    def remove_app(self, user_id: UUID) -> None:
        """Turns the app off. Raises NotFound where it is off."""
        with open_platform_work(self._database) as platform:
            if not factors.drop_app(platform, user_id):
                raise factor_not_found()
            self.changed(platform, user_id, "removed_app")

    def new_codes(self, user_id: UUID) -> list[str]:
        """New recovery codes; the former ones work no more."""
        with open_platform_work(self._database) as platform:
            return self.changed(platform, user_id, "new_codes")

    def check_code(self, user_id: UUID, text: str) -> str:
        """Takes a code of the app or a recovery code, once: returns "otp" or "rc".

        Raises InvalidArgument where it is wrong or was used, ResourceExhausted after too many tries.
        """
        code = "".join(text.split()).replace("-", "").lower()
        with self._counted(user_id), open_platform_work(self._database) as platform:
            row = factors.app(platform, user_id)
            if code.isdecimal():
                if row is None or row.confirmed_at is None or not self._takes(platform, user_id, row, code):
                    raise wrong_code()
                return "otp"
            if not factors.use_code(platform, user_id, self._hash(user_id, code)):
                raise wrong_code()
            self.changed(platform, user_id, "used_code")
            return "rc"

    def changed(self, platform: PlatformWork, user_id: UUID, change: Change) -> list[str]:
        """Tells the person by mail and every company by an event; makes recovery codes where they are due."""
        account = users.account(platform, user_id)
        assert account is not None
        what = letters.phrase("second_factor_changed", change, account.locale)
        self._post.put(platform, letters.compose("second_factor_changed", account.locale, to=account.email, what=what))
        for member in users.memberships(platform, user_id):
            caller = Caller(
                tenant_id=member.tenant_id, actor_type="user", actor_id=user_id, scopes=frozenset(), visibility="own"
            )
            with as_tenant(platform, caller) as work:
                work.record(events.second_factor_changed(member, change))
        first = change in ("added_app", "added_passkey") and not factors.codes_left(platform, user_id)
        if not first and change != "new_codes":
            return []
        codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)) for _ in range(10)]
        factors.replace_codes(platform, user_id, [self._hash(user_id, code) for code in codes])
        return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]

    def _takes(self, platform: PlatformWork, user_id: UUID, row: Row, code: str) -> bool:
        totp = pyotp.TOTP(self._vault.decrypt(_APP_PURPOSE, row.sealed).decode(), interval=_STEP_S)
        now = int(platform.now.timestamp()) // _STEP_S
        for step in (now - 1, now, now + 1):
            # A step at or before the last one was used, or seen over a shoulder: it is taken no more.
            if step > row.last_step and hmac.compare_digest(totp.generate_otp(step), code):
                return factors.use_step(platform, user_id, step)
        return False

    def _new_app(self, key: str, email: str) -> NewApp:
        return NewApp(key, pyotp.TOTP(key).provisioning_uri(name=email, issuer_name=ISSUER))

    def _hash(self, user_id: UUID, code: str) -> bytes:
        return self._vault.sign(_CODE_PURPOSE, user_id.bytes + code.encode(errors="replace"))

    def _counted(self, user_id: UUID) -> throttle.Attempt:
        counted = [Counted("second-factor", str(user_id), self._settings.second_factor_tries)]
        return throttle.Attempt(self._database, counted, window_s=self._settings.log_in_window_s)
