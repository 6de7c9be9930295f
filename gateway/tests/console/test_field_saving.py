"""Saving one field while other fields of the same record are being saved."""

from __future__ import annotations

import pytest
from chassis.errors import Conflict
from funia.contacts.v1.contact_pb2 import Contact
from gateway.console.fields import PERSON_FIELDS
from gateway.console.views import field_saving
from gateway.console.views.field_saving import TRIES, save_field
from werkzeug.datastructures import ImmutableMultiDict

JOB_TITLE = next(field for field in PERSON_FIELDS if field.name == "job_title")


class BusyRecord:
    """A person whose source, or whose job title, somebody else saves just before each of our saves."""

    def __init__(self, times: int, *, also_title: bool = False) -> None:
        self.stored = Contact(id="7", job_title="Buyer", etag="1")
        self.times, self.also_title, self.updates = times, also_title, 0

    def get(self, record_id: str) -> Contact:
        copy = Contact()
        copy.CopyFrom(self.stored)
        return copy

    def update(self, record: Contact, paths: list[str], etag: str, *, reason: str, key: str) -> Contact:
        self.updates += 1
        if self.updates <= self.times:
            self.stored.etag, self.stored.source = str(int(self.stored.etag) + 1), f"fair {self.updates}"
            if self.also_title:
                self.stored.job_title = "Director"
        if etag != self.stored.etag:
            raise Conflict("stale", reason="STALE_ETAG")
        self.stored.job_title = record.job_title
        return self.get(record.id)


def form(title: str) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict({"job_title": title, "was": "Buyer", "etag": "1"})


@pytest.fixture(autouse=True)
def nobody_named(monkeypatch):
    monkeypatch.setattr(field_saving, "who_changed", lambda stored, field: f"now {stored.job_title}")


@pytest.mark.parametrize("times", [1, TRIES - 1])
def test_saves_of_other_fields_in_the_same_instant_are_no_conflict(times):
    record = BusyRecord(times)
    saved = save_field(record, "7", JOB_TITLE, form("Chair"))  # type: ignore[arg-type]
    assert (saved.done, saved.record.job_title, saved.record.source) == (True, "Chair", f"fair {times}")


def test_a_save_of_the_same_field_in_the_same_instant_asks_the_person():
    record = BusyRecord(1, also_title=True)
    saved = save_field(record, "7", JOB_TITLE, form("Chair"))  # type: ignore[arg-type]
    assert (saved.conflict, saved.base, saved.record.job_title) == ("now Director", "Director", "Chair")
    assert (record.stored.job_title, record.updates) == ("Director", 1)


def test_a_record_that_never_rests_ends_in_a_question_and_not_in_a_loop():
    saved = save_field(BusyRecord(99), "7", JOB_TITLE, form("Chair"))  # type: ignore[arg-type]
    assert (saved.status, saved.conflict) == (409, "now Buyer")
