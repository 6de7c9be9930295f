"""All fact tables and the versions of the store. A new fact stands in FACTS and comes with a migration."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.store.customer_facts import CUSTOMER_FACT, MERGE_FACT
from analytics.store.facts import EVENT_FACT, FactTable
from analytics.store.sales_facts import SALES_FACTS, SUGGESTION_FACT

FACTS: tuple[FactTable, ...] = (EVENT_FACT, *SALES_FACTS, CUSTOMER_FACT, MERGE_FACT)


_KNOWN_MERGES = f"""INSERT INTO {MERGE_FACT.name} ({MERGE_FACT.column_names})
SELECT {MERGE_FACT.column_names} FROM {CUSTOMER_FACT.name} FINAL
 WHERE merged_into_id != toUUID('00000000-0000-0000-0000-000000000000')"""
"""Merges that were told before they had a fact of their own."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the store's schema. Its statements may run again after a crash, so each is idempotent."""

    version: int
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, (EVENT_FACT.ddl,)),
    Migration(2, tuple(table.ddl for table in (*SALES_FACTS, CUSTOMER_FACT))),
    Migration(3, ("ALTER TABLE order_line_fact ADD COLUMN IF NOT EXISTS suggestion_id UUID",)),
    Migration(4, (SUGGESTION_FACT.ddl,)),
    Migration(5, (MERGE_FACT.ddl, _KNOWN_MERGES)),
)
