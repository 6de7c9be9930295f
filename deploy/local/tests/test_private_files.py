"""Files with secrets: closed from the first byte, whole or not at all."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_stack.private_files import kept_password, write_private


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    former = os.umask(0)
    yield
    os.umask(former)


def test_a_private_file_is_closed_whatever_the_umask_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("open to all")
    write_private(file, "mine")
    assert file.read_text() == "mine"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_password_is_made_once(tmp_path: Path) -> None:
    first = kept_password(tmp_path / "one")
    assert len(first) >= 32
    assert kept_password(tmp_path / "one") == first
    assert kept_password(tmp_path / "two") != first
