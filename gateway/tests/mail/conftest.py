"""A real mail server on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """What the server took. `answers` are given instead of 250, one a mail, while there are any."""

    url: str = ""
    taken: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        """Mails taken for an address."""
        return [message for message in self.taken if message["To"] == address]


@pytest.fixture
def mailbox(ports: Any) -> Iterator[Mailbox]:
    """An SMTP server that keeps what it takes."""
    box = Mailbox()
    (port,) = ports(1)
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    server.stop()
