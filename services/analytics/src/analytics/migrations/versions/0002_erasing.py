"""Lets the worker erase a company that was closed."""

from alembic import op
from chassis.schema import Roles, tenant_erasing

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for statement in tenant_erasing(Roles.of("analytics")):
        op.execute(statement)
