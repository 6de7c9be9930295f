"""Provisioning by SCIM: tokens of a company's directory, what it says of people, and its groups."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0016"
down_revision = "0015"

ROLES = Roles.of("identity")
TABLES = {
    "scim_token": """
        CREATE TABLE scim_token (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            token_hash bytea NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            expires_at timestamptz NOT NULL,
            last_used_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        )""",
    "scim_user": """
        CREATE TABLE scim_user (
            tenant_id uuid NOT NULL,
            user_id uuid NOT NULL,
            user_name text NOT NULL,
            user_name_key text NOT NULL,
            external_id text,
            display_name text,
            formatted_name text,
            family_name text,
            given_name text,
            version bigint NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, user_id),
            UNIQUE (tenant_id, user_name_key),
            UNIQUE (tenant_id, external_id),
            FOREIGN KEY (tenant_id, user_id) REFERENCES membership (tenant_id, user_id)
        )""",
    "scim_group": """
        CREATE TABLE scim_group (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            display_name text NOT NULL,
            name_key text NOT NULL,
            external_id text,
            role text NOT NULL,
            team_id uuid,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, name_key),
            UNIQUE (tenant_id, external_id)
        )""",
    "scim_group_member": """
        CREATE TABLE scim_group_member (
            tenant_id uuid NOT NULL,
            group_id uuid NOT NULL,
            user_id uuid NOT NULL,
            PRIMARY KEY (tenant_id, group_id, user_id),
            FOREIGN KEY (tenant_id, group_id) REFERENCES scim_group (tenant_id, id) ON DELETE CASCADE,
            FOREIGN KEY (tenant_id, user_id) REFERENCES membership (tenant_id, user_id)
        )""",
}


def upgrade() -> None:
    for table, create in TABLES.items():
        op.execute(create)
        for statement in protect(table, ROLES):
            op.execute(statement)
    # A directory shows its token before any company is known.
    op.execute(let_platform_read("scim_token", ROLES))
    op.execute("CREATE INDEX ix_scim_token_hash ON scim_token (token_hash)")
    op.execute("CREATE INDEX ix_scim_group_member_user ON scim_group_member (tenant_id, user_id)")
    op.execute("CREATE INDEX ix_membership_email ON membership (tenant_id, email)")
