"""What is promised to customers, and the clocks that hold the company to it."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0006"
down_revision = "0005"

ROLES = Roles.of("support")

RECORD = """
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    custom jsonb NOT NULL DEFAULT '{}',
    external_ids jsonb NOT NULL DEFAULT '{}'
"""

TABLES = {
    "sla_policy": f"""
        CREATE TABLE sla_policy (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            position integer NOT NULL,
            active boolean NOT NULL,
            business_calendar_id uuid,
            queue_ids uuid[] NOT NULL,
            types text[] NOT NULL,
            channels text[] NOT NULL,
            targets jsonb NOT NULL,
            warn_percent integer NOT NULL CHECK (warn_percent BETWEEN 1 AND 99),
            {RECORD},
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, business_calendar_id) REFERENCES business_calendar (tenant_id, id)
        )""",
    "sla_clock": """
        CREATE TABLE sla_clock (
            tenant_id uuid NOT NULL,
            ticket_id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('first_response', 'next_response', 'resolution')),
            sla_policy_id uuid NOT NULL,
            state text NOT NULL CHECK (state IN ('running', 'paused', 'met', 'breached')),
            target_s bigint NOT NULL,
            elapsed_s bigint NOT NULL,
            running_since timestamptz,
            warn_at timestamptz,
            due_at timestamptz,
            warned_at timestamptz,
            breached_at timestamptz,
            met_at timestamptz,
            counted_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, ticket_id, kind),
            FOREIGN KEY (tenant_id, sla_policy_id) REFERENCES sla_policy (tenant_id, id),
            FOREIGN KEY (tenant_id, ticket_id) REFERENCES ticket (tenant_id, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_sla_policy_name ON sla_policy (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_sla_policy_newest ON sla_policy (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_sla_policy_place ON sla_policy (tenant_id, position, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_sla_policy_updated ON sla_policy (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    """
    CREATE INDEX ix_sla_clock_policy ON sla_clock (tenant_id, sla_policy_id, counted_at) WHERE state IN
    ('running', 'paused')
    """,
]


def upgrade() -> None:
    op.execute("ALTER TABLE ticket ADD COLUMN next_due_at timestamptz")
    op.execute("ALTER TABLE ticket ADD COLUMN sla_state text NOT NULL DEFAULT ''")
    op.execute("CREATE INDEX ix_ticket_due ON ticket (tenant_id, next_due_at, id) WHERE next_due_at IS NOT NULL")
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
