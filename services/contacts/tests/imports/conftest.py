"""Two companies that import files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chassis.files import DiskFiles
from chassis.work import Database

from .importer import Importer


@pytest.fixture
def ours(database: Database, tmp_path: Path) -> Importer:
    """Somebody of the first company."""
    return Importer(database, DiskFiles(tmp_path / "files"))


@pytest.fixture
def theirs(database: Database, ours: Importer) -> Iterator[Importer]:
    """Somebody of a second company, which must have nothing of it in the end."""
    other = Importer(database, ours.files)
    yield other
    assert other.contacts() == []
    assert other.accounts() == []
    assert other.events() == []


@pytest.fixture
def shared_data() -> Path:
    """The folder of shared sample files: FUNIA_SHARED_DATA, else beside the repository."""
    named = os.environ.get("FUNIA_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).parents[5] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared sample files are not here; set FUNIA_SHARED_DATA to their folder")
    return folder
