"""Looks for the DNS record by which a company proves that an e-mail domain is its own."""

from __future__ import annotations

from collections.abc import Callable

import dns.exception
import dns.resolver

RECORD_LABEL = "_funia"
VALUE_PREFIX = "funia-domain="

TextRecords = Callable[[str], list[str]]
"""TXT records of a name; none where there are none or DNS does not answer."""


def record_name(domain: str) -> str:
    """Name of the record of a domain."""
    return f"{RECORD_LABEL}.{domain}"


def record_value(proof: str) -> str:
    """Value the record must have."""
    return f"{VALUE_PREFIX}{proof}"


class DnsRecords:
    """TXT records by the system's resolvers."""

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    def __call__(self, name: str) -> list[str]:
        try:
            answer = dns.resolver.resolve(name, "TXT", lifetime=self._timeout_s)
        except (dns.exception.DNSException, OSError):
            return []
        return [b"".join(record.strings).decode("ascii", errors="replace") for record in answer]
