"""Lets the platform read where companies live, for operators."""

from alembic import op
from chassis.schema import Roles
from gateway.identity.platform import let_platform_read

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute(let_platform_read("placement", Roles.of("identity")))
