"""Marks companies that are sandboxes of another one, and keeps what a company knows of its own."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0019"
down_revision = "0018"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute("ALTER TABLE tenant ADD COLUMN sandbox_of uuid")
    op.execute(
        """
        CREATE TABLE sandbox (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            name text NOT NULL,
            state text NOT NULL CHECK (state IN ('filling', 'ready')),
            seed bigint NOT NULL,
            owner_id uuid NOT NULL,
            next_at timestamptz,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_sandbox_due ON sandbox (next_at) WHERE next_at IS NOT NULL")
    for statement in protect("sandbox", ROLES):
        op.execute(statement)
    op.execute(let_platform_read("sandbox", ROLES))
