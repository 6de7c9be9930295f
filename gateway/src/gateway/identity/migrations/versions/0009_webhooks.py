"""Webhook endpoints, the state of their queues, and the messages to them."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0009"
down_revision = "0008"

ROLES = Roles.of("identity")

TABLES = (
    """
    CREATE TABLE webhook_endpoint (
        tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
        id uuid NOT NULL,
        url text NOT NULL,
        description text NOT NULL,
        event_types text[] NOT NULL,
        disabled_reason text NOT NULL CHECK (disabled_reason IN ('', 'by_user', 'gone', 'failing')),
        sealed_keys text NOT NULL,
        former_keys text NOT NULL,
        former_keys_until timestamptz,
        client_id text NOT NULL,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid NOT NULL,
        deleted_at timestamptz,
        PRIMARY KEY (tenant_id, id)
    )""",
    """
    CREATE TABLE webhook_queue (
        tenant_id uuid NOT NULL,
        endpoint_id uuid NOT NULL,
        waiting bigint NOT NULL CHECK (waiting >= 0),
        due_at timestamptz,
        failing_since timestamptz,
        skipped bigint NOT NULL,
        overflowed_at timestamptz,
        PRIMARY KEY (tenant_id, endpoint_id),
        FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoint (tenant_id, id)
    )""",
    """
    CREATE TABLE webhook_delivery (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        endpoint_id uuid NOT NULL,
        event_id uuid NOT NULL,
        event_type text NOT NULL,
        body text NOT NULL,
        status text NOT NULL CHECK (status IN ('waiting', 'delivered', 'dead')),
        attempts bigint NOT NULL,
        next_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        response_status bigint NOT NULL,
        response_ms bigint NOT NULL,
        error text NOT NULL,
        created_at timestamptz NOT NULL,
        attempted_at timestamptz,
        PRIMARY KEY (tenant_id, id),
        UNIQUE (tenant_id, endpoint_id, event_id),
        FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoint (tenant_id, id)
    )""",
)
INDEXES = (
    "CREATE INDEX ix_webhook_endpoint_oldest ON webhook_endpoint (tenant_id, created_at, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_webhook_queue_due ON webhook_queue (due_at) WHERE due_at IS NOT NULL",
    """
    CREATE INDEX ix_webhook_delivery_waiting ON webhook_delivery (tenant_id, endpoint_id, next_at)
     WHERE status = 'waiting'
    """,
    "CREATE INDEX ix_webhook_delivery_newest ON webhook_delivery (tenant_id, endpoint_id, created_at DESC, id DESC)",
    """
    CREATE INDEX ix_webhook_delivery_by_status
        ON webhook_delivery (tenant_id, endpoint_id, status, created_at DESC, id DESC)
    """,
    "CREATE INDEX ix_webhook_delivery_created ON webhook_delivery USING brin (created_at)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for table in ("webhook_endpoint", "webhook_queue", "webhook_delivery"):
        for statement in protect(table, ROLES):
            op.execute(statement)
    # The platform finds who wants an event and whose messages are due; what is sent is read and written as the company.
    for table in ("webhook_endpoint", "webhook_queue"):
        op.execute(let_platform_read(table, ROLES))
    for statement in INDEXES:
        op.execute(statement)
