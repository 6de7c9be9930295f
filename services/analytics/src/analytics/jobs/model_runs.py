"""Runs models, and asks for them every night. What is computed is written in one transaction, so that a run that was
killed anywhere simply begins again.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import orjson
from chassis.caller import Caller
from chassis.errors import DeadlineExceeded, ResourceExhausted
from chassis.jobs import Control, Outcome, set_timer
from chassis.work import Database, Row, Work
from funia.analytics.v1 import model_run_pb2 as pb
from google.protobuf.json_format import ParseDict

from analytics.methods.findings import Refused
from analytics.model.model_run import KINDS
from analytics.modelling import baskets, churn, lifetime, segments
from analytics.modelling.parameters import complete
from analytics.modelling.scores import KeptRule, Modelled, Score
from analytics.queries import model_runs as queries
from analytics.queries.periods import FIRST_DAY
from analytics.queries.purchases import currency_of
from analytics.queries.sight import Sight
from analytics.settings import Settings
from analytics.store.port import ColumnStore
from analytics.usecases import model_runs

log = logging.getLogger(__name__)

REFRESH = "analytics.model_refresh"
Compute = Callable[[Sight, pb.ModelParameters, date, date], Modelled]
_MODELS: Mapping[str, Compute] = {
    "rfm": segments.compute_rfm,
    "lifetime_value": lifetime.compute,
    "churn": churn.compute,
    "clusters": segments.compute_clusters,
    "baskets": baskets.compute,
}


class ModelRuns:
    """The handlers of both jobs."""

    def __init__(self, database: Database, store: ColumnStore, settings: Settings) -> None:
        self._database = database
        self._store = store
        self._settings = settings

    def handle(self, tenant_id: UUID, run_id: UUID, control: Control) -> Outcome:
        """The handler of a run. One that has ended is left alone."""
        caller = Caller.system(tenant_id, request_id=str(run_id))
        with self._database.open_work(caller) as work:
            run = model_runs.begin(work, run_id)
        if run is None:
            return Outcome.DONE
        try:
            with _stepped_back(self._settings.analytics_model_niceness):
                found = self._computed(run, caller)
        except Refused as refused:
            self._refuse(caller, run_id, refused.reason, refused.figures)
        except (DeadlineExceeded, ResourceExhausted) as error:
            self._refuse(caller, run_id, error.reason or "REPORT_TOO_LARGE", {})
        else:
            scores = [_written(one) for one in found.scores]
            keep = timedelta(days=self._settings.analytics_model_runs_keep_days)
            with self._database.open_work(caller) as work:
                model_runs.activate(
                    work, run_id, found.result.SerializeToString(), scores, [_plain(one) for one in found.rules],
                    baskets=found.result.baskets.baskets, keep=keep,
                )  # fmt: skip
        return Outcome.DONE

    def give_up(self, tenant_id: UUID, run_id: UUID, problem: str) -> None:
        """Ends a run that failed by our fault each time."""
        log.error("model run %s failed: %s", run_id, problem, extra={"tenant_id": str(tenant_id)})
        self._refuse(Caller.system(tenant_id, request_id=str(run_id)), run_id, "OUR_FAULT", {})

    def refresh(self, tenant_id: UUID, _record_id: UUID, _control: Control) -> Outcome:
        """The handler of the nightly timer: asks for a run of every kind where anything was sold, and for itself."""
        caller = Caller.system(tenant_id)
        sells = bool(currency_of(Sight(self._store.for_tenant(tenant_id), caller)))
        with self._database.open_work(caller) as work:
            if sells:
                for kind in KINDS:
                    former = queries.active(work, kind)
                    # The day, or the part of the company, that somebody asked about once is not what the night is for.
                    once = ("as_of", *model_runs.OF_A_PART)
                    given = {} if former is None else {k: v for k, v in former.parameters.items() if k not in once}
                    model_runs.request(work, kind, given)
            set_refresh(work, self._settings)
        return Outcome.DONE

    def _computed(self, run: Row, caller: Caller) -> Modelled:
        sight = Sight(self._store.for_tenant(run.tenant_id), caller)
        asked = complete(run.kind, ParseDict(run.parameters, pb.ModelParameters()))
        first = date.fromisoformat(asked.first_day) if asked.first_day else FIRST_DAY
        return _MODELS[run.kind](sight, asked, first, run.as_of)

    def _refuse(self, caller: Caller, run_id: UUID, reason: str, figures: Mapping[str, float]) -> None:
        with self._database.open_work(caller) as work:
            model_runs.refuse(work, run_id, reason, figures)


def set_refresh(work: Work, settings: Settings) -> None:
    """Sets the timer of the next night; companies are spread over its hours by their id."""
    spread = work.tenant_id.int % (settings.analytics_refresh_hours * 3600)
    begins = datetime.combine(work.now.date(), time(settings.analytics_refresh_hour), UTC)
    due = begins + timedelta(seconds=spread)
    set_timer(work, REFRESH, work.tenant_id, due if due > work.now else due + timedelta(days=1))


def _written(one: Score) -> model_runs.Written:
    figures: dict[str, Any] = dict(one.figures)
    if one.reasons:
        figures["reasons"] = [[each.feature, each.value, each.contribution] for each in one.reasons]
    kind = "account" if one.is_account else "contact"
    return one.customer_id, kind, one.band, one.score, orjson.dumps(figures).decode()


def _plain(one: KeptRule) -> dict[str, Any]:
    """A rule by the names of its columns, as JSON can hold it."""
    ids = {"id": str(one.id), "consequent_id": str(one.consequent_id)}
    return {**asdict(one), **ids, "antecedent_ids": [str(each) for each in one.antecedent_ids]}


@contextmanager
def _stepped_back(niceness: int) -> Iterator[None]:
    """Lets this thread step back for those that answer people; on Linux, where a thread has a niceness of its own."""
    if not sys.platform.startswith("linux"):
        yield
        return
    thread = threading.get_native_id()
    before = os.getpriority(os.PRIO_PROCESS, thread)
    os.setpriority(os.PRIO_PROCESS, thread, min(before + niceness, 19))
    try:
        yield
    finally:
        # Only who may raise a priority gets it back; a thread of the pool that stays nice does its work all the same.
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, thread, before)
