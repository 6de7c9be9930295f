"""DPoP (RFC 9449): tokens, codes and refresh tokens bound to a key, through the token endpoint and the API's door."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any

import httpx
import orjson
import pytest
import requests
from chassis.testing.proofs import ProofMaker
from gateway.app import create_wsgi_app
from gateway.identity.usecases import clients
from gateway.settings import GatewaySettings
from joserfc import jws
from oauth_flow import CHALLENGE, REDIRECT, SCOPES, VERIFIER, Register, answer_of, authorize_url, new_code
from requests_oauth2client import AuthorizationResponse as ForeignAnswer
from requests_oauth2client import DPoPKey, DPoPToken, OAuth2Client
from werkzeug.test import Client as Direct


@pytest.fixture
def key() -> ProofMaker:
    """The key of the client at hand."""
    return ProofMaker()


class Bound:
    """A client that proves its key with each request, and takes every nonce it is given."""

    def __init__(self, site: str, client: clients.Registered, key: ProofMaker) -> None:
        self.site = site
        self.client = client
        self.key = key
        self.nonce = ""

    def ask(self, path: str = "/oauth/token", proof: str | None = None, **form: str | None) -> httpx.Response:
        """A form to an endpoint of the authorization server; once more where a nonce is asked for."""
        auth = (self.client.row.client_id, self.client.secret) if self.client.secret else None
        if auth is None:
            form["client_id"] = self.client.row.client_id
        sent = {name: value for name, value in form.items() if value is not None}
        for _ in range(2):
            made = proof or self.key.proof(
                "POST", f"{self.site}{path}", **({"nonce": self.nonce} if self.nonce else {})
            )
            answer = httpx.post(f"{self.site}{path}", data=sent, auth=auth, headers={"DPoP": made})
            self.nonce = answer.headers.get("DPoP-Nonce", self.nonce)
            if proof or answer.json().get("error") != "use_dpop_nonce":
                break
        return answer

    def redeem(self, code: str) -> httpx.Response:
        return self.ask(grant_type="authorization_code", code=code, redirect_uri=REDIRECT, code_verifier=VERIFIER)

    def refresh(self, token: str) -> httpx.Response:
        return self.ask(grant_type="refresh_token", refresh_token=token)


def call(site: str, token: str, proof: str, path: str = "/v1/tenant", scheme: str = "DPoP") -> httpx.Response:
    return httpx.get(f"{site}{path}", headers={"Authorization": f"{scheme} {token}", "DPoP": proof})


def claims_of(token: str) -> Any:
    return orjson.loads(jws.extract_compact(token.encode()).payload)


def refusals(admin: Any, company: Any) -> list[str]:
    asked = "SELECT detail->>'reason' FROM audit_entry WHERE tenant_id = %s AND action = 'identity.grant.refused'"
    return [row[0] for row in admin.execute(f"{asked} ORDER BY sequence", (company.tenant_id,)).fetchall()]


def test_a_foreign_library_gets_uses_and_renews_bound_tokens(
    browser: Any, acme: Any, other: Any, register: Register
) -> None:
    client = register(acme, is_public=True, scopes=[*SCOPES.split(), "identity.read"])
    foreign = OAuth2Client.from_discovery_document(
        httpx.get(f"{browser.site}/.well-known/openid-configuration").json(),
        issuer=browser.site,
        client_id=client.row.client_id,
        redirect_uri=REDIRECT,
        dpop_bound_access_tokens=True,
        testing=True,
    )
    asked = foreign.authorization_request(scope="contacts.read identity.read")
    reached = browser.log_in(acme).agree(str(asked.uri), acme).headers["Location"]
    answer = asked.validate_callback(reached)
    assert isinstance(answer, ForeignAnswer)
    token = foreign.authorization_code(answer, validate=False)
    assert isinstance(token, DPoPToken)
    assert token.token_type == "DPoP"
    mine = requests.get(f"{browser.site}/v1/tenant", auth=token, timeout=10)
    assert mine.json()["id"] == str(acme.tenant_id) != str(other.tenant_id)
    renewed = foreign.refresh_token(token)
    assert isinstance(renewed, DPoPToken)
    assert claims_of(str(renewed.access_token))["cnf"] == {"jkt": str(token.dpop_key.dpop_jkt)}


def test_tokens_of_a_public_client_are_bound_and_the_downgrade_is_refused(
    browser: Any, acme: Any, register: Register, key: ProofMaker
) -> None:
    client = register(acme, is_public=True, scopes=[*SCOPES.split(), "identity.read"])
    bound, site = Bound(browser.site, client, key), browser.site
    code = new_code(browser.log_in(acme), acme, client, scope="openid identity.read")
    answer = bound.redeem(code).json()
    token = answer["access_token"]
    assert answer["token_type"] == "DPoP"
    assert claims_of(token)["cnf"] == {"jkt": key.thumbprint}
    url = f"{site}/v1/tenant"
    assert call(site, token, key.proof("GET", url, token)).status_code == 200
    assert call(site, token, key.proof("GET", f"{site}/oauth/userinfo", token), "/oauth/userinfo").status_code == 200
    for scheme, proof, error in (
        ("Bearer", key.proof("GET", url, token), "invalid_token"),
        ("Bearer", "", "invalid_token"),
        ("DPoP", "", "invalid_dpop_proof"),
        ("DPoP", ProofMaker().proof("GET", url, token), "invalid_dpop_proof"),
        ("DPoP", key.proof("GET", url), "invalid_dpop_proof"),
        ("DPoP", key.proof("POST", url, token), "invalid_dpop_proof"),
        ("DPoP", key.proof("GET", f"{site}/v1/users", token), "invalid_dpop_proof"),
        ("DPoP", key.proof("GET", "https://evil.example/v1/tenant", token), "invalid_dpop_proof"),
        ("DPoP", key.proof("GET", url, token, iat=time.time() - 400), "invalid_dpop_proof"),
        ("DPoP", key.proof("GET", url, token, iat=time.time() + 400), "invalid_dpop_proof"),
        ("DPoP", key.proof("GET", url, token, nonce="made-up"), "use_dpop_nonce"),
    ):
        refused = call(site, token, proof, scheme=scheme)
        assert refused.status_code == 401, (scheme, error)
        assert f'error="{error}"' in refused.headers["WWW-Authenticate"], (scheme, error)
    assert call(site, token, "", "/oauth/userinfo", "Bearer").status_code == 401


def test_a_bearer_token_cannot_be_sent_as_a_bound_one(
    browser: Any, acme: Any, register: Register, key: ProofMaker
) -> None:
    client = register(acme, grant_types=["client_credentials"], redirect_uris=[], scopes=["identity.read"])
    auth = (client.row.client_id, client.secret)
    form = {"grant_type": "client_credentials"}
    token = httpx.post(f"{browser.site}/oauth/token", data=form, auth=auth).json()["access_token"]
    url = f"{browser.site}/v1/tenant"
    assert call(browser.site, token, "", scheme="Bearer").status_code == 200
    refused = call(browser.site, token, key.proof("GET", url, token))
    assert (refused.status_code, refused.json()["reason"]) == (401, "TOKEN_NOT_BOUND")


def test_addresses_are_compared_as_rfc_3986_has_it(
    browser: Any, acme: Any, register: Register, key: ProofMaker
) -> None:
    token = robot_token(browser.site, acme, register, key)
    site = browser.site
    for url in (
        f"{site}/v1/tenant?x=1#y",
        f"{site.replace('http', 'HTTP')}/v1/tenant",
        f"{site}/v1/%74enant",
    ):
        assert call(site, token, key.proof("GET", url, token)).status_code == 200, url
    for url in (f"{site}/v1/tenant/", f"{site}/V1/tenant", f"{site}0/v1/tenant", "v1/tenant", f"{site}:bad/v1/tenant"):
        assert call(site, token, key.proof("GET", url, token)).status_code == 401, url


def robot_token(site: str, company: Any, register: Register, key: ProofMaker) -> str:
    client = register(company, grant_types=["client_credentials"], redirect_uris=[], scopes=["identity.read"])
    return str(Bound(site, client, key).ask(grant_type="client_credentials").json()["access_token"])


def test_of_eight_uses_of_one_proof_at_the_same_moment_one_is_let_in(
    browser: Any, acme: Any, register: Register, key: ProofMaker, gateway_settings: GatewaySettings
) -> None:
    token = robot_token(browser.site, acme, register, key)
    url = f"{browser.site}/v1/tenant"
    proof = key.proof("GET", url, token)
    second = create_wsgi_app(gateway_settings)
    headers = {"Authorization": f"DPoP {token}", "DPoP": proof}
    answers: list[int] = []

    def here() -> None:
        answers.append(call(browser.site, token, proof).status_code)

    def in_another_process() -> None:
        answers.append(Direct(second).get("/v1/tenant", base_url=browser.site, headers=headers).status_code)

    threads = [threading.Thread(target=each) for _ in range(4) for each in (here, in_another_process)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.close()
    assert Counter(answers) == {200: 1, 401: 7}


def test_the_token_endpoint_asks_for_its_nonce_and_spends_nothing_before(
    browser: Any, acme: Any, register: Register, key: ProofMaker
) -> None:
    client = register(acme, is_public=True)
    bound = Bound(browser.site, client, key)
    code = new_code(browser.log_in(acme), acme, client)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    url = f"{browser.site}/oauth/token"
    first = bound.ask(proof=key.proof("POST", url), **form)
    assert (first.status_code, first.json()["error"]) == (400, "use_dpop_nonce")
    nonce = first.headers["DPoP-Nonce"]
    assert bound.ask(proof=key.proof("POST", url, nonce="forged"), **form).json()["error"] == "use_dpop_nonce"
    proof = key.proof("POST", url, nonce=nonce)
    assert bound.ask(proof=proof, **form).json()["token_type"] == "DPoP"
    again = bound.ask(proof=proof, grant_type="refresh_token", refresh_token="x")
    assert again.json()["error"] == "invalid_grant"  # the token is looked for before the proof is


def test_a_refresh_token_of_a_public_client_works_with_its_key_alone(
    browser: Any, acme: Any, other: Any, register: Register, key: ProofMaker, admin: Any
) -> None:
    client = register(acme, is_public=True)
    owner, thief = Bound(browser.site, client, key), Bound(browser.site, client, ProofMaker())
    token = owner.redeem(new_code(browser.log_in(acme), acme, client)).json()["refresh_token"]
    assert thief.refresh(token).json()["error"] == "invalid_grant"
    plain = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client.row.client_id}
    assert httpx.post(f"{browser.site}/oauth/token", data=plain).json()["error"] == "invalid_grant"
    renewed = owner.refresh(token)
    assert claims_of(renewed.json()["access_token"])["cnf"] == {"jkt": key.thumbprint}
    assert refusals(admin, acme) == ["wrong_key", "wrong_key"]
    assert refusals(admin, other) == []


def test_a_code_bound_at_the_start_is_redeemed_by_its_key_alone(
    browser: Any, acme: Any, register: Register, key: ProofMaker, admin: Any
) -> None:
    client = register(acme, is_public=True)
    browser.log_in(acme)
    wrong = answer_of(browser.http.get(authorize_url(browser.site, client.row.client_id, dpop_jkt="x")))
    assert wrong["error"] == "invalid_request"
    code = new_code(browser, acme, client, dpop_jkt=key.thumbprint)
    assert Bound(browser.site, client, ProofMaker()).redeem(code).json()["error"] == "invalid_grant"
    assert refusals(admin, acme) == ["invalid_grant"]
    assert Bound(browser.site, client, key).redeem(code).json()["token_type"] == "DPoP"


def test_a_pushed_request_binds_its_code_by_proof_or_by_name(
    browser: Any, acme: Any, register: Register, key: ProofMaker
) -> None:
    client = register(acme, requires_pushed=True)
    bound = Bound(browser.site, client, key)
    form = {
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": SCOPES,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    differs = bound.ask("/oauth/par", dpop_jkt=ProofMaker().thumbprint, **form)
    assert (differs.status_code, differs.json()["error"]) == (400, "invalid_dpop_proof")
    reference = bound.ask("/oauth/par", **form).json()["request_uri"]
    url = f"{browser.site}/oauth/authorize?client_id={client.row.client_id}&request_uri={reference}"
    code = answer_of(browser.log_in(acme).agree(url, acme))["code"]
    assert Bound(browser.site, client, ProofMaker()).redeem(code).json()["error"] == "invalid_grant"
    assert bound.redeem(code).json()["token_type"] == "DPoP"


def test_a_client_registered_for_bound_tokens_gets_no_others(
    browser: Any, acme: Any, register: Register, key: ProofMaker
) -> None:
    client = register(acme, binds_tokens=True, grant_types=["client_credentials"], redirect_uris=[])
    auth = (client.row.client_id, client.secret)
    form = {"grant_type": "client_credentials"}
    refused = httpx.post(f"{browser.site}/oauth/token", data=form, auth=auth)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_dpop_proof")
    token = Bound(browser.site, client, key).ask(**form).json()["access_token"]
    told = httpx.post(f"{browser.site}/oauth/introspect", data={"token": token}, auth=auth).json()
    assert told["active"] is True
    assert (told["cnf"], told["token_type"]) == ({"jkt": key.thumbprint}, "DPoP")


def test_where_the_api_asks_for_nonces_a_foreign_library_answers(
    browser: Any, acme: Any, register: Register, gateway_settings: GatewaySettings
) -> None:
    strict = create_wsgi_app(gateway_settings.model_copy(update={"dpop_nonces": "always"}))
    maker = DPoPKey.generate("ES256")
    key = ProofMaker()
    token = robot_token(browser.site, acme, register, key)
    url, client = f"{browser.site}/v1/tenant", Direct(strict)

    def ask(**claims: object) -> Any:
        proof = key.proof("GET", url, token, **claims)
        return client.get(
            "/v1/tenant", base_url=browser.site, headers={"Authorization": f"DPoP {token}", "DPoP": proof}
        )

    first = ask()
    assert first.status_code == 401
    assert first.headers["WWW-Authenticate"].startswith("DPoP ")
    maker.handle_rs_provided_dpop_nonce(first)
    assert ask(nonce=maker.rs_nonce).status_code == 200
    strict.close()


def test_metadata_names_the_algorithms_of_proofs(site: str) -> None:
    told = httpx.get(f"{site}/.well-known/oauth-authorization-server").json()
    assert told["dpop_signing_alg_values_supported"] == ["ES256", "ES384"]
    challenge = httpx.get(f"{site}/v1/tenant").headers["WWW-Authenticate"]
    assert 'DPoP realm="funia", algs="ES256 ES384"' in challenge


def test_a_bound_token_without_its_key_stands_in_the_audit_log_of_its_company_once(
    browser: Any, acme: Any, other: Any, register: Register, key: ProofMaker, admin: Any
) -> None:
    client = Bound(browser.site, register(acme, is_public=True), key)
    token = client.redeem(new_code(browser.log_in(acme), acme, client.client)).json()["access_token"]
    thief, address = ProofMaker(), f"{browser.site}/v1/tenant"
    proof = thief.proof("GET", address, token)
    for _ in range(2):
        assert call(browser.site, token, proof).json()["reason"] == "PROOF_INVALID"
        sent = {"Authorization": f"Bearer {token}"}
        assert httpx.get(address, headers=sent).json()["reason"] == "TOKEN_BOUND"
    assert call(browser.site, f"{token}x", proof).status_code == 401
    asked = "SELECT detail->>'reason', actor_id FROM audit_entry WHERE tenant_id = %s AND action = %s ORDER BY sequence"
    entries = admin.execute(asked, (acme.tenant_id, "identity.token.misused")).fetchall()
    assert entries == [("PROOF_INVALID", acme.owner_id), ("TOKEN_BOUND", acme.owner_id)]
    assert admin.execute(asked, (other.tenant_id, "identity.token.misused")).fetchall() == []
    good = key.proof("GET", address, token)
    assert call(browser.site, token, good).json()["reason"] == "MISSING_SCOPE", "its own key is let in at the door"
