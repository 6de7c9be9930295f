"""Backing a stopped installation up whole: what is kept and left out, and what is refused with nothing changed."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from local_stack.backups import backup, restore
from local_stack.child import StackError
from local_stack.postgres import PostgresServer, PostgresSettings
from local_stack.postgres_install import find_installation, major_version
from local_stack.settings import StackSettings
from local_stack.state_folder import StateFolder


def cluster_of(settings: StackSettings) -> Path:
    own = PostgresSettings(fallback_dir=settings.postgres_fallback_dir)
    return PostgresServer(settings.state_dir / "postgres", own).cluster


@pytest.fixture
def installation(open_folder: Path) -> StackSettings:
    """A stopped one, as far as a backup looks at it."""
    settings = StackSettings(state_dir=open_folder / "here", postgres_fallback_dir=open_folder / "here-engines")
    state = settings.state_dir
    cluster = cluster_of(settings)
    for folder in (cluster / "pg_notify", state / "run", state / "logs", state / "analytics" / "metadata"):
        folder.mkdir(parents=True)
    programs = find_installation(state / "postgres", fallback_dir=settings.postgres_fallback_dir).programs
    (cluster / "PG_VERSION").write_text(f"{major_version(programs)}\n")
    (cluster / "rows").write_bytes(b"\0row" * 100_000)
    (state / "passwords.json").write_text('{"contacts_app": "hidden"}')
    (state / "passwords.json").chmod(0o600)
    (state / "run" / "migrated.json").write_text("{}")
    (state / "logs" / "contacts.log").write_text("words")
    (state / "analytics" / "facts").symlink_to("metadata")
    return settings


@pytest.fixture
def elsewhere(open_folder: Path) -> StackSettings:
    """An empty machine."""
    return StackSettings(state_dir=open_folder / "there", postgres_fallback_dir=open_folder / "there-engines")


def test_what_is_restored_is_what_was_backed_up_without_logs_and_what_ran(
    installation: StackSettings, elsewhere: StackSettings, open_folder: Path
) -> None:
    file = open_folder / "all.tar"
    assert backup(installation, file) == restore(elsewhere, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    state, cluster = elsewhere.state_dir, cluster_of(elsewhere)
    assert (state / "passwords.json").read_text() == '{"contacts_app": "hidden"}'
    assert stat.S_IMODE((state / "passwords.json").stat().st_mode) == 0o600
    assert (state / "analytics" / "facts").readlink() == Path("metadata")
    assert (cluster / "rows").read_bytes() == b"\0row" * 100_000
    assert (cluster / "pg_notify").is_dir()
    assert stat.S_IMODE(cluster.stat().st_mode) == 0o700
    assert not (state / "run" / "migrated.json").exists()
    assert not (state / "logs" / "contacts.log").exists()
    former, kept = (one.state_dir / "postgres" / "admin-password" for one in (installation, elsewhere))
    assert former.read_text() == kept.read_text()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content.replace(b"\0row\0row", b"\0row\0raw", 1),
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"state/passwords.json", b"state/passwords.yaml", 1),
        lambda content: b"",
    ],
    ids=["a changed row", "cut short", "a renamed file", "empty"],
)
def test_a_spoilt_backup_changes_nothing(
    spoil: Callable[[bytes], bytes], installation: StackSettings, elsewhere: StackSettings, open_folder: Path
) -> None:
    file = open_folder / "all.tar"
    backup(installation, file)
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(StackError, match="Nothing was changed"):
        restore(elsewhere, file)
    assert {path.name for path in elsewhere.state_dir.iterdir()} == {"run", "logs"}


def test_a_backup_never_replaces_a_file_and_an_installation_is_never_restored_over(
    installation: StackSettings, open_folder: Path
) -> None:
    file = open_folder / "all.tar"
    backup(installation, file)
    before = file.read_bytes()
    with pytest.raises(StackError, match="is there already"):
        backup(installation, file)
    assert file.read_bytes() == before
    with pytest.raises(StackError, match="is not empty"):
        restore(installation, file)
    assert (cluster_of(installation) / "rows").stat().st_size == 400_000


def test_a_running_or_crashed_stack_is_not_backed_up(installation: StackSettings, open_folder: Path) -> None:
    file = open_folder / "all.tar"
    lock = cluster_of(installation) / "postmaster.pid"
    lock.write_text("1\n")
    with pytest.raises(StackError, match="not stopped cleanly"):
        backup(installation, file)
    lock.unlink()
    with StateFolder(installation.state_dir).locked(), pytest.raises(StackError, match="already runs"):
        backup(installation, file)
    assert [path.name for path in open_folder.glob("all.tar*")] == []


def test_a_backup_of_another_postgresql_is_refused_and_leaves_the_folder_empty(
    installation: StackSettings, elsewhere: StackSettings, open_folder: Path
) -> None:
    (cluster_of(installation) / "PG_VERSION").write_text("12\n")
    backup(installation, open_folder / "all.tar")
    with pytest.raises(StackError, match="of PostgreSQL 12"):
        restore(elsewhere, open_folder / "all.tar")
    assert {path.name for path in elsewhere.state_dir.iterdir()} == {"run", "logs"}


def test_engines_outside_are_backed_up_by_their_own_means(installation: StackSettings, open_folder: Path) -> None:
    outside = StackSettings(state_dir=installation.state_dir, nats_url="nats://elsewhere:4222")
    with pytest.raises(StackError, match="outside"):
        backup(outside, open_folder / "all.tar")
