"""Dashboards."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0006"
down_revision = "0005"

ROLES = Roles.of("analytics")

TABLE = """
    CREATE TABLE dashboard (
        tenant_id uuid NOT NULL,
        id uuid NOT NULL,
        name text NOT NULL,
        name_key text COLLATE "C" NOT NULL,
        shared boolean NOT NULL,
        made_by uuid NOT NULL,
        tiles jsonb NOT NULL,
        version bigint NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid NOT NULL,
        deleted_at timestamptz,
        custom jsonb NOT NULL DEFAULT '{}',
        external_ids jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (tenant_id, id)
    )"""
LIVING = "WHERE deleted_at IS NULL"
INDEXES = (
    f"CREATE INDEX ix_dashboard_name ON dashboard (tenant_id, name_key, id) {LIVING}",
    f"CREATE INDEX ix_dashboard_newest ON dashboard (tenant_id, created_at DESC, id DESC) {LIVING}",
    f"CREATE INDEX ix_dashboard_updated ON dashboard (tenant_id, updated_at DESC, id DESC) {LIVING}",
)


def upgrade() -> None:
    for statement in (TABLE, *protect("dashboard", ROLES), *INDEXES):
        op.execute(statement)
