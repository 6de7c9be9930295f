"""The frame's tables and the customers of support."""

from alembic import op
from chassis.schema import Roles, frame
from customer_projection.schema import customer_tables

revision = "0001"
down_revision = None

ROLES = Roles.of("support")


def upgrade() -> None:
    for statement in [*customer_tables(ROLES), *frame(ROLES)]:
        op.execute(statement)
