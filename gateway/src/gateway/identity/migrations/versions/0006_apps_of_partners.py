"""Apps of partners: their review, what companies let them do, and tokens to register them."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0006"
down_revision = "0005"

ROLES = Roles.of("identity")

COLUMNS = (
    """
    ALTER TABLE oauth_client
        ADD COLUMN status text NOT NULL DEFAULT 'draft'
            CHECK (status IN ('draft', 'in_review', 'published', 'suspended', 'revoked')),
        ADD COLUMN description text NOT NULL DEFAULT '',
        ADD COLUMN homepage_url text NOT NULL DEFAULT '',
        ADD COLUMN review_note text NOT NULL DEFAULT '',
        ADD COLUMN visibility text NOT NULL DEFAULT 'all' CHECK (visibility IN ('own', 'all'))
    """,
)

TABLES = {
    "app_grant": """
        CREATE TABLE app_grant (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            client_id text NOT NULL,
            scopes text[] NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            revoked_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        )""",
    "registration_token": """
        CREATE TABLE registration_token (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            token_hash bytea NOT NULL,
            scopes text[] NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            expires_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )""",
}

INDEXES = (
    "CREATE UNIQUE INDEX ix_app_grant_client ON app_grant (tenant_id, client_id) WHERE revoked_at IS NULL",
    "CREATE INDEX ix_app_grant_oldest ON app_grant (tenant_id, created_at, id) WHERE revoked_at IS NULL",
    "CREATE INDEX ix_registration_token_hash ON registration_token (token_hash)",
    "CREATE INDEX ix_oauth_client_review ON oauth_client (status, updated_at, id) WHERE deleted_at IS NULL",
)


def upgrade() -> None:
    for statement in COLUMNS:
        op.execute(statement)
    for table, create in TABLES.items():
        op.execute(create)
        for statement in protect(table, ROLES):
            op.execute(statement)
        op.execute(let_platform_read(table, ROLES))
    op.execute("ALTER TABLE oauth_client ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now()")
    for statement in INDEXES:
        op.execute(statement)
