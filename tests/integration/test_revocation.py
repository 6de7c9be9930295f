"""What is taken back is refused within ten seconds on tokens already issued, by every process that verifies them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx
import orjson
import pytest
from chassis.errors import FuniaError, InvalidArgument, NotFound
from funia.analytics.v1 import activity_pb2 as analytics
from funia.contacts.v1 import contact_pb2 as contacts
from funia.identity.v1 import tenant_pb2 as identity
from funia.marketing.v1 import customer_pb2 as marketing
from funia.sales.v1 import customer_pb2 as sales
from funia.support.v1 import customer_pb2 as support
from gateway.identity.roles import SCOPES
from gateway.identity.usecases import tenant_state
from google.protobuf.message import Message
from harness import Company, Person, Platform, wait_for

BITES_WITHIN_S = 10.0
READS = sorted(scope for scope in SCOPES if scope.endswith(".read"))
SALES, SUPPORT = (f"/funia.{one}.v1.CustomerService/GetCustomer" for one in ("sales", "support"))
NOBODY = str(UUID(int=1))
EVERYWHERE: dict[str, Message] = {
    "/funia.analytics.v1.ActivityReportService/ListActivityEvents": analytics.ListActivityEventsRequest(),
    "/funia.contacts.v1.ContactService/ListContacts": contacts.ListContactsRequest(),
    "/funia.identity.v1.TenantService/GetTenant": identity.GetTenantRequest(),
    "/funia.marketing.v1.CustomerService/GetCustomer": marketing.GetCustomerRequest(id=NOBODY),
    SALES: sales.GetCustomerRequest(id=NOBODY),
    SUPPORT: support.GetCustomerRequest(id=NOBODY),
}


def outcomes(platform: Platform, token: str) -> set[str]:
    """What all processes say to a token: reasons of refusals, "" where it is let in."""
    found = {_verdict(platform.outcome(method, request, token)) for method, request in EVERYWHERE.items()}
    return found | {_live_verdict(platform, token)}


def _verdict(outcome: object) -> str:
    # Nothing found and nothing well asked for are answers too: the token was good enough for them.
    let_in = not isinstance(outcome, FuniaError) or isinstance(outcome, NotFound | InvalidArgument)
    return "" if let_in else outcome.reason


def _live_verdict(platform: Platform, token: str) -> str:
    bearer = {"Authorization": f"Bearer {token}"}
    try:
        with httpx.stream("GET", f"{platform.stack.live_url}/live/events", headers=bearer, timeout=10) as answer:
            return "" if answer.status_code == 200 else str(orjson.loads(answer.read())["reason"])
    except httpx.ConnectError:
        return "UNAVAILABLE"


def never_let_in_again(platform: Platform, token: str) -> None:
    """Waits until every process answers, none of which may let the token in for a moment."""

    def all_refuse() -> bool:
        found = outcomes(platform, token)
        assert "" not in found
        return found == {"TOKEN_REVOKED"}

    wait_for("every process answers", all_refuse, timeout_s=90)


@contextmanager
def bites(platform: Platform, token: str, reason: str) -> Iterator[None]:
    """What the block does must shut the token out of every process within ten seconds, for this reason."""
    assert outcomes(platform, token) == {""}
    started = time.monotonic()
    yield
    wait_for(f"{reason} everywhere", lambda: outcomes(platform, token) == {reason}, timeout_s=BITES_WITHIN_S)
    print(f"{reason} everywhere after {time.monotonic() - started:.2f} s")


@pytest.fixture(scope="module")
def ours(platform: Platform) -> Company:
    return platform.sign_up("Revokers", sorted(SCOPES))


@pytest.fixture(scope="module")
def theirs(platform: Platform) -> Iterator[Company]:
    """The second company, which nothing here may touch."""
    company = platform.sign_up("Bystanders", sorted(SCOPES))
    token = company.token()
    yield company
    assert outcomes(platform, token) == {""}


@pytest.fixture
def anna(platform: Platform, ours: Company, theirs: Company) -> Person:
    return platform.person(ours, "viewer", [*READS, "offline_access"])


def change(company: Company, person: Person, **fields: str) -> None:
    answer = company.http.patch(f"/v1/users/{person.user_id}", json=fields, headers=company.bearer())
    assert answer.is_success, answer.text


def test_a_changed_role_shuts_old_tokens_out_and_new_ones_carry_the_new_rights(
    platform: Platform, ours: Company, anna: Person
) -> None:
    old = anna.token
    with bites(platform, old, "TOKEN_REVOKED"):
        change(ours, anna, role="clerk")
        assert anna.renew().is_success
        allowed = platform.outcome(SALES, EVERYWHERE[SALES], anna.token)
        refused = platform.outcome(SUPPORT, EVERYWHERE[SUPPORT], anna.token)
        assert (_verdict(allowed), _verdict(refused)) == ("", "MISSING_SCOPE"), "a token issued after it works at once"


def test_a_suspended_person_is_shut_out_and_comes_back(platform: Platform, ours: Company, anna: Person) -> None:
    with bites(platform, anna.token, "TOKEN_REVOKED"):
        change(ours, anna, status="suspended")
    assert anna.renew().json()["error"] == "invalid_grant"
    change(ours, anna, status="active")
    back = platform.person(ours, "viewer", READS)
    assert outcomes(platform, back.token) == {""}


def test_a_revoked_grant_takes_its_access_tokens_along(platform: Platform, anna: Person) -> None:
    with bites(platform, anna.token, "TOKEN_REVOKED"):
        form = {"token": anna.refresh_token, "client_id": "funia-cli"}
        assert anna.http.post("/oauth/revoke", data=form).status_code == 200


def test_a_removed_app_is_shut_out(platform: Platform, theirs: Company) -> None:
    company = platform.sign_up("Removers", sorted(SCOPES))
    listed = company.http.get("/v1/oauth-clients", headers=company.bearer()).json()["oauth_clients"]
    with bites(platform, company.token(), "TOKEN_REVOKED"):
        assert company.http.delete(f"/v1/oauth-clients/{listed[0]['id']}", headers=company.bearer()).is_success


def test_a_suspended_company_is_told_so_and_works_again_once_it_is_active(platform: Platform, theirs: Company) -> None:
    company = platform.sign_up("Suspended", sorted(SCOPES))
    token = company.token()
    with bites(platform, token, "TENANT_SUSPENDED"):
        platform.as_platform(company, tenant_state.suspend)
    answer = company.http.get("/v1/tenant", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["reason"]) == (403, "TENANT_SUSPENDED")
    platform.as_platform(company, tenant_state.activate)
    wait_for("the company works again", lambda: outcomes(platform, token) == {""}, timeout_s=BITES_WITHIN_S)


def test_processes_started_anew_know_what_was_taken_back_before(
    platform: Platform, ours: Company, theirs: Company, anna: Person
) -> None:
    with bites(platform, anna.token, "TOKEN_REVOKED"):
        change(ours, anna, role="analyst")
    for name in ("contacts", "sales", "gateway-work"):
        platform.stack.kill(name)
    never_let_in_again(platform, anna.token)
    platform.stack.wait_ready()
    assert anna.renew().is_success
    assert outcomes(platform, anna.token) == {""}


def test_a_change_made_while_the_bus_is_away_bites_once_it_is_back(
    platform: Platform, ours: Company, theirs: Company, anna: Person
) -> None:
    platform.stack.kill("nats")
    change(ours, anna, role="analyst")
    platform.stack.wait_ready()
    wait_for("refused", lambda: outcomes(platform, anna.token) == {"TOKEN_REVOKED"}, timeout_s=BITES_WITHIN_S)
