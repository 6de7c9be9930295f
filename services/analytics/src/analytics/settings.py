"""Settings of analytics, read once from the environment (prefix FUNIA_). Every limit of the store is here."""

from __future__ import annotations

from chassis.settings import Settings as ChassisSettings


class Settings(ChassisSettings):
    """What an analytics process needs. An empty `clickhouse_url` means the engine embedded in this process."""

    clickhouse_url: str = ""

    consumer_batch_size: int = 5_000

    analytics_insert_max_rows: int = 5_000
    analytics_insert_interval_ms: int = 200
    analytics_insert_timeout_s: float = 45.0

    analytics_query_connections: int = 4
    analytics_query_threads: int = 2
    analytics_query_timeout_s: float = 10.0
    analytics_query_memory_bytes: int = 512 * 1024 * 1024
    analytics_query_max_result_rows: int = 1_000_000

    analytics_engine_memory_bytes: int = 1024 * 1024 * 1024
    analytics_engine_cache_bytes: int = 16 * 1024 * 1024
    analytics_engine_background_threads: int = 1

    analytics_report_max_steps: int = 2_000
    analytics_report_default_days: int = 30
    analytics_report_max_cohorts: int = 120

    analytics_rebuild_batch_rows: int = 5_000
    analytics_rebuild_border_margin_s: int = 3_600
    analytics_rebuild_silence_s: float = 60.0

    analytics_model_niceness: int = 10
    analytics_model_runs_keep_days: int = 90
    analytics_refresh_hour: int = 1
    analytics_refresh_hours: int = 4
