"""The rights that imports and bulk jobs were started with, and what has been taken back since."""

from alembic import op
from chassis.job_rights import taken_back_tables
from chassis.schema import Roles

revision = "0008"
down_revision = "0007"

ROLES = Roles.of("contacts")


def upgrade() -> None:
    for statement in taken_back_tables(ROLES):
        op.execute(statement)
    for table in ("import_job", "bulk_job"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN started_rights jsonb NOT NULL DEFAULT '{{}}'")
