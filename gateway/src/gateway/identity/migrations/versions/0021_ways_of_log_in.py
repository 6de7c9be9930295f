"""How a person had logged in when an app was allowed, for the claim amr of id_tokens."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    for table in ("authorization_code", "device_code", "oauth_grant"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN amr text[] NOT NULL DEFAULT '{{}}'")
