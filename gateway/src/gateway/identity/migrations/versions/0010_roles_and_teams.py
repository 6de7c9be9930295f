"""Roles of a company's own, and teams that can be led, moved and deleted."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0010"
down_revision = "0009"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE role (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            name text NOT NULL,
            title text NOT NULL,
            description text NOT NULL,
            scopes text[] NOT NULL,
            visibility text NOT NULL CHECK (visibility IN ('own', 'team', 'all')),
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, name)
        )
        """
    )
    for statement in protect("role", ROLES):
        op.execute(statement)
    op.execute("ALTER TABLE tenant ADD COLUMN teams_version bigint NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE team ADD COLUMN lead_id uuid")
    op.execute("ALTER TABLE team ADD COLUMN deleted_at timestamptz")
    op.execute(
        "ALTER TABLE team ADD CONSTRAINT fk_team_lead FOREIGN KEY (tenant_id, lead_id) "
        "REFERENCES membership (tenant_id, user_id)"
    )
    # Tokens are made before the company is bound, and carry what role and teams allow.
    for table in ("role", "team"):
        op.execute(let_platform_read(table, ROLES))
    op.execute("CREATE INDEX ix_team_parent ON team (tenant_id, parent_id)")
    op.execute("CREATE INDEX ix_team_lead ON team (tenant_id, lead_id) WHERE lead_id IS NOT NULL")
    op.execute("CREATE INDEX ix_membership_role ON membership (tenant_id, role)")
    op.execute("CREATE INDEX ix_membership_team ON membership (tenant_id, team_id)")
