"""A partner's program, by the SDK and the published webhook library, keeps an exact copy of a company's contacts."""

from __future__ import annotations

from typing import Any

from funia_sdk import ClientCredentials, Event, Funia
from harness import Company, Platform, wait_for
from webhook_receiver import receiving

SCOPES = ("contacts.read", "contacts.write", "identity.admin", "identity.webhooks")
TYPES = ["contacts.contact.*"]
CONTACTS, CHANGED, DELETED = 1000, 50, 20


def partner(company: Company, platform: Platform) -> Funia:
    return Funia(platform.stack.url, ClientCredentials(company.client_id, company.client_secret))


def test_a_partner_loses_nothing_and_gets_nothing_twice(platform: Platform) -> None:
    company, other = platform.sign_up("Partnered", SCOPES), platform.sign_up("Unrelated", SCOPES)
    with receiving() as receiver, partner(company, platform) as funia, partner(other, platform) as elsewhere:
        endpoint = funia.webhook_endpoints.create({"url": receiver.url, "event_types": TYPES})
        receiver.secret = endpoint.secret
        funia.webhook_endpoints.test(endpoint.id)
        wait_for("the test message", lambda: receiver.events)
        after = funia.events.latest(types=TYPES)

        ids = write(funia)
        elsewhere.contacts.create({"family_name": "Foreign"})
        expected = CONTACTS + CHANGED + DELETED
        followed = follow(funia, after, expected)

        assert len({one.id for one in followed}) == expected
        delivered = wait_for(
            "every webhook", lambda: (got := receiver.of_contacts()) and len(got) >= expected and got, timeout_s=90
        )
        assert sorted(one["id"] for one in delivered) == sorted(one.id for one in followed)
        assert [one.id for one in funia.events.replay(after=after, types=TYPES)] == [one.id for one in followed]

        there = {one.id: int(one.etag) for one in funia.contacts.list(page_size=200)}
        assert len(there) == CONTACTS - DELETED
        assert set(there) < set(ids)
        assert copy_of(followed) == there
        assert copy_of([Event(**_known(one)) for one in delivered]) == there


def write(funia: Funia) -> list[str]:
    """A thousand contacts by their ids in the partner's system; some then change, some go."""
    items = [
        {"contact": {"given_name": f"No {n}", "family_name": "Partnered", "external_ids": {"erp": str(n)}}}
        for n in range(CONTACTS)
    ]
    outcomes = list(funia.contacts.upsert_many(items, system="erp"))  # type: ignore[arg-type]
    assert {one.result.outcome for one in outcomes} == {"created"}
    again = list(funia.contacts.upsert_many(items, system="erp"))  # type: ignore[arg-type]
    assert {one.result.outcome for one in again} == {"unchanged"}
    ids = [one.result.id for one in outcomes]
    changes = [{"contact": {"external_ids": {"erp": str(n)}, "job_title": "Buyer"}} for n in range(CHANGED)]
    changed = list(funia.contacts.upsert_many(changes, system="erp"))  # type: ignore[arg-type]
    assert [one.result.id for one in changed] == ids[:CHANGED]
    assert all(
        one.result.outcome == "deleted" for one in funia.contacts.delete_many({"id": one} for one in ids[-DELETED:])
    )
    return ids


def follow(funia: Funia, after: str, count: int) -> list[Event]:
    """So many events; the program stops halfway and goes on from the cursor that it kept."""
    events: list[Event] = []
    for until in (count // 2, count):
        with funia.events.follow(after=events[-1].cursor if events else after, types=TYPES) as stream:
            while len(events) < until:
                events.append(next(stream))
    return events


def copy_of(events: list[Event]) -> dict[str, int]:
    """The contacts that live, with their versions, whatever the order of the events."""
    newest: dict[str, Event] = {}
    for event in events:
        if event.subject not in newest or event.version > newest[event.subject].version:
            newest[event.subject] = event
    return {one.subject: one.version for one in newest.values() if one.type != "contacts.contact.deleted"}


def _known(event: dict[str, Any]) -> dict[str, Any]:
    return {name: event[name] for name in ("id", "type", "time", "subject", "version")}
