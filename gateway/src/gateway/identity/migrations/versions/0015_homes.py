"""Lets transactions of identity begin as everywhere, although identity itself is never moved."""

from alembic import op
from chassis.schema import Roles, homes

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    for statement in homes(Roles.of("identity")):
        op.execute(statement)
