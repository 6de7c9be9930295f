"""Page tokens: they lead on within their own list, and nowhere else."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from chassis.errors import InvalidArgument
from chassis.ids import uuid7
from chassis.paging import Pager
from hypothesis import given
from hypothesis import strategies as st

PAGER = Pager("a secret of at least thirty-two bytes")
OURS, THEIRS = uuid7(), uuid7()
LIST = ("ListContacts", "stage = 'lead'", "created_at desc")


def refused(token: str, *, tenant: object = OURS, binding: tuple[str, ...] = LIST, pager: Pager = PAGER) -> None:
    with pytest.raises(InvalidArgument) as error:
        pager.key(tenant, binding, token)  # type: ignore[arg-type]
    assert error.value.reason == "INVALID_PAGE_TOKEN"
    assert [violation.field for violation in error.value.violations] == ["page_token"]


def test_a_token_gives_back_its_position() -> None:
    row = uuid7()
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    token = PAGER.token(OURS, LIST, [moment, row, None, 7])
    assert PAGER.key(OURS, LIST, token) == [moment.isoformat(), str(row), None, 7]


def test_a_token_of_another_tenant_method_filter_or_order_is_refused() -> None:
    token = PAGER.token(OURS, LIST, ["x", uuid7()])
    refused(token, tenant=THEIRS)
    refused(token, binding=("ListAccounts", *LIST[1:]))
    refused(token, binding=("ListContacts", "stage = 'customer'", LIST[2]))
    refused(token, binding=(*LIST[:2], "created_at"))
    refused(token, binding=("ListContacts", "stage = 'lead'created_at desc"))
    refused(token, pager=Pager("another secret of thirty-two bytes"))


@given(at=st.integers(0, 200), mask=st.integers(1, 255))
def test_a_token_changed_in_any_byte_is_refused(at: int, mask: int) -> None:
    token = PAGER.token(OURS, LIST, ["name", uuid7()])
    raw = bytearray(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[at % len(raw)] ^= mask
    refused(urlsafe_b64encode(raw).decode().rstrip("="))


@given(st.text(max_size=60))
def test_text_that_is_no_token_is_refused(text: str) -> None:
    refused(text)


def test_a_page_is_never_larger_than_the_largest() -> None:
    assert [PAGER.size(asked) for asked in (0, -5, 1, 200, 201, 10**9)] == [50, 50, 1, 200, 200, 200]


def test_an_installation_without_a_secret_does_not_start() -> None:
    with pytest.raises(ValueError, match="FUNIA_SECRET"):
        Pager("")
