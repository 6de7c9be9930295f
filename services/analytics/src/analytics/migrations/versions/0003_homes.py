"""Lets the database say which tenants live in it, so that one can be moved while it is in use."""

from alembic import op
from chassis.schema import Roles, homes

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for statement in homes(Roles.of("analytics")):
        op.execute(statement)
