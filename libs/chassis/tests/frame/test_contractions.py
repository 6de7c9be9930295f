"""What a migration takes away is said, and stays while the previous release still names it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from chassis.lint_migrations import contraction_problems

FIRST = """
from alembic import op
revision = "0001"
down_revision = None

def upgrade():
    op.execute("CREATE TABLE note (id int, body text, title text)")
"""
DROPS = """
from alembic import op
revision = "0002"
down_revision = "0001"
{said}

def upgrade():
    op.execute("ALTER TABLE note DROP COLUMN title")
"""
SAID = 'CONTRACTS = ("note.title",)'


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one service in it, whose working code no longer reads the title."""
    monkeypatch.chdir(tmp_path)
    folder = Path("services/shelf/src/shelf")
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "migrations" / "env.py").write_text("from chassis.migrate import run_env\nrun_env()\n")
    (folder / "migrations" / "versions" / "0001_first.py").write_text(FIRST)
    return folder


def release(service: Path, code: str) -> Path:
    """Commits the code as the previous release; returns the file that names it."""
    (service / "queries.py").write_text(code)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "release"], check=True)
    named = Path("previous-release")
    named.write_text(subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout)
    return named


def problems(service: Path, named: Path, *, said: str) -> list[str]:
    (service / "migrations" / "versions" / "0002_drop.py").write_text(DROPS.format(said=said))
    return contraction_problems(service / "migrations", named)


def test_a_column_goes_once_the_previous_release_does_not_name_it(service: Path) -> None:
    named = release(service, "READ = 'SELECT body FROM note'\n")
    assert problems(service, named, said=SAID) == []


def test_a_column_stays_while_the_previous_release_names_it(service: Path) -> None:
    named = release(service, "READ = 'SELECT body, title FROM note'\n")
    [problem] = problems(service, named, said=SAID)
    assert "note.title cannot go yet" in problem
    assert "queries.py:1:READ" in problem


def test_a_drop_that_nobody_announced_is_found_and_so_is_an_empty_announcement(service: Path) -> None:
    named = release(service, "")
    assert "no migration says so" in problems(service, named, said="")[0]
    assert "nothing drops" in problems(service, named, said='CONTRACTS = ("note.title", "note.body")')[0]


def test_an_unknown_release_refuses(service: Path) -> None:
    release(service, "")
    named = Path("previous-release")
    named.write_text("0123456789012345678901234567890123456789\n")
    assert "git cannot read" in problems(service, named, said=SAID)[0]
