"""Cells of facts: what an id is, and what its clock says."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from analytics.consumers.cells import NOBODY, clock_us, id_bytes, identity
from chassis.ids import uuid7


def test_the_clock_of_an_id_is_read_from_its_bytes_alone() -> None:
    key = uuid7()
    assert clock_us(key.bytes, 0) == (key.int >> 80) * 1000


@pytest.mark.parametrize("other", [uuid4(), UUID(int=0), UUID("0193d3c0-0000-7000-0000-000000000001")])
def test_an_id_of_another_kind_has_no_clock(other: UUID) -> None:
    assert clock_us(other.bytes, 17) == 17


@pytest.mark.parametrize("text", ["", "0193", "not-an-id", "0193d3c0-0000-7000-8000-00000000000100"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        id_bytes(text)


def test_an_id_that_is_not_there_is_nobody() -> None:
    key = uuid7()
    assert (identity(""), identity(str(key))) == (NOBODY, key.bytes)
