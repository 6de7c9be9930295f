"""Many records in one request over real gRPC and a real database, always with a second company present."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from chassis.caller import Caller
from chassis.errors import InvalidArgument, Unprocessable
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database
from funia.contacts.v1 import account_pb2, bulk_pb2, contact_pb2
from funia.events.v1.envelope_pb2 import Envelope
from google.protobuf.field_mask_pb2 import FieldMask

from .conftest import Person, person, refused

KEYS = text("SELECT kind, value FROM identity_key WHERE tenant_id = %(tenant_id)s ORDER BY kind, value", "tenant_id")
EVENTS = text("SELECT envelope FROM outbox WHERE tenant_id = %(tenant_id)s ORDER BY id", "tenant_id")


def batch(who: Person, verb: str, *items: Any, many: str = "Contacts", **options: Any) -> bulk_pb2.BatchResults:
    metadata = options.pop("metadata", {})
    request = getattr(bulk_pb2, f"Batch{verb}{many}Request")(requests=items, **options)
    answer: bulk_pb2.BatchResults = who.call(f"BulkService.Batch{verb}{many}", request, **metadata)
    return answer


def to_create(**fields: Any) -> contact_pb2.CreateContactRequest:
    return contact_pb2.CreateContactRequest(contact=contact_pb2.Contact(**fields))


def to_upsert(mask: list[str] | None = None, **fields: Any) -> bulk_pb2.UpsertContactRequest:
    item = bulk_pb2.UpsertContactRequest(contact=contact_pb2.Contact(**fields))
    item.update_mask.paths.extend(mask or [])
    return item


def named(number: int, **fields: Any) -> dict[str, Any]:
    address = contact_pb2.EmailAddress(address=f"p{number}@example.com")
    return {"given_name": f"P{number}", "emails": [address], **fields}


def outcomes(answer: bulk_pb2.BatchResults) -> list[str]:
    assert [one.index for one in answer.results] == list(range(len(answer.results)))
    return [one.outcome for one in answer.results]


def get(who: Person, contact_id: str) -> contact_pb2.Contact:
    found: contact_pb2.Contact = who.call("ContactService.GetContact", contact_pb2.GetContactRequest(id=contact_id))
    return found


def total(who: Person) -> int:
    return len(who.call("ContactService.ListContacts", contact_pb2.ListContactsRequest(page_size=200)).contacts)


def published(database: Database, who: Person) -> list[tuple[str, str, int]]:
    with database.open_work(Caller.system(who.tenant_id)) as work:
        events = [Envelope.FromString(bytes(row.envelope)) for row in work.rows(EVENTS)]
    return [(one.type, one.subject_id, one.aggregate_version) for one in events]


def keys(database: Database, who: Person) -> list[tuple[str, str]]:
    with database.open_work(Caller.system(who.tenant_id)) as work:
        return [(row.kind, row.value) for row in work.rows(KEYS)]


def test_a_batch_creates_what_the_single_method_would(alice: Person, bob: Person, database: Database) -> None:
    phone = contact_pb2.PhoneNumber(number="+359 2 987 6543")
    account = alice.call(
        "AccountService.CreateAccount", account_pb2.CreateAccountRequest(account=account_pb2.Account(name="Acme"))
    )
    item = to_create(**named(1, phones=[phone]))
    item.account_id = account.id
    answer = batch(alice, "Create", item, to_create(**named(2)))
    assert outcomes(answer) == ["created", "created"]
    assert (answer.created, answer.failed) == (2, 0)
    made = get(alice, answer.results[0].id)
    assert made.phones[0].number == "+35929876543"
    assert made.lifecycle_stage == "lead"
    assert made.owner_id == str(alice.actor_id)
    assert [one.account_name for one in made.accounts] == ["Acme"]
    assert made.etag == answer.results[0].etag == "2"
    assert published(database, alice)[1:] == [
        ("contacts.contact.created", made.id, 1),
        ("contacts.account_contact.linked", made.id, 2),
        ("contacts.contact.created", answer.results[1].id, 1),
    ]
    assert total(bob) == 0


def test_a_bad_item_is_named_and_stops_no_other(alice: Person, database: Database) -> None:
    bad_email = to_create(emails=[contact_pb2.EmailAddress(address="nobody")])
    bad_phone = to_create(given_name="A", phones=[contact_pb2.PhoneNumber(number="12")])
    answer = batch(alice, "Create", to_create(**named(1)), bad_email, bad_phone, to_create(), to_create(**named(2)))
    assert outcomes(answer) == ["created", "failed", "failed", "failed", "created"]
    wrong = [(one.problem.status, one.problem.violations[0].field) for one in answer.results[1:4]]
    assert wrong == [
        (400, "contact.emails[0].address"),
        (400, "contact.phones[0].number"),
        (400, "contact"),
    ]
    assert (answer.created, answer.failed) == (2, 3)
    assert total(alice) == 2
    assert len(published(database, alice)) == 2


def test_duplicates_are_refused_also_among_the_items(alice: Person) -> None:
    there = batch(alice, "Create", to_create(**named(1))).results[0].id
    allowed = to_create(**named(1))
    allowed.allow_duplicate = True
    answer = batch(alice, "Create", to_create(**named(1)), to_create(**named(2)), to_create(**named(2)), allowed)
    assert outcomes(answer) == ["failed", "created", "failed", "created"]
    assert answer.results[0].problem.reason == "DUPLICATE_CONTACT"
    assert answer.results[0].problem.status == 409
    assert list(answer.results[0].problem.duplicate_ids) == [there]
    assert list(answer.results[2].problem.duplicate_ids) == [answer.results[1].id]


def test_updates_change_named_fields_and_refuse_stale_etags(alice: Person, bob: Person, database: Database) -> None:
    made = batch(alice, "Create", *(to_create(**named(number)) for number in range(3))).results
    strangers = batch(bob, "Create", to_create(**named(9))).results[0].id

    def change(contact_id: str, etag: str = "", **fields: Any) -> contact_pb2.UpdateContactRequest:
        return contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(id=contact_id, **fields), etag=etag)

    answer = batch(
        alice,
        "Update",
        change(made[0].id, job_title="Buyer"),
        change(made[1].id, etag="7", job_title="Buyer"),
        change(made[2].id, given_name="P2"),
        change(strangers, job_title="Thief"),
        change(made[0].id, emails=[contact_pb2.EmailAddress(address="new@example.com")]),
    )
    assert outcomes(answer) == ["updated", "failed", "unchanged", "failed", "updated"]
    assert [answer.results[1].problem.reason, answer.results[3].problem.reason] == ["STALE_ETAG", "CONTACT_NOT_FOUND"]
    assert answer.results[3].problem.status == 404
    changed = get(alice, made[0].id)
    assert (changed.job_title, changed.emails[0].address, changed.etag) == ("Buyer", "new@example.com", "3")
    assert answer.results[0].etag == answer.results[4].etag == "3"
    assert [one[2] for one in published(database, alice) if one[0] == "contacts.contact.updated"] == [2, 3]
    assert ("email", "p0@example.com") not in keys(database, alice)
    assert ("email", "new@example.com") in keys(database, alice)
    assert get(bob, strangers).job_title == ""


def test_a_stage_goes_back_only_with_a_reason(alice: Person, database: Database) -> None:
    made = batch(alice, "Create", to_create(**named(1, lifecycle_stage="customer"))).results[0].id
    back = contact_pb2.UpdateContactRequest(contact=contact_pb2.Contact(id=made, lifecycle_stage="lead"))
    answer = batch(alice, "Update", back)
    assert answer.results[0].problem.violations[0].field == "reason"
    back.reason = "Never bought"
    assert outcomes(batch(alice, "Update", back)) == ["updated"]
    assert ("contacts.lifecycle.changed", made, 2) in published(database, alice)


def test_an_upsert_by_external_id_creates_once_and_then_changes(alice: Person, bob: Person, database: Database) -> None:
    items = [to_upsert(**named(n, external_ids={"erp": str(n), "shop": f"s{n}"})) for n in range(3)]
    first = batch(alice, "Upsert", *items, system="erp")
    assert outcomes(first) == ["created"] * 3
    again = batch(alice, "Upsert", *items, system="erp")
    assert outcomes(again) == ["unchanged"] * 3
    change = to_upsert(job_title="Buyer", external_ids={"erp": "1"})
    answer = batch(alice, "Upsert", change, change, to_upsert(given_name="New"), system="erp")
    assert outcomes(answer) == ["updated", "unchanged", "failed"]
    assert answer.results[2].problem.violations[0].field == "contact.external_ids.erp"
    kept = get(alice, first.results[1].id)
    assert (kept.job_title, dict(kept.external_ids)) == ("Buyer", {"erp": "1", "shop": "s1"})
    assert outcomes(batch(bob, "Upsert", items[0], system="erp")) == ["created"]
    assert total(alice) == 3
    assert total(bob) == 1


def test_the_same_external_id_twice_in_a_batch_is_one_record(alice: Person) -> None:
    one = to_upsert(given_name="A", external_ids={"erp": "1"})
    other = to_upsert(job_title="Buyer", external_ids={"erp": "1"})
    answer = batch(alice, "Upsert", one, other, system="erp")
    assert outcomes(answer) == ["created", "updated"]
    assert answer.results[0].id == answer.results[1].id
    made = get(alice, answer.results[0].id)
    assert (made.given_name, made.job_title, made.etag) == ("A", "Buyer", "2")


def test_upserts_that_race_create_each_record_once(alice: Person) -> None:
    items = [to_upsert(given_name=f"P{n}", external_ids={"erp": str(n)}) for n in range(50)]
    answers: list[bulk_pb2.BatchResults] = []

    def run() -> None:
        answers.append(batch(alice, "Upsert", *items, system="erp"))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(answer.created for answer in answers) == 50
    assert sum(answer.unchanged for answer in answers) == 150
    assert total(alice) == 50


def test_an_upsert_respects_a_mask_and_the_id(alice: Person) -> None:
    made = batch(alice, "Create", to_create(**named(1, job_title="Buyer", description="Old"))).results[0].id
    answer = batch(alice, "Upsert", to_upsert(["description"], id=made, job_title="Ignored"))
    assert outcomes(answer) == ["updated"]
    assert (get(alice, made).job_title, get(alice, made).description) == ("Buyer", "")
    missing = batch(alice, "Upsert", to_upsert(id=str(uuid7()), given_name="X"))
    assert missing.results[0].problem.status == 404


def test_who_sees_only_their_own_changes_nothing_of_others(
    alice: Person, issuer: TokenIssuer, database: Database
) -> None:
    made = batch(alice, "Upsert", to_upsert(**named(1, external_ids={"erp": "1"})), system="erp").results[0].id
    carol = person(issuer, alice.grpc_channel, alice.tenant_id, visibility="own")
    before = published(database, alice)
    theirs = batch(carol, "Upsert", to_upsert(given_name="Mine", external_ids={"erp": "1"}), system="erp")
    assert theirs.results[0].problem.reason == "EXTERNAL_ID_TAKEN"
    assert theirs.results[0].id == ""
    deleted = batch(carol, "Delete", contact_pb2.DeleteContactRequest(id=made))
    assert deleted.results[0].problem.status == 404
    assert published(database, alice) == before
    assert get(alice, made).given_name == "P1"


def test_deleted_items_lie_in_the_bin(alice: Person, bob: Person, database: Database) -> None:
    made = [one.id for one in batch(alice, "Create", *(to_create(**named(n)) for n in range(3))).results]
    gone = contact_pb2.DeleteContactRequest
    answer = batch(alice, "Delete", gone(id=made[0]), gone(id=made[0]), gone(id=made[1], etag="9"), gone(id="nonsense"))
    assert outcomes(answer) == ["deleted", "unchanged", "failed", "failed"]
    assert answer.results[3].problem.violations[0].field == "id"
    assert get(alice, made[0]).HasField("deleted_at")
    assert get(alice, made[0]).etag == answer.results[0].etag == "2"
    assert outcomes(batch(bob, "Delete", gone(id=made[2]))) == ["failed"]
    assert total(alice) == 2
    assert [one for one in published(database, alice) if one[0].endswith("deleted")] == [
        ("contacts.contact.deleted", made[0], 2)
    ]


def test_an_idempotency_key_answers_the_same_and_writes_once(alice: Person) -> None:
    items = [to_create(**named(n)) for n in range(3)]
    key = {"metadata": {"idempotency_key": "bulk-1"}}
    first = batch(alice, "Create", *items, **key)
    assert batch(alice, "Create", *items, **key) == first
    assert total(alice) == 3
    assert isinstance(refused(batch, alice, "Create", items[0], **key), Unprocessable)


def test_more_than_a_thousand_items_are_refused_whole(alice: Person) -> None:
    error = refused(batch, alice, "Create", *(to_create(given_name="A") for _ in range(1001)))
    assert isinstance(error, InvalidArgument)
    assert error.violations[0].field == "requests"
    assert total(alice) == 0


@pytest.mark.parametrize("verb", ["Create", "Upsert"])
def test_companies_are_checked_as_their_single_methods_do(alice: Person, bob: Person, verb: str) -> None:
    kind = account_pb2.CreateAccountRequest if verb == "Create" else bulk_pb2.UpsertAccountRequest

    def item(**fields: Any) -> Any:
        number = fields.get("name", "")
        extra = {"external_ids": {"erp": number}} if verb == "Upsert" else {}
        return kind(account=account_pb2.Account(**fields, **extra))

    options = {"system": "erp"} if verb == "Upsert" else {}
    answer = batch(
        alice,
        verb,
        item(name="Acme", domains=["www.acme.example"]),
        item(name="ACME!"),
        item(name="Other", parent_id=str(uuid7())),
        item(name="Third", domains=["acme.example"]),
        many="Accounts",
        **options,
    )
    assert outcomes(answer) == ["created", "failed", "failed", "failed"]
    assert [one.problem.reason for one in answer.results[1:]] == [
        "DUPLICATE_ACCOUNT",
        "ACCOUNT_NOT_FOUND",
        "DUPLICATE_ACCOUNT",
    ]
    assert not bob.call("AccountService.ListAccounts", account_pb2.ListAccountsRequest()).accounts


def test_companies_cannot_become_their_own_parents_within_a_batch(alice: Person) -> None:
    names = [account_pb2.CreateAccountRequest(account=account_pb2.Account(name=name)) for name in ("A", "B")]
    a, b = (one.id for one in batch(alice, "Create", *names, many="Accounts").results)

    def under(child: str, parent: str) -> account_pb2.UpdateAccountRequest:
        changed = account_pb2.Account(id=child, parent_id=parent)
        return account_pb2.UpdateAccountRequest(account=changed, update_mask=FieldMask(paths=["parent_id"]))

    answer = batch(alice, "Update", under(a, b), under(b, a), many="Accounts")
    assert outcomes(answer) == ["updated", "failed"]
    assert answer.results[1].problem.reason == "PARENT_CYCLE"


def test_what_the_gateway_could_not_read_fails_its_item_only(alice: Person) -> None:
    told = bulk_pb2.FieldProblem(field="requests[1].contact.score", message="Expected a number.", reason="WRONG_TYPE")
    answer = batch(alice, "Create", to_create(**named(1)), to_create(**named(2)), unreadable=[told])
    assert outcomes(answer) == ["created", "failed"]
    assert answer.results[1].problem.violations[0].field == "contact.score"
