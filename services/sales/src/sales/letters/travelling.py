"""A seller's mail as it travels: from the installation's address in the seller's name, answers to the seller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that a mail carries; a PDF where nothing else is said."""

    name: str
    content: bytes
    content_type: str = "application/pdf"


def message_of(
    mail_id: UUID,
    *,
    to: str,
    subject: str,
    body: str,
    from_name: str,
    reply_to: str,
    sender: str,
    written_at: datetime,
    papers: Sequence[Paper],
) -> EmailMessage:
    """The mail. Its Message-ID is its own, so that a second copy is known as one."""
    address = parseaddr(sender)[1]
    message = EmailMessage()
    message["From"] = formataddr((from_name, address))
    message["Reply-To"] = formataddr((from_name, reply_to))
    message["To"] = to
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = f"<{mail_id}@{address.rpartition('@')[2] or 'localhost'}>"
    message.set_content(body)
    for paper in papers:
        kind, _, detail = paper.content_type.partition("/")
        message.add_attachment(paper.content, maintype=kind, subtype=detail, filename=paper.name)
    return message
