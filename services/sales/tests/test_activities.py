"""Activities over gRPC: whose they are, what stands on a day, and what they say of a deal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from chassis.caller import Caller
from chassis.paging import Pager
from chassis.statements import text
from chassis.testing.events import recorded
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import deal_pb2
from funia.sales.v1 import sales_activity_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp
from sales.references import Customers
from sales.servicers.sales_activity import SalesActivityServicer

from .test_deals import deal, settle

_LATE = text(
    "UPDATE sales_activity SET remind_at = now() - interval '1 minute' WHERE tenant_id = %(tenant_id)s", "tenant_id"
)


@pytest.fixture(autouse=True)
def settled(alice: Person, database: Database) -> None:
    settle(database, alice.tenant_id)


def at(**delta: float) -> Timestamp:
    moment = Timestamp()
    moment.FromDatetime(datetime.now(UTC) + timedelta(**delta))
    return moment


def activity(person: Person, kind: str = "task", title: str = "Call back", **given: Any) -> pb.SalesActivity:
    request = pb.CreateSalesActivityRequest(sales_activity=pb.SalesActivity(kind=kind, title=title, **given))
    made: pb.SalesActivity = person.call("SalesActivityService.CreateSalesActivity", request)
    return made


def move(person: Person, one: pb.SalesActivity, status: str, outcome: str = "") -> pb.SalesActivity:
    request = pb.MoveSalesActivityRequest(id=one.id, status=status, outcome=outcome)
    moved: pb.SalesActivity = person.call("SalesActivityService.MoveSalesActivity", request)
    return moved


def test_each_kind_goes_its_own_way(alice: Person, bob: Person, database: Database) -> None:
    one = deal(alice)
    task, call = activity(alice, deal_id=one.id), activity(alice, "call", due_at=at(hours=1))
    note = activity(alice, "note", deal_id=one.id)
    assert [one.status for one in (task, call, note)] == ["not_started", "planned", "noted"]
    assert refused(activity, alice, "meeting").violations[0].field == "sales_activity.due_at"
    assert refused(activity, bob, deal_id=one.id).reason == "DEAL_NOT_FOUND"
    assert refused(move, alice, task, "held").reason == "OTHER_KIND"
    done = move(alice, task, "completed", "They will think about it")
    assert (done.status, done.outcome, done.HasField("completed_at")) == ("completed", "They will think about it", True)
    again = refused(move, alice, task, "in_progress")
    assert (again.reason, again.metadata["possible"]) == ("WRONG_STATE", "nothing")
    assert move(alice, call, "held").status == "held"
    types = [event.type for event in recorded(database, alice.tenant_id) if ".activity." in event.type]
    assert types == ["sales.activity.created"] * 3 + ["sales.activity.completed"] * 2


def test_a_day_shows_what_its_owner_has_to_do(alice: Person, house: House) -> None:
    late, soon = activity(alice, title="Late", due_at=at(days=-2)), activity(alice, title="Soon", due_at=at(seconds=5))
    some_day = activity(alice, title="Some day")
    activity(alice, title="Next week", due_at=at(days=7))
    move(alice, activity(alice, title="Done", due_at=at(days=-1)), "completed")
    other = house.person(alice.tenant_id)
    activity(other, title="Not mine")
    day = soon.due_at.ToDatetime(tzinfo=UTC)
    asked = pb.GetMyDayRequest(day=day.astimezone(ZoneInfo("Europe/Sofia")).date().isoformat())
    found = alice.call("SalesActivityService.GetMyDay", asked)
    assert [one.id for one in found.overdue] == [late.id]
    assert [one.id for one in found.planned] == [soon.id]
    assert [one.id for one in found.undated] == [some_day.id]


def test_a_deal_says_what_happened_last_and_what_comes_next(alice: Person) -> None:
    one = deal(alice)
    assert not one.HasField("last_activity_at")
    planned = activity(alice, "meeting", deal_id=one.id, due_at=at(days=3))
    activity(alice, deal_id=one.id, due_at=at(days=9))
    seen = alice.call("DealService.GetDeal", deal_pb2.GetDealRequest(id=one.id))
    assert seen.HasField("last_activity_at")
    assert seen.next_activity_at == planned.due_at
    assert seen.etag == one.etag


def test_a_reminder_comes_once_and_not_for_what_is_done(alice: Person, database: Database) -> None:
    activities = SalesActivityServicer(Pager("a secret of at least thirty-two bytes"), Customers(""))
    open_one, done = (activity(alice, title=title, remind_at=at(days=1)) for title in ("Open", "Done"))
    move(alice, done, "completed")

    def remind() -> None:
        for one in (open_one, done):
            with database.open_work(Caller.system(alice.tenant_id)) as work:
                activities.remind(work, UUID(one.id))

    remind()
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_LATE)
    remind()
    remind()
    due = [event.subject_id for event in recorded(database, alice.tenant_id) if event.type.endswith("reminder_due")]
    assert due == [UUID(open_one.id)]
