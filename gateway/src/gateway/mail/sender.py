"""Sends waiting mails: claimed with a lease, tried again with growing pauses, forgotten once the server took them.

A mail is lost never, and sent twice only where the answer to the first copy was lost; both copies share a Message-ID.
"""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import datetime, timedelta
from uuid import UUID

from chassis.errors import FailedPrecondition, FuniaError, Unavailable
from chassis.mail import Transport
from chassis.work import Database, Row
from joserfc.errors import JoseError
from prometheus_client import Counter, Gauge

from gateway.identity.platform import open_platform_work
from gateway.identity.post import NOTHING, Post
from gateway.identity.queries import mail as mails
from gateway.mail.message import message_of
from gateway.settings import GatewaySettings

log = logging.getLogger(__name__)

SENT = Counter("funia_mail_total", "Mails by kind and outcome: sent, retried or refused.", ["kind", "outcome"])
AGE = Gauge("funia_mail_oldest_waiting_seconds", "Age of the mail that waits longest.")


class MailSender:
    """Sends from one process; any number of processes may do so at once."""

    def __init__(self, database: Database, post: Post, transport: Transport, settings: GatewaySettings) -> None:
        self._database = database
        self._post = post
        self._transport = transport
        self._settings = settings
        self._sent: set[UUID] = set()

    async def run(self) -> None:
        """Endlessly. A database that is away is waited for."""
        while True:
            try:
                tried = await asyncio.to_thread(self.send_due)
            except FuniaError as error:
                log.warning("mails wait: %s", error)
                tried = 0
            if tried < self._settings.mail_batch_size:
                await asyncio.sleep(self._settings.mail_poll_s)

    def send_due(self) -> int:
        """Tries each mail that is due once, a batch at most; returns how many."""
        settings = self._settings
        with open_platform_work(self._database) as platform:
            if self._sent:
                # Sent before, when the database was away for the moment of forgetting them.
                mails.remove(platform, list(self._sent))
            lease_ends = platform.now + timedelta(seconds=settings.mail_lease_s)
            claimed = mails.claim(platform, lease_ends_at=lease_ends, limit=settings.mail_batch_size)
            oldest = mails.oldest_waiting(platform)
            now = platform.now
        self._sent.clear()
        AGE.set((now - oldest).total_seconds() if oldest else 0)
        for row in sorted(claimed, key=lambda row: row.created_at):
            self._send(row, now)
        return len(claimed)

    def _send(self, row: Row, now: datetime) -> None:
        if row.kind == NOTHING:
            self._forget(row.id)
            return
        try:
            if row.expires_at <= now:
                raise FailedPrecondition("it waited longer than it is of use", reason="MAIL_TOO_OLD")
            letter = self._post.open(row.kind, row.sealed)
            self._transport.send(message_of(letter, row.id, row.created_at, sender=self._settings.mail_from))
        except Unavailable as error:
            self._postpone(row, error, now)
        except (FailedPrecondition, JoseError) as error:
            self._refuse(row, error)
        else:
            SENT.labels(row.kind, "sent").inc()
            self._forget(row.id)

    def _forget(self, mail_id: UUID) -> None:
        self._sent.add(mail_id)
        with open_platform_work(self._database) as platform:
            mails.remove(platform, [mail_id])
        self._sent.discard(mail_id)

    def _postpone(self, row: Row, error: Unavailable, now: datetime) -> None:
        settings = self._settings
        pause_s = min(settings.mail_retry_delay_s * 2 ** min(row.attempts - 1, 20), settings.mail_retry_delay_max_s)
        pause_s *= random.uniform(0.8, 1.2)  # noqa: S311 - spreads load, protects nothing
        log.warning("mail %s (%s) waits %.0f s more: %s", row.id, row.kind, pause_s, error)
        SENT.labels(row.kind, "retried").inc()
        with open_platform_work(self._database) as platform:
            mails.postpone(platform, row.id, next_at=now + timedelta(seconds=pause_s), error=error.reason)

    def _refuse(self, row: Row, error: Exception) -> None:
        reason = error.reason if isinstance(error, FuniaError) else type(error).__name__
        log.error("mail %s (%s) is given up: %s", row.id, row.kind, error)
        SENT.labels(row.kind, "refused").inc()
        with open_platform_work(self._database) as platform:
            mails.refuse(platform, row.id, reason)
