"""A store of an earlier version becomes one of today, with the facts that it has."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from analytics.consumers.events import store_events
from analytics.settings import Settings
from analytics.store.opening import open_store

from .telling import line, order


def test_lines_from_before_suggestions_were_told_of_were_suggested_by_none(tmp_path: Path, tenant: UUID) -> None:
    before = "ALTER TABLE order_line_fact DROP COLUMN suggestion_id"
    first = open_store(Settings(state_dir=tmp_path))
    store_events(first, [order(tenant, lines=[line(100)])])
    first._engine.run(before, {})  # type: ignore[attr-defined]
    first._engine.run("TRUNCATE TABLE store_version", {})  # type: ignore[attr-defined]
    first._engine.run("INSERT INTO store_version VALUES (2)", {})  # type: ignore[attr-defined]
    first.close()
    store = open_store(Settings(state_dir=tmp_path))
    assert store.for_tenant(tenant).query("SELECT net_minor, toString(suggestion_id) FROM order_line_fact") == [
        (100, str(UUID(int=0)))
    ]
    store.close()
