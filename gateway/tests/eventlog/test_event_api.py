"""The event API over real streams: replay, following, filters, rights, and cursors that are too old or foreign."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from chassis.caller import EVERY_FIELD, Caller, FieldRights
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.streams import declare_stream
from chassis.testing.bus import TestBus
from funia.contacts.v1.events_pb2 import ContactChanged
from funia.identity.v1.events_pb2 import UserChanged
from gateway.app import create_wsgi_app
from gateway.composition import Identity
from gateway.eventlog.cursor import Cursors, Position
from gateway.identity.access_tokens import Rights
from gateway.identity.roles import ROLES
from gateway.settings import GatewaySettings

Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def settings(gateway_settings: GatewaySettings, nats_url: str) -> GatewaySettings:
    return gateway_settings.model_copy(update={"nats_url": nats_url, "event_stream_state_s": 0.0})


@pytest.fixture(scope="module")
def bus(settings: GatewaySettings) -> Iterator[TestBus]:
    opened = TestBus(settings, ["contacts", "identity"])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def http(settings: GatewaySettings, bus: TestBus) -> Iterator[httpx.Client]:
    app = create_wsgi_app(settings)
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url=settings.issuer) as client:
        yield client
    app.close()


@pytest.fixture
def ask(http: httpx.Client, identity: Identity) -> Ask:
    """Asks for events as the owner of a company, with the rights of a role or with scopes and visibility given."""

    def get(
        company: Any,
        *,
        role: str = "owner",
        scopes: str = "",
        visibility: str = "",
        fields: FieldRights = EVERY_FIELD,
        **query: Any,
    ) -> httpx.Response:
        rights = Rights(
            company.tenant_id,
            company.owner_id,
            "user",
            "t",
            frozenset(scopes.split()) or ROLES[role].scopes,
            visibility or ROLES[role].visibility,  # type: ignore[arg-type]
            fields=fields,
        )
        token = identity.tokens.issue(rights)
        return http.get("/v1/events", params=query, headers={"Authorization": f"Bearer {token}"})

    return get


def contact_event(verb: str = "created", *, contact_id: UUID | None = None, version: int = 1) -> Event:
    which = contact_id or uuid7()
    payload = ContactChanged(contact_id=str(which), lifecycle_stage="lead", country_code="DE")
    return Event(f"contacts.contact.{verb}", which, version, payload, ("score",), datetime.now(UTC))


def user_event() -> Event:
    which = uuid7()
    payload = UserChanged(user_id=str(which), status="active", role="seller")
    return Event("identity.user.updated", which, 1, payload, (), datetime.now(UTC))


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [event["id"] for event in answer.json()["events"]]


def test_a_company_replays_its_own_events_as_json_and_nobody_elses(
    ask: Ask, bus: TestBus, acme: Any, other: Any
) -> None:
    event = contact_event("updated", version=7)
    bus.publish(Caller.system(other.tenant_id), contact_event())
    bus.publish(Caller.system(acme.tenant_id), event)
    answer = ask(acme)
    assert answer.headers["content-type"] == "application/json"
    (told,) = answer.json()["events"]
    assert told == {
        "id": str(event.id),
        "type": "contacts.contact.updated",
        "time": told["time"],
        "subject": str(event.subject_id),
        "version": 7,
        "actor": {"type": "system", "id": str(UUID(int=0))},
        "changed_fields": ["score"],
        "data": told["data"],
    }
    assert datetime.fromisoformat(told["time"]) == event.occurred_at
    assert told["data"]["lifecycle_stage"] == "lead"
    assert told["data"]["contact_id"] == str(event.subject_id)
    assert answer.json()["has_more"] is False


def test_an_event_tells_no_field_that_the_callers_role_hides(ask: Ask, bus: TestBus, acme: Any) -> None:
    bus.publish(Caller.system(acme.tenant_id), contact_event("updated"))
    rights = FieldRights(frozenset({"contact.score", "contact.lifecycle_stage"}))
    (told,) = ask(acme, fields=rights).json()["events"]
    assert told["changed_fields"] == []
    assert (told["data"]["lifecycle_stage"], told["data"]["country_code"]) == ("", "DE")
    (whole,) = ask(acme).json()["events"]
    assert (whole["changed_fields"], whole["data"]["lifecycle_stage"]) == (["score"], "lead")


def test_pages_join_without_loss_or_repetition_over_two_streams(ask: Ask, bus: TestBus, acme: Any, other: Any) -> None:
    caller = Caller.system(acme.tenant_id)
    sent: list[Event] = []
    for _ in range(12):
        for event in (contact_event(), contact_event(), user_event()):
            bus.publish(caller, event)
            sent.append(event)
        bus.publish(Caller.system(other.tenant_id), contact_event())
    whole = ask(acme)
    assert ids(whole) == [str(event.id) for event in sent], "streams are merged by the time of storing"
    got: list[str] = []
    cursor, has_more, pages = "", True, 0
    while has_more:
        answer = ask(acme, after=cursor, page_size=5)
        got += ids(answer)
        cursor, has_more = answer.json()["next_cursor"], answer.json()["has_more"]
        pages += 1
    assert got == [str(event.id) for event in sent]
    assert pages >= 8
    assert ids(ask(acme, after=cursor)) == []
    late = contact_event()
    bus.publish(caller, late)
    assert ids(ask(acme, after=ask(acme, after=cursor, page_size=1).json()["next_cursor"])) == []
    assert ids(ask(acme, after=cursor)) == [str(late.id)]


def test_events_of_one_record_keep_their_order_through_small_pages(ask: Ask, bus: TestBus, acme: Any) -> None:
    contact_id = uuid7()
    events = [contact_event("updated", contact_id=contact_id, version=number) for number in range(1, 41)]
    bus.publish(Caller.system(acme.tenant_id), *events)
    versions: list[int] = []
    cursor, has_more = "", True
    while has_more:
        answer = ask(acme, after=cursor, page_size=3).json()
        versions += [event["version"] for event in answer["events"]]
        cursor, has_more = answer["next_cursor"], answer["has_more"]
    assert versions == list(range(1, 41))


def test_latest_begins_behind_everything_that_is_there(ask: Ask, bus: TestBus, acme: Any) -> None:
    bus.publish(Caller.system(acme.tenant_id), contact_event(), user_event())
    start = ask(acme, after="latest").json()
    assert start["events"] == []
    new = contact_event()
    bus.publish(Caller.system(acme.tenant_id), new)
    assert ids(ask(acme, after=start["next_cursor"])) == [str(new.id)]


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["contacts.contact.created"], ["contacts.contact.created"]),
        (["contacts.contact.*"], ["contacts.contact.created", "contacts.contact.updated"]),
        (["identity.*"], ["identity.user.updated"]),
        (["contacts.contact.updated,identity.user.*"], ["contacts.contact.updated", "identity.user.updated"]),
        (["contacts.contact.updated", "contacts.account.*"], ["contacts.contact.updated"]),
        (["*"], ["contacts.contact.created", "contacts.contact.updated", "identity.user.updated"]),
    ],
)
def test_types_narrow_what_comes(ask: Ask, bus: TestBus, acme: Any, types: list[str], expected: list[str]) -> None:
    bus.publish(Caller.system(acme.tenant_id), contact_event(), contact_event("updated"))
    bus.publish(Caller.system(acme.tenant_id), user_event())
    assert [event["type"] for event in ask(acme, type=types).json()["events"]] == expected


def test_a_page_of_rare_events_ends_early_and_goes_on(
    settings: GatewaySettings, identity: Identity, bus: TestBus, acme: Any
) -> None:
    events = [contact_event("updated") for _ in range(60)]
    rare = contact_event("merged")
    bus.publish(Caller.system(acme.tenant_id), *events, rare)
    app = create_wsgi_app(settings.model_copy(update={"event_scan_max": 20}))
    token = identity.tokens.issue(
        Rights(acme.tenant_id, acme.owner_id, "user", "t", frozenset({"contacts.read"}), "all")
    )
    got: list[str] = []
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url=settings.issuer) as client:
        query = {"type": "contacts.contact.merged,contacts.contact.erased", "page_size": 1}
        cursor, has_more, pages = "", True, 0
        while has_more:
            answer = client.get(
                "/v1/events", params={**query, "after": cursor}, headers={"Authorization": f"Bearer {token}"}
            ).json()
            got += [event["id"] for event in answer["events"]]
            cursor, has_more = answer["next_cursor"], answer["has_more"]
            pages += 1
    app.close()
    assert got == [str(rare.id)]
    assert pages > 2


def test_scopes_limit_what_comes_and_a_type_beyond_them_is_refused(ask: Ask, bus: TestBus, acme: Any) -> None:
    bus.publish(Caller.system(acme.tenant_id), contact_event(), user_event())
    only_contacts = ask(acme, scopes="contacts.read", visibility="all")
    assert {event["type"] for event in only_contacts.json()["events"]} == {"contacts.contact.created"}
    refused = ask(acme, scopes="contacts.read", visibility="all", type="identity.*")
    assert (refused.status_code, refused.json()["reason"]) == (403, "MISSING_SCOPE")
    assert "identity.read" in refused.json()["detail"]
    assert ask(acme, scopes="contacts.write", visibility="all").status_code == 403


@pytest.mark.parametrize("visibility", ["own", "team"])
def test_who_sees_a_part_of_the_records_gets_no_events(ask: Ask, acme: Any, visibility: str) -> None:
    answer = ask(acme, scopes="contacts.read", visibility=visibility)
    assert (answer.status_code, answer.json()["reason"]) == (403, "VISIBILITY_TOO_NARROW")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"type": "contacts"}, "type"),
        ({"type": "contacts.>"}, "type"),
        ({"type": "*.contact.created"}, "type"),
        ({"type": "billing.*"}, "type"),
        ({"type": ",".join(f"contacts.contact.x{n}" for n in range(51))}, "type"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "-1"}, "page_size"),
        ({"after": "bm9wZQ"}, "after"),
        ({"after": "x" * 3000}, "after"),
        ({"since": "now"}, "since"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_its_parameter(
    ask: Ask, acme: Any, query: dict[str, str], field: str
) -> None:
    answer = ask(acme, **query)
    assert answer.status_code == 400, answer.text
    assert answer.json()["violations"][0]["field"] == field


def test_a_stranger_and_a_foreign_cursor_are_refused(
    ask: Ask, http: httpx.Client, bus: TestBus, acme: Any, other: Any
) -> None:
    assert http.get("/v1/events").status_code == 401
    bus.publish(Caller.system(acme.tenant_id), contact_event())
    cursor = ask(acme).json()["next_cursor"]
    stolen = ask(other, after=cursor)
    assert (stolen.status_code, stolen.json()["reason"]) == (400, "INVALID_CURSOR")


def test_a_message_of_another_company_under_this_subject_is_not_told(
    ask: Ask, bus: TestBus, acme: Any, other: Any
) -> None:
    from chassis.envelope import enclose, subject

    event = contact_event()
    assert event.occurred_at is not None
    forged = enclose(event, Caller.system(other.tenant_id), now=event.occurred_at)
    bus.publish_raw(subject(event.type, acme.tenant_id), forged.SerializeToString())
    bus.publish_raw(subject(event.type, acme.tenant_id), b"\xff\xff")
    mine = contact_event()
    bus.publish(Caller.system(acme.tenant_id), mine)
    assert ids(ask(acme)) == [str(mine.id)]


def test_a_cursor_of_a_stream_made_anew_is_gone_with_the_remedy(
    ask: Ask, bus: TestBus, settings: GatewaySettings, acme: Any
) -> None:
    bus.publish(Caller.system(acme.tenant_id), user_event())
    cursor = ask(acme, type="identity.*").json()["next_cursor"]
    bus.run(bus.client.jetstream().delete_stream("FUNIA_IDENTITY"))
    bus.run(declare_stream(bus.client, "identity", settings))
    gone = ask(acme, type="identity.*", after=cursor)
    assert (gone.status_code, gone.json()["reason"]) == (410, "CURSOR_EXPIRED")
    assert "after=latest" in gone.json()["detail"]
    assert ask(acme, type="identity.*").status_code == 200


def test_a_cursor_whose_events_were_dropped_unread_is_gone_and_one_that_missed_nothing_is_good(
    ask: Ask, bus: TestBus, settings: GatewaySettings, acme: Any
) -> None:
    bus.publish(Caller.system(acme.tenant_id), contact_event(), contact_event())
    context = bus.client.jetstream()
    info = bus.run(bus.client.request("$JS.API.STREAM.INFO.FUNIA_CONTACTS", b""))
    created, last = json.loads(info.data)["created"], json.loads(info.data)["state"]["last_seq"]
    bus.run(context.purge_stream("FUNIA_CONTACTS", seq=last))
    cursors = Cursors(settings.secret.get_secret_value())
    long_ago = time.time() - 31 * 86_400

    def cursor(sequence: int) -> str:
        return cursors.text(acme.tenant_id, {"contacts": Position(created, sequence, long_ago)})

    assert ask(acme, type="contacts.*", after=cursor(last - 2)).status_code == 410
    assert len(ids(ask(acme, type="contacts.*", after=cursor(last - 1)))) == 1
    assert ids(ask(acme, type="contacts.*", after=cursor(last))) == []


def test_a_service_without_a_stream_is_read_as_empty(ask: Ask, acme: Any) -> None:
    answer = ask(acme, type="support.*")
    assert (ids(answer), answer.json()["has_more"]) == ([], False)


def test_an_event_of_a_kind_this_version_does_not_know_is_told_without_data(ask: Ask, bus: TestBus, acme: Any) -> None:
    from chassis.envelope import enclose, subject

    event = contact_event("teleported")
    assert event.occurred_at is not None
    envelope = enclose(event, Caller.system(acme.tenant_id), now=event.occurred_at)
    envelope.payload_type = "funia.contacts.v9.Unheard"
    bus.publish_raw(subject(event.type, acme.tenant_id), envelope.SerializeToString())
    (told,) = ask(acme).json()["events"]
    assert (told["type"], told["data"]) == ("contacts.contact.teleported", {})


def test_the_stream_is_pointed_at_where_it_is_served(http: httpx.Client, settings: GatewaySettings) -> None:
    answer = http.get("/v1/events:stream?type=contacts.*")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{settings.live_public_url}/v1/events:stream?type=contacts.*"


def test_a_bus_that_is_away_is_said_with_503(settings: GatewaySettings, identity: Identity, acme: Any) -> None:
    away = settings.model_copy(update={"nats_url": "nats://127.0.0.1:1", "event_read_timeout_s": 0.3})
    app = create_wsgi_app(away)
    token = identity.tokens.issue(Rights(acme.tenant_id, uuid4(), "user", "t", frozenset({"contacts.read"}), "all"))
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url=settings.issuer) as client:
        answer = client.get("/v1/events", headers={"Authorization": f"Bearer {token}"})
    app.close()
    assert (answer.status_code, answer.json()["reason"]) == (503, "EVENTS_UNAVAILABLE")
