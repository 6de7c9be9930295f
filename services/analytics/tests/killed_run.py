"""Carries out a run of a model in a process of its own, and stops at a point of it to be killed there.

Run as ``python killed_run.py <database URL> <tenant> <run> <file of what was computed> <computing|writing|written>``;
prints a line once it stands at the point.
"""

from __future__ import annotations

import pickle
import sys
import threading
import time
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from analytics.jobs import model_runs as jobs
from analytics.settings import Settings
from analytics.store.port import ColumnStore
from analytics.usecases import model_runs
from chassis.jobs import Control
from chassis.work import Database


def stand() -> None:
    sys.stdout.write("here\n")
    sys.stdout.flush()
    time.sleep(60)


def main(url: str, tenant: str, run: str, computed: str, point: str) -> None:
    settings = Settings(database_url=url, secret="s" * 32)
    runs = jobs.ModelRuns(Database(settings), cast(ColumnStore, None), settings)

    def compute(*_: Any) -> Any:
        if point == "computing":
            stand()
        return pickle.loads(Path(computed).read_bytes())

    def activate(*given: Any, **named: Any) -> None:
        model_runs.activate(*given, **named)
        if point == "writing":
            stand()

    runs._computed = compute  # type: ignore[method-assign]
    jobs.model_runs = cast(Any, type("Standing", (), {**vars(model_runs), "activate": staticmethod(activate)}))
    runs.handle(UUID(tenant), UUID(run), Control(threading.Event(), slice_s=60, attempt=0, last_attempt=False))
    stand()


if __name__ == "__main__":
    main(*sys.argv[1:])
