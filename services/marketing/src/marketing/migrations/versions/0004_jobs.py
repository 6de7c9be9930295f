"""Jobs, and timers that wake them."""

from alembic import op
from chassis.jobs_schema import job_tables, timer_function
from chassis.schema import Roles

revision = "0004"
down_revision = "0003"

ROLES = Roles.of("marketing")


def upgrade() -> None:
    for statement in [*job_tables(ROLES), *timer_function(ROLES)]:
        op.execute(statement)
