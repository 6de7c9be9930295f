"""Webhook endpoints over the public API: rights, bad input, secrets that are shown once, and apps kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from gateway.composition import Identity
from gateway.identity.access_tokens import CONSOLE_CLIENT, Rights
from gateway.identity.roles import ROLES

URL = "https://hooks.example.com/funia"
Api = Callable[..., httpx.Client]


@pytest.fixture
def api(site: str, identity: Identity) -> Iterator[Api]:
    """A client of the API with the rights of a role, of scopes, or of an app."""
    opened: list[httpx.Client] = []

    def make(company: Any, *, role: str = "owner", scopes: str = "", client: str = CONSOLE_CLIENT) -> httpx.Client:
        given = frozenset(scopes.split()) or ROLES[role].scopes
        visibility = "all" if scopes else ROLES[role].visibility
        rights = Rights(company.tenant_id, company.owner_id, "user", client, given, visibility)
        opened.append(httpx.Client(base_url=site, headers={"Authorization": f"Bearer {identity.tokens.issue(rights)}"}))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def make(client: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = client.post("/v1/webhook-endpoints", json={"url": URL, "event_types": ["contacts.*"], **fields})
    assert answer.status_code in (200, 201), answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_the_secret_is_in_the_answer_that_made_it_and_nowhere_else(api: Api, acme: Any, admin: Any) -> None:
    owner = api(acme)
    made = make(owner, description="Warehouse")
    assert made["secret"].startswith("whsec_")
    assert made["public_key"].startswith("whpk_")
    path = f"/v1/webhook-endpoints/{made['id']}"
    shown = owner.get(path).json()
    assert (shown["secret"], shown["public_key"]) == ("", made["public_key"])
    assert owner.get("/v1/webhook-endpoints").json()["webhook_endpoints"][0]["secret"] == ""
    rotated = owner.post(f"{path}:rotateSecret", json={}).json()
    assert rotated["secret"] not in ("", made["secret"])
    assert rotated["former_keys_until"]
    stored = admin.execute("SELECT webhook_endpoint::text FROM webhook_endpoint WHERE id = %s", [made["id"]]).fetchone()
    assert made["secret"][6:] not in stored[0]
    assert rotated["secret"][6:] not in stored[0]


def test_an_endpoint_is_changed_disabled_and_removed(api: Api, acme: Any) -> None:
    owner = api(acme)
    made = make(owner)
    path = f"/v1/webhook-endpoints/{made['id']}"
    changed = owner.patch(path, json={"event_types": ["contacts.contact.*"], "disabled": True}).json()
    assert (changed["event_types"], changed["disabled_reason"]) == (["contacts.contact.*"], "by_user")
    stale = owner.patch(path, json={"description": "x"}, headers={"If-Match": f'"{made["etag"]}"'})
    assert stale.status_code == 409
    assert owner.patch(path, json={"disabled": False}).json()["disabled_reason"] == ""
    assert owner.delete(path).status_code in (200, 204)
    assert owner.get(path).status_code == 404
    assert owner.get("/v1/webhook-endpoints").json()["webhook_endpoints"] == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "http://example.com/"}, "webhook_endpoint.url"),
        ({"url": "https://127.0.0.1/"}, "webhook_endpoint.url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "webhook_endpoint.url"),
        ({"url": "https://example.com:22/"}, "webhook_endpoint.url"),
        ({"url": "https://user:pw@example.com/"}, "webhook_endpoint.url"),
        ({"url": "gopher://example.com/"}, "webhook_endpoint.url"),
        ({"url": ""}, "webhook_endpoint.url"),
        ({"event_types": []}, "webhook_endpoint.event_types"),
        ({"event_types": ["contacts"]}, "webhook_endpoint.event_types"),
        ({"event_types": ["billing.*"]}, "webhook_endpoint.event_types"),
        ({"event_types": ["contacts.>"]}, "webhook_endpoint.event_types"),
        ({"description": "x" * 201}, "webhook_endpoint.description"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_its_field(api: Api, acme: Any, fields: dict[str, Any], field: str) -> None:
    owner = api(acme)
    answer = owner.post("/v1/webhook-endpoints", json={"url": URL, "event_types": ["contacts.*"], **fields})
    assert answer.status_code == 400, answer.text
    named = [one["field"] for one in answer.json()["violations"]]
    assert any(one.startswith((field.removeprefix("webhook_endpoint."), field)) for one in named), named
    assert owner.get("/v1/webhook-endpoints").json()["webhook_endpoints"] == []


def test_whoever_makes_an_endpoint_hands_on_only_what_he_may_see(api: Api, acme: Any) -> None:
    app = api(acme, scopes="identity.webhooks contacts.read", client="c-app")
    assert make(app)["event_types"] == ["contacts.*"]
    refused = app.post("/v1/webhook-endpoints", json={"url": URL, "event_types": ["sales.*"]})
    assert (refused.status_code, refused.json()["reason"]) == (403, "MISSING_SCOPE")
    seller = api(acme, role="seller")
    assert seller.get("/v1/webhook-endpoints").status_code == 403
    assert api(acme, role="manager").get("/v1/webhook-endpoints").status_code == 403


def test_an_app_gets_at_its_own_endpoints_and_an_administrator_at_all(api: Api, acme: Any) -> None:
    scopes = "identity.webhooks contacts.read"
    one, two = (api(acme, scopes=scopes, client=client) for client in ("c-one", "c-two"))
    mine, theirs = make(one), make(two)
    listed = one.get("/v1/webhook-endpoints").json()["webhook_endpoints"]
    assert [endpoint["id"] for endpoint in listed] == [mine["id"]]
    path = f"/v1/webhook-endpoints/{theirs['id']}"
    for answer in (
        one.get(path),
        one.delete(path),
        one.post(f"{path}:rotateSecret", json={}),
        one.post(f"{path}:test", json={}),
        one.get("/v1/webhook-deliveries", params={"endpoint_id": theirs["id"]}),
    ):
        assert answer.status_code == 404, answer.text
    sent = two.post(f"{path}:test", json={}).json()
    assert one.post(f"/v1/webhook-deliveries/{sent['id']}:replay", json={}).status_code == 404
    assert len(api(acme).get("/v1/webhook-endpoints").json()["webhook_endpoints"]) == 2


def test_a_second_company_finds_nothing(api: Api, acme: Any, other: Any) -> None:
    made = make(api(acme))
    path = f"/v1/webhook-endpoints/{made['id']}"
    stranger = api(other)
    assert stranger.get("/v1/webhook-endpoints").json()["webhook_endpoints"] == []
    for answer in (stranger.get(path), stranger.delete(path), stranger.post(f"{path}:test", json={})):
        assert answer.status_code == 404
    assert api(acme).get(path).status_code == 200


def test_more_endpoints_than_the_limit_are_refused(api: Api, acme: Any, identity: Identity) -> None:
    owner = api(acme)
    for _ in range(identity.settings.webhook_endpoints_max):
        make(owner)
    refused = owner.post("/v1/webhook-endpoints", json={"url": URL, "event_types": ["contacts.*"]})
    assert (refused.status_code, refused.json()["reason"]) == (409, "TOO_MANY_ENDPOINTS")


def test_the_log_pages_newest_first_and_by_state(api: Api, acme: Any) -> None:
    owner = api(acme)
    made = make(owner)
    sent = [owner.post(f"/v1/webhook-endpoints/{made['id']}:test", json={}).json()["id"] for _ in range(5)]
    query: dict[str, Any] = {"endpoint_id": made["id"], "page_size": 2, "status": "waiting"}
    got: list[str] = []
    while True:
        page = owner.get("/v1/webhook-deliveries", params=query).json()
        got += [delivery["id"] for delivery in page["webhook_deliveries"]]
        if not page["next_page_token"]:
            break
        query["page_token"] = page["next_page_token"]
    assert got == sent[::-1]
    assert owner.get("/v1/webhook-deliveries", params={**query, "page_token": "", "status": "dead"}).json() == {
        "webhook_deliveries": [],
        "next_page_token": "",
    }
