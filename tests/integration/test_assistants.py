"""Assistants work by the Model Context Protocol, through the protocol's own client: rights, records, refusals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import jsonschema
import pytest
from funia_sdk import ProofKey
from gateway.identity.usecases import tenant_state
from harness import Company, Platform, wait_for
from mcp import Client
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.streamable_http import streamable_http_client

SCOPES = ("contacts.read", "contacts.write", "analytics.read", "identity.read")
READS = {"search_customers", "get_contact", "list_contacts", "lookup_contact", "get_account", "list_accounts"}
WRITES = {"create_contact", "update_contact", "create_account", "update_account", "create_activity"}


@pytest.fixture(scope="module")
def acme(platform: Platform) -> Company:
    return platform.sign_up("Assisted", SCOPES)


@pytest.fixture(scope="module")
def other(platform: Platform) -> Company:
    return platform.sign_up("Elsewhere", SCOPES)


@asynccontextmanager
async def connected(platform: Platform, token: str, mode: str = "auto") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(f"{platform.stack.url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def assist(platform: Platform, token: str, work: Callable[[Client], Awaitable[Any]], mode: str = "auto") -> Any:
    """What `work` gives, done through a connection with the token."""

    async def run() -> Any:
        async with connected(platform, token, mode) as client:
            return await work(client)

    return asyncio.run(run())


def post(platform: Platform, token: str | None, method: str = "ping", **headers: str) -> httpx.Response:
    authorization = {} if token is None else {"Authorization": f"Bearer {token}"}
    body = {"jsonrpc": "2.0", "id": 1, "method": method}
    return httpx.post(f"{platform.stack.url}/mcp", json=body, headers={**authorization, **headers})


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_assistant_makes_finds_and_changes_a_contact_and_no_other_company_sees_it(
    platform: Platform, acme: Company, other: Company, mode: str
) -> None:
    email = f"vera-{mode}@example.com"

    async def work(client: Client) -> str:
        made = await client.call_tool("create_contact", {"given_name": "Vera", "emails": [{"address": email}]})
        assert not made.is_error
        contact = made.structured_content
        assert contact is not None
        changed = await client.call_tool(
            "update_contact", {"id": contact["id"], "job_title": "Buyer", "etag": contact["etag"]}
        )
        assert changed.structured_content is not None
        assert (changed.structured_content["given_name"], changed.structured_content["job_title"]) == ("Vera", "Buyer")
        stale = await client.call_tool("update_contact", {"id": contact["id"], "score": 5, "etag": contact["etag"]})
        assert stale.is_error
        listed = await client.call_tool("list_contacts", {"filter": 'job_title = "Buyer"', "page_size": 1})
        assert listed.structured_content is not None
        assert len(listed.structured_content["contacts"]) == 1
        return str(contact["id"])

    contact_id = assist(platform, acme.token(), work, mode)

    async def look(client: Client) -> Any:
        by_id = await client.call_tool("get_contact", {"id": contact_id})
        by_email = await client.call_tool("lookup_contact", {"email": email})
        return by_id, by_email

    for answer in assist(platform, other.token(), look, mode):
        assert answer.is_error
        assert answer.structured_content["status"] == 404
        assert "Vera" not in answer.content[0].text


def test_a_page_leads_to_the_next_one(platform: Platform, acme: Company) -> None:
    async def work(client: Client) -> None:
        for number in range(3):
            await client.call_tool("create_account", {"name": f"Page {number}"})
        seen: list[str] = []
        arguments: dict[str, Any] = {"page_size": 2}
        while True:
            page = (await client.call_tool("list_accounts", arguments)).structured_content
            assert page is not None
            seen += [account["id"] for account in page["accounts"]]
            if not page["next_page_token"]:
                break
            arguments["page_token"] = page["next_page_token"]
        assert len(seen) == len(set(seen)) >= 3

    assist(platform, acme.token(), work)


def test_only_tools_of_the_granted_scopes_are_listed_with_sound_schemas_and_hints(
    platform: Platform, acme: Company
) -> None:
    async def listed(client: Client) -> dict[str, Any]:
        return {tool.name: tool for tool in (await client.list_tools()).tools}

    every = assist(platform, acme.token(), listed)
    assert every.keys() >= READS | WRITES | {"list_timeline", "get_activity_report", "list_custom_fields"}
    for tool in every.values():
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        assert tool.description
        assert tool.annotations.read_only_hint is not (tool.name in WRITES | {"complete_activity"})
    assert every["update_contact"].annotations.destructive_hint
    assert every["update_contact"].annotations.idempotent_hint
    assert not every["create_contact"].annotations.destructive_hint
    assert every["get_contact"].input_schema["required"] == ["id"]

    reader = assist(platform, acme.token(["contacts.read"]), listed)
    assert reader.keys() >= READS
    assert not reader.keys() & (WRITES | {"get_activity_report"})


def test_bad_arguments_are_told_by_field_and_remedy_and_write_nothing(platform: Platform, acme: Company) -> None:
    async def work(client: Client) -> list[Any]:
        return [
            await client.call_tool("create_contact", {"given_name": "X", "emails": [{"address": "no address"}]}),
            await client.call_tool("list_contacts", {"filter": "nothing = 1"}),
            await client.call_tool("list_contacts", {"pagesize": 5}),
            await client.call_tool("get_contact", {}),
        ]

    before = platform.stored(acme.tenant_id)["contacts.contact"]
    bad_email, bad_filter, unknown, no_id = assist(platform, acme.token(), work)
    assert "emails[0].address" in bad_email.content[0].text
    assert bad_email.structured_content["violations"][0]["field"] == "emails[0].address"
    assert "nothing" in bad_filter.content[0].text
    assert "pagesize" in unknown.content[0].text
    assert no_id.content[0].text.startswith("id: Give id")
    assert all(answer.is_error for answer in (bad_email, bad_filter, unknown, no_id))
    assert platform.stored(acme.tenant_id)["contacts.contact"] == before


def test_a_repeated_call_under_one_key_is_done_once(platform: Platform, acme: Company) -> None:
    async def work(client: Client) -> set[str]:
        arguments = {"name": "Once", "idempotency_key": "once-1"}
        answers = [await client.call_tool("create_account", arguments) for _ in range(2)]
        return {answer.structured_content["id"] for answer in answers if answer.structured_content}

    assert len(assist(platform, acme.token(), work)) == 1


def test_a_client_finds_the_authorization_server_by_itself(platform: Platform, acme: Company) -> None:
    class Kept:
        """Keeps tokens in memory."""

        tokens = client = None

        async def get_tokens(self) -> Any:
            return self.tokens

        async def set_tokens(self, tokens: Any) -> None:
            self.tokens = tokens

        async def get_client_info(self) -> Any:
            return self.client

        async def set_client_info(self, client_info: Any) -> None:
            self.client = client_info

    async def run() -> set[str]:
        provider = ClientCredentialsOAuthProvider(
            f"{platform.stack.url}/mcp",
            Kept(),
            acme.client_id,
            acme.client_secret,
            scope="contacts.read",
            issuer=platform.stack.url,
        )
        async with (
            httpx2.AsyncClient(auth=provider) as http,
            Client(streamable_http_client(f"{platform.stack.url}/mcp", http_client=http)) as client,
        ):
            return {tool.name for tool in (await client.list_tools()).tools}

    assert "get_contact" in asyncio.run(run())
    named = httpx.get(f"{platform.stack.url}/.well-known/oauth-protected-resource/mcp").json()
    assert named["resource"] == f"{platform.stack.url}/mcp"
    assert named["authorization_servers"] == [platform.stack.url]


def test_without_a_token_or_scope_the_answer_says_where_to_get_it(platform: Platform, acme: Company) -> None:
    nothing = post(platform, None)
    assert nothing.status_code == 401
    assert "/.well-known/oauth-protected-resource/mcp" in nothing.headers["WWW-Authenticate"]
    cookies = {cookie.name: cookie.value for cookie in acme.http.cookies.jar}
    assert httpx.post(f"{platform.stack.url}/mcp", json={}, cookies=cookies).status_code == 401, "no browser session"

    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "create_contact", "arguments": {}}}
    token = acme.token(["contacts.read"])
    narrow = httpx.post(f"{platform.stack.url}/mcp", json=body, headers={"Authorization": f"Bearer {token}"})
    assert narrow.status_code == 403
    assert 'error="insufficient_scope", scope="contacts.write"' in narrow.headers["WWW-Authenticate"]
    assert post(platform, token, Origin="https://evil.example").status_code == 403
    assert "RateLimit" in post(platform, token).headers


def test_a_suspended_company_and_its_assistants_are_refused(platform: Platform) -> None:
    company = platform.sign_up("Stopped", SCOPES)
    token = company.token()
    assert post(platform, token).status_code == 200
    platform.as_platform(company, tenant_state.suspend)
    wait_for("the refusal", lambda: post(platform, token).status_code in (401, 403))


def test_a_bound_token_works_with_its_proofs_alone_until_it_is_revoked(platform: Platform, other: Company) -> None:
    url, key = f"{platform.stack.url}/mcp", ProofKey()
    endpoint, client = f"{platform.stack.url}/oauth/token", (other.client_id, other.client_secret)
    form = {"grant_type": "client_credentials", "scope": "contacts.read"}
    first = httpx.post(endpoint, data=form, auth=client, headers=key.headers("POST", endpoint))
    assert first.json()["error"] == "use_dpop_nonce"
    key.learn(endpoint, first.headers)
    made = httpx.post(endpoint, data=form, auth=client, headers=key.headers("POST", endpoint)).json()
    token, body = made["access_token"], {"jsonrpc": "2.0", "id": 1, "method": "ping"}

    def ask(headers: dict[str, str]) -> int:
        return httpx.post(url, json=body, headers=headers).status_code

    proof = key.headers("POST", url, token)
    assert ask(proof) == 200
    assert ask(proof) == 401, "a proof is good once"
    assert ask(key.headers("GET", url, token)) == 401
    assert ask(ProofKey().headers("POST", url, token)) == 401
    assert ask({"Authorization": f"Bearer {token}"}) == 401
    revoke = f"{platform.stack.url}/oauth/revoke"
    assert httpx.post(revoke, data={"token": token}, auth=client, headers=key.headers("POST", revoke)).is_success
    wait_for("the revocation", lambda: ask(key.headers("POST", url, token)) == 401, timeout_s=10)
