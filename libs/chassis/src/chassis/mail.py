"""Where mails go: an SMTP server, or on one machine without one a folder that a person can look into."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from chassis.errors import FailedPrecondition, Unavailable
from chassis.settings import Settings

_DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
UNCERTAIN = "MAIL_UNCERTAIN"
"""Reason of Unavailable where the server may have taken the mail: its answer was lost."""


class MailSettings(Settings):
    """The way out for mails, of the processes that send any."""

    smtp_url: SecretStr = SecretStr("")
    """smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465. Empty: mails wait, or are local."""
    mail_from: str = "Funia <no-reply@localhost>"
    local_mail: bool = False
    """Without a mail server: keeps mails in a folder and shows them at /local/mail, to this machine only."""
    local_mail_keep: int = 200
    """Mails that stay in that folder."""
    mail_timeout_s: float = 20.0

    @property
    def local_mail_folder(self) -> Path | None:
        """Where mails lie that are shown to people on this machine; None where they are not. Never on a public host."""
        host = urlsplit(self.issuer).hostname or ""
        shown = self.local_mail and not self.smtp_url.get_secret_value() and host in ("127.0.0.1", "localhost", "::1")
        return self.state_dir / "mail" if shown else None


class Transport(Protocol):
    """Takes a mail or says why not: Unavailable where another try may help, FailedPrecondition where none will."""

    def send(self, message: EmailMessage) -> None: ...


class Smtp:
    """A mail server. Over smtp:// the connection is encrypted where it offers that, and must be for a password."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        """Raises ValueError where the address of the server cannot be read."""
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise ValueError("FUNIA_SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465")
        self._encrypted = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or _DEFAULT_PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._timeout_s = timeout_s

    def send(self, message: EmailMessage) -> None:
        """One connection, one mail. Unavailable says by `UNCERTAIN` that it was handed over and no answer came."""
        reason = "MAIL_UNAVAILABLE"
        try:
            with self._connect() as server:
                reason = UNCERTAIN
                server.send_message(message)
                reason = ""
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(next(iter(error.recipients.values()))[0]) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            # Where the server took the mail and only the farewell failed, all is well.
            if reason:
                raise Unavailable(f"the mail server is away: {type(error).__name__}", reason=reason) from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout_s, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)
            server.ehlo_or_helo_if_needed()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif self._user and not _is_loopback(self._host):
                server.close()
                raise smtplib.SMTPNotSupportedError("no encryption is offered, so the password is not sent")
        if self._user:
            server.login(self._user, self._password)
        return server


class LocalMailbox:
    """A folder with a file for each mail, for one machine without a mail server. Only its owner may read it."""

    def __init__(self, folder: Path, *, keep: int) -> None:
        self._folder = folder
        self._keep = keep

    def send(self, message: EmailMessage) -> None:
        """Writes the mail under its own name, whole or not at all, and drops the oldest ones."""
        name = message["Message-ID"].strip("<>").partition("@")[0]
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = self._folder / f".{name}.part"
            part.touch(mode=0o600)
            part.write_bytes(message.as_bytes())
            part.replace(self._folder / f"{name}.eml")
            # Names begin with the time, as every UUIDv7 does.
            for old in sorted(self._folder.glob("*.eml"))[: -self._keep]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(f"the local mailbox cannot be written: {error.strerror}") from error


def transport_of(settings: MailSettings) -> Transport | None:
    """The way out that the settings name; None where mails have to wait. Raises ValueError for a bad SMTP address."""
    url = settings.smtp_url.get_secret_value()
    if url:
        return Smtp(url, timeout_s=settings.mail_timeout_s)
    folder = settings.local_mail_folder
    return None if folder is None else LocalMailbox(folder, keep=settings.local_mail_keep)


def _refusal(code: int) -> Unavailable | FailedPrecondition:
    """4xx passes, 5xx stays (RFC 5321, 4.2.1). The answer's text may hold the address, so only its code is kept."""
    if 500 <= code < 600 and code not in (530, 535):
        return FailedPrecondition(f"the mail server refused with {code}", reason="MAIL_REFUSED")
    return Unavailable(f"the mail server answered {code}", reason="MAIL_UNAVAILABLE")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
