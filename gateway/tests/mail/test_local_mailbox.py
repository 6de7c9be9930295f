"""The mailbox of a machine without a mail server: for people at that machine, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chassis.mail import LocalMailbox
from flask.testing import FlaskClient
from gateway.app import create_wsgi_app
from gateway.identity import letters
from gateway.identity.platform import open_platform_work
from gateway.mail.sender import MailSender
from gateway.settings import GatewaySettings

LINK = "http://127.0.0.1/reset-password#secret"


@pytest.fixture
def local(gateway_settings: GatewaySettings, tmp_path: Path, admin: Any) -> Iterator[FlaskClient]:
    """A gateway that keeps its mails, one of them written."""
    admin.execute("DELETE FROM outgoing_mail")
    app = create_wsgi_app(gateway_settings.model_copy(update={"local_mail": True, "state_dir": tmp_path}))
    identity = app.identity
    with open_platform_work(identity.database) as platform:
        identity.post.put(platform, letters.compose("reset_password", "ru", to="a@example.com", link=LINK, minutes=30))
    MailSender(identity.database, identity.post, LocalMailbox(tmp_path / "mail", keep=9), identity.settings).send_due()
    yield app.flask.test_client()
    app.close()


def test_a_newcomer_finds_the_mail_from_the_log_in_page(local: FlaskClient) -> None:
    assert 'href="/local/mail"' in local.get("/log-in").text
    listed = local.get("/local/mail").text
    assert "Новый пароль для Funia" in listed
    mail = local.get(listed.partition('href="/local/mail/')[2].partition('"')[0].join(["/local/mail/", ""])).text
    assert f'<a href="{LINK}" rel="noreferrer">' in mail


@pytest.mark.parametrize(
    "request_options",
    [
        {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}},
        {"headers": {"Host": "rebound.example.com"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
    ],
)
def test_nobody_else_is_told_that_there_is_a_mailbox(local: FlaskClient, request_options: Any) -> None:
    assert local.get("/local/mail", **request_options).status_code == 404


def test_a_gateway_with_a_mail_server_has_no_mailbox_page(public_app: Any) -> None:
    client = public_app.flask.test_client()
    assert client.get("/local/mail").status_code == 404
    assert "/local/mail" not in client.get("/log-in").text
