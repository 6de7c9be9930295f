"""What the tests of the local stack share: a folder that an unprivileged account may enter."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A fresh folder anybody may walk through (pytest's own are closed to other accounts)."""
    with tempfile.TemporaryDirectory(prefix="funia-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
