"""Lints the SQL of every service's migrations with squawk. Run from the checkout's root.

A migration expands: the code that runs while it is applied can live with it. One that takes something away says so,
`CONTRACTS = ("contact.nickname", "old_table")`, and is refused while the previous release still names it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.script import ScriptDirectory

from chassis.migrate import alembic_config, offline_sql

PREVIOUS_RELEASE = Path("deploy/previous-release")
"""Names the commit that runs while a new schema is brought in, and that can come back afterwards."""

_ALEMBICS_OWN = re.compile(r"CREATE TABLE alembic_version \(.*?\);", re.DOTALL)
_DROPS = re.compile(
    r"DROP TABLE (?:IF EXISTS )?(?P<dropped>\w+)"
    r"|ALTER TABLE (?:ONLY )?(?P<table>\w+)[^;]*?DROP COLUMN (?:IF EXISTS )?(?P<column>\w+)",
    re.IGNORECASE,
)
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
    wrong = [problem for folder in folders for problem in contraction_problems(folder, PREVIOUS_RELEASE)]
    if wrong:
        sys.stderr.write("\n".join(wrong) + "\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for migrations in folders:
            file = Path(folder) / f"{migrations.parent.name}.sql"
            text = _ALEMBICS_OWN.sub("", offline_sql(migrations))
            # What is dropped has been judged above, by what the previous release names.
            kept = [statement for statement in text.split(";\n") if not _DROPS.search(statement)]
            file.write_text(";\n".join(kept), encoding="utf-8")
            files.append(str(file))
        squawk = Path(sys.executable).parent / "squawk"
        return subprocess.run([squawk, "--exclude", ",".join(_WAIVED), *files], check=False).returncode


def contraction_problems(migrations: Path, previous_release: Path) -> list[str]:
    """What is wrong with what a service's migrations take away: not said, or still named by the previous release."""
    dropped = {_name_of(found) for found in _DROPS.finditer(offline_sql(migrations))}
    said: set[str] = set()
    for revision in ScriptDirectory.from_config(alembic_config(migrations)).walk_revisions():
        said |= set(getattr(revision.module, "CONTRACTS", ()))
    problems = [f"{migrations}: {name} is dropped, and no migration says so in CONTRACTS" for name in dropped - said]
    problems += [f"{migrations}: CONTRACTS names {name}, which nothing drops" for name in said - dropped]
    for name in sorted(said & dropped):
        for line in _named_by(previous_release, migrations, name.rpartition(".")[2]):
            problems.append(f"{migrations}: {name} cannot go yet, the previous release names it: {line}")
    return sorted(problems)


def _name_of(found: re.Match[str]) -> str:
    return found["dropped"] or f"{found['table']}.{found['column']}"


def _named_by(previous_release: Path, migrations: Path, word: str) -> list[str]:
    """Where the service's code names the word at the commit of the previous release."""
    commit = previous_release.read_text(encoding="utf-8").split()[0]
    code, own = migrations.parent, f":(exclude,glob)**/{migrations.name}/**"
    asked = [
        "git",
        "grep",
        "--word-regexp",
        "--line-number",
        "--fixed-strings",
        word,
        commit,
        "--",
        f"{code}/**.py",
        own,
    ]
    found = subprocess.run(asked, capture_output=True, text=True, check=False)
    if found.returncode > 1:
        return [f"unknown, for git cannot read {commit}: {found.stderr.strip()}"]
    return found.stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
