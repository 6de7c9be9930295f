"""Contacts and accounts shared by hand with a person or a team."""

from alembic import op
from chassis.record_shares import share_table
from chassis.schema import Roles

revision = "0009"
down_revision = "0008"

ROLES = Roles.of("contacts")


def upgrade() -> None:
    for statement in share_table(ROLES):
        op.execute(statement)
