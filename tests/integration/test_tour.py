"""The tour stays true: every file it names exists, and so does every name in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = sorted(
    set(
        re.findall(
            r"`((?:gateway|libs|services|protos|tests)/[\w./-]+?)(?::(\w+))?`", (ROOT / "docs/tour.md").read_text()
        )
    )
)


@pytest.mark.parametrize(("file", "name"), PLACES, ids=[f"{file}:{name}" for file, name in PLACES])
def test_what_the_tour_names_is_there(file: str, name: str) -> None:
    place = ROOT / file
    assert place.exists()
    if name:
        assert re.search(rf"^(?:class|def|async def) {name}\b", place.read_text(), re.MULTILINE)


def test_the_tour_walks_through_many_places() -> None:
    assert len(PLACES) > 25
