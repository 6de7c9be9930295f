"""Goals and snapshots of the forecast over gRPC."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.people import House, Person, refused
from chassis.work import Database
from funia.sales.v1 import goal_pb2 as pb
from sales.usecases import goals

from .test_activities import activity
from .test_activities import move as move_activity
from .test_deals import change, customer, deal, euros, move, settle

_TODAY = "2026-11-22"
_CLOSED = text(
    "UPDATE deal SET closed_at = %(at)s::timestamptz WHERE tenant_id = %(tenant_id)s AND id = %(id)s", "tenant_id"
)
_DONE = text(
    "UPDATE sales_activity SET completed_at = %(at)s::timestamptz WHERE tenant_id = %(tenant_id)s", "tenant_id"
)
_DAY_BACK = text(
    """
    WITH moved AS (UPDATE forecast_snapshot SET day = day - 1 WHERE tenant_id = %(tenant_id)s)
    UPDATE forecast_turn SET last_day = last_day - 1 WHERE tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)


@pytest.fixture(autouse=True)
def settled(alice: Person, bob: Person, database: Database) -> None:
    settle(database, alice.tenant_id)
    settle(database, bob.tenant_id)


def goal(person: Person, metric: str, target: int, **given: Any) -> pb.Goal:
    values = {"period": "month", "starts_on": "2026-11-01", **given}
    request = pb.CreateGoalRequest(goal=pb.Goal(metric=metric, target=target, **values))
    made: pb.Goal = person.call("GoalService.CreateGoal", request)
    return made


def progress(person: Person, day: str = _TODAY) -> dict[str, pb.GoalProgress]:
    answer = person.call("GoalService.ListGoalProgress", pb.ListGoalProgressRequest(day=day))
    return {one.goal.id: one for one in answer.goals}


def won(person: Person, database: Database, amount: int, at: str, **given: Any) -> None:
    made = deal(
        person,
        amount=euros(amount),
        account_id=customer(database, person.tenant_id, "account", owner_id=person.actor_id),
        **given,
    )
    move(person, made, "Closed won")
    with database.open_work(Caller.system(person.tenant_id)) as work:
        work.execute(_CLOSED, id=UUID(made.id), at=at)


def test_goals_count_what_was_won_and_done_in_their_time(
    alice: Person, bob: Person, house: House, database: Database
) -> None:
    seller = house.person(alice.tenant_id, visibility="own")
    team = str(uuid7())
    mine = goal(alice, "amount_won", 100_000, user_id=str(seller.actor_id))
    number = goal(alice, "deals_won", 4, team_id=team, period="quarter", starts_on="2026-10-01")
    calls = goal(alice, "activities_done", 2)
    goal(bob, "deals_won", 1)
    won(seller, database, 300, "2026-11-30T21:59:00Z")
    won(seller, database, 500, "2026-11-30T22:01:00Z")
    won(alice, database, 200, "2026-10-03T12:00:00Z", team_id=team)
    won(bob, database, 900, "2026-11-03T12:00:00Z")
    move_activity(alice, activity(alice), "completed")
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_DONE, at="2026-11-05T12:00:00Z")
    found = progress(alice)
    assert {key: (one.achieved, one.percent) for key, one in found.items()} == {
        mine.id: (30_000, 30), number.id: (1, 25), calls.id: (1, 50),
    }  # fmt: skip
    assert found[number.id].ends_on == "2026-12-31"
    assert list(progress(seller)) == [mine.id]
    assert progress(alice, "2026-09-30") == {}


def test_a_goal_begins_where_its_time_does_and_is_of_one(alice: Person, house: House) -> None:
    assert refused(goal, alice, "deals_won", 1, starts_on="2026-11-02").reason == "NOT_THE_FIRST_DAY"
    assert refused(goal, alice, "deals_won", 1, period="quarter").reason == "NOT_THE_FIRST_DAY"
    both = {"user_id": str(uuid7()), "team_id": str(uuid7())}
    assert refused(goal, alice, "deals_won", 1, **both).reason == "PERSON_OR_TEAM"
    seller = house.person(alice.tenant_id, scopes=["sales.read", "sales.write"])
    assert refused(goal, seller, "deals_won", 1).reason == "MISSING_SCOPE"


def test_the_forecast_is_kept_once_a_day_and_shown_by_what_the_caller_sees(
    alice: Person, house: House, database: Database, bob: Person
) -> None:
    seller = house.person(alice.tenant_id, visibility="own")
    own = deal(seller, amount=euros(100))
    deal(alice, amount=euros(200))
    deal(bob, amount=euros(900))

    def snapshot() -> None:
        with database.open_work(Caller.system(alice.tenant_id)) as work:
            goals.take_snapshot(work)

    snapshot()
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        first = goals.today(work).isoformat()
    change(seller, own, amount=euros(150))
    snapshot()
    request = pb.GetForecastHistoryRequest(first_day=first)
    history = alice.call("GoalService.GetForecastHistory", request)
    assert [(one.day, one.pipeline_minor, one.weighted_minor, one.open_count) for one in history.days] == [
        (first, 30_000, 3_000, 2)
    ]
    assert history.currency_code == "EUR"
    assert [one.pipeline_minor for one in seller.call("GoalService.GetForecastHistory", request).days] == [10_000]
    with database.open_work(Caller.system(alice.tenant_id)) as work:
        work.execute(_DAY_BACK)
    snapshot()
    days = seller.call("GoalService.GetForecastHistory", pb.GetForecastHistoryRequest(first_day="2020-01-01", days=1))
    assert not days.days
    assert [one.pipeline_minor for one in seller.call("GoalService.GetForecastHistory", request).days] == [15_000]
