"""What only the embedded engine promises: one owner, a small process, clear refusals."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from analytics.consumers.events import store_events
from analytics.errors import StoreInUse, StoreUnavailable
from analytics.settings import Settings
from analytics.store.opening import open_store
from analytics.store.port import ColumnStore
from funia.events.v1.envelope_pb2 import Envelope

MOST_IDLE_MB = 200

_IDLE = """
import sys
from pathlib import Path
from analytics.settings import Settings
from analytics.store.opening import open_store
store = open_store(Settings(state_dir=Path(sys.argv[1])))
loaded = [name for name in ("pandas", "pyarrow", "clickhouse_connect") if name in sys.modules]
pss = next(line.split()[1] for line in open("/proc/self/smaps_rollup") if line.startswith("Pss:"))
print(int(pss) // 1024, *loaded)
"""


def test_a_second_process_is_told_who_owns_the_store_and_what_to_do(
    embedded_store: ColumnStore, tmp_path: Path
) -> None:
    with pytest.raises(StoreInUse, match="run one process with `all`, or set FUNIA_CLICKHOUSE_URL"):
        open_store(Settings(state_dir=tmp_path))
    embedded_store.ping()


def test_a_folder_whose_name_the_engine_would_misread_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="choose another FUNIA_STATE_DIR"):
        open_store(Settings(state_dir=tmp_path / "what?"))


def test_an_idle_store_is_small_and_loads_neither_pandas_nor_the_other_client(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _IDLE, str(tmp_path)], capture_output=True, text=True, check=True)
    megabytes, *loaded = done.stdout.split()
    assert loaded == []
    assert int(megabytes) < MOST_IDLE_MB


def test_a_question_uses_the_threads_it_is_given_though_little_memory_is_free(
    embedded_store: ColumnStore, make_event: Callable[..., Envelope]
) -> None:
    months = [datetime(2026, month, 3, tzinfo=UTC) for month in range(1, 9)]
    store_events(embedded_store, [make_event(event_id=_id_of(month), at=month) for month in months])
    plan = embedded_store._engine.run(  # type: ignore[attr-defined]
        "EXPLAIN PIPELINE SELECT subject_id, count() FROM event_fact GROUP BY subject_id SETTINGS max_threads = 2", {}
    )
    assert "AggregatingTransform × 2" in plan.decode()


def _id_of(moment: datetime) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80 | 7 << 76 | 0b10 << 62)


def test_a_clickhouse_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(StoreUnavailable, match=r"ClickHouse at 127\.0\.0\.1:9 does not answer"):
        open_store(Settings(clickhouse_url="http://127.0.0.1:9"))
