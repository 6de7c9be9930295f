"""Bulk jobs from the file to the results, with a second company that must see nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from chassis.caller import Caller
from chassis.errors import FailedPrecondition, NotFound, TooLarge
from chassis.files import DiskFiles
from chassis.ids import uuid7
from chassis.importing.limits import ImportLimits
from chassis.jobs import Control, Outcome
from chassis.statements import text
from chassis.work import Database, Row
from contacts.jobs.bulk_job import BulkJobRunner
from contacts.usecases import bulk_job
from contacts.usecases.bulk_job import BulkJobDraft
from funia.events.v1.envelope_pb2 import Envelope

from .custom_definitions import define

EVENTS = text("SELECT envelope FROM outbox WHERE tenant_id = %(tenant_id)s ORDER BY id", "tenant_id")
CONTACTS = text(
    """
    SELECT id, given_name, job_title, custom, version FROM contact
     WHERE tenant_id = %(tenant_id)s AND deleted_at IS NULL ORDER BY given_name
    """,
    "tenant_id",
)


@dataclass
class Partner:
    """A partner of one company with its worker at hand."""

    database: Database
    files: DiskFiles
    limits: ImportLimits = field(default_factory=lambda: ImportLimits(batch_rows=3))
    caller: Caller = field(
        default_factory=lambda: Caller(
            tenant_id=uuid7(), actor_type="client", actor_id=uuid7(), scopes=frozenset(), visibility="all"
        )
    )

    def create(self, operation: str = "upsert", form: str = "jsonl", system: str = "", **options: Any) -> UUID:
        draft = BulkJobDraft("contact", operation, form, system, options.get("allow_duplicate", False))
        with self.database.open_work(self.caller) as work:
            job_id: UUID = bulk_job.create(work, draft).id
        return job_id

    def upload(self, job_id: UUID, content: str, *, most: int = 10**6) -> Row:
        return bulk_job.take_in(self.database, self.files, self.caller, job_id, [content.encode()], max_bytes=most)

    def act(self, verb: Callable[..., Row], job_id: UUID) -> Row:
        with self.database.open_work(self.caller) as work:
            return verb(work, job_id)

    def work_off(self, job_id: UUID, *, slices: float = 3600) -> Row:
        runner = BulkJobRunner(self.database, self.files, self.limits)
        control = Control(threading.Event(), slice_s=slices, attempt=0, last_attempt=False)
        while runner.handle(self.caller.tenant_id, job_id, control) is Outcome.AGAIN:
            pass
        return self.act(bulk_job.get, job_id)

    def load(self, content: str, **options: Any) -> Row:
        job_id = self.create(**options)
        self.upload(job_id, content)
        self.act(bulk_job.run, job_id)
        return self.work_off(job_id)

    def results(self, job_id: UUID) -> list[dict[str, Any]]:
        whole = b"".join(bulk_job.results(self.database, self.caller, job_id))
        return [orjson.loads(line) for line in whole.splitlines()]

    def contacts(self) -> list[Row]:
        with self.database.open_work(self.caller, read_only=True) as work:
            return work.rows(CONTACTS)

    def events(self) -> list[str]:
        with self.database.open_work(self.caller, read_only=True) as work:
            return [Envelope.FromString(row.envelope).type for row in work.rows(EVENTS)]


@pytest.fixture
def ours(database: Database, tmp_path: Path) -> Partner:
    return Partner(database, DiskFiles(tmp_path))


@pytest.fixture
def theirs(ours: Partner) -> Partner:
    return Partner(ours.database, ours.files)


def lines(*items: Any) -> str:
    return "\n".join(item if isinstance(item, str) else orjson.dumps(item).decode() for item in items)


def named(number: int, **fields: Any) -> dict[str, Any]:
    return {"contact": {"given_name": f"P{number}", "external_ids": {"erp": str(number)}, **fields}}


def test_every_line_is_answered_and_a_broken_one_costs_only_itself(ours: Partner, theirs: Partner) -> None:
    content = lines(
        named(0), "{broken", named(1, score="high"), "", {"contact": {"emails": [{"address": "x"}]}}, [1],
        {"contact": {"emails": [{"adress": "x"}]}}, named(2),
    )  # fmt: skip
    job = ours.load(content, system="erp")
    assert (job.status, job.items_done, job.items_total) == ("completed", 7, 7)
    assert (job.created, job.failed) == (2, 5)
    results = ours.results(job.id)
    assert [one["index"] for one in results] == list(range(7))
    assert [one["outcome"] for one in results] == ["created", *["failed"] * 5, "created"]
    said = [one["problem"]["violations"][0] for one in results[1:6]]
    assert [one["reason"] for one in said if "field" not in one] == ["MALFORMED_JSON", "WRONG_TYPE"]
    assert (said[1]["field"], said[1]["reason"]) == ("contact.score", "WRONG_TYPE")
    assert said[2]["field"] == "contact.emails[0].address"
    assert (said[4]["field"], said[4]["reason"]) == ("contact.emails[0].adress", "UNKNOWN_FIELD")
    assert [row.given_name for row in ours.contacts()] == ["P0", "P2"]
    assert ours.events()[-1] == "contacts.bulk_job.completed"
    assert theirs.contacts() == []
    assert theirs.events() == []
    with pytest.raises(NotFound):
        theirs.results(job.id)


def test_an_upsert_changes_what_a_line_names(ours: Partner) -> None:
    ours.load(lines(named(1, job_title="Buyer"), named(2)), system="erp")
    again = [named(1, job_title=None), {**named(2, job_title="Seller", given_name="X"), "update_mask": "job_title"}]
    job = ours.load(lines(*again), system="erp")
    assert (job.updated, job.failed) == (2, 0), ours.results(job.id)
    assert [(row.given_name, row.job_title) for row in ours.contacts()] == [("P1", ""), ("P2", "Seller")]


def test_a_csv_file_writes_and_deletes_too(ours: Partner, database: Database) -> None:
    define(database, ours.caller.tenant_id, "tier", "choice", options=("A", "B"))
    heading = "given_name,emails,external_ids.erp,custom.tier\n"
    job = ours.load(heading + "Ann,ann@example.com,1,A\nBob,nonsense,2,B\nCid,,3,C\n", form="csv", system="erp")
    assert [one["outcome"] for one in ours.results(job.id)] == ["created", "failed", "failed"]
    (ann,) = ours.contacts()
    assert ann.custom == {"tier": "A"}
    changed = ours.load(f"id,job_title\n{ann.id},Buyer\n", operation="update", form="csv")
    assert changed.updated == 1, ours.results(changed.id)
    gone = ours.load(f"id,etag\n{ann.id},1\n{ann.id},2\n", operation="delete", form="csv")
    assert [one["outcome"] for one in ours.results(gone.id)] == ["failed", "deleted"]
    assert ours.contacts() == []


def test_a_heading_that_is_not_known_fails_the_job_before_anything_is_written(ours: Partner) -> None:
    job = ours.load("given_name,shoe size\nAnn,38\n", form="csv", operation="create")
    assert job.status == "failed"
    assert "shoe size" in job.failure
    assert ours.contacts() == []
    assert ours.events() == ["contacts.bulk_job.failed"]


def test_a_killed_job_goes_on_where_it_was_and_writes_nothing_twice(
    ours: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = ours.create(system="erp")
    ours.upload(job_id, lines(*(named(number) for number in range(10))))
    ours.act(bulk_job.run, job_id)
    from contacts.queries import bulk_job as queries

    keep = queries.add_results
    calls = []

    def killed(work: Any, job: UUID, first: int, kept: bytes) -> None:
        calls.append(first)
        if len(calls) == 3:
            raise MemoryError("killed")
        keep(work, job, first, kept)

    monkeypatch.setattr(queries, "add_results", killed)
    with pytest.raises(MemoryError):
        ours.work_off(job_id)
    assert len(ours.contacts()) == 6
    assert len(ours.results(job_id)) == 6
    monkeypatch.setattr(queries, "add_results", keep)
    job = ours.work_off(job_id, slices=0)
    assert (job.status, job.created, job.items_done) == ("completed", 10, 10)
    assert [one["index"] for one in ours.results(job_id)] == list(range(10))
    assert ours.events().count("contacts.contact.created") == 10


def test_a_paused_job_waits_and_a_cancelled_one_is_over(ours: Partner) -> None:
    job_id = ours.create(system="erp")
    with pytest.raises(FailedPrecondition):
        ours.act(bulk_job.run, job_id)
    ours.upload(job_id, lines(named(1)))
    ours.act(bulk_job.run, job_id)
    assert ours.act(bulk_job.pause, job_id).status == "paused"
    assert ours.work_off(job_id).items_done == 0
    with pytest.raises(FailedPrecondition):
        ours.upload(job_id, lines(named(2)))
    ours.act(bulk_job.run, job_id)
    assert ours.work_off(job_id).created == 1
    other = ours.create()
    assert ours.act(bulk_job.cancel, other).status == "cancelled"
    with pytest.raises(FailedPrecondition):
        ours.act(bulk_job.run, other)
    assert ours.events()[-1] == "contacts.bulk_job.cancelled"


def test_a_job_sees_no_more_than_who_started_it(ours: Partner) -> None:
    ours.load(lines(named(1)), system="erp")
    (mine,) = ours.contacts()
    narrow = Partner(ours.database, ours.files, caller=replace(ours.caller, actor_id=uuid7(), visibility="own"))
    job = narrow.load(lines({"id": str(mine.id)}), operation="delete")
    assert narrow.results(job.id)[0]["problem"]["reason"] == "CONTACT_NOT_FOUND"
    assert len(ours.contacts()) == 1


def test_a_file_over_the_limit_is_not_kept(ours: Partner, tmp_path: Path) -> None:
    job_id = ours.create()
    with pytest.raises(TooLarge):
        ours.upload(job_id, "x" * 1000, most=100)
    assert ours.act(bulk_job.get, job_id).status == "open"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_line_that_is_far_too_long_is_refused_alone(ours: Partner) -> None:
    ours.limits = replace(ours.limits, line_max_chars=2_000)
    job = ours.load(lines(named(1), named(2, description="x" * 300_000), named(3)), system="erp")
    assert [one["outcome"] for one in ours.results(job.id)] == ["created", "failed", "created"]
