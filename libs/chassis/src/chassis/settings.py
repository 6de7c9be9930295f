"""Settings of a process, read once from the environment (prefix FUNIA_). Every limit is here, named with its unit."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

POOLED = "pooled"
"""The placement of tenants that share a database."""


class PlacementUrls(BaseModel, frozen=True):
    """The databases of one further placement, for the roles that a process has the passwords of."""

    database_url: str = ""
    owner_database_url: str = ""
    relay_database_url: str = ""


class Settings(BaseSettings):
    """What every process of Funia needs. Services extend it with their own."""

    model_config = SettingsConfigDict(env_prefix="FUNIA_", frozen=True, extra="ignore")

    database_url: str = ""
    owner_database_url: str = ""
    relay_database_url: str = ""
    placements: dict[str, PlacementUrls] = {}
    """Further databases of this service by the placement's name, beside the shared one, which is "pooled": JSON such
    as {"acme": {"database_url": "postgresql://..."}}. All services know the same names; give it as a secret."""
    move_patience_s: float = 2.0
    """How long a write waits while its company is being moved, before the caller is asked to repeat it."""
    move_pause_max_s: float = 3.0
    """The longest pause of a company's writes during its move; it ends by itself, and the move tries again."""
    move_lock_wait_ms: int = 500
    """How long a move waits for running writes of the company to end, while new ones queue behind it."""
    nats_url: str = "nats://127.0.0.1:4222"
    state_dir: Path = Path(".local")
    listen: str = "127.0.0.1:0"
    issuer: str = "http://127.0.0.1:8080"
    jwks_url: str = "http://127.0.0.1:8080/.well-known/jwks.json"
    secret: SecretStr = SecretStr("")
    niceness: int = 0
    """How far the process steps back for others on the machine, from 0 to 19: for one that does the long work."""
    database_steps_back: bool = False
    """Whether the server's processes for our connections are as nice: where PostgreSQL runs on the same machine."""
    thread_switch_ms: float = 1.0
    """How long a thread keeps the others of its process waiting while it computes. Python's own 5 ms, once for every
    step of a small request, is what a large one would cost it."""
    metrics_port: int = 0
    metrics_host: str = "127.0.0.1"
    """Where /healthz, /readyz and /metrics are answered; 0.0.0.0 in a container, whose probes come from outside."""

    contacts_address: str = ""
    contacts_bulk_address: str = ""
    """Where batches, uploads and exports of contacts are served, where that is a process of its own."""
    sales_address: str = ""
    marketing_address: str = ""
    support_address: str = ""
    analytics_address: str = ""
    identity_address: str = ""

    database_pool_size: int = 16
    database_pool_timeout_s: float = 5.0
    statement_timeout_ms: int = 15_000
    idle_transaction_timeout_ms: int = 30_000
    restore_max_s: float = 600.0
    """How long writes of a company are refused at most while a backup of it is restored; then they go on by themselves,
    should the restore have died."""
    backup_key: SecretStr = SecretStr("")
    """Encrypts backups of companies: a Fernet key, 32 bytes as URL-safe base64. Empty leaves them readable."""

    server_threads: int = 16
    """Most of them wait for the disk to confirm a commit: 4 threads served half as many creates as 16."""
    server_grace_s: float = 5.0
    server_max_message_bytes: int = 8 * 1024 * 1024
    server_max_connection_age_s: int = 600
    call_deadline_s: float = 10.0
    call_patience_s: float = 4.0
    """How long the gateway repeats a call that may be repeated while nothing answers: a process is being replaced."""

    token_cache_size: int = 10_000
    jwks_refresh_s: float = 60.0
    clock_skew_s: int = 30
    access_token_s: int = 600
    """Life of an access token. Every process must know it: revocations are kept that long."""
    revocation_wait_s: float = 5.0
    """How long a starting process waits for the revocations of the last minutes before it serves without them."""

    page_size_default: int = 50
    page_size_max: int = 200

    idempotency_keep_hours: int = 24

    relay_shards: int = 4
    relay_batch_size: int = 2000
    relay_poll_ms: int = 20
    relay_wake_ms: float = 2.0
    """How long a process that serves gathers commits before it wakes the relay of the process that works."""
    relay_publish_timeout_s: float = 5.0
    relay_publish_concurrency: int = 256
    outbox_keep_days: int = 8

    stream_max_bytes: int = 4 * 1024 * 1024 * 1024
    stream_max_age_days: int = 30
    stream_replicas: int = 1
    duplicate_window_s: int = 600

    consumer_batch_size: int = 500
    consumer_fetch_wait_s: float = 5.0
    consumer_gather_ms: int = 20
    """The least time between two batches of a consumer that names none of its own."""
    consumer_ack_wait_s: float = 10.0
    consumer_max_deliver: int = 8
    consumer_retry_delay_s: float = 1.0
    inbox_keep_days: int = 40

    jobs_poll_ms: int = 500
    jobs_pool_size: int = 3
    jobs_interactive_concurrency: int = 2
    jobs_bulk_concurrency: int = 1
    jobs_slice_s: float = 20.0
    jobs_heartbeat_s: float = 2.0
    jobs_stalled_after_s: float = 8.0
    jobs_rescue_every_s: float = 2.0
    jobs_max_attempts: int = 8
    jobs_retry_delay_s: float = 2.0
    jobs_retry_delay_max_s: float = 120.0
    jobs_restart_delay_s: float = 1.0

    files_url: str = ""
    files_options: dict[str, str] = {}

    tenant_batch_rows: int = 2_000
    """Rows that erasing or restoring a company takes in one transaction."""
    archive_max_bytes: int = 64 * 1024 * 1024 * 1024
    """Size of one table in a company's archive, and of the whole archive."""

    usage_recount_every_s: float = 86_400.0
    """How often a service counts records to put counters right; a company's writes wait while its own are."""
    usage_days_keep: int = 40
    """Daily counters stay with a service so long; identity keeps what they came to."""

    vitals_every_s: float = 10.0
    """How often a worker measures its backlog for /metrics and the operator's page."""
    tenant_classes: dict[str, str] = {}
    """Classes of tenants in the metrics of calls, by tenant id; all others are "standard". Name a few, not thousands:
    each class is a series of its own for every method."""

    otlp_endpoint: str = ""
    """Where traces go, such as http://collector:4318; empty turns tracing off and loads nothing of it."""
    otlp_timeout_s: float = 5.0
    otlp_delay_ms: int = 1_000
    otlp_queue_spans: int = 4_096
    """Spans that wait for a slow collector; what comes beyond is dropped."""
    trace_sample_ratio: float = 0.01
    """Share of the requests at the public door that are traced."""

    log_level: str = "INFO"
    log_json: bool = True
