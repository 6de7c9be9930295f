"""Signing keys that are published before they are used, and the memory that there were keys."""

from alembic import op
from chassis.schema import Roles
from gateway.identity.platform import protect_platform

revision = "0008"
down_revision = "0007"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute("ALTER TABLE signing_key ADD COLUMN use_from timestamptz NOT NULL DEFAULT now()")
    op.execute("CREATE TABLE key_store (name text NOT NULL PRIMARY KEY, made_at timestamptz NOT NULL)")
    for statement in protect_platform("key_store", ROLES):
        op.execute(statement)
