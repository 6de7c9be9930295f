"""Consent over gRPC: what is said, what holds, the links of people, and who is merged or erased."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.errors import FuniaError, NotFound, PermissionDenied
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.events import received, recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from customer_projection.projection import CustomerProjection
from customer_projection.testing import contact
from funia.marketing.v1 import consent_link_pb2 as links
from funia.marketing.v1 import consent_pb2 as pb
from funia.marketing.v1 import consent_purpose_pb2 as purposes
from funia.marketing.v1 import held_pb2
from funia.marketing.v1 import suppression_pb2 as suppressions
from google.protobuf.timestamp_pb2 import Timestamp
from marketing.consumers.people import follow
from marketing.jobs.consent_requests import ConsentRequestExpiry
from marketing.model.customer import Customer, CustomerAccount

MAIL = "anna@example.com"
LATER = text(
    "UPDATE consent_request SET expires_at = now() - interval '1 s' WHERE tenant_id = %(tenant_id)s", "tenant_id"
)
REQUESTS = text("SELECT id FROM consent_request WHERE tenant_id = %(tenant_id)s", "tenant_id")
DIGESTS = text(
    "SELECT string_agg(ip_digest || user_agent_digest, '') AS found FROM consent_entry WHERE tenant_id = %(tenant_id)s",
    "tenant_id",
)


def known(
    database: Database,
    person: Person,
    contact_id: UUID | None = None,
    *,
    version: int = 1,
    verb: str = "updated",
    **fields: object,
) -> str:
    """A person whom marketing knows by an event of contacts; its id."""
    found = contact_id or uuid7()
    event = contact(found, version, verb, **fields)
    with database.open_work(Caller.system(person.tenant_id)) as work:
        CustomerProjection("marketing", Customer, CustomerAccount).apply(work, [received(event, person.tenant_id)])
    return str(found)


def purpose(person: Person, **given: object) -> purposes.ConsentPurpose:
    fields = {"name": "News", "channels": ["email"], "public": True, **given}
    request = purposes.CreateConsentPurposeRequest(consent_purpose=purposes.ConsentPurpose(**fields))  # type: ignore[arg-type]
    made: purposes.ConsentPurpose = person.call("ConsentPurposeService.CreateConsentPurpose", request)
    return made


def say(
    person: Person, contact_id: str, one: purposes.ConsentPurpose, status: str = "granted", **given: object
) -> pb.RecordConsentsResponse:
    fields = {"channel": "email", "source": "paper", **given}
    said = pb.ConsentStatement(contact_id=contact_id, purpose_id=one.id, status=status, **fields)  # type: ignore[arg-type]
    answer: pb.RecordConsentsResponse = person.call(
        "ConsentService.RecordConsents", pb.RecordConsentsRequest(statements=[said])
    )
    return answer


def asked(person: Person, contact_id: str, one: purposes.ConsentPurpose, address: str = MAIL) -> str:
    """Why a message may or may not go out."""
    request = pb.CanContactRequest(purpose_id=one.id, channel="email", contact_id=contact_id, address=address)
    return str(person.call("ConsentService.CanContact", request).reason)


def told(database: Database, tenant_id: UUID) -> list[str]:
    """What was published of consents, as verbs."""
    return [one.type.rpartition(".")[2] for one in recorded(database, tenant_id) if ".consent." in one.type]


def at(moment: datetime) -> Timestamp:
    found = Timestamp()
    found.FromDatetime(moment)
    return found


def test_consent_is_recorded_with_its_evidence_and_obeyed_at_once(
    alice: Person, bob: Person, database: Database
) -> None:
    anna, news = known(database, alice), purpose(alice)
    assert asked(alice, anna, news) == "NO_CONSENT"
    answer = say(alice, anna, news, text_version="v3", ip_address="192.0.2.7", user_agent="Browser")
    assert (answer.recorded_count, answer.changed_count) == (1, 1)
    assert asked(alice, anna, news) == "CONSENT_GIVEN"
    entries = alice.call("ConsentService.ListConsentEntries", pb.ListConsentEntriesRequest(contact_id=anna)).entries
    assert [(one.status, one.source, one.text_version, one.lawful_basis) for one in entries] == [
        ("granted", "paper", "v3", "consent")
    ]
    assert entries[0].recorded_by == str(alice.actor_id)
    assert len(entries[0].ip_digest) == 64
    say(alice, anna, news, "withdrawn")
    assert asked(alice, anna, news) == "WITHDRAWN"
    assert told(database, alice.tenant_id) == ["granted", "withdrawn"]
    assert refused(asked, bob, anna, news).reason == "CONSENT_PURPOSE_NOT_FOUND"
    assert asked(bob, anna, purpose(bob)) == "CONTACT_UNKNOWN"
    assert refused(say, bob, anna, purpose(bob)).violations[0].reason == "CONTACT_NOT_FOUND"
    assert told(database, bob.tenant_id) == []


def test_what_is_older_goes_into_the_history_and_changes_nothing_else(alice: Person, database: Database) -> None:
    anna, news = known(database, alice), purpose(alice)
    now = datetime.now(UTC)
    say(alice, anna, news, "withdrawn", happened_at=at(now - timedelta(days=1)))
    old = say(alice, anna, news, happened_at=at(now - timedelta(days=9)))
    assert (old.recorded_count, old.changed_count) == (1, 0)
    again = say(alice, anna, news, happened_at=at(now - timedelta(days=9)))
    assert (again.recorded_count, again.changed_count) == (0, 0)
    assert asked(alice, anna, news) == "WITHDRAWN"
    later = refused(say, alice, anna, news, happened_at=at(now + timedelta(days=1)))
    assert later.violations[0].reason == "IN_THE_FUTURE"
    first = alice.call("ConsentService.ListConsentEntries", pb.ListConsentEntriesRequest(contact_id=anna, page_size=1))
    rest = alice.call(
        "ConsentService.ListConsentEntries",
        pb.ListConsentEntriesRequest(contact_id=anna, page_size=1, page_token=first.next_page_token),
    )
    assert [one.status for one in (*first.entries, *rest.entries)] == ["withdrawn", "granted"]
    assert not rest.next_page_token


def test_a_seller_asks_for_own_people_only(alice: Person, house: House, database: Database) -> None:
    news, seller = purpose(alice), house.person(alice.tenant_id, visibility="own")
    mine, other = known(database, alice, owner_id=seller.actor_id), known(database, alice)
    for one in (mine, other):
        say(alice, one, news)
    assert [asked(seller, one, news) for one in (mine, other)] == ["CONSENT_GIVEN", "CONTACT_UNKNOWN"]
    assert refused(say, seller, other, news, "withdrawn").violations[0].reason == "CONTACT_NOT_FOUND"
    assert asked(alice, other, news) == "CONSENT_GIVEN"


def test_who_asked_not_to_be_contacted_gets_service_messages_only(alice: Person, database: Database) -> None:
    anna = known(database, alice, do_not_contact=True)
    news, recall = purpose(alice), purpose(alice, name="Recalls", lawful_basis="legal_obligation")
    say(alice, anna, news)
    assert (asked(alice, anna, news), asked(alice, anna, recall)) == ("DO_NOT_CONTACT", "SERVICE_MESSAGE")
    wrong = refused(purpose, alice, lawful_basis="contract", double_opt_in=True)
    assert wrong.violations[0].field == "consent_purpose.double_opt_in"


def test_a_suppressed_address_is_refused_however_it_is_written(alice: Person, bob: Person, database: Database) -> None:
    anna, news = known(database, alice), purpose(alice)
    say(alice, anna, news)
    add = suppressions.SuppressAddressesRequest(
        channel="email", addresses=[MAIL, " ANNA@Example.com "], reason="manual"
    )
    assert alice.call("SuppressionService.SuppressAddresses", add).added_count == 1
    assert asked(alice, anna, news, "Anna@example.COM") == "ADDRESS_SUPPRESSED"
    assert asked(alice, anna, news, "other@example.com") == "CONSENT_GIVEN"
    add.reason = "hard_bounce"
    assert alice.call("SuppressionService.SuppressAddresses", add).added_count == 0
    assert asked(alice, anna, news) == "ADDRESS_BOUNCES"
    listed = alice.call("SuppressionService.ListSuppressions", suppressions.ListSuppressionsRequest()).suppressions
    assert [(one.channel, one.reason) for one in listed] == [("email", "hard_bounce")]
    assert not bob.call("SuppressionService.ListSuppressions", suppressions.ListSuppressionsRequest()).suppressions
    remove = suppressions.UnsuppressAddressRequest(channel="email", address=MAIL)
    assert refused(bob.call, "SuppressionService.UnsuppressAddress", remove).reason == "SUPPRESSION_NOT_FOUND"
    alice.call("SuppressionService.UnsuppressAddress", remove)
    assert asked(alice, anna, news) == "CONSENT_GIVEN"


def test_thousands_are_answered_in_their_order_within_a_millisecond_each(alice: Person, database: Database) -> None:
    anna, news = known(database, alice), purpose(alice)
    say(alice, anna, news)
    items = [pb.ContactAsked(contact_id=str(uuid7()), address=f"{at}@example.com") for at in range(2_000)]
    items[1_000] = pb.ContactAsked(contact_id=anna, address=MAIL)
    request = pb.BatchCanContactRequest(purpose_id=news.id, channel="email", items=items)
    began = time.process_time()
    answers = alice.call("ConsentService.BatchCanContact", request).decisions
    assert time.process_time() - began < len(items) / 1_000
    assert [at for at, one in enumerate(answers) if one.allowed] == [1_000]
    assert {one.reason for one in answers} == {"CONTACT_UNKNOWN", "CONSENT_GIVEN"}


def request_link(person: Person, contact_id: str, one: purposes.ConsentPurpose) -> str:
    """Asks for a confirmation; the secret of its link."""
    request = pb.RequestConsentRequest(contact_id=contact_id, purpose_ids=[one.id], channel="email", source="form:x")
    return str(person.call("ConsentService.RequestConsent", request).link).rpartition("/")[2]


def test_double_opt_in_counts_once_its_link_is_confirmed(alice: Person, bob: Person, database: Database) -> None:
    anna, news = known(database, alice, language="bg"), purpose(alice, double_opt_in=True)
    assert refused(say, alice, anna, news).violations[0].reason == "CONFIRMATION_REQUIRED"
    secret = request_link(alice, anna, news)
    assert asked(alice, anna, news) == "NOT_CONFIRMED"
    look = links.OpenConsentRequestRequest(token=secret)
    opened = alice.call("ConsentLinkService.OpenConsentRequest", look)
    assert ([one.name for one in opened.purposes], opened.language, opened.status) == (["News"], "bg", "open")
    assert asked(alice, anna, news) == "NOT_CONFIRMED"
    assert refused(bob.call, "ConsentLinkService.OpenConsentRequest", look).reason == "CONSENT_LINK_NOT_FOUND"
    confirm = links.ConfirmConsentRequestRequest(token=secret, ip_address="192.0.2.7")
    assert alice.call("ConsentLinkService.ConfirmConsentRequest", confirm).status == "confirmed"
    assert asked(alice, anna, news) == "CONSENT_GIVEN"
    say(alice, anna, news, "withdrawn")
    alice.call("ConsentLinkService.ConfirmConsentRequest", confirm)
    assert asked(alice, anna, news) == "WITHDRAWN"
    assert told(database, alice.tenant_id) == ["requested", "granted", "withdrawn"]


def test_a_link_that_nobody_confirms_expires(alice: Person, bob: Person, database: Database) -> None:
    anna, news = known(database, alice), purpose(alice, double_opt_in=True)
    secret = request_link(alice, anna, news)
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        request_id = work.rows(REQUESTS)[0].id
    expiry = ConsentRequestExpiry(database)
    expiry.handle(alice.tenant_id, request_id, None)  # type: ignore[arg-type]
    assert told(database, alice.tenant_id) == ["requested"]
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(LATER)
    confirm = links.ConfirmConsentRequestRequest(token=secret)
    assert refused(alice.call, "ConsentLinkService.ConfirmConsentRequest", confirm).reason == "CONSENT_LINK_NOT_FOUND"
    expiry.handle(bob.tenant_id, request_id, None)  # type: ignore[arg-type]
    assert told(database, alice.tenant_id) == ["requested"]
    expiry.handle(alice.tenant_id, request_id, None)  # type: ignore[arg-type]
    assert told(database, alice.tenant_id) == ["requested", "expired"]
    assert asked(alice, anna, news) == "NOT_CONFIRMED"


def preference_token(person: Person, contact_id: str) -> str:
    request = pb.GetPreferenceLinkRequest(contact_id=contact_id, channel="email", address=MAIL)
    return str(person.call("ConsentService.GetPreferenceLink", request).link).rpartition("/")[2]


def test_a_person_chooses_by_a_signed_link_and_stops_everything_with_one_press(
    alice: Person, bob: Person, database: Database
) -> None:
    anna, news = known(database, alice), purpose(alice)
    hidden = purpose(alice, name="Partners", public=False, lawful_basis="legitimate_interest")
    token = preference_token(alice, anna)
    shown = alice.call("ConsentLinkService.OpenPreferences", links.OpenPreferencesRequest(token=token))
    assert [[(one.name, [choice.wanted for choice in one.choices])] for one in shown.purposes] == [[("News", [False])]]
    choice = links.Choice(purpose_id=news.id, channel="email", wanted=True)
    save = links.SavePreferencesRequest(token=token, choices=[choice], ip_address="192.0.2.7")
    assert not alice.call("ConsentLinkService.SavePreferences", save).nothing
    assert asked(alice, anna, news) == "CONSENT_GIVEN"
    stop = links.SavePreferencesRequest(token=token, nothing=True)
    assert alice.call("ConsentLinkService.SavePreferences", stop).nothing
    assert (asked(alice, anna, news, ""), asked(alice, anna, hidden, "")) == ("WITHDRAWN", "WITHDRAWN")
    assert asked(alice, anna, news) == "ADDRESS_SUPPRESSED"
    alice.call("ConsentLinkService.SavePreferences", save)
    assert asked(alice, anna, news) == "CONSENT_GIVEN"
    foreign = links.Choice(purpose_id=hidden.id, channel="email", wanted=True)
    wrong = links.SavePreferencesRequest(token=token, choices=[foreign])
    assert refused(alice.call, "ConsentLinkService.SavePreferences", wrong).violations[0].reason == "NOT_OFFERED"
    for person, forged in ((bob, token), (alice, token[:-2] + "AA"), (alice, "x"), (alice, "é")):
        with pytest.raises(FuniaError) as caught:
            person.call("ConsentLinkService.OpenPreferences", links.OpenPreferencesRequest(token=forged))
        assert caught.value.reason == "CONSENT_LINK_NOT_FOUND"


def test_of_two_merged_people_the_newer_word_counts(alice: Person, database: Database) -> None:
    anna, double = uuid7(), uuid7()
    news, offers = purpose(alice), purpose(alice, name="Offers")
    for one in (anna, double):
        known(database, alice, one)
    say(alice, str(anna), news)
    say(alice, str(double), offers)
    say(alice, str(double), news, "withdrawn")
    known(database, alice, double, version=2, deleted=True, merged_into_id=anna)
    event = received(contact(double, 2, "merged", deleted=True, merged_into_id=anna), alice.tenant_id)
    for _ in range(2):
        with database.open_work(Caller.system(alice.tenant_id)) as work:
            follow(work, [event])
    assert [asked(alice, str(one), news) for one in (anna, double)] == ["WITHDRAWN", "WITHDRAWN"]
    assert asked(alice, str(anna), offers) == "CONSENT_GIVEN"
    assert told(database, alice.tenant_id) == ["granted", "granted", "withdrawn", "withdrawn", "granted"]


def test_what_is_held_about_a_person_is_shown_whole_without_secrets_and_to_no_stranger(
    alice: Person, bob: Person, house: House, database: Database
) -> None:
    anna, ivan, news = known(database, alice), known(database, alice), purpose(alice)
    say(alice, anna, news, ip_address="192.0.2.7")
    say(alice, anna, news, "withdrawn")
    say(alice, ivan, news)
    admin = house.person(alice.tenant_id, scopes=("identity.admin",))
    request = held_pb2.ListHeldRowsRequest(contact_ids=[anna])
    found = {one.name: one for one in admin.call("HeldService.ListHeldRows", request).tables}
    assert [row["status"] for row in found["consent"].rows] == ["withdrawn"]
    entries = found["consent_entry"].rows
    assert sorted(row["status"] for row in entries) == ["granted", "withdrawn"]
    held = [row for one in found.values() for row in one.rows]
    assert {row["contact_id"] for row in held} == {anna}
    assert not any("secret" in name or name == "tenant_id" for row in held for name in row)
    assert not house.person(scopes=("identity.admin",)).call("HeldService.ListHeldRows", request).tables
    assert isinstance(refused(bob.call, "HeldService.ListHeldRows", request), PermissionDenied)


def test_an_erased_person_leaves_no_trace_but_stays_suppressed(alice: Person, database: Database) -> None:
    anna, news = uuid7(), purpose(alice)
    known(database, alice, anna)
    say(alice, str(anna), news, ip_address="192.0.2.7", user_agent="Browser")
    token = preference_token(alice, str(anna))
    alice.call("ConsentLinkService.SavePreferences", links.SavePreferencesRequest(token=token, nothing=True))
    known(database, alice, anna, version=9, verb="erased")
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        follow(work, [received(contact(anna, 9, "erased"), alice.tenant_id)])
        assert work.rows(DIGESTS)[0].found == ""
    listed = pb.ListConsentEntriesRequest(contact_id=str(anna))
    assert isinstance(refused(alice.call, "ConsentService.ListConsentEntries", listed), NotFound)
    back = known(database, alice)
    say(alice, back, news)
    assert asked(alice, back, news) == "ADDRESS_SUPPRESSED"
