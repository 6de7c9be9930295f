"""A run of a model is killed where it computes, within its transaction, and after it: its result comes once."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from analytics.consumers.events import store_events
from analytics.usecases import model_runs
from chassis.caller import Caller
from chassis.testing.events import recorded
from funia.analytics.v1 import basket_rule_pb2 as rules
from funia.analytics.v1 import model_run_pb2 as pb

from .model_desk import Desk, control, opened
from .test_basket_rules import bread_and_butter

_PROGRAM = Path(__file__).with_name("killed_run.py")


@pytest.fixture(scope="module")
def desk(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened(admin_url, tmp_path_factory.mktemp("killed")) as one:
        yield one


@pytest.mark.parametrize("point", ["computing", "writing", "written"])
def test_a_run_killed_at_any_point_keeps_and_tells_its_rules_once(desk: Desk, tmp_path: Path, point: str) -> None:
    person = desk.house.person()
    tenant = person.tenant_id
    store_events(desk.store, bread_and_butter(tenant))
    started = desk.start(person, "baskets")
    run_id, caller = UUID(started.id), Caller.system(tenant)
    with desk.database.open_work(caller) as work:
        run = model_runs.begin(work, run_id)
    assert run is not None
    computed = tmp_path / "computed"
    computed.write_bytes(pickle.dumps(desk.runs._computed(run, caller)))
    command = [sys.executable, str(_PROGRAM), desk.database_url, str(tenant), started.id, str(computed), point]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.kill()
    assert len(recorded(desk.database, tenant)) == (1 if point == "written" else 0)
    for _ in range(2):
        desk.runs.handle(tenant, run_id, control())
    after = person.call("ModelRunService.GetModelRun", pb.GetModelRunRequest(id=started.id))
    assert (after.state, after.result.baskets.rules) == ("active", 4)
    found = person.call("BasketRuleService.ListBasketRules", rules.ListBasketRulesRequest(page_size=50)).rules
    assert len({one.id for one in found}) == len(found) == 4
    assert [one.type for one in recorded(desk.database, tenant)] == ["analytics.basket_rule.discovered"]
