"""Hands counters of what companies use to identity: those that have changed since it knew them, of all companies.

A counter is handed over until identity has said that it wrote this very state of it, so nothing is lost by a crash of
either, and nothing counted twice: what is handed over is what it stands at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg.rows import tuple_row

Counter = Sequence[Any]
"""Tenant, meter, period, use and the number of changes, as JSON has them."""

_HAS_COUNTERS = "SELECT to_regclass('usage_count') IS NOT NULL"
_UNTOLD = """
    SELECT tenant_id::text, meter, period::text, used, changes FROM usage_count WHERE NOT told
     ORDER BY tenant_id LIMIT %s
"""
_TOLD = """
    UPDATE usage_count SET told = true
      FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::bigint[]) AS known(tenant_id, meter, period, changes)
     WHERE usage_count.tenant_id = known.tenant_id AND usage_count.meter = known.meter
       AND usage_count.period = known.period AND usage_count.changes = known.changes
"""


def hand_over(relay_urls: Iterable[str], told: Sequence[Counter], *, most: int) -> list[Counter]:
    """Notes what identity wrote, then gives what it does not know yet, `most` counters of each placement."""
    found: list[Counter] = []
    for url in relay_urls:
        with psycopg.connect(url, autocommit=True, row_factory=tuple_row) as relay:
            if relay.execute(_HAS_COUNTERS).fetchone() != (True,):
                continue
            if told:
                tenants, meters, periods, _, changes = (list(part) for part in zip(*told, strict=True))
                relay.execute(_TOLD, [tenants, meters, periods, changes])
            found += relay.execute(_UNTOLD, [most]).fetchall()
    return found
