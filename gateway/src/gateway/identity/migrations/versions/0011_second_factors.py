"""Second factors of accounts, and what a person recognises a session by."""

from alembic import op
from chassis.schema import Roles
from gateway.identity.platform import protect_platform

revision = "0011"
down_revision = "0010"

ROLES = Roles.of("identity")
TABLES = {
    "totp": """
        CREATE TABLE totp (
            user_id uuid NOT NULL PRIMARY KEY REFERENCES user_account (id),
            sealed text NOT NULL,
            last_step bigint NOT NULL,
            created_at timestamptz NOT NULL,
            confirmed_at timestamptz
        )""",
    "recovery_code": """
        CREATE TABLE recovery_code (
            user_id uuid NOT NULL REFERENCES user_account (id),
            code_hash bytea NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (user_id, code_hash)
        )""",
    "passkey": """
        CREATE TABLE passkey (
            credential_id bytea NOT NULL PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES user_account (id),
            public_key bytea NOT NULL,
            sign_count bigint NOT NULL,
            name text NOT NULL,
            backed_up boolean NOT NULL,
            created_at timestamptz NOT NULL,
            last_used_at timestamptz
        )""",
    "passkey_challenge": """
        CREATE TABLE passkey_challenge (
            challenge_hash bytea NOT NULL PRIMARY KEY,
            purpose text NOT NULL,
            user_id uuid REFERENCES user_account (id),
            expires_at timestamptz NOT NULL
        )""",
}


def upgrade() -> None:
    for table, create in TABLES.items():
        op.execute(create)
        for statement in protect_platform(table, ROLES):
            op.execute(statement)
    op.execute("CREATE INDEX ix_passkey_user ON passkey (user_id)")
    op.execute("CREATE INDEX ix_passkey_challenge_expires ON passkey_challenge (expires_at)")
    op.execute("ALTER TABLE session ADD COLUMN amr text[] NOT NULL DEFAULT '{pwd}'")
    op.execute("ALTER TABLE session ADD COLUMN address text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE session ADD COLUMN user_agent text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE tenant ADD COLUMN second_factor_required boolean NOT NULL DEFAULT false")
