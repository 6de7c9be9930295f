"""Pushed authorization requests, device codes, ids that may be used once, and keys of clients."""

from alembic import op
from chassis.schema import Roles
from gateway.identity.platform import protect_platform

revision = "0003"
down_revision = "0002"

ROLES = Roles.of("identity")

PLATFORM_TABLES = {
    "pushed_request": """
        CREATE TABLE pushed_request (
            request_hash bytea NOT NULL PRIMARY KEY,
            client_id text NOT NULL,
            parameters jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz
        )""",
    "device_code": """
        CREATE TABLE device_code (
            code_hash bytea NOT NULL PRIMARY KEY,
            user_code_hash bytea NOT NULL UNIQUE,
            client_id text NOT NULL,
            scopes text[] NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            poll_after timestamptz NOT NULL,
            interval_s bigint NOT NULL,
            decision text NOT NULL CHECK (decision IN ('pending', 'allowed', 'denied')),
            for_tenant uuid,
            user_id uuid,
            allowed_scopes text[] NOT NULL,
            authenticated_at timestamptz,
            used_at timestamptz,
            grant_id uuid NOT NULL,
            CHECK ((decision = 'allowed') = (for_tenant IS NOT NULL AND user_id IS NOT NULL))
        )""",
    "used_id": """
        CREATE TABLE used_id (
            id_hash bytea NOT NULL PRIMARY KEY,
            expires_at timestamptz NOT NULL
        )""",
}

INDEXES = (
    "CREATE INDEX ix_pushed_request_expires ON pushed_request (expires_at)",
    "CREATE INDEX ix_device_code_expires ON device_code (expires_at)",
    "CREATE INDEX ix_used_id_expires ON used_id (expires_at)",
)

COLUMNS = (
    "ALTER TABLE oauth_client ADD COLUMN jwks jsonb",
    "ALTER TABLE oauth_client ADD COLUMN requires_pushed boolean NOT NULL DEFAULT false",
)


def upgrade() -> None:
    for table, create in PLATFORM_TABLES.items():
        op.execute(create)
        for statement in protect_platform(table, ROLES):
            op.execute(statement)
    for statement in (*INDEXES, *COLUMNS):
        op.execute(statement)
