"""Custom fields: their definitions, and the index tables of their values."""

from alembic import op
from chassis.custom_values import custom_tables
from chassis.schema import Roles

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for statement in custom_tables(Roles.of("contacts")):
        op.execute(statement)
