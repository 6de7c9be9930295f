"""Secret addresses at which people's calendars are read."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0028"
down_revision = "0027"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE calendar_feed (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            user_id uuid NOT NULL,
            secret_hash bytea NOT NULL,
            made_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, user_id),
            UNIQUE (tenant_id, secret_hash)
        )
        """
    )
    for statement in protect("calendar_feed", ROLES):
        op.execute(statement)
