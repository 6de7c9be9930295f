"""The audit log: entries that the app role may add and read, and nothing else."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0004"
down_revision = "0003"

ROLES = Roles.of("identity")

TABLES = {
    "audit_entry": """
        CREATE TABLE audit_entry (
            tenant_id uuid NOT NULL,
            sequence bigint NOT NULL CHECK (sequence > 0),
            recorded_at timestamptz NOT NULL,
            occurred_at timestamptz NOT NULL,
            actor_type text NOT NULL CHECK (actor_type IN ('user', 'client', 'service', 'system')),
            actor_id uuid NOT NULL,
            client_id text NOT NULL,
            action text NOT NULL,
            target_id text NOT NULL,
            changed_fields text[] NOT NULL,
            detail jsonb NOT NULL,
            request_id text NOT NULL,
            event_id uuid,
            origin_digest bytea,
            previous_hash bytea NOT NULL,
            hash bytea NOT NULL,
            entity text NOT NULL
                GENERATED ALWAYS AS (split_part(action, '.', 1) || '.' || split_part(action, '.', 2)) STORED,
            service text NOT NULL GENERATED ALWAYS AS (split_part(action, '.', 1)) STORED,
            PRIMARY KEY (tenant_id, sequence)
        )""",
    "audit_origin": """
        CREATE TABLE audit_origin (
            tenant_id uuid NOT NULL,
            sequence bigint NOT NULL,
            recorded_at timestamptz NOT NULL,
            address text NOT NULL,
            user_agent text NOT NULL,
            salt bytea NOT NULL,
            PRIMARY KEY (tenant_id, sequence),
            FOREIGN KEY (tenant_id, sequence) REFERENCES audit_entry (tenant_id, sequence)
        )""",
    "audit_head": """
        CREATE TABLE audit_head (
            tenant_id uuid NOT NULL PRIMARY KEY,
            sequence bigint NOT NULL,
            hash bytea NOT NULL,
            recorded_at timestamptz NOT NULL,
            checkpoint_sequence bigint NOT NULL,
            checkpoint_at timestamptz NOT NULL,
            origins_since timestamptz
        )""",
    "audit_checkpoint": """
        CREATE TABLE audit_checkpoint (
            tenant_id uuid NOT NULL,
            sequence bigint NOT NULL,
            hash bytea NOT NULL,
            created_at timestamptz NOT NULL,
            statement text NOT NULL,
            PRIMARY KEY (tenant_id, sequence)
        )""",
}
GRANTS = {
    "audit_entry": "SELECT, INSERT",
    "audit_origin": "SELECT, INSERT, DELETE",
    "audit_head": "SELECT, INSERT, UPDATE",
    "audit_checkpoint": "SELECT, INSERT",
}
INDEXES = (
    "CREATE INDEX ix_audit_entry_recorded_at ON audit_entry (tenant_id, recorded_at, sequence)",
    "CREATE INDEX ix_audit_entry_actor ON audit_entry (tenant_id, actor_id, sequence)",
    "CREATE INDEX ix_audit_entry_target ON audit_entry (tenant_id, target_id, sequence)",
    "CREATE INDEX ix_audit_entry_action ON audit_entry (tenant_id, action, sequence)",
    "CREATE INDEX ix_audit_entry_entity ON audit_entry (tenant_id, entity, sequence)",
    "CREATE INDEX ix_audit_entry_service ON audit_entry (tenant_id, service, sequence)",
    "CREATE INDEX ix_audit_origin_recorded_at ON audit_origin (tenant_id, recorded_at)",
)


def upgrade() -> None:
    for table, create in TABLES.items():
        op.execute(create)
        for statement in protect(table, ROLES, grants=GRANTS[table]):
            op.execute(statement)
    # The daily checkpoints begin with the list of companies whose log has grown.
    op.execute(let_platform_read("audit_head", ROLES))
    for statement in INDEXES:
        op.execute(statement)
