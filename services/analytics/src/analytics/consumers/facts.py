"""Events into rows of facts: a function for each kind of payload, pure, so that the same events make the same rows.

An event whose payload is not what its kind has is counted as an event and makes no other fact.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from chassis.subscriptions import opened_payload
from funia.events.v1.envelope_pb2 import Envelope
from google.protobuf.message import DecodeError

from analytics.consumers.cells import Told, told
from analytics.consumers.customer_facts import CUSTOMER_ROWS
from analytics.consumers.sales_facts import SALES_ROWS
from analytics.store.facts import FactTable

_LOG = logging.getLogger(__name__)

Rows = Callable[[Told, Any], Iterable[tuple[FactTable, tuple[Any, ...]]]]

ROWS: dict[str, Rows] = {**SALES_ROWS, **CUSTOMER_ROWS}
"""By the full name of the payload: what rows its events make."""


def facts_of(envelopes: Sequence[Envelope]) -> list[tuple[FactTable, list[Sequence[Any]]]]:
    """The columns of every table that these events write to, the event table aside."""
    found: dict[str, tuple[FactTable, list[tuple[Any, ...]]]] = {}
    for envelope in envelopes:
        rows = ROWS.get(envelope.payload_type)
        if rows is None:
            continue
        for table, row in _read(rows, envelope):
            found.setdefault(table.name, (table, []))[1].append(row)
    return [(table, list(zip(*rows, strict=True))) for table, rows in found.values()]


def _read(rows: Rows, envelope: Envelope) -> list[tuple[FactTable, tuple[Any, ...]]]:
    try:
        payload = opened_payload(envelope)
        return [] if payload is None else list(rows(told(envelope), payload))
    except (DecodeError, ValueError):
        _LOG.warning("event %s of type %s makes no facts: its payload cannot be read", envelope.id, envelope.type)
        return []
