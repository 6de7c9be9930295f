"""A database that is ahead of the code is left alone, so that the release before can come back."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
from chassis.migrate import migrate
from chassis.testing.databases import TestDatabase

NEWER = """
from alembic import op
revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE note ADD COLUMN title text NOT NULL DEFAULT ''")
"""


def test_code_of_the_release_before_leaves_a_newer_schema_as_it_is(
    stored: TestDatabase, migrations: Path, tmp_path: Path
) -> None:
    newer = tmp_path / "migrations"
    shutil.copytree(migrations, newer)
    (newer / "versions" / "0002_title.py").write_text(NEWER)
    assert migrate(newer, stored.owner_url)
    assert not migrate(migrations, stored.owner_url)
    with psycopg.connect(stored.admin_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)
        assert connection.execute("SELECT title FROM note").fetchall() == []
