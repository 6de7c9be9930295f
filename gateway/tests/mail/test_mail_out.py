"""Mails leave by a real SMTP server, once each, and wait where it is away."""

from __future__ import annotations

import re
import threading
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chassis.mail import LocalMailbox, Smtp, transport_of
from chassis.vault import Vault
from gateway.composition import Identity
from gateway.identity import letters
from gateway.identity.platform import open_platform_work
from gateway.identity.post import Post
from gateway.mail.sender import MailSender

LINK = "https://funia.example/reset-password#secret-of-the-link"


@pytest.fixture(autouse=True)
def no_other_mails(admin: Any) -> None:
    admin.execute("DELETE FROM outgoing_mail")


def put(identity: Identity, to: str, **options: Any) -> None:
    letter = letters.compose("reset_password", "en", to=to, link=LINK, minutes=30)
    with open_platform_work(identity.database) as platform:
        identity.post.put(platform, letter, **options)


def sender(identity: Identity, url: str, **changes: Any) -> MailSender:
    settings = identity.settings.model_copy(update=changes)
    return MailSender(identity.database, identity.post, Smtp(url, timeout_s=5), settings)


def rows(admin: Any) -> list[tuple[Any, ...]]:
    return list(admin.execute("SELECT state, attempts, sealed, error FROM outgoing_mail ORDER BY id").fetchall())


def test_a_mail_is_sent_with_text_and_html_and_leaves_no_row(identity: Identity, mailbox: Any, admin: Any) -> None:
    put(identity, "anna@example.com")
    assert "anna" not in rows(admin)[0][2]
    assert sender(identity, mailbox.url).send_due() == 1
    (mail,) = mailbox.taken
    assert (mail["To"], mail["Subject"]) == ("anna@example.com", "Set a new password for Funia")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert LINK in mail.get_body(("plain",)).get_content()
    assert f'href="{LINK}"' in mail.get_body(("html",)).get_content()
    assert rows(admin) == []
    assert sender(identity, mailbox.url).send_due() == 0
    assert len(mailbox.taken) == 1


def test_no_mail_leaves_where_its_transaction_failed(identity: Identity, mailbox: Any, admin: Any) -> None:
    letter = letters.compose("password_changed", "en", to="anna@example.com")
    with pytest.raises(RuntimeError), open_platform_work(identity.database) as platform:
        identity.post.put(platform, letter)
        raise RuntimeError
    assert sender(identity, mailbox.url).send_due() == 0
    assert (mailbox.taken, rows(admin)) == ([], [])


def test_a_mail_waits_with_growing_pauses_while_the_server_is_away(
    identity: Identity, mailbox: Any, admin: Any
) -> None:
    put(identity, "anna@example.com")
    assert sender(identity, "smtp://127.0.0.1:1").send_due() == 1
    assert [row[:2] for row in rows(admin)] == [("waiting", 1)]
    assert sender(identity, mailbox.url).send_due() == 0
    pauses = []
    for _ in range(3):
        admin.execute("UPDATE outgoing_mail SET next_at = now()")
        sender(identity, "smtp://127.0.0.1:1").send_due()
        pauses.append(admin.execute("SELECT next_at - now() FROM outgoing_mail").fetchone()[0])
    assert timedelta(seconds=40) < pauses[0] < pauses[1] < pauses[2] < timedelta(seconds=300)
    admin.execute("UPDATE outgoing_mail SET next_at = now()")
    sender(identity, mailbox.url).send_due()
    assert [mail["To"] for mail in mailbox.taken] == ["anna@example.com"]


def test_a_passing_refusal_is_tried_again_and_a_final_one_drops_the_text(
    identity: Identity, mailbox: Any, admin: Any
) -> None:
    put(identity, "grey@example.com")
    mailbox.answers = ["451 later"]
    sender(identity, mailbox.url).send_due()
    assert [(row[0], row[3]) for row in rows(admin)] == [("waiting", "MAIL_UNAVAILABLE")]
    admin.execute("UPDATE outgoing_mail SET next_at = now()")
    mailbox.answers = ["550 no such person grey@example.com"]
    sender(identity, mailbox.url).send_due()
    assert rows(admin) == [("refused", 2, "", "MAIL_REFUSED")]
    assert sender(identity, mailbox.url).send_due() == 0
    assert mailbox.taken == []


def test_a_mail_older_than_its_link_is_not_sent(identity: Identity, mailbox: Any, admin: Any) -> None:
    put(identity, "late@example.com", good_for=timedelta(seconds=-1))
    sender(identity, mailbox.url).send_due()
    assert rows(admin) == [("refused", 1, "", "MAIL_TOO_OLD")]
    assert mailbox.taken == []


def test_workers_at_once_send_each_mail_once(identity: Identity, mailbox: Any, admin: Any) -> None:
    for index in range(30):
        put(identity, f"many{index}@example.com")
    workers = [threading.Thread(target=sender(identity, mailbox.url, mail_batch_size=10).send_due) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while sender(identity, mailbox.url).send_due():
        pass
    assert sorted(mail["To"] for mail in mailbox.taken) == sorted(f"many{index}@example.com" for index in range(30))
    assert rows(admin) == []


def test_a_mail_of_a_dead_worker_is_sent_by_another_under_the_same_id(
    identity: Identity, mailbox: Any, admin: Any
) -> None:
    put(identity, "anna@example.com")
    dying = sender(identity, mailbox.url)
    dying._forget = lambda _mail_id: None  # it dies between the server's answer and the commit
    dying.send_due()
    assert sender(identity, mailbox.url).send_due() == 0
    admin.execute("UPDATE outgoing_mail SET next_at = now()")
    sender(identity, mailbox.url).send_due()
    assert len({mail["Message-ID"] for mail in mailbox.taken}) == 1
    assert rows(admin) == []


def test_a_mail_known_to_be_sent_is_never_sent_again(identity: Identity, mailbox: Any, admin: Any) -> None:
    put(identity, "anna@example.com")
    worker = sender(identity, mailbox.url)
    mail_id = admin.execute("SELECT id FROM outgoing_mail").fetchone()[0]
    worker._sent.add(mail_id)  # sent, and the database was away when it was to be forgotten
    assert worker.send_due() == 0
    assert (mailbox.taken, rows(admin)) == ([], [])


def test_mails_open_only_with_the_installations_secret(identity: Identity, mailbox: Any, admin: Any) -> None:
    put(identity, "anna@example.com")
    stranger = Post(Vault("another secret of thirty-two bytes!!"), identity.settings)
    MailSender(identity.database, stranger, Smtp(mailbox.url, timeout_s=5), identity.settings).send_due()
    assert [row[0] for row in rows(admin)] == ["refused"]
    assert mailbox.taken == []


def test_a_name_cannot_add_headers_or_markup_to_a_mail() -> None:
    letter = letters.compose(
        "invitation",
        "en",
        to="a@example.com",
        link=LINK,
        company="<b>X</b>",
        inviter="Eve\r\nBcc: x@example.com",
        until="1",
    )
    assert "\n" not in letter.subject
    assert "<b>X" not in letter.html
    assert "&lt;b&gt;X" in letter.html


def test_a_password_is_not_sent_to_a_foreign_server_without_encryption(
    identity: Identity, mailbox: Any, admin: Any
) -> None:
    put(identity, "anna@example.com")
    # This address reaches the same server, and is none that belongs to this machine alone.
    sender(identity, mailbox.url.replace("127.0.0.1", "user:password@0.0.0.0")).send_due()
    assert [(row[0], row[3]) for row in rows(admin)] == [("waiting", "MAIL_UNAVAILABLE")]
    assert mailbox.taken == []


@pytest.mark.parametrize("url", ["http://mail.example.com", "smtp://", "mail.example.com:25"])
def test_a_bad_address_of_the_server_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="FUNIA_SMTP_URL"):
        Smtp(url, timeout_s=1)


def test_every_letter_is_written_in_every_language_with_the_same_places() -> None:
    folder = Path(letters.__file__).parent
    words = {locale: tomllib.loads((folder / f"{locale}.toml").read_text("utf-8")) for locale in letters.LOCALES}
    for kind in (*letters.KINDS, "footer"):
        for locale in letters.LOCALES:
            assert set(words[locale][kind]) == set(words["en"][kind])
            for name, text in words[locale][kind].items():
                assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", words["en"][kind][name]))
    assert set(words["en"]) == {*letters.KINDS, "footer"}


def test_without_a_mail_server_mails_lie_in_a_folder_that_holds_the_newest(
    identity: Identity, tmp_path: Path, admin: Any
) -> None:
    for index in range(4):
        put(identity, f"local{index}@example.com")
    MailSender(identity.database, identity.post, LocalMailbox(tmp_path / "mail", keep=3), identity.settings).send_due()
    files = sorted((tmp_path / "mail").glob("*.eml"))
    assert len(files) == 3
    assert b"local3@example.com" in files[-1].read_bytes()
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0
    assert rows(admin) == []


def test_the_local_mailbox_exists_on_no_public_host(identity: Identity) -> None:
    local = identity.settings.model_copy(update={"local_mail": True})
    assert isinstance(transport_of(local), LocalMailbox)
    assert transport_of(local.model_copy(update={"issuer": "https://crm.example.com"})) is None
    assert transport_of(identity.settings) is None
