"""Every sentence is said in every language, with its placeholders and all of its plural forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from flask import Flask, g
from gateway.console import i18n
from gateway.identity import roles
from jinja2.ext import babel_extract

CONSOLE = Path(i18n.__file__).parents[1]
PAGES = (CONSOLE, CONSOLE.parent / "oauth")
KEYWORDS = {"_": None, "gettext": None, "lazy": None, "ngettext": (1, 2)}
PLURALS = {"ru": 3, "bg": 2}
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def used() -> dict[str | tuple[str, str], str]:
    """Sentences in code and templates, with the file that says each."""
    found: dict[str | tuple[str, str], str] = {}
    found.update(dict.fromkeys({**roles.SCOPES, **roles.OPENID_SCOPES}.values(), "roles.py"))
    for path in (path for folder in PAGES for path in folder.rglob("*.py")):
        with path.open("rb") as source:
            for _, message, _, _ in extract("python", source, KEYWORDS, [], {}):
                found.setdefault(message, path.name)
    for path in (path for folder in PAGES for path in folder.rglob("*.html")):
        with path.open("rb") as source:
            for _, name, message, _ in babel_extract(source, list(KEYWORDS), [], {}):
                texts = tuple(text for text in message if text) if isinstance(message, tuple) else (message,)
                found.setdefault(texts[:2] if name == "ngettext" else texts[0], path.name)
    return {sentence: file for sentence, file in found.items() if sentence}


def test_sentences_are_found_at_all():
    sentences = used()
    assert "Add a person" in sentences
    assert ("%(num)s person was added.", "%(num)s people were added.") in sentences
    assert len(sentences) > 400


@pytest.mark.parametrize("locale", ["ru", "bg"])
def test_every_sentence_is_translated_with_its_placeholders(locale):
    with (CONSOLE / "i18n" / f"{locale}.po").open("rb") as source:
        catalog = read_po(source, locale=locale)
    for sentence, file in used().items():
        key = sentence[0] if isinstance(sentence, tuple) else sentence
        message = catalog.get(key)
        assert message is not None, f"{file}: {key!r} is not in {locale}.po"
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms), f"{key!r} is not translated to {locale}"
        assert len(forms) == (PLURALS[locale] if isinstance(sentence, tuple) else 1), key
        for form in forms:
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(key)), key


@pytest.mark.parametrize("locale", ["ru", "bg"])
def test_no_translation_is_left_over(locale):
    with (CONSOLE / "i18n" / f"{locale}.po").open("rb") as source:
        known = {m.id[0] if isinstance(m.id, tuple) else m.id for m in read_po(source, locale=locale) if m.id}
    assert known - {s[0] if isinstance(s, tuple) else s for s in used()} == set()


@pytest.mark.parametrize(
    ("locale", "count", "said"),
    [
        ("en", 1, "1 person was added."), ("en", 2, "2 people were added."),
        ("ru", 1, "Добавлен 1 человек."), ("ru", 3, "Добавлено 3 человека."), ("ru", 11, "Добавлено 11 человек."),
        ("ru", 21, "Добавлен 21 человек."), ("ru", 22, "Добавлено 22 человека."),
        ("bg", 1, "Добавен е 1 човек."), ("bg", 5, "Добавени са 5 души."),
    ],
)  # fmt: skip
def test_plurals_are_right(locale, count, said):
    with Flask(__name__).test_request_context("/"):
        g.console_locale = locale
        assert i18n.ngettext("%(num)s person was added.", "%(num)s people were added.", count) == said


def test_the_stretched_language_is_longer_and_keeps_its_placeholders():
    for sentence in ("Save", "%(done)s of %(total)s rows", "Move to the bin"):
        longer = i18n.stretched(sentence)
        assert len(longer) >= 1.2 * len(sentence)
        assert PLACEHOLDER.findall(longer) == PLACEHOLDER.findall(sentence)
