"""Opens the store the settings name: a ClickHouse server where there is a URL, the embedded engine otherwise."""

from __future__ import annotations

from analytics.settings import Settings
from analytics.store.dialect import QueryLimits
from analytics.store.port import ColumnStore


def open_store(settings: Settings) -> ColumnStore:
    """The open store at its newest schema. Raises StoreInUse or StoreUnavailable with the remedy."""
    query_limits = QueryLimits(
        timeout_s=settings.analytics_query_timeout_s,
        memory_bytes=settings.analytics_query_memory_bytes,
        result_rows=settings.analytics_query_max_result_rows,
        threads=settings.analytics_query_threads,
    )
    # Each engine is loaded only where it is used: the embedded one alone is 200 MB of memory.
    if settings.clickhouse_url:
        from analytics.store.clickhouse import open_clickhouse

        store: ColumnStore = open_clickhouse(settings.clickhouse_url, query_limits)
    else:
        from analytics.store.embedded import EngineLimits, open_embedded

        limits = EngineLimits(
            memory_bytes=settings.analytics_engine_memory_bytes,
            cache_bytes=settings.analytics_engine_cache_bytes,
            background_threads=settings.analytics_engine_background_threads,
            connections=settings.analytics_query_connections,
        )
        store = open_embedded(settings.state_dir / "analytics" / "store", limits, query_limits)
    store.migrate()
    return store
