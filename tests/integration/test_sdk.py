"""The Python SDK against the running platform, over a network that loses answers and refuses requests."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from funia_sdk import (
    BadRequest,
    ClientCredentials,
    Conflict,
    Funia,
    NotFound,
    ProofKey,
    Retries,
    StaticToken,
    TokenRefused,
    Unauthenticated,
)
from harness import Company, Platform, wait_for_field
from unsteady_proxy import Proxy, unsteady_proxy

SCOPES = ("contacts.read", "contacts.write", "contacts.export", "identity.read", "identity.admin")
FAST = Retries(first_s=0.01, most_s=0.05, attempts=20)


@pytest.fixture(scope="module")
def company(platform: Platform) -> Company:
    """The company whose program this is."""
    return platform.sign_up("Sdk", SCOPES)


@pytest.fixture(scope="module")
def other(platform: Platform) -> Iterator[Funia]:
    """A client of another company, which must see nothing of the first."""
    with client_of(platform.sign_up("Othersdk", SCOPES), platform.stack.url) as funia:
        yield funia


@pytest.fixture(scope="module")
def proxy(platform: Platform) -> Iterator[Proxy]:
    """The network between."""
    with unsteady_proxy(platform.stack.url) as running:
        yield running


@pytest.fixture(scope="module")
def funia(company: Company, proxy: Proxy) -> Iterator[Funia]:
    """The company's client."""
    with client_of(company, proxy.url) as opened:
        yield opened


def client_of(company: Company, url: str) -> Funia:
    return Funia(url, ClientCredentials(company.client_id, company.client_secret), retries=FAST)


def test_a_contact_lives_its_life(funia: Funia, other: Funia) -> None:
    made = funia.contacts.create({"given_name": "Anna", "family_name": "Petrova", "tags": ["vip"]})
    seen = funia.contacts.get(made.id)
    assert seen == made
    assert seen.created_at is not None
    changed = funia.contacts.update(made.id, {"job_title": "Buyer"}, if_match=made.etag)
    assert (changed.job_title, changed.given_name) == ("Buyer", "Anna")
    with pytest.raises(Conflict):
        funia.contacts.update(made.id, {"job_title": "Boss"}, if_match=made.etag)
    with pytest.raises(NotFound):
        other.contacts.get(made.id)
    assert funia.contacts.delete(made.id).deleted_at is not None
    assert funia.contacts.undelete(made.id).deleted_at is None
    with pytest.raises(BadRequest) as refused:
        funia.contacts.update(made.id, {"emails": [{"address": "no address"}]})
    assert refused.value.violations[0].field == "emails[0].address"


def test_a_write_whose_answer_is_lost_happens_once(funia: Funia, proxy: Proxy) -> None:
    name = uuid4().hex
    proxy.keys.clear()
    proxy.faults[:] = ["lose", "limit", "lose", "limit"]
    made = funia.contacts.create({"given_name": "Lost", "family_name": name})
    assert proxy.faults == []
    assert len(proxy.keys) == 5
    assert len(set(proxy.keys)) == 1
    assert [one.id for one in funia.contacts.list(filter=f'family_name = "{name}"')] == [made.id]


def test_many_go_up_in_bulk_and_come_down_by_pages(funia: Funia, proxy: Proxy, other: Funia) -> None:
    system = f"erp{uuid4().hex[:8]}"
    items = [
        {"contact": {"family_name": f"Bulk {system}", "given_name": str(n), "external_ids": {system: str(n)}}}
        for n in range(120)
    ]
    items[7]["contact"]["country_code"] = "nowhere"
    proxy.faults[:] = ["lose"]
    outcomes = list(funia.contacts.upsert_many(items, system=system, items_max=50))  # type: ignore[arg-type]
    failed = [one for one in outcomes if one.result.outcome == "failed"]
    assert [(one.index, one.item["contact"]["given_name"]) for one in failed] == [(7, "7")]
    assert failed[0].result.problem is not None
    assert failed[0].result.problem.violations[0].field == "contact.country_code"
    pages = funia.contacts.list(filter=f'family_name = "Bulk {system}"', page_size=50)
    found = {one.id for one in pages}
    assert found == {one.result.id for one in outcomes if one.result.outcome == "created"}
    assert len(found) == 119
    assert other.contacts.list(filter=f'family_name = "Bulk {system}"').first() is None


def test_a_bulk_job_runs_to_its_results(funia: Funia) -> None:
    items = [{"contact": {"family_name": "Job", "external_ids": {"job": str(n)}}} for n in range(3)]
    job = funia.bulk_jobs.submit(
        [*items, {"contact": {"score": "much"}}], object="contact", operation="upsert", system="job"
    )
    done = funia.bulk_jobs.wait(job.id, timeout_s=60)
    assert (done.status, done.created, done.failed) == ("completed", 3, 1)
    assert [one.outcome for one in funia.bulk_jobs.results(job.id)] == ["created"] * 3 + ["failed"]
    lines = funia.contacts.export(format="jsonl", filter='family_name = "Job"')
    assert sorted(one["external_ids"]["job"] for one in lines.json_lines()) == ["0", "1", "2"]


def test_custom_fields_are_fields(funia: Funia) -> None:
    key = f"tier_{uuid4().hex[:8]}"
    funia.custom_fields.create(
        {"object": "contact", "key": key, "label": "Tier", "type": "choice", "options": ["gold", "tin"]}
    )
    wait_for_field(funia, f"custom.{key}")
    made = funia.contacts.create({"family_name": "Custom", "custom": {key: "gold"}})
    assert made.custom == {key: "gold"}
    assert [one.id for one in funia.contacts.list(filter=f'custom.{key} = "gold"', view="FULL")] == [made.id]
    assert funia.contacts.update(made.id, {"custom": {key: None}}).custom == {}
    with pytest.raises(BadRequest):
        funia.contacts.update(made.id, {"custom": {key: "lead"}})


def test_events_are_followed_from_where_one_stopped(funia: Funia, other: Funia) -> None:
    # What the tests before this one made may still be on its way to the log; it stands there before what comes now.
    begin = funia.events.latest(types=["contacts.contact.*"])
    last = funia.contacts.create({"family_name": "Event before"}).id
    with funia.events.follow(after=begin, types=["contacts.contact.*"]) as stream:
        after = next(one.cursor for one in stream if one.subject == last)
    elsewhere = other.events.latest()
    made = [funia.contacts.create({"family_name": f"Event {n}"}).id for n in range(3)]
    with funia.events.follow(after=after, types=["contacts.contact.*"]) as stream:
        first = next(stream)
    assert (first.subject, first.type) == (made[0], "contacts.contact.created")
    with funia.events.follow(after=first.cursor, types=["contacts.contact.*"]) as stream:
        assert [next(stream).subject, next(stream).subject] == made[1:]
        funia.contacts.update(made[0], {"job_title": "Buyer"})
        assert next(stream).changed_fields == ["job_title"]
    replayed = list(funia.events.replay(after=after, types=["contacts.contact.*"]))
    assert [one.subject for one in replayed] == [*made, made[0]]
    assert replayed[-1].cursor
    assert [one for one in other.events.replay(after=elsewhere) if one.subject in made] == []


def test_a_wrong_secret_is_said(company: Company, proxy: Proxy) -> None:
    wrong = ClientCredentials(company.client_id, "wrong")
    with Funia(proxy.url, wrong, retries=FAST) as funia, pytest.raises(TokenRefused, match="invalid_client"):
        funia.contacts.list().first()


def test_tokens_bound_to_a_key_are_of_no_use_without_it(company: Company, platform: Platform) -> None:
    url, key = platform.stack.url, ProofKey()
    bound = ClientCredentials(company.client_id, company.client_secret, key=key)
    with Funia(url, bound) as funia:
        made = funia.contacts.create({"given_name": "Bound"})
        with funia.events.follow(after=funia.events.latest(), types=["contacts.contact.*"]) as stream:
            funia.contacts.update(made.id, {"job_title": "Buyer"})
            assert next(stream).subject == made.id
        token = httpx.post(
            f"{url}/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(company.client_id, company.client_secret),
            headers=key.headers("POST", f"{url}/oauth/token"),
        ).json()["access_token"]
    with Funia(url, StaticToken(token, key=key)) as again:
        assert again.contacts.get(made.id).job_title == "Buyer"
    for stolen in (StaticToken(token), StaticToken(token, key=ProofKey())):
        with Funia(url, stolen, retries=FAST) as thief, pytest.raises(Unauthenticated):
            thief.contacts.get(made.id)
