"""Lets the worker erase a company that was closed, and keeps what is to be erased and the proof that it was."""

from alembic import op
from chassis.schema import Roles, protect, tenant_erasing
from gateway.identity.platform import let_platform_read, protect_platform

revision = "0013"
down_revision = "0012"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE erasure (
            id uuid NOT NULL PRIMARY KEY,
            for_tenant uuid,
            tenant_digest bytea NOT NULL,
            state text NOT NULL CHECK (state IN ('waiting', 'erasing', 'erased')),
            former_status text NOT NULL,
            closed_by text NOT NULL CHECK (closed_by IN ('owner', 'operator')),
            closed_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL,
            next_at timestamptz,
            found jsonb NOT NULL,
            problem text NOT NULL,
            erased_at timestamptz,
            statement text NOT NULL,
            CHECK ((state = 'erased') = (for_tenant IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_erasure_tenant ON erasure (for_tenant) WHERE for_tenant IS NOT NULL")
    op.execute("CREATE INDEX ix_erasure_due ON erasure (next_at) WHERE next_at IS NOT NULL")
    for statement in protect_platform("erasure", ROLES):
        op.execute(statement)
    op.execute(
        """
        CREATE TABLE company_export (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            state text NOT NULL CHECK (state IN ('waiting', 'ready', 'failed', 'gone')),
            services_done bigint NOT NULL,
            rows_total bigint NOT NULL,
            size_bytes bigint NOT NULL,
            sha256 text NOT NULL,
            problem text NOT NULL,
            attempts bigint NOT NULL,
            next_at timestamptz,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            finished_at timestamptz,
            expires_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_company_export_due ON company_export (next_at) WHERE next_at IS NOT NULL")
    for statement in protect("company_export", ROLES):
        op.execute(statement)
    op.execute(let_platform_read("company_export", ROLES))
    for statement in tenant_erasing(ROLES):
        op.execute(statement)
