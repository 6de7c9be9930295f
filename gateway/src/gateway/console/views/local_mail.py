"""The mailbox of a machine without a mail server: what Funia would have sent. Shown to people at this machine only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, render_template, request

from gateway.console.backend import services
from gateway.console.formats import format_moment
from gateway.console.guard import open_to_all

MAILS_MAX = 50
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of the folder. `lines` pairs each paragraph with whether it is a link."""

    id: str
    to: str
    subject: str
    written: str
    lines: tuple[tuple[str, bool], ...] = ()
    files: tuple[str, ...] = ()


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/local/mail", "local_mail", local_mail)
    blueprint.add_url_rule("/local/mail/<uuid:mail_id>", "local_mail_page", local_mail_page)


@open_to_all
def local_mail() -> Response:
    newest = sorted(folder().glob("*.eml"), reverse=True)[:MAILS_MAX]
    mails = [mail for mail in map(read, newest) if mail]
    return make_response(render_template("console/local_mail.html", mails=mails))


@open_to_all
def local_mail_page(mail_id: UUID) -> Response:
    mail = read(folder() / f"{mail_id}.eml")
    if mail is None:
        abort(404)
    return make_response(render_template("console/local_mail_page.html", mail=mail))


def folder() -> Path:
    """The folder, for callers on this machine; anybody else is told that there is nothing."""
    found = services().local_mail
    if found is None or not is_from_here():
        abort(404)
    return found


def is_from_here() -> bool:
    """Whether the caller is at this machine: by address, by the name asked for (a foreign one may have been pointed
    here to read this page), and with no proxy or tunnel between."""
    host = (urlsplit(f"//{request.host}").hostname or "").casefold()
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    return is_loopback(request.remote_addr or "") and (host == "localhost" or is_loopback(host)) and not forwarded


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def read(path: Path) -> Mail | None:
    """A mail of the folder; None where it has gone meanwhile."""
    try:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
    except FileNotFoundError:
        return None
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = "" if body is None else str(body.get_content())
    lines = tuple((part.strip(), bool(_LINK.fullmatch(part.strip()))) for part in text.split("\n\n") if part.strip())
    written = format_moment(parsedate_to_datetime(message["Date"]))
    files = tuple(one.get_filename() or "" for one in message.iter_attachments())
    return Mail(path.stem, message["To"], message["Subject"], written, lines, files)
