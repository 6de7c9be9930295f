"""Mails to be sent."""

from alembic import op
from chassis.schema import Roles
from gateway.identity.platform import protect_platform

revision = "0002"
down_revision = "0001"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE outgoing_mail (
            id uuid NOT NULL PRIMARY KEY,
            kind text NOT NULL,
            state text NOT NULL CHECK (state IN ('waiting', 'refused')),
            sealed text NOT NULL,
            attempts bigint NOT NULL,
            created_at timestamptz NOT NULL,
            next_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            error text NOT NULL DEFAULT ''
        )
        """
    )
    for statement in protect_platform("outgoing_mail", ROLES):
        op.execute(statement)
    op.execute("CREATE INDEX ix_outgoing_mail_due ON outgoing_mail (next_at) WHERE state = 'waiting'")
