"""What enters the audit log, and who may read it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from audit_reading import Ask, actions, entries, fill, verify
from chassis.caller import Caller
from chassis.envelope import enclose
from chassis.errors import FuniaError, Unauthenticated
from chassis.ids import uuid7
from chassis.subscriptions import Received
from funia.contacts.v1.events_pb2 import ContactChanged, ImportEnded
from funia.identity.v1 import audit_pb2 as pb
from funia.sales.v1.events_pb2 import SalesImportEnded
from gateway.composition import Identity
from gateway.identity.audited import IdentityWork
from gateway.identity.consumers.audit import enter
from gateway.identity.events import tenant_changed
from gateway.identity.model.audit import Act
from gateway.identity.passwords import Passwords
from gateway.identity.queries import tenant as tenants
from gateway.identity.usecases import people


def test_signing_up_and_every_event_enter_the_log(audit: Ask, identity: Identity, acme: Any, other: Any) -> None:
    assert actions(audit, acme) == ["identity.tenant.created", "identity.user.activated"]
    with identity.database.open_work(acme.caller()) as work:
        people.change_tenant(work, {"name": "Acme 2", "country_code": "DE"}, etag="")
    last = entries(audit, acme)[-1]
    assert (last.action, last.actor_type, last.actor_id) == ("identity.tenant.updated", "user", str(acme.owner_id))
    assert list(last.changed_fields) == ["name", "country_code"]
    assert (last.target_id, last.request_id) == (str(acme.tenant_id), "test")
    assert last.detail["country_code"] == "DE"
    assert "Acme 2" not in str(last)
    assert actions(audit, other) == ["identity.tenant.created", "identity.user.activated"]


def test_what_is_rolled_back_leaves_no_entry(audit: Ask, identity: Identity, acme: Any) -> None:
    before = actions(audit, acme)
    with pytest.raises(ZeroDivisionError), identity.database.open_work(acme.caller()) as work:
        work.record(tenant_changed("updated", tenants.get(work)))
        raise ZeroDivisionError
    with identity.database.open_work(acme.caller()) as work:
        with pytest.raises(ZeroDivisionError), work.savepoint():
            work.record(tenant_changed("updated", tenants.get(work)))
            raise ZeroDivisionError
        work.note(Act("identity.test.happened"))
    assert actions(audit, acme) == [*before, "identity.test.happened"]
    assert verify(audit, acme) == (3, "")


def test_log_ins_say_where_they_came_from_and_failures_reach_each_company_of_the_person(
    audit: Ask, site: str, identity: Identity, acme: Any, other: Any
) -> None:
    with identity.database.open_work(other.caller()) as work:
        people.add_user(
            work,
            people.NewUser(acme.email, "Olga there", "viewer", "", "en"),
            Passwords(identity.settings),
        )
    headers = {"User-Agent": "=cmd() Firefox"}
    with httpx.Client(headers=headers) as http:
        wrong = http.post(f"{site}/v1/log-in", json={"email": acme.email, "password": "not the password"})
        assert wrong.status_code == 401
        right = {"email": acme.email, "password": "correct horse battery", "tenant_id": str(acme.tenant_id)}
        assert http.post(f"{site}/v1/log-in", json=right).status_code == 200
        http.post(f"{site}/v1/log-out", json={})
    told = ["identity.log_in.failed", "identity.log_in.succeeded", "identity.session.ended"]
    mine = entries(audit, acme)[2:]
    assert [entry.action for entry in mine] == told
    assert {entry.actor_id for entry in mine} == {str(acme.owner_id)}
    assert {(entry.origin.address, entry.origin.user_agent) for entry in mine} == {("127.0.0.1", "=cmd() Firefox")}
    assert actions(audit, other)[-1] == "identity.log_in.failed"
    assert "identity.log_in.succeeded" not in actions(audit, other)
    assert b",'=cmd() Firefox," in audit(acme, "ExportAuditLog", pb.ExportAuditLogRequest(format="csv"))
    with pytest.raises(Unauthenticated):
        identity.accounts.check_password("nobody@example.com", "not the password", address="10.9.0.1")


def test_a_refusal_by_a_rule_is_entered(audit: Ask, identity: Identity, acme: Any) -> None:
    with pytest.raises(FuniaError), identity.database.open_work(acme.caller()) as work:
        people.change_user(work, acme.owner_id, {"role": "viewer"}, etag="")
    last = entries(audit, acme)[-1]
    assert (last.action, dict(last.detail)) == ("identity.request.refused", {"reason": "LAST_OWNER"})
    assert last.actor_id == str(acme.owner_id)


def test_acts_of_other_services_enter_with_their_own_actor(audit: Ask, identity: Identity, acme: Any) -> None:
    person, record = uuid7(), uuid7()
    caller = Caller(acme.tenant_id, "user", person, frozenset(), "all", client_id="c-1", request_id="r-1")
    merged = ContactChanged(contact_id=str(record), merged_into_id=str(uuid7()))
    undone = ContactChanged(contact_id=str(uuid7()), import_id=str(uuid7()))
    ended = ImportEnded(import_id=str(record), kind="contact", rows_created=12)
    sold = SalesImportEnded(import_id=str(record), kind="order", rows_created=7)
    happened = [
        ("contacts.contact.merged", merged),
        ("contacts.contact.deleted", undone),
        ("contacts.import.completed", ended),
        ("sales.import.completed", sold),
    ]
    received = []
    for kind, payload in happened:
        event = type("E", (), {})()
        event.__dict__.update(
            id=uuid7(), type=kind, subject_id=record, version=1, payload=payload, changed_fields=(), occurred_at=None
        )
        envelope = enclose(event, caller, now=datetime.now(UTC))
        received.append(Received(envelope, payload, event.id, record))
    with identity.database.open_work(Caller.system(acme.tenant_id)) as work:
        enter(work, received)
    told = entries(audit, acme)[2:]
    assert [entry.action for entry in told] == [one for one, _ in (happened[0], *happened[2:])]
    assert {(entry.actor_id, entry.client_id, entry.request_id) for entry in told} == {(str(person), "c-1", "r-1")}
    assert told[1].detail["rows_created"] == "12"
    assert (told[2].detail["kind"], told[2].detail["rows_created"]) == ("order", "7")
    assert actions(audit, acme, actor_id=str(person), action="contacts.import") == ["contacts.import.completed"]


def test_the_list_is_narrowed_and_paged_and_belongs_to_one_company(
    audit: Ask, identity: Identity, acme: Any, other: Any
) -> None:
    fill(identity, acme, 7)
    middle = datetime.now(UTC)
    time.sleep(0.01)
    fill(identity, acme, 2)
    seen, token = [], ""
    while True:
        request = pb.ListAuditEntriesRequest(page_size=4, page_token=token, action="identity.test")
        page = audit(acme, "ListAuditEntries", request)
        seen += [entry.sequence for entry in page.entries]
        token = page.next_page_token
        if not token:
            break
        with pytest.raises(FuniaError, match="page token"):
            audit(other, "ListAuditEntries", pb.ListAuditEntriesRequest(page_token=token, action="identity.test"))
        with pytest.raises(FuniaError, match="page token"):
            audit(acme, "ListAuditEntries", pb.ListAuditEntriesRequest(page_token=token))
    assert seen == [11, 10, 9, 8, 7, 6, 5, 4, 3]
    assert [entry.sequence for entry in entries(audit, acme, target_id="1")] == [4, 11]
    assert len(entries(audit, acme, action="identity")) == 11
    late = pb.ListAuditEntriesRequest()
    getattr(late, "from").FromDatetime(middle)
    assert [entry.sequence for entry in audit(acme, "ListAuditEntries", late).entries] == [11, 10]
    early = pb.ListAuditEntriesRequest(action="identity.test.happened")
    early.to.FromDatetime(middle)
    assert len(audit(acme, "ListAuditEntries", early).entries) == 7
    tomorrow = pb.ListAuditEntriesRequest()
    getattr(tomorrow, "from").FromDatetime(middle + timedelta(days=1))
    assert list(audit(acme, "ListAuditEntries", tomorrow).entries) == []
    assert entries(audit, other, actor_id=str(acme.owner_id)) == []
    with pytest.raises(FuniaError) as raised:
        audit(acme, "ListAuditEntries", pb.ListAuditEntriesRequest(action="identity.%"))
    assert raised.value.violations[0].field == "action"


def test_only_who_may_audit_reads_the_log(audit: Ask, acme: Any) -> None:
    for method, request in (
        ("ListAuditEntries", pb.ListAuditEntriesRequest()),
        ("ExportAuditLog", pb.ExportAuditLogRequest(format="csv")),
        ("VerifyAuditLog", pb.VerifyAuditLogRequest()),
        ("ListAuditCheckpoints", pb.ListAuditCheckpointsRequest()),
        ("CreateAuditCheckpoint", pb.CreateAuditCheckpointRequest()),
    ):
        with pytest.raises(FuniaError) as raised:
            audit(acme, method, request, role="manager")
        assert raised.value.reason == "MISSING_SCOPE"


def test_concurrent_writers_leave_no_gap_and_other_companies_do_not_wait(
    audit: Ask, identity: Identity, acme: Any, other: Any
) -> None:
    def write(company: Any) -> None:
        for _ in range(25):
            fill(identity, company, 1)

    threads = [threading.Thread(target=write, args=(company,)) for company in (acme, acme, acme, other, other)]
    with identity.database.open_work(acme.caller()) as work:
        assert isinstance(work, IdentityWork)
        work.note(Act("identity.test.held"))
        work.flush_events()
        threads[3].start()
        threads[3].join(timeout=20)
        assert not threads[3].is_alive(), "the lock of one company made another one wait"
    for thread in (*threads[:3], threads[4]):
        thread.start()
    for thread in (*threads[:3], threads[4]):
        thread.join()
    assert verify(audit, acme) == (2 + 1 + 75, "")
    assert verify(audit, other) == (2 + 50, "")


def test_lists_use_an_index_under_the_app_role(identity: Identity, acme: Any, admin: Any) -> None:
    from gateway.identity.queries.audit import _page

    admin.execute("ANALYZE audit_entry")
    cases = [
        ((), 0, "sequence >="),
        (("by_actor",), 0, "actor_id ="),
        (("on_target",), 0, "target_id ="),
        (("of_action",), 0, "service ="),
        (("of_action",), 1, "entity ="),
        (("of_action",), 2, "action ="),
    ]
    values = {"by_actor": acme.owner_id, "on_target": "1", "of_action": "identity.user.activated"}
    with identity.database.open_work(acme.caller()) as work:
        work.raw.execute("SET LOCAL enable_seqscan TO off")
        for names, parts, condition in cases:
            statement = _page(names, parts, True)
            given = {
                **statement.constants,
                "tenant_id": acme.tenant_id,
                "first": 1,
                "last": 99,
                "limit": 10,
                **{name: values[name] for name in names},
            }
            plan = "\n".join(row[0] for row in work.raw.execute("EXPLAIN " + statement.text, given))
            bounds = [line for line in plan.splitlines() if "Index Cond" in line and condition in line]
            assert bounds, f"{names} {parts}: {plan}"
