"""Lets the worker know which companies there are, so that it can rebuild what belongs to each."""

from alembic import op
from chassis.schema import Roles

revision = "0003"
down_revision = "0002"

ROLES = Roles.of("contacts")


def upgrade() -> None:
    op.execute(f"CREATE POLICY directory ON tenant_profile FOR SELECT TO {ROLES.relay} USING (true)")
    op.execute(f"GRANT SELECT (tenant_id) ON tenant_profile TO {ROLES.relay}")
