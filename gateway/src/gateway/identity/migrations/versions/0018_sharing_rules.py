"""Sharing rules: whose records a company shows to whom beyond what roles show."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0018"
down_revision = "0017"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute("ALTER TABLE tenant ADD COLUMN rules_version bigint NOT NULL DEFAULT 0")
    op.execute(
        """
        CREATE TABLE sharing_rule (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            name text NOT NULL,
            source_kind text NOT NULL CHECK (source_kind IN ('team', 'user')),
            source_id uuid NOT NULL,
            grantee_kind text NOT NULL CHECK (grantee_kind IN ('team', 'role', 'user')),
            grantee_id text NOT NULL,
            level text NOT NULL CHECK (level IN ('read', 'write')),
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, source_id, grantee_kind, grantee_id)
        )
        """
    )
    for statement in (*protect("sharing_rule", ROLES), let_platform_read("sharing_rule", ROLES)):
        op.execute(statement)
