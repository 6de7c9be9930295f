"""Whose records owners see, and openings by break-glass for those who do not see all of them."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0022"
down_revision = "0021"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute(
        "ALTER TABLE tenant ADD COLUMN owner_visibility text NOT NULL DEFAULT 'all'"
        " CONSTRAINT ck_tenant_owner_visibility CHECK (owner_visibility IN ('own', 'team', 'all'))"
    )
    op.execute(
        """
        CREATE TABLE break_glass (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            user_id uuid NOT NULL,
            client_id text NOT NULL,
            reason text NOT NULL,
            record_id uuid,
            opened_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            ended_at timestamptz,
            ended_for text NOT NULL DEFAULT '' CHECK (ended_for IN ('', 'hand', 'time')),
            calls bigint NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant_id, id)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX ux_break_glass_open ON break_glass (tenant_id, user_id) WHERE ended_at IS NULL")
    op.execute("CREATE INDEX ix_break_glass_due ON break_glass (expires_at) WHERE ended_at IS NULL")
    for statement in (*protect("break_glass", ROLES), let_platform_read("break_glass", ROLES)):
        op.execute(statement)
