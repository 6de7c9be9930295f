"""A service of analytics with an empty store, for tests of its models: their runs at hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from analytics.jobs.model_runs import ModelRuns
from analytics.servicers.basket_rule import BasketRuleServicer
from analytics.servicers.model_run import ModelRunServicer
from analytics.settings import Settings
from analytics.store.opening import open_store
from analytics.store.port import ColumnStore
from chassis.jobs import Control, Outcome
from chassis.launch import migrations_of
from chassis.paging import Pager
from chassis.server import Served
from chassis.testing.databases import migrated
from chassis.testing.people import House, Person, serving
from chassis.work import Database
from funia.analytics.v1 import basket_rule_pb2, basket_rule_pb2_grpc, model_run_pb2_grpc
from funia.analytics.v1 import model_run_pb2 as pb


@dataclass(frozen=True)
class Desk:
    """A service of analytics with an empty store, and its jobs at hand."""

    house: House
    store: ColumnStore
    database: Database
    database_url: str
    runs: ModelRuns

    def run(self, person: Person, kind: str, **parameters: Any) -> pb.ModelRun:
        """Asks for a run and carries it out."""
        started = self.start(person, kind, **parameters)
        assert self.runs.handle(person.tenant_id, UUID(started.id), control()) is Outcome.DONE
        return person.call("ModelRunService.GetModelRun", pb.GetModelRunRequest(id=started.id))  # type: ignore[no-any-return]

    def start(self, person: Person, kind: str, **parameters: Any) -> pb.ModelRun:
        asked = pb.StartModelRunRequest(kind=kind, parameters=pb.ModelParameters(**parameters))
        return person.call("ModelRunService.StartModelRun", asked)  # type: ignore[no-any-return]


def control() -> Control:
    return Control(threading.Event(), slice_s=60, attempt=0, last_attempt=False)


@contextmanager
def opened(admin_url: str, folder: Path) -> Iterator[Desk]:
    """The desk, while it is needed."""
    with migrated(admin_url, "analytics", migrations_of("analytics")) as urls:
        settings = Settings(state_dir=folder, database_url=urls.app_url, secret="s" * 32)
        database, store = Database(settings), open_store(settings)
        pager = Pager("s" * 32, default_size=2)
        served = [
            Served(pb.DESCRIPTOR.services_by_name["ModelRunService"], ModelRunServicer(store, pager)),
            Served(basket_rule_pb2.DESCRIPTOR.services_by_name["BasketRuleService"], BasketRuleServicer(store, pager)),
        ]
        modules = [model_run_pb2_grpc, basket_rule_pb2_grpc]
        with serving(database, served, folder, scopes=("analytics.read",), modules=modules) as house:
            yield Desk(house, store, database, urls.app_url, ModelRuns(database, store, settings))
        store.close()
        database.close()
