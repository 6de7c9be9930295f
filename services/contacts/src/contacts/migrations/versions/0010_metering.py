"""What companies use of their plans, and what these allow."""

from alembic import op
from chassis.metering import metering_tables
from chassis.schema import Roles

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for statement in metering_tables(Roles.of("contacts")):
        op.execute(statement)
