"""The mails that identity writes, in every language of the console. Their words lie in the TOML files beside this one.

A mail is plain text with one link at most; its HTML is made of the same words.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
LOCALES = ("en", "ru", "bg")
KINDS = (
    "invitation",
    "confirm_email",
    "reset_password",
    "password_changed",
    "change_email",
    "email_changed",
    "second_factor_changed",
    "export_ready",
    "company_closed",
    "break_glass",
    "limit_near",
    "limit_reached",
    "activity_reminder",
    "approval_asked",
    "approval_ended",
    "report",
    "report_paused",
)
_STYLE = "font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#1a2438;max-width:560px"
_BUTTON = (
    "display:inline-block;padding:10px 18px;border-radius:8px;background:#1f5fd6;color:#ffffff;text-decoration:none"
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a mail carries."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it will be read. `kind` is one of `KINDS`; `to` may hold several addresses, parted by commas."""

    kind: str
    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def compose(
    kind: str,
    locale: str,
    *,
    to: str,
    link: str = "",
    attachments: tuple[Attachment, ...] = (),
    **values: object,
) -> Letter:
    """A mail in the person's language, English where we do not speak it. `values` fill the places in its words."""
    words = _words(locale if locale in LOCALES else "en")
    chosen: dict[str, str] = words[kind]
    filled = {name: " ".join(str(value).split()) for name, value in values.items()}
    subject = chosen["subject"].format_map(filled)
    paragraphs = [part.format_map(filled) for part in chosen["text"].strip().split("\n\n")]
    button = chosen.get("button", "")
    footer = words["footer"]["text"].strip()
    lines = [*paragraphs[:1], *([link] if link else []), *paragraphs[1:], "--", footer]
    return Letter(kind, to, subject, "\n\n".join(lines) + "\n", _html(paragraphs, button, link, footer), attachments)


def phrase(kind: str, name: str, locale: str) -> str:
    """One of the phrases that a mail of this kind is filled with."""
    return str(_words(locale if locale in LOCALES else "en")[kind][name])


def _html(paragraphs: list[str], button: str, link: str, footer: str) -> str:
    parts = [f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs]
    if link:
        parts.insert(1, f'<p><a href="{escape(link)}" style="{_BUTTON}">{escape(button)}</a></p>')
    body = "".join(parts)
    body += f"<p><small>{escape(footer)}</small></p>"
    return f'<!doctype html><html><body><div style="{_STYLE}">{body}</div></body></html>'


@cache
def _words(locale: str) -> dict[str, Any]:
    with (FOLDER / f"{locale}.toml").open("rb") as source:
        return tomllib.load(source)
