"""A partner's app from its registration to its end: reviewed, let in, used by foreign libraries, shut out, stopped."""

from __future__ import annotations

from secrets import token_urlsafe

import httpx
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from gateway.identity.roles import SCOPES
from harness import Company, Platform, wait_for
from partners import BACK, App, Partner, agree, shut_out
from requests_oauth2client import AuthorizationResponse, DPoPToken, OAuth2Client

BITES_WITHIN_S = 10.0
ASKED = ["contacts.read", "contacts.write", "identity.read"]
CHOSEN = ["contacts.read", "contacts.write"]


@pytest.fixture(scope="module")
def partner(platform: Platform) -> Partner:
    return Partner(platform, platform.sign_up("Sheepcounters", sorted(SCOPES)))


@pytest.fixture(scope="module")
def alpha(platform: Platform) -> Company:
    return platform.sign_up("Alpha", sorted(SCOPES))


@pytest.fixture(scope="module")
def beta(platform: Platform) -> Company:
    """The second company; what happens to an app at Alpha does not touch it."""
    return platform.sign_up("Beta", sorted(SCOPES))


def with_authlib(site: str, app: App, company: Company) -> OAuth2Session:
    """The app's server side, connected to a company by its owner, with the library Authlib."""
    session = OAuth2Session(
        app.client_id, app.client_secret, redirect_uri=BACK, scope=" ".join(ASKED), code_challenge_method="S256"
    )
    verifier = token_urlsafe(48)
    url, state = session.create_authorization_url(f"{site}/oauth/authorize", code_verifier=verifier)
    back = agree(company, url, *CHOSEN)
    session.fetch_token(f"{site}/oauth/token", authorization_response=back, state=state, code_verifier=verifier)
    return session


def with_oauth2client(site: str, app: App, company: Company) -> tuple[OAuth2Client, DPoPToken]:
    """The app on a device, bound to a key, connected to a company by its owner, with requests-oauth2client."""
    client = OAuth2Client.from_discovery_document(
        httpx.get(f"{site}/.well-known/openid-configuration").json(),
        issuer=site,
        client_id=app.client_id,
        redirect_uri=BACK,
        dpop_bound_access_tokens=True,
        testing=True,
    )
    asked = client.authorization_request(scope=" ".join(ASKED))
    answer = asked.validate_callback(agree(company, str(asked.uri), *CHOSEN))
    assert isinstance(answer, AuthorizationResponse)
    token = client.authorization_code(answer, validate=False)
    assert isinstance(token, DPoPToken)
    return client, token


def status(session: OAuth2Session, site: str) -> tuple[int, str]:
    answer = session.get(f"{site}/v1/contacts", timeout=20)
    return answer.status_code, answer.json().get("reason", "")


def test_two_foreign_libraries_read_and_write_until_the_administrator_shuts_the_app_out(
    platform: Platform, partner: Partner, alpha: Company, beta: Company
) -> None:
    site = platform.stack.url
    server_side = partner.publish(partner.make_app(ASKED))
    on_devices = partner.publish(
        partner.make_app(ASKED, name="Sheep pocket", public=True, dpop_bound_access_tokens=True)
    )
    session, elsewhere = (with_authlib(site, server_side, company) for company in (alpha, beta))
    client, token = with_oauth2client(site, on_devices, alpha)

    made = session.post(f"{site}/v1/contacts", json={"given_name": "Dolly"}, timeout=20)
    assert made.status_code == 201, made.text
    address = f"{site}/v1/contacts/{made.json()['id']}"
    named = requests.patch(address, json={"family_name": "Finn"}, auth=token, timeout=20)
    assert named.status_code == 200, named.text
    assert session.get(address, timeout=20).json()["family_name"] == "Finn"
    assert elsewhere.get(address, timeout=20).status_code == 404
    for refused in (
        session.get(f"{site}/v1/tenant", timeout=20),
        requests.get(f"{site}/v1/tenant", auth=token, timeout=20),
    ):
        assert (refused.status_code, refused.json()["reason"]) == (403, "MISSING_SCOPE")  # asked for, not chosen
    stolen = requests.get(address, headers={"Authorization": f"Bearer {token.access_token}"}, timeout=20)
    assert (stolen.status_code, stolen.json()["reason"]) == (401, "TOKEN_BOUND")
    token = client.refresh_token(token)
    assert requests.get(address, auth=token, timeout=20).status_code == 200

    shut_out(alpha, server_side)
    wait_for("shut out of Alpha", lambda: status(session, site)[0] == 401, timeout_s=BITES_WITHIN_S)
    form = {"grant_type": "refresh_token", "refresh_token": session.token["refresh_token"]}
    ended = httpx.post(f"{site}/oauth/token", data=form, auth=(server_side.client_id, server_side.client_secret))
    assert ended.json()["error"] == "invalid_grant"
    assert status(elsewhere, site)[0] == 200
    assert requests.get(address, auth=token, timeout=20).status_code == 200


def test_an_app_that_the_operator_suspends_is_out_of_every_company_within_ten_seconds(
    platform: Platform, partner: Partner, alpha: Company, beta: Company
) -> None:
    site = platform.stack.url
    app = partner.publish(partner.make_app(ASKED))
    bystander = with_authlib(site, partner.publish(partner.make_app(ASKED, name="Goat counter")), alpha)
    sessions = [with_authlib(site, app, company) for company in (alpha, beta)]
    assert [status(session, site)[0] for session in sessions] == [200, 200]
    partner.judge(app, "suspend")
    wait_for(
        "out of both companies",
        lambda: [status(session, site) for session in sessions] == [(401, "TOKEN_REVOKED")] * 2,
        timeout_s=BITES_WITHIN_S,
    )
    auth = (app.client_id, app.client_secret)
    forms = [{"grant_type": "refresh_token", "refresh_token": one.token["refresh_token"]} for one in sessions]
    for form in forms:
        assert httpx.post(f"{site}/oauth/token", data=form, auth=auth).json()["error"] == "invalid_client"
    assert status(bystander, site)[0] == 200
    entries = partner.company.http.get(
        "/v1/audit-entries", params={"action": "identity.client.suspended"}, headers=partner.company.bearer()
    ).json()["entries"]
    assert [entry["target_id"] for entry in entries] == [app.id]

    partner.judge(app, "publish")
    assert [status(session, site)[0] for session in sessions] == [401, 401]  # what was taken back stays so
    renewed = httpx.post(f"{site}/oauth/token", data=forms[0], auth=auth).json()["access_token"]
    answer = httpx.get(f"{site}/v1/contacts", headers={"Authorization": f"Bearer {renewed}"})
    assert answer.status_code == 200, answer.text
