"""A tenant's backup brings its rows back as they were, or says clearly why not and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from chassis import tenant_commands
from chassis.caller import Caller
from chassis.errors import Conflict, FailedPrecondition, FuniaError, NotFound
from chassis.ids import uuid7
from chassis.moving import Mover
from chassis.settings import Settings
from chassis.statements import text
from chassis.tenant_backup import MANIFEST, TenantBackups
from chassis.testing.notes import bodies, write
from chassis.work import Database
from cryptography.fernet import Fernet

from .conftest import Two
from .test_moving import drain
from .test_tenant_rows import fill, sums_of


@pytest.fixture
def ours() -> Caller:
    return Caller.system(uuid7(), request_id="ours")


@pytest.fixture
def theirs(database: Database) -> Caller:
    caller = Caller.system(uuid7(), request_id="theirs")
    fill(database, caller)
    return caller


@pytest.fixture
def folder(settings: Settings, database: Database, ours: Caller, tmp_path: Path) -> Path:
    """A backup of our company with some rows of every kind; the company has changed since."""
    fill(database, ours)
    write(database, ours, "kept", "lost later")
    drain(settings)
    TenantBackups("sample", settings).back_up(ours.tenant_id, tmp_path / "backup")
    with database.open_work(ours) as work:
        work.execute(text("DELETE FROM note WHERE body = 'lost later'"))
        work.execute(text("UPDATE note SET body = 'spoiled' WHERE body = 'kept'"))
    write(database, ours, "added later")
    drain(settings)
    return tmp_path / "backup"


def test_a_restore_brings_the_rows_back_and_touches_nobody_elses(
    two: Two, settings: Settings, database: Database, ours: Caller, theirs: Caller, folder: Path
) -> None:
    beside = sums_of(two.pooled.owner_url, theirs.tenant_id)
    backups = TenantBackups("sample", settings)
    restored = backups.restore(ours.tenant_id, folder, replace=True)
    assert bodies(database, ours) == ["filed", "kept", "lost later"]
    now = sums_of(two.pooled.owner_url, ours.tenant_id)
    assert {one.name: (one.rows, one.hashes) for one in restored.tables} == {
        name: (one.rows, one.hashes) for name, one in now.items()
    }
    assert restored.last_event
    assert sums_of(two.pooled.owner_url, theirs.tenant_id) == beside
    write(database, ours, "goes on")


def test_a_backup_is_restored_where_the_tenant_lives_now(
    two: Two, settings: Settings, database: Database, ours: Caller, folder: Path
) -> None:
    Mover(settings).move(ours.tenant_id, "acme")
    TenantBackups("sample", settings).restore(ours.tenant_id, folder, replace=True)
    assert bodies(database, ours) == ["filed", "kept", "lost later"]
    assert sums_of(two.acme.owner_url, ours.tenant_id)["note"].rows == 3


def test_a_restore_over_rows_is_refused_unless_it_is_meant(
    settings: Settings, database: Database, ours: Caller, folder: Path
) -> None:
    with pytest.raises(FailedPrecondition) as refused:
        TenantBackups("sample", settings).restore(ours.tenant_id, folder, replace=False)
    assert refused.value.reason == "RESTORE_INTO_USE"
    assert bodies(database, ours) == ["filed", "spoiled", "added later"]
    write(database, ours, "goes on")


def _flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


SPOILT: dict[str, tuple[Callable[[Path], object], type[FuniaError], str]] = {
    "a byte of a table": (lambda folder: _flipped(folder / "note"), Conflict, "BACKUP_CORRUPTED"),
    "a byte of the manifest": (lambda folder: _flipped(folder / MANIFEST), Conflict, "BACKUP_CORRUPTED"),
    "a cut table": (lambda folder: (folder / "filed").write_bytes(b""), Conflict, "BACKUP_CORRUPTED"),
    "a missing table": (lambda folder: (folder / "folder").unlink(), Conflict, "BACKUP_CORRUPTED"),
    "no manifest": (lambda folder: (folder / MANIFEST).unlink(), NotFound, "NO_BACKUP"),
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_backup_is_refused_and_nothing_is_changed(
    settings: Settings, database: Database, ours: Caller, folder: Path, what: str
) -> None:
    spoil, error, reason = SPOILT[what]
    spoil(folder)
    with pytest.raises(error) as refused:
        TenantBackups("sample", settings).restore(ours.tenant_id, folder, replace=True)
    assert refused.value.reason == reason
    assert bodies(database, ours) == ["filed", "spoiled", "added later"]


def test_an_encrypted_backup_opens_with_its_key_alone(
    settings: Settings, database: Database, ours: Caller, tmp_path: Path
) -> None:
    write(database, ours, "secret words")
    drain(settings)
    locked = settings.model_validate({**settings.model_dump(), "backup_key": Fernet.generate_key().decode()})
    TenantBackups("sample", locked).back_up(ours.tenant_id, tmp_path / "locked")
    assert not any(b"note" in path.read_bytes() for path in (tmp_path / "locked").iterdir())
    other = settings.model_validate({**settings.model_dump(), "backup_key": Fernet.generate_key().decode()})
    for wrong in (settings, other):
        with pytest.raises(Conflict):
            TenantBackups("sample", wrong).check(ours.tenant_id, tmp_path / "locked")
    assert TenantBackups("sample", locked).restore(ours.tenant_id, tmp_path / "locked", replace=True).rows > 0
    assert bodies(database, ours) == ["secret words"]


def test_a_backup_of_another_company_or_service_is_refused(
    settings: Settings, ours: Caller, theirs: Caller, folder: Path
) -> None:
    for service, tenant_id in (("sample", theirs.tenant_id), ("other", ours.tenant_id)):
        with pytest.raises(FailedPrecondition) as refused:
            TenantBackups(service, settings).restore(tenant_id, folder, replace=True)
        assert refused.value.reason == "ANOTHER_BACKUP"


def test_tables_that_follow_identity_stay_as_they_are(
    settings: Settings, database: Database, ours: Caller, folder: Path
) -> None:
    backups = TenantBackups("sample", settings, follows=("folder", "filed"))
    with database.open_work(ours) as work:
        work.execute(text("UPDATE folder SET name = 'As identity says now' WHERE name = 'Inner'"))
        work.execute(text("DELETE FROM filed"))
    backups.restore(ours.tenant_id, folder, replace=True)
    with database.open_work(ours, read_only=True) as work:
        names = sorted(row.name for row in work.rows(text("SELECT name FROM folder")))
        filed = work.rows(text("SELECT note_id FROM filed"))
    assert (names, filed) == (["As identity says now", "Outer"], [])


def test_the_commands_say_by_their_exit_code_how_it_went(
    settings: Settings, database: Database, ours: Caller, folder: Path
) -> None:
    tenant = str(ours.tenant_id)
    assert tenant_commands.run("sample", settings, ["restore", tenant, str(folder), "--check"]) == 0
    assert tenant_commands.run("sample", settings, ["restore", tenant, str(folder)]) == 1
    assert tenant_commands.run("sample", settings, ["backup", tenant, str(folder)]) == 1
    assert tenant_commands.run("sample", settings, ["move", tenant, "nowhere"]) == 1
    assert tenant_commands.run("sample", settings, ["move", tenant, "acme"]) == 0
    assert tenant_commands.run("sample", settings, ["restore", tenant, str(folder), "--replace"]) == 0
    assert bodies(database, ours) == ["filed", "kept", "lost later"]
