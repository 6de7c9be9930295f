"""How much is measured: every count and time of a run, once in full and once small enough for a test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Counts are of what the name says; times end in their unit."""

    connections: int = 16
    round_s: float = 4.0
    warm_up_s: float = 1.0
    rounds: int = 3
    """Each is a floor and a figure, one right after the other; the median ratio counts."""

    tenants_asked: int = 16
    """Companies that sign up and are asked in turn."""
    contacts_per_tenant: int = 1_000
    tenants_full: int = 1_000
    tenants_idle: int = 10_000
    """Companies seeded for the figure that tells what many companies cost."""
    creates_prepared: int = 12_000
    """Requests made ahead for one round of creating; a round never gets through them all."""

    lag_writes_per_s: int = 500
    lag_s: float = 10.0
    drained_events: int = 100_000
    replayed_events: int = 40_000
    """Events of each company that replays its own."""
    webhook_messages: int = 5_000
    webhook_flood: int = 20_000
    """Events of a company that floods."""
    neighbour_contacts: int = 5_000
    neighbour_s: float = 20.0
    """How long a quiet company is watched, alone and beside one that floods."""
    import_rows: int = 100_000
    bulk_records: int = 30_000

    deals_per_tenant: int = 1_000
    deal_tenants: int = 1_000
    deal_moves: int = 200
    """Cards moved one after the other while another browser looks on."""
    order_lines: int = 100_000
    """Lines of the file of orders that is imported."""
    till_sales: int = 400
    """Sales at a till, one after the other."""

    analytics_ingested: int = 100_000
    analytics_lag_per_s: int = 1_000
    analytics_lines: int = 1_000_000
    analytics_customers: int = 100_000
    analytics_events: int = 10_000_000
    analytics_baskets: int = 100_000
    analytics_tenants: int = 1_000
    """Companies that share the store with the one whose reports are timed."""
    analytics_neighbour_lines: int = 1_000
    analytics_rounds: int = 5

    search_documents: int = 1_000_000
    search_queries: int = 600
    index_lag_writes: int = 100

    sign_ups: int = 30
    idle_wait_s: float = 10.0


FULL = Sizes()
QUICK = Sizes(
    connections=4,
    round_s=0.4,
    warm_up_s=0.2,
    rounds=1,
    tenants_asked=2,
    contacts_per_tenant=60,
    tenants_full=5,
    tenants_idle=20,
    creates_prepared=1_500,
    lag_writes_per_s=50,
    lag_s=1.0,
    drained_events=2_000,
    replayed_events=1_000,
    webhook_messages=500,
    webhook_flood=500,
    neighbour_contacts=500,
    neighbour_s=3.0,
    import_rows=500,
    bulk_records=400,
    deals_per_tenant=40,
    deal_tenants=4,
    deal_moves=5,
    order_lines=400,
    till_sales=10,
    analytics_ingested=2_000,
    analytics_lag_per_s=100,
    analytics_lines=2_000,
    analytics_customers=500,
    analytics_events=5_000,
    analytics_baskets=500,
    analytics_tenants=5,
    analytics_neighbour_lines=50,
    analytics_rounds=1,
    search_documents=2_000,
    search_queries=40,
    index_lag_writes=3,
    sign_ups=2,
    idle_wait_s=0.5,
)
