"""A partner tries an app in a sandbox before anybody reviewed it: filled, without mail, reset and gone on demand."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from funia_sdk import ClientCredentials, Conflict, Funia, NotFound
from gateway.identity.roles import SCOPES
from harness import Company, Platform, wait_for
from partners import BACK, Partner, agree
from requests_oauthlib import OAuth2Session

BITES_WITHIN_S = 10.0
ACCOUNTS, CONTACTS = 6, 30


@pytest.fixture(scope="module")
def maker(platform: Platform) -> Company:
    return platform.sign_up("Sandmakers", sorted(SCOPES))


@pytest.fixture(scope="module")
def other(platform: Platform) -> Company:
    return platform.sign_up("Elsewheremakers", sorted(SCOPES))


def client_of(platform: Platform, client_id: str, client_secret: str) -> Funia:
    return Funia(platform.stack.url, ClientCredentials(client_id, client_secret))


def test_a_sandbox_is_filled_tried_in_reset_and_gone(
    platform: Platform, maker: Company, other: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, stranger = (client_of(platform, one.client_id, one.client_secret) for one in (maker, other))
    made = home.sandboxes.create()
    wait_for("the customers", lambda: home.sandboxes.list().sandboxes[0].state == "ready", timeout_s=60)
    with client_of(platform, made.client_id, made.client_secret) as inside:
        contacts = list(inside.contacts.list(view="FULL"))
        assert (len(contacts), len(list(inside.accounts.list()))) == (CONTACTS, ACCOUNTS)
        assert {one.address.rpartition(".")[2] for contact in contacts for one in contact.emails} == {"example"}
        first = sorted(one.display_name for one in contacts)
        inside.invitations.create({"email": f"{uuid4().hex}@sand.example", "role": "viewer"})
        assert home.contacts.list().first() is None
        with pytest.raises(Conflict, match="sandbox itself"):
            inside.sandboxes.create()
    assert mails_waiting(platform) == 0
    for refused in (stranger.sandboxes.reset, stranger.sandboxes.delete):
        with pytest.raises(NotFound):
            refused(made.id)

    # An app that nobody has reviewed is let into the sandbox, and nowhere else.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    app = Partner(platform, maker).make_app(["contacts.read"])
    site = platform.stack.url
    session = OAuth2Session(app.client_id, redirect_uri=BACK, scope="contacts.read", pkce="S256")
    url, _ = session.authorization_url(f"{site}/oauth/authorize")
    back = agree(maker, url, "contacts.read", tenant_id=made.id)
    session.fetch_token(f"{site}/oauth/token", authorization_response=back, client_secret=app.client_secret)
    listed = session.get(f"{site}/v1/contacts", params={"page_size": 200}, timeout=20).json()["contacts"]
    assert sorted(one["display_name"] for one in listed) == first
    grant = {"client_id": app.client_id, "scopes": ["contacts.read"]}
    assert other.http.post("/v1/grants", json=grant, headers=other.bearer()).json()["reason"] == "APP_NOT_FOUND"

    again = home.sandboxes.reset(made.id)
    assert again.id != made.id
    wait_for(
        "the old one is shut",
        lambda: session.get(f"{site}/v1/contacts", timeout=20).status_code in (401, 403),
        timeout_s=BITES_WITHIN_S,
    )
    wait_for("the customers", lambda: home.sandboxes.list().sandboxes[0].state == "ready", timeout_s=60)
    with client_of(platform, again.client_id, again.client_secret) as inside:
        assert sorted(one.display_name for one in inside.contacts.list()) == first
    home.sandboxes.delete(again.id)
    assert home.sandboxes.list().sandboxes == []
    for one in (home, stranger):
        one.close()


def mails_waiting(platform: Platform) -> int:
    """Mails that wait for a way out, which invitations into a sandbox must not be among."""
    with psycopg.connect(platform.admin_url("identity")) as admin:
        row = admin.execute("SELECT count(*) FROM outgoing_mail WHERE kind = 'invitation'").fetchone()
        return row[0] if row else 0
