"""Which process of a service a call goes to: batches to the one for long work, where there is one."""

from __future__ import annotations

from typing import Any

import pytest
from gateway.channels import SERVICES
from gateway.transcode.catalogue import api_files
from gateway.transcode.routes import TranscodedApi

BULK = "/funia.contacts.v1.BulkService/"


class Channel:
    """Notes which methods are called over it."""

    def __init__(self) -> None:
        self.methods: set[str] = set()

    def unary_unary(self, method: str, **_: Any) -> None:
        self.methods.add(method)


def opened(*names: str) -> dict[str, Any]:
    channels: dict[str, Any] = {name: Channel() for name in names}
    TranscodedApi(api_files(), channels, lambda environ, start: [])
    return channels


@pytest.fixture(scope="module")
def apart() -> dict[str, Any]:
    return opened(*SERVICES, "contacts-bulk")


def test_batches_go_to_the_process_for_them_and_single_records_do_not(apart: dict[str, Any]) -> None:
    long, short = apart["contacts-bulk"].methods, apart["contacts"].methods
    assert f"{BULK}BatchUpsertContacts" in long
    assert "/funia.contacts.v1.ContactService/CreateContact" in short
    assert not long & short
    assert all(method.startswith("/funia.contacts.") for method in long)


def test_without_such_a_process_all_calls_of_a_service_go_to_one() -> None:
    assert f"{BULK}BatchUpsertContacts" in opened(*SERVICES)["contacts"].methods
