"""Files of tenants: the same promises from the folder and from the object store."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from chassis.errors import NotFound, TooLarge
from chassis.files import DiskFiles, FileStore, ObjectFiles
from chassis.ids import uuid7
from obstore.store import MemoryStore

OURS = uuid7()
THEIRS = uuid7()


@pytest.fixture(params=["disk", "object store"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "disk":
        return DiskFiles(tmp_path / "files")
    return ObjectFiles(MemoryStore(), prefix="contacts")


def test_a_file_comes_back_as_it_was_written(files: FileStore) -> None:
    pieces = [b"a" * 400_000, b"", b"b" * 300_000]
    stored = files.put(OURS, "imports/one", iter(pieces), max_bytes=700_000)
    assert stored.size_bytes == 700_000
    assert b"".join(files.read(OURS, "imports/one")) == b"".join(pieces)
    with files.local(OURS, "imports/one") as path:
        assert path.read_bytes() == b"".join(pieces)


def test_a_second_tenant_sees_no_file_of_the_first(files: FileStore) -> None:
    files.put(OURS, "imports/one", [b"secret"], max_bytes=100)
    with pytest.raises(NotFound):
        list(files.read(THEIRS, "imports/one"))
    files.delete(THEIRS, "imports/one")
    assert b"".join(files.read(OURS, "imports/one")) == b"secret"


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(files: FileStore, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="larger than 100 bytes"):
        files.put(OURS, "imports/big", [b"x" * 60, b"y" * 60], max_bytes=100)
    with pytest.raises(NotFound):
        list(files.read(OURS, "imports/big"))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_upload_that_breaks_off_keeps_its_error_and_leaves_the_older_file(files: FileStore) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError("the client went away")

    files.put(OURS, "imports/one", [b"older"], max_bytes=100)
    with pytest.raises(ConnectionResetError):
        files.put(OURS, "imports/one", broken(), max_bytes=100)
    assert b"".join(files.read(OURS, "imports/one")) == b"older"


@pytest.mark.parametrize("name", ["../other", "imports/../../x", "/etc/passwd", "a//b", "", "A b", ".hidden", "x\0"])
def test_names_that_could_leave_the_tenants_folder_are_refused(files: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a safe file name"):
        files.put(OURS, name, [b"x"], max_bytes=100)


def test_a_deleted_file_is_gone_and_deleting_it_again_is_no_error(files: FileStore) -> None:
    files.put(OURS, "imports/one", [b"x"], max_bytes=100)
    files.delete(OURS, "imports/one")
    files.delete(OURS, "imports/one")
    with pytest.raises(NotFound):
        list(files.read(OURS, "imports/one"))


def test_files_on_disk_are_closed_to_other_accounts(tmp_path: Path) -> None:
    files = DiskFiles(tmp_path / "files")
    files.put(OURS, "imports/one", [b"x"], max_bytes=100)
    path = tmp_path / "files" / str(UUID(str(OURS))) / "imports" / "one"
    assert path.stat().st_mode & 0o077 == 0
