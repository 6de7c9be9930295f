"""Imports and bulk jobs run with the rights of who started them, and stop where these were taken back meanwhile."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from chassis import job_rights
from chassis.caller import Caller, FieldRights
from chassis.envelope import Event
from chassis.errors import PermissionDenied
from chassis.ids import uuid7
from chassis.importing.limits import ImportLimits
from chassis.jobs import Control, Outcome
from chassis.testing.events import received
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database
from contacts.imports.running import ImportRunner
from contacts.jobs.bulk_job import BulkJobRunner
from contacts.queries.import_job import IMPORTS
from contacts.usecases import bulk_job, import_job
from contacts.usecases.bulk_job import BulkJobDraft
from funia.identity.v1.events_pb2 import RoleChanged, TenantChanged, UserChanged
from google.protobuf.message import Message

from .importer import Importer

ROLE = uuid7()
FILE = "First name,E-mail\n" + "".join(f"P{one},p{one}@example.com\n" for one in range(9))


@pytest.fixture
def maria(ours: Importer, issuer: TokenIssuer) -> Importer:
    """Somebody with a real token: version 3 of her membership, 2 of a role of the company's own."""
    claims: dict[str, Any] = {"ver": {"user": 3, "role": 2}, "role": str(ROLE)}
    caller = issuer.caller(ours.caller.tenant_id, ("contacts.import",), **claims)
    return replace(ours, caller=caller, limits=ImportLimits(batch_rows=3))


def happens(
    database: Database, tenant_id: UUID, entity: str, subject: UUID, version: int, payload: Message, *changed: str
) -> None:
    """An event of identity reaches contacts."""
    event = Event(f"identity.{entity}.updated", subject, version, payload, changed)
    with database.open_work(Caller.system(tenant_id)) as work:
        job_rights.keep(work, [received(event, tenant_id)])


def one_batch(who: Importer, runner: Any, job_id: UUID) -> Outcome:
    control = Control(threading.Event(), slice_s=0, attempt=0, last_attempt=False)
    outcome: Outcome = runner.handle(who.caller.tenant_id, job_id, control)
    return outcome


def took(who: Importer, what: str) -> None:
    database, tenant, person = who.database, who.caller.tenant_id, who.caller.actor_id
    if what == "suspended":
        happens(database, tenant, "user", person, 4, UserChanged(status="suspended"), "status")
    elif what == "another role":
        happens(database, tenant, "user", person, 4, UserChanged(role="viewer"), "role")
    elif what == "a narrower role":
        happens(database, tenant, "role", ROLE, 3, RoleChanged(name="importer"))
    else:
        happens(database, tenant, "tenant", tenant, 9, TenantChanged(status="suspended"))


@pytest.mark.parametrize("what", ["suspended", "another role", "a narrower role", "the company"])
def test_a_running_import_stops_after_its_batch_when_its_starter_loses_the_rights(
    maria: Importer, theirs: Importer, what: str
) -> None:
    row = maria.upload(FILE)
    maria.map(row)
    maria.start(row.id)
    runner = ImportRunner(maria.database, maria.files, maria.limits)
    assert one_batch(maria, runner, row.id) is Outcome.AGAIN
    took(replace(maria, caller=replace(maria.caller, tenant_id=theirs.caller.tenant_id)), what)
    assert one_batch(maria, runner, row.id) is Outcome.AGAIN, "another company's events stop nothing here"
    took(maria, what)
    assert one_batch(maria, runner, row.id) is Outcome.DONE
    stopped = maria.get(row.id)
    assert (stopped.status, stopped.rows_created) == ("failed", 6)
    assert ("suspended" in stopped.failure) == (what in ("suspended", "another role", "a narrower role", "the company"))
    assert "run it again" in stopped.failure


def test_changes_that_touch_no_rights_stop_nothing(maria: Importer) -> None:
    row = maria.upload(FILE)
    maria.map(row)
    happens(
        maria.database, maria.caller.tenant_id, "user", maria.caller.actor_id, 4, UserChanged(role="x"), "full_name"
    )
    assert maria.run(row.id).status == "completed"


def test_whoever_still_has_the_rights_goes_on_where_the_import_stopped(maria: Importer, ours: Importer) -> None:
    row = maria.upload(FILE)
    maria.map(row)
    maria.start(row.id)
    runner = ImportRunner(maria.database, maria.files, maria.limits)
    one_batch(maria, runner, row.id)
    took(maria, "suspended")
    one_batch(maria, runner, row.id)
    assert ours.run(row.id).status == "completed"
    assert len(ours.contacts("id")) == 9


def test_a_running_bulk_job_stops_too(maria: Importer) -> None:
    with maria.database.open_work(maria.caller) as work:
        job_id = bulk_job.create(work, BulkJobDraft("contact", "create", "csv", "", allow_duplicate=False)).id
    content = "given_name\n" + "".join(f"P{one}\n" for one in range(9))
    bulk_job.take_in(maria.database, maria.files, maria.caller, job_id, [content.encode()], max_bytes=10**6)
    with maria.database.open_work(maria.caller) as work:
        bulk_job.run(work, job_id)
    runner = BulkJobRunner(maria.database, maria.files, maria.limits)
    assert one_batch(maria, runner, job_id) is Outcome.AGAIN
    took(maria, "suspended")
    assert one_batch(maria, runner, job_id) is Outcome.DONE
    with maria.database.open_work(maria.caller, read_only=True) as work:
        stopped = bulk_job.get(work, job_id)
    assert (stopped.status, stopped.created) == ("failed", 3)
    assert "suspended" in stopped.failure


def narrow(who: Importer, hidden: str = "", read_only: str = "") -> Importer:
    rights = FieldRights(frozenset(hidden.split()), frozenset(read_only.split()))
    return replace(who, caller=replace(who.caller, fields=rights))


def test_an_import_neither_proposes_nor_takes_a_column_of_a_forbidden_field(ours: Importer) -> None:
    clerk = narrow(ours, hidden="contact.score", read_only="contact.emails")
    row = clerk.upload("First name,E-mail,Score\nAnna,a@example.com,7\n")
    assert [column["field"] for column in row.columns] == ["given_name", "", ""]
    for field, heading in (("emails", "E-mail"), ("score", "Score")):
        with pytest.raises(PermissionDenied) as raised:
            clerk.map(row, {"First name": "given_name", heading: field}, mode="create")
        assert raised.value.violations[0].field == f"fields.{heading}"
    assert clerk.map(row, {"First name": "given_name"}, mode="create").status == "mapped"


def test_an_import_that_somebody_else_mapped_is_neither_run_nor_taken_back_beyond_the_own_rights(
    ours: Importer,
) -> None:
    clerk = narrow(ours, hidden="contact.score")
    row = ours.upload("First name,E-mail,Score\nAnna,a@example.com,7\n")
    ours.map(row)
    with pytest.raises(PermissionDenied):
        clerk.start(row.id)
    assert ours.run(row.id).rows_created == 1
    with pytest.raises(PermissionDenied), ours.database.open_work(clerk.caller) as work:
        import_job.revert(work, row.id)
    with ours.database.open_work(clerk.caller, read_only=True) as work:
        places = import_job.hidden_columns(work, IMPORTS.found(work, row.id))
    assert places == {2}


def test_a_bulk_file_with_a_forbidden_column_fails_as_a_whole_and_a_line_by_itself(ours: Importer) -> None:
    clerk = narrow(ours, read_only="contact.score")
    ends = {}
    for form, content in (
        ("csv", "given_name,score\nAnna,7\n"),
        ("jsonl", '{"contact":{"given_name":"Anna"}}\n{"contact":{"given_name":"Bea","score":7}}\n'),
    ):
        with clerk.database.open_work(clerk.caller) as work:
            job_id = bulk_job.create(work, BulkJobDraft("contact", "create", form, "", allow_duplicate=False)).id
        bulk_job.take_in(clerk.database, clerk.files, clerk.caller, job_id, [content.encode()], max_bytes=10**6)
        with clerk.database.open_work(clerk.caller) as work:
            bulk_job.run(work, job_id)
        control = Control(threading.Event(), slice_s=3600, attempt=0, last_attempt=False)
        BulkJobRunner(clerk.database, clerk.files, clerk.limits).handle(clerk.caller.tenant_id, job_id, control)
        with clerk.database.open_work(clerk.caller, read_only=True) as work:
            ends[form] = bulk_job.get(work, job_id)
    assert (ends["csv"].status, ends["csv"].created) == ("failed", 0)
    assert "contact.score" in ends["csv"].failure
    assert (ends["jsonl"].status, ends["jsonl"].created, ends["jsonl"].failed) == ("completed", 1, 1)
