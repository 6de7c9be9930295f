"""Puts mails into the table of those to be sent, sealed, in the transaction of what they tell. Sends nothing itself."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from uuid import UUID

import orjson
from chassis.ids import uuid7
from chassis.vault import Vault

from gateway.identity.letters import Attachment, Letter
from gateway.identity.platform import PlatformWork
from gateway.identity.queries import mail as mails
from gateway.identity.queries import tenant as tenants
from gateway.settings import GatewaySettings

_PURPOSE = "outgoing-mail"
NOTHING = "nothing"
"""The kind of a mail that is never sent: it costs what a real one costs, for addresses that have no account."""


class Post:
    """Writes and reads sealed mails. Thread-safe."""

    def __init__(self, vault: Vault, settings: GatewaySettings) -> None:
        self._vault = vault
        self._keep = timedelta(hours=settings.mail_keep_hours)

    def put(
        self,
        platform: PlatformWork,
        letter: Letter,
        *,
        kind: str = "",
        good_for: timedelta | None = None,
        company: UUID | None = None,
    ) -> None:
        """Has the letter sent if and only if the transaction commits, and not later than `good_for` from now.

        A letter in the name of a `company` that is a sandbox is sent to nobody.
        """
        if company is not None and tenants.is_sandbox(platform, company):
            return
        files = [[one.name, one.media_type, b64encode(one.content).decode()] for one in letter.attachments]
        parts = [letter.to, letter.subject, letter.text, letter.html, files]
        sealed = self._vault.encrypt(_PURPOSE, orjson.dumps(parts))
        ends = platform.now + min(self._keep, good_for or self._keep)
        mails.add(platform, uuid7(), kind=kind or letter.kind, sealed=sealed, expires_at=ends)

    def open(self, kind: str, sealed: str) -> Letter:
        """The letter again. Raises joserfc's JoseError where it was sealed under another secret."""
        # A mail that was put before there were attachments has four parts.
        to, subject, text, html, *rest = orjson.loads(self._vault.decrypt(_PURPOSE, sealed))
        files = rest[0] if rest else []
        attachments = tuple(Attachment(name, media_type, b64decode(content)) for name, media_type, content in files)
        return Letter(kind, to, subject, text, html, attachments)
