"""When companies work."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0004"
down_revision = "0003"

ROLES = Roles.of("support")

TABLE = """
    CREATE TABLE business_calendar (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        name text NOT NULL,
        name_key text COLLATE "C" NOT NULL,
        time_zone text NOT NULL,
        hours jsonb NOT NULL,
        holidays jsonb NOT NULL,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid NOT NULL,
        deleted_at timestamptz,
        custom jsonb NOT NULL DEFAULT '{}',
        external_ids jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (tenant_id, id)
    )
"""

INDEXES = [
    "CREATE INDEX ix_business_calendar_name ON business_calendar (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    """
    CREATE INDEX ix_business_calendar_newest ON business_calendar (tenant_id, created_at DESC, id DESC) WHERE
    deleted_at IS NULL
    """,
    """
    CREATE INDEX ix_business_calendar_updated ON business_calendar (tenant_id, updated_at DESC, id DESC) WHERE
    deleted_at IS NULL
    """,
]


def upgrade() -> None:
    for statement in [TABLE, *INDEXES, *protect("business_calendar", ROLES)]:
        op.execute(statement)
