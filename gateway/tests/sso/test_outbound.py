"""A company's provider can lead the gateway to public addresses and nowhere else."""

from __future__ import annotations

import httpx2
import pytest
from gateway.sso.outbound import ForbiddenAddress, PinnedTransport
from gateway.webhooks.addresses import is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1",
        "fe80::1", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "224.0.0.1", "240.0.0.1", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_of_the_operators_network_are_not_public(address: str) -> None:
    assert not is_public(address)
    transport = PinnedTransport(allow_private=False, resolve=lambda _host, _port: [address])
    with httpx2.Client(transport=transport) as http, pytest.raises(ForbiddenAddress):
        http.get("https://login.example.com/")


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    assert is_public("1.1.1.1")
    transport = PinnedTransport(allow_private=False, resolve=lambda _host, _port: ["1.1.1.1", "127.0.0.1"])
    with httpx2.Client(transport=transport) as http, pytest.raises(ForbiddenAddress):
        http.get("https://login.example.com/")


def test_plain_http_is_refused() -> None:
    transport = PinnedTransport(allow_private=False, resolve=lambda _host, _port: ["1.1.1.1"])
    with httpx2.Client(transport=transport) as http, pytest.raises(ForbiddenAddress):
        http.get("http://login.example.com/")
