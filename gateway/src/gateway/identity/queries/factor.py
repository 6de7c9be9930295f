"""Statements on second factors: the app's key, recovery codes, passkeys and the challenges they answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row

from gateway.identity.platform import PlatformWork

_APP = text("SELECT sealed, last_step, confirmed_at FROM totp WHERE user_id = %(user_id)s", "user_id")
_PUT_APP = text(
    """
    INSERT INTO totp (user_id, sealed, last_step, created_at) VALUES (%(user_id)s, %(sealed)s, 0, %(at)s)
    ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, last_step = 0, created_at = excluded.created_at
     WHERE totp.confirmed_at IS NULL
    """,
    "user_id",
    "sealed",
    "at",
)
_CONFIRM_APP = text(
    "UPDATE totp SET confirmed_at = %(at)s WHERE user_id = %(user_id)s AND confirmed_at IS NULL", "user_id", "at"
)
_USE_STEP = text(
    "UPDATE totp SET last_step = %(step)s WHERE user_id = %(user_id)s AND last_step < %(step)s", "user_id", "step"
)
_DROP_APP = text("DELETE FROM totp WHERE user_id = %(user_id)s AND confirmed_at IS NOT NULL", "user_id")
_CODES = text("SELECT count(*) AS left_over FROM recovery_code WHERE user_id = %(user_id)s", "user_id")
_DROP_CODES = text("DELETE FROM recovery_code WHERE user_id = %(user_id)s", "user_id")
_ADD_CODES = text(
    """
    INSERT INTO recovery_code (user_id, code_hash, created_at)
    SELECT %(user_id)s, code_hash, %(at)s FROM unnest(%(hashes)s::bytea[]) AS made(code_hash)
    """,
    "user_id",
    "hashes",
    "at",
)
_USE_CODE = text(
    "DELETE FROM recovery_code WHERE user_id = %(user_id)s AND code_hash = %(code_hash)s", "user_id", "code_hash"
)
_PASSKEYS = text(
    """
    SELECT credential_id, name, backed_up, created_at, last_used_at FROM passkey
     WHERE user_id = %(user_id)s ORDER BY created_at LIMIT %(limit)s
    """,
    "user_id",
    "limit",
)
_ADD_PASSKEY = text(
    """
    INSERT INTO passkey (credential_id, user_id, public_key, sign_count, name, backed_up, created_at)
    VALUES (%(credential_id)s, %(user_id)s, %(public_key)s, %(sign_count)s, %(name)s, %(backed_up)s, %(at)s)
    ON CONFLICT DO NOTHING
    """,
    "credential_id",
    "user_id",
    "public_key",
    "sign_count",
    "name",
    "backed_up",
    "at",
)
_PASSKEY = text(
    """
    SELECT passkey.user_id, passkey.public_key, passkey.sign_count, user_account.status
      FROM passkey JOIN user_account ON user_account.id = passkey.user_id
     WHERE passkey.credential_id = %(credential_id)s FOR UPDATE OF passkey
    """,
    "credential_id",
)
_USE_PASSKEY = text(
    """
    UPDATE passkey SET sign_count = %(sign_count)s, backed_up = %(backed_up)s, last_used_at = %(at)s
     WHERE credential_id = %(credential_id)s
    """,
    "credential_id",
    "sign_count",
    "backed_up",
    "at",
)
_DROP_PASSKEY = text(
    "DELETE FROM passkey WHERE credential_id = %(credential_id)s AND user_id = %(user_id)s", "credential_id", "user_id"
)
_ADD_CHALLENGE = text(
    """
    INSERT INTO passkey_challenge (challenge_hash, purpose, user_id, expires_at)
    VALUES (%(challenge_hash)s, %(purpose)s, %(user_id)s, %(expires_at)s)
    """,
    "challenge_hash",
    "purpose",
    "user_id",
    "expires_at",
)
_TAKE_CHALLENGE = text(
    """
    DELETE FROM passkey_challenge
     WHERE challenge_hash = %(challenge_hash)s AND purpose = %(purpose)s AND expires_at > %(at)s
    RETURNING user_id
    """,
    "challenge_hash",
    "purpose",
    "at",
)


def app(platform: PlatformWork, user_id: UUID) -> Row | None:
    """The key of the person's app, confirmed or not."""
    return platform.row(_APP, user_id=user_id)


def put_app(platform: PlatformWork, user_id: UUID, sealed: str) -> bool:
    """Writes the key of an app that is yet to be confirmed; False where one is confirmed already."""
    return platform.execute(_PUT_APP, user_id=user_id, sealed=sealed, at=platform.now) == 1


def confirm_app(platform: PlatformWork, user_id: UUID) -> bool:
    """Turns the app on; False where it was on."""
    return platform.execute(_CONFIRM_APP, user_id=user_id, at=platform.now) == 1


def use_step(platform: PlatformWork, user_id: UUID, step: int) -> bool:
    """Uses a time step up, and with it every earlier one. Of any number of transactions that try, one gets True."""
    return platform.execute(_USE_STEP, user_id=user_id, step=step) == 1


def drop_app(platform: PlatformWork, user_id: UUID) -> bool:
    """Turns the app off; False where it was off."""
    return platform.execute(_DROP_APP, user_id=user_id) == 1


def codes_left(platform: PlatformWork, user_id: UUID) -> int:
    """How many recovery codes the person has not used; ten at most are kept."""
    row = platform.row(_CODES, user_id=user_id)
    return 0 if row is None else int(row.left_over)


def replace_codes(platform: PlatformWork, user_id: UUID, hashes: list[bytes]) -> None:
    """Writes new recovery codes in place of the former."""
    platform.execute(_DROP_CODES, user_id=user_id)
    platform.execute(_ADD_CODES, user_id=user_id, hashes=hashes, at=platform.now)


def use_code(platform: PlatformWork, user_id: UUID, code_hash: bytes) -> bool:
    """Uses a recovery code up. Of any number of transactions that try, one gets True."""
    return platform.execute(_USE_CODE, user_id=user_id, code_hash=code_hash) == 1


def passkeys(platform: PlatformWork, user_id: UUID, *, limit: int) -> list[Row]:
    """The person's passkeys, oldest first."""
    return platform.rows(_PASSKEYS, user_id=user_id, limit=limit)


def add_passkey(
    platform: PlatformWork,
    credential_id: bytes,
    *,
    user_id: UUID,
    public_key: bytes,
    sign_count: int,
    name: str,
    backed_up: bool,
) -> bool:
    """Writes a passkey; False where it is known."""
    return (
        platform.execute(
            _ADD_PASSKEY,
            credential_id=credential_id,
            user_id=user_id,
            public_key=public_key,
            sign_count=sign_count,
            name=name,
            backed_up=backed_up,
            at=platform.now,
        )
        == 1
    )


def passkey(platform: PlatformWork, credential_id: bytes) -> Row | None:
    """A passkey with the state of its account, locked until the transaction ends."""
    return platform.row(_PASSKEY, credential_id=credential_id)


def use_passkey(platform: PlatformWork, credential_id: bytes, *, sign_count: int, backed_up: bool) -> None:
    """Notes that a passkey was used."""
    platform.execute(
        _USE_PASSKEY, credential_id=credential_id, sign_count=sign_count, backed_up=backed_up, at=platform.now
    )


def drop_passkey(platform: PlatformWork, user_id: UUID, credential_id: bytes) -> bool:
    """Removes a passkey of the person; False where there is none."""
    return platform.execute(_DROP_PASSKEY, credential_id=credential_id, user_id=user_id) == 1


def add_challenge(
    platform: PlatformWork, challenge_hash: bytes, *, purpose: str, user_id: UUID | None, expires_at: datetime
) -> None:
    """Writes a challenge that a passkey has to answer."""
    platform.execute(
        _ADD_CHALLENGE, challenge_hash=challenge_hash, purpose=purpose, user_id=user_id, expires_at=expires_at
    )


def take_challenge(platform: PlatformWork, challenge_hash: bytes, *, purpose: str) -> Row | None:
    """Uses a challenge up. Of any number of transactions that try, one gets the row."""
    return platform.row(_TAKE_CHALLENGE, challenge_hash=challenge_hash, purpose=purpose, at=platform.now)
