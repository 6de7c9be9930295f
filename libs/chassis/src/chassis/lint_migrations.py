"""Lints the SQL of every service's migrations with squawk. Run from the checkout's root."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from chassis.migrate import offline_sql

_ALEMBICS_OWN = re.compile(r"CREATE TABLE alembic_version \(.*?\);", re.DOTALL)
_WAIVED = {
    "prefer-robust-stmts": "each migration is one transaction, so it never stops halfway",
    "require-concurrent-index-creation": "the first revision makes its tables empty; later ones are checked by hand",
    "require-timeout-settings": "the frame sets lock and statement time-outs for every migration",
    "prefer-bigint-over-int": "scores and years fit an integer",
    "prefer-bigint-over-smallint": "the shard of an outbox row fits a smallint",
    "prefer-text-field": "the job queue of procrastinate brings tables of its own",
    "prefer-identity": "ids are UUIDv7, not sequences",
    "adding-foreign-key-constraint": "only on tables that the same revision creates",
    "constraint-missing-not-valid": "only on tables that the same revision creates",
}


def main() -> int:
    """Lints all migrations; returns squawk's exit code."""
    folders = [
        *sorted(Path("services").glob("*/src/*/migrations")),
        *sorted(Path("gateway/src/gateway").glob("**/migrations")),
    ]
    if not folders:
        sys.stderr.write("no migrations found; run this from the root of the checkout\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for migrations in folders:
            file = Path(folder) / f"{migrations.parent.name}.sql"
            file.write_text(_ALEMBICS_OWN.sub("", offline_sql(migrations)), encoding="utf-8")
            files.append(str(file))
        squawk = Path(sys.executable).parent / "squawk"
        return subprocess.run([squawk, "--exclude", ",".join(_WAIVED), *files], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
