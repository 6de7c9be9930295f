"""Deals and leads shared by hand with a person or a team."""

from alembic import op
from chassis.record_shares import share_table
from chassis.schema import Roles

revision = "0028"
down_revision = "0027"

ROLES = Roles.of("sales")


def upgrade() -> None:
    for statement in share_table(ROLES):
        op.execute(statement)
