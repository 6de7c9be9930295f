"""The first tables of identity: companies and their people and clients, and the platform's own rows."""

from alembic import op
from chassis.schema import Roles, frame, protect

revision = "0001"
down_revision = None

ROLES = Roles.of("identity")
PLATFORM = "(select current_setting('app.platform', true)) = 'on'"

TENANT_TABLES = {
    "tenant": """
        CREATE TABLE tenant (
            tenant_id uuid NOT NULL PRIMARY KEY,
            slug text NOT NULL,
            name text NOT NULL,
            status text NOT NULL
                CHECK (status IN ('trial', 'active', 'past_due', 'suspended', 'closing', 'deleted')),
            country_code text NOT NULL,
            currency_code text NOT NULL,
            time_zone text NOT NULL,
            locale text NOT NULL,
            accent_color text NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )""",
    "placement": """
        CREATE TABLE placement (
            tenant_id uuid NOT NULL PRIMARY KEY REFERENCES tenant (tenant_id),
            kind text NOT NULL CHECK (kind IN ('pooled', 'dedicated')),
            database_name text NOT NULL,
            version bigint NOT NULL,
            updated_at timestamptz NOT NULL,
            CHECK ((kind = 'dedicated') = (database_name <> ''))
        )""",
    "team": """
        CREATE TABLE team (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            parent_id uuid,
            name text NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, parent_id) REFERENCES team (tenant_id, id)
        )""",
    "membership": """
        CREATE TABLE membership (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            user_id uuid NOT NULL,
            email text NOT NULL,
            full_name text NOT NULL,
            locale text NOT NULL,
            role text NOT NULL,
            team_id uuid,
            status text NOT NULL CHECK (status IN ('invited', 'active', 'suspended', 'deactivated')),
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, user_id),
            UNIQUE (tenant_id, email),
            FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
        )""",
    "oauth_client": """
        CREATE TABLE oauth_client (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            client_id text NOT NULL,
            secret_hash bytea,
            name text NOT NULL,
            redirect_uris text[] NOT NULL,
            scopes text[] NOT NULL,
            grant_types text[] NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            deleted_at timestamptz,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, client_id)
        )""",
    "oauth_grant": """
        CREATE TABLE oauth_grant (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            client_id text NOT NULL,
            user_id uuid NOT NULL,
            scopes text[] NOT NULL,
            authenticated_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            revoked_at timestamptz,
            revoked_for text NOT NULL DEFAULT '',
            PRIMARY KEY (tenant_id, id)
        )""",
}

# The log-in must list a person's companies, and a token request names its client before any company is known.
READ_BY_PLATFORM = ("tenant", "membership", "oauth_client", "oauth_grant")

PLATFORM_TABLES = {
    "user_account": """
        CREATE TABLE user_account (
            id uuid NOT NULL PRIMARY KEY,
            email text NOT NULL UNIQUE,
            full_name text NOT NULL,
            locale text NOT NULL,
            password_hash text NOT NULL,
            status text NOT NULL CHECK (status IN ('active', 'suspended')),
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            password_changed_at timestamptz NOT NULL
        )""",
    "tenant_slug": """
        CREATE TABLE tenant_slug (
            slug text NOT NULL PRIMARY KEY,
            for_tenant uuid NOT NULL
        )""",
    "session": """
        CREATE TABLE session (
            token_hash bytea NOT NULL PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES user_account (id),
            for_tenant uuid NOT NULL,
            created_at timestamptz NOT NULL,
            authenticated_at timestamptz NOT NULL,
            last_seen_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL
        )""",
    "authorization_code": """
        CREATE TABLE authorization_code (
            code_hash bytea NOT NULL PRIMARY KEY,
            client_id text NOT NULL,
            for_tenant uuid NOT NULL,
            user_id uuid NOT NULL,
            redirect_uri text NOT NULL,
            scopes text[] NOT NULL,
            code_challenge text NOT NULL,
            nonce text NOT NULL,
            authenticated_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            consumed_at timestamptz,
            grant_id uuid NOT NULL
        )""",
    "refresh_token": """
        CREATE TABLE refresh_token (
            token_hash bytea NOT NULL PRIMARY KEY,
            for_tenant uuid NOT NULL,
            grant_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz
        )""",
    "signing_key": """
        CREATE TABLE signing_key (
            kid text NOT NULL PRIMARY KEY,
            public_jwk jsonb NOT NULL,
            private_jwe text NOT NULL,
            created_at timestamptz NOT NULL,
            replaced_at timestamptz
        )""",
    "attempt": """
        CREATE TABLE attempt (
            key_hash bytea NOT NULL PRIMARY KEY,
            window_ends_at timestamptz NOT NULL,
            attempts bigint NOT NULL
        )""",
}

INDEXES = (
    "CREATE INDEX ix_membership_user ON membership (user_id)",
    "CREATE INDEX ix_membership_oldest ON membership (tenant_id, created_at, user_id)",
    "CREATE INDEX ix_oauth_client_client ON oauth_client (client_id)",
    "CREATE INDEX ix_oauth_client_oldest ON oauth_client (tenant_id, created_at, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_oauth_grant_client ON oauth_grant (tenant_id, client_id)",
    "CREATE INDEX ix_oauth_grant_user ON oauth_grant (tenant_id, user_id)",
    "CREATE INDEX ix_session_user ON session (user_id)",
    "CREATE INDEX ix_session_expires ON session (expires_at)",
    "CREATE INDEX ix_authorization_code_expires ON authorization_code (expires_at)",
    "CREATE INDEX ix_refresh_token_expires ON refresh_token (expires_at)",
    "CREATE INDEX ix_attempt_ends ON attempt (window_ends_at)",
)


def platform_only(table: str) -> list[str]:
    """Forced row-level security that lets only transactions bound to the platform at a table."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY platform ON {table} TO {ROLES.app} USING ({PLATFORM}) WITH CHECK ({PLATFORM})",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLES.app}",
    ]


def upgrade() -> None:
    for statement in frame(ROLES):
        op.execute(statement)
    for table, create in TENANT_TABLES.items():
        op.execute(create)
        for statement in protect(table, ROLES):
            op.execute(statement)
    for table in READ_BY_PLATFORM:
        op.execute(f"CREATE POLICY platform_read ON {table} FOR SELECT TO {ROLES.app} USING ({PLATFORM})")
    for table, create in PLATFORM_TABLES.items():
        op.execute(create)
        for statement in platform_only(table):
            op.execute(statement)
    for statement in INDEXES:
        op.execute(statement)
