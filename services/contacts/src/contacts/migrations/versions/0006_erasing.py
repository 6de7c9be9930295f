"""Lets the worker erase a company that was closed."""

from alembic import op
from chassis.schema import Roles, tenant_erasing

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for statement in tenant_erasing(Roles.of("contacts")):
        op.execute(statement)
