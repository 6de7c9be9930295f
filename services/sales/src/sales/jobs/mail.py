"""Sends the mails of sellers: claimed in one commit, sent, settled in another.

A worker that dies in between leaves a mail of which nobody knows whether it went out: that is said, and it is not sent
again by itself.
"""

from __future__ import annotations

import logging
from email.message import EmailMessage
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import FailedPrecondition, NotFound, Unavailable
from chassis.files import FileStore
from chassis.jobs import Control, Outcome
from chassis.mail import UNCERTAIN, Transport
from chassis.work import Database

from sales.letters.travelling import Paper, message_of
from sales.queries import documents
from sales.queries import mail as queries
from sales.records import ACTIVITIES
from sales.servicers.record_mail import RecordMailServicer
from sales.usecases.enclosures import WITHDRAWN

log = logging.getLogger(__name__)


class MailOut:
    """The job of a mail; its record is the activity."""

    def __init__(
        self, database: Database, mails: RecordMailServicer, transport: Transport, files: FileStore, *, sender: str
    ) -> None:
        self._database = database
        self._mails = mails
        self._transport = transport
        self._files = files
        self._sender = sender

    def handle(self, tenant_id: UUID, activity_id: UUID, control: Control) -> Outcome:
        """Sends a mail that waits. Raises Unavailable where another try may help, with the mail back in its line."""
        # Read before the mail is claimed: a store that is away leaves it in its line.
        message = self._claim(tenant_id, activity_id, self._enclosed(tenant_id, activity_id))
        if message is None:
            return Outcome.DONE
        try:
            self._transport.send(message)
        except FailedPrecondition as error:
            self._settle(tenant_id, activity_id, "failed", error.reason)
        except Unavailable as error:
            if error.reason == UNCERTAIN:
                self._settle(tenant_id, activity_id, "uncertain", error.reason)
            elif control.last_attempt:
                self._settle(tenant_id, activity_id, "failed", error.reason)
            else:
                self._settle(tenant_id, activity_id, "queued", error.reason)
                raise
        else:
            self._settle(tenant_id, activity_id, "sent")
        return Outcome.DONE

    def give_up(self, tenant_id: UUID, activity_id: UUID, problem: str) -> None:
        """Says of a mail that could not be sent that it failed, or is uncertain where it was on its way."""
        log.error("a mail is given up: %s", problem)
        with self._database.open_work(Caller.system(tenant_id)) as work:
            mail = queries.get(work, activity_id, lock=True)
            if mail is not None and mail.status == "queued":
                queries.put(work, activity_id, "sending")
                self._mails.settle(work, activity_id, "failed", "MAIL_UNAVAILABLE")
            else:
                self._mails.settle(work, activity_id, "uncertain", UNCERTAIN)

    def _enclosed(self, tenant_id: UUID, activity_id: UUID) -> list[Paper] | None:
        """The documents that a mail carries; None where one of them is withdrawn."""
        with self._database.open_work(Caller.system(tenant_id), read_only=True) as work:
            rows = documents.attached(work, activity_id)
        if any(row.withdrawn for row in rows):
            return None
        try:
            return [
                Paper(row.file_name, b"".join(self._files.read(tenant_id, row.file_key)), row.content_type)
                for row in rows
            ]
        except NotFound:
            return None

    def _claim(self, tenant_id: UUID, activity_id: UUID, enclosed: list[Paper] | None) -> EmailMessage | None:
        with self._database.open_work(Caller.system(tenant_id)) as work:
            mail = queries.get(work, activity_id, lock=True)
            activity = ACTIVITIES.get(work, activity_id)
            if mail is None or activity is None or mail.status not in ("queued", "sending"):
                return None
            if mail.status == "sending":
                # Whoever claimed it died: it may have been sent.
                self._mails.settle(work, activity_id, "uncertain", UNCERTAIN)
                return None
            queries.put(work, activity_id, "sending")
            unwanted = activity.contact_id is not None and queries.is_unwanted(work, activity.contact_id)
            if activity.deleted_at is not None or not mail.to_address or unwanted:
                self._mails.settle(work, activity_id, "failed", "DO_NOT_CONTACT" if unwanted else "TAKEN_BACK")
                return None
            if enclosed is None or any(one.withdrawn for one in documents.attached(work, activity_id)):
                self._mails.settle(work, activity_id, "failed", WITHDRAWN)
                return None
            return message_of(
                activity_id,
                to=mail.to_address,
                subject=activity.title,
                body=activity.body,
                from_name=mail.from_name,
                reply_to=mail.reply_to,
                sender=self._sender,
                written_at=activity.created_at,
                papers=[*self._mails.papers(work, mail), *enclosed],
            )

    def _settle(self, tenant_id: UUID, activity_id: UUID, status: str, reason: str = "") -> None:
        with self._database.open_work(Caller.system(tenant_id)) as work:
            self._mails.settle(work, activity_id, status, reason)
