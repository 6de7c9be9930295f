"""Keys that codes and refresh tokens are bound to (DPoP), and clients that always bind their tokens."""

from alembic import op

revision = "0014"
down_revision = "0013"

COLUMNS = (
    "ALTER TABLE oauth_client ADD COLUMN binds_tokens boolean NOT NULL DEFAULT false",
    "ALTER TABLE authorization_code ADD COLUMN key_thumbprint text NOT NULL DEFAULT ''",
    "ALTER TABLE oauth_grant ADD COLUMN key_thumbprint text NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    for statement in COLUMNS:
        op.execute(statement)
