"""Where the published data sets of these tests are; a test that needs one skips where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of data sets with published results; FUNIA_SHARED_DATA names another one."""
    named = os.environ.get("FUNIA_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).parents[5] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of published data sets is absent")
    return folder
