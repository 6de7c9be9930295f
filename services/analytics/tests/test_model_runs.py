"""Runs of models: what they find, what they refuse, what becomes of customers' scores and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import numpy as np
import pytest
from analytics.consumers.events import store_events
from analytics.queries import model_runs as queries
from analytics.usecases import model_runs
from chassis.caller import Caller
from chassis.errors import Kind
from chassis.ids import uuid7
from chassis.jobs import Outcome
from chassis.testing.events import recorded
from chassis.testing.people import Person, refused
from funia.analytics.v1 import model_run_pb2 as pb

from .model_desk import Desk, control, opened
from .telling import account, line, merged, order

SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
KINDS = ("rfm", "lifetime_value", "churn", "clusters")


@pytest.fixture(scope="module")
def desk(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened(admin_url, tmp_path_factory.mktemp("models")) as one:
        yield one


def bought(tenant: UUID, who: str, day: date, minor: int) -> Any:
    return order(tenant, lines=[line(minor)], account_id=str(uuid5(SPACE, who)), ordered_on=day.isoformat())


def shoppers(tenant: UUID) -> list[Any]:
    """A hundred customers of two kinds within a year: some come every fortnight, some came once long ago."""
    chance = np.random.default_rng(7)
    today = datetime.now(UTC).date()
    told = []
    for at in range(100):
        regular = at % 2 == 0
        begins = int(chance.integers(250, 360))
        days = np.cumsum(chance.exponential(14.0 if regular else 120.0, 40)).astype(int)
        stays = regular or chance.random() < 0.3
        for day in [0, *days.tolist()]:
            if day <= begins and (stays or day < 60):
                told.append(
                    bought(tenant, f"c{at}", today - timedelta(days=begins - day), int(chance.gamma(4, 1000)) + 1)
                )
    return told


@pytest.fixture(scope="module")
def busy(desk: Desk) -> Person:
    """Somebody of a company with customers of which each model has run."""
    person = desk.house.person()
    store_events(desk.store, shoppers(person.tenant_id))
    for kind in KINDS:
        run = desk.run(person, kind)
        assert run.state == "active", run.refusal
    return person


def scores_of(person: Person, kind: str, **asked: Any) -> list[pb.ModelScore]:
    found: list[pb.ModelScore] = []
    token = ""
    while True:
        asking = pb.ListModelScoresRequest(kind=kind, page_size=60, page_token=token, **asked)
        page = person.call("ModelRunService.ListModelScores", asking)
        found += page.scores
        token = page.next_page_token
        if not token:
            return found


def test_every_model_scores_every_customer_and_its_bands_add_up(desk: Desk, busy: Person) -> None:
    active = busy.call("ModelRunService.ListModelRuns", pb.ListModelRunsRequest(active=True)).model_runs
    assert {run.kind for run in active} == set(KINDS)
    for run in active:
        scores = scores_of(busy, run.kind)
        assert len({one.customer_id for one in scores}) == run.result.customers == 100
        assert [one.score for one in scores] == sorted((one.score for one in scores), reverse=True)
        for band in run.result.bands:
            inside = scores_of(busy, run.kind, band=band.band)
            assert (len(inside), sum(one.score for one in inside)) == (band.customers, band.score_sum)
    stranger = desk.house.person()
    assert stranger.call("ModelRunService.ListModelRuns", pb.ListModelRunsRequest()).model_runs == []
    assert scores_of(stranger, "rfm") == []
    assert refused(stranger.call, "ModelRunService.GetModelRun", pb.GetModelRunRequest(id=active[0].id)).kind is (
        Kind.NOT_FOUND
    )


def test_a_customer_is_told_of_with_reasons_and_only_to_who_sees_the_customer(desk: Desk, busy: Person) -> None:
    customer = scores_of(busy, "churn")[0].customer_id
    owner = uuid7()
    store_events(desk.store, [account(busy.tenant_id, account_id=customer, owner_id=str(owner))])
    asked = pb.GetCustomerInsightRequest(customer_id=customer)
    mine = desk.house.person(busy.tenant_id, actor_id=owner, visibility="own")
    told = mine.call("ModelRunService.GetCustomerInsight", asked)
    assert [one.score.kind for one in told.models] == list(KINDS)
    churn = told.models[2].score
    assert churn.band == "high"
    assert churn.reasons[0].contribution > 0
    assert {one.feature for one in churn.reasons} <= {
        "recency_days",
        "purchases",
        "mean_spend",
        "known_days",
        "overdue",
    }
    former = str(uuid7())
    store_events(desk.store, [merged(busy.tenant_id, former, customer)])
    assert mine.call("ModelRunService.GetCustomerInsight", pb.GetCustomerInsightRequest(customer_id=former)) == told
    other = desk.house.person(busy.tenant_id, visibility="own")
    assert refused(other.call, "ModelRunService.GetCustomerInsight", asked).kind is Kind.NOT_FOUND
    assert refused(other.call, "ModelRunService.ListModelRuns", pb.ListModelRunsRequest()).reason == "NEEDS_ALL_RECORDS"
    assert desk.house.person().call("ModelRunService.GetCustomerInsight", asked).models == []


def test_a_second_run_takes_the_place_of_the_first_and_tells_only_changes(desk: Desk, busy: Person) -> None:
    told = [one for one in recorded(desk.database, busy.tenant_id) if one.type == "analytics.cluster.changed"]
    assert sum(len(one.payload.changes) for one in told) == 100  # type: ignore[union-attr]
    first = busy.call("ModelRunService.ListModelRuns", pb.ListModelRunsRequest(kind="clusters")).model_runs[0]
    second = desk.run(busy, "clusters")
    assert [one.k for one in second.result.clusters.choices] == list(range(2, 9))
    after = [one for one in recorded(desk.database, busy.tenant_id) if one.type == "analytics.cluster.changed"]
    assert len(after) == len(told)
    listed = busy.call("ModelRunService.ListModelRuns", pb.ListModelRunsRequest(kind="clusters")).model_runs
    assert [(one.id, one.state) for one in listed] == [(second.id, "active"), (first.id, "superseded")]
    with desk.database.open_work(Caller.system(busy.tenant_id), read_only=True) as work:
        assert queries.bands(work, UUID(first.id)) == {}


def test_a_run_that_is_asked_for_twice_or_was_killed_runs_once(desk: Desk) -> None:
    person = desk.house.person()
    store_events(desk.store, [bought(person.tenant_id, "a", date(2026, 1, 5), 100)])
    started = desk.start(person, "rfm")
    assert desk.start(person, "rfm").id == started.id
    with desk.database.open_work(Caller.system(person.tenant_id)) as work:
        begun = model_runs.begin(work, UUID(started.id))
        assert begun is not None
        assert begun.state == "training"
    for _ in range(2):
        desk.runs.handle(person.tenant_id, UUID(started.id), control())
    runs = person.call("ModelRunService.ListModelRuns", pb.ListModelRunsRequest()).model_runs
    assert [(one.id, one.state, one.result.customers) for one in runs] == [(started.id, "active", 1)]
    assert len(recorded(desk.database, person.tenant_id)) == 1


@pytest.mark.parametrize(
    ("kind", "purchases", "parameters", "reason"),
    [
        ("lifetime_value", (), {}, "EMPTY"),
        ("lifetime_value", (("a", 300, 100), ("b", 200, 100)), {}, "NO_REPEAT_PURCHASE"),
        ("churn", (("a", 300, 100), ("b", 200, 100)), {}, "TOO_FEW_OF_A_CLASS"),
        ("clusters", (("a", 30, 100), ("b", 30, 100)), {}, "ALL_CUSTOMERS_ALIKE"),
        ("clusters", (("a", 30, 100), ("b", 20, 700)), {"least_clusters": 5, "most_clusters": 5}, "K_BEYOND_CUSTOMERS"),
    ],
)  # fmt: skip
def test_what_allows_no_honest_answer_is_refused_with_the_reason(
    desk: Desk, kind: str, purchases: Sequence[tuple[str, int, int]], parameters: dict[str, int], reason: str
) -> None:
    person = desk.house.person()
    today = datetime.now(UTC).date()
    store_events(
        desk.store,
        [bought(person.tenant_id, who, today - timedelta(days=ago), minor) for who, ago, minor in purchases],
    )  # fmt: skip
    run = desk.run(person, kind, **parameters)
    assert (run.state, run.refusal.reason) == ("failed", reason)
    assert run.refusal.message.endswith(".")
    assert recorded(desk.database, person.tenant_id) == []


def test_clusters_fewer_than_two_are_refused_at_the_door(desk: Desk) -> None:
    person = desk.house.person()
    asked = pb.StartModelRunRequest(kind="clusters", parameters=pb.ModelParameters(least_clusters=9, most_clusters=3))
    assert refused(person.call, "ModelRunService.StartModelRun", asked).reason == "K_OUT_OF_RANGE"


def test_the_night_asks_for_every_model_where_something_was_sold(desk: Desk, busy: Person) -> None:
    nobody = desk.house.person()
    for tenant in (busy.tenant_id, nobody.tenant_id):
        assert desk.runs.refresh(tenant, tenant, control()) is Outcome.DONE
    with desk.database.open_work(Caller.system(busy.tenant_id), read_only=True) as work:
        waiting = [queries.unfinished(work, kind) for kind in KINDS]
    assert all(run is not None and run.state == "scheduled" for run in waiting)
    assert nobody.call("ModelRunService.ListModelRuns", pb.ListModelRunsRequest()).model_runs == []


def test_the_published_figures_of_cdnow_come_out_of_the_door(desk: Desk, published: Path) -> None:
    person = desk.house.person()
    rows = [row.split() for row in (published / "cdnow" / "CDNOW_sample.txt").read_text().splitlines() if row.strip()]
    store_events(
        desk.store,
        [
            bought(person.tenant_id, row[1], date.fromisoformat(row[2]), round(float(row[4]) * 100))
            for row in rows
        ],
    )  # fmt: skip
    run = desk.run(person, "lifetime_value", as_of="1997-09-30", horizon_days=273)
    assert run.state == "active", run.refusal
    found = run.result.lifetime_value
    assert [round(one.value, 3) for one in found.buying] == [0.243, 4.414, 0.793, 2.426]
    assert round(found.log_likelihood, 1) == -9582.4
    assert (run.result.customers, found.repeat_customers) == (2357, 946)
    p, q, v = (one.value for one in found.spending)
    assert (round(p, 2), round(q, 2), round(v / 100, 2)) == (6.25, 3.74, 15.44)
