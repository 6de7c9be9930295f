"""The frame's tables. The facts themselves live in the columnar store."""

from alembic import op
from chassis.schema import Roles, frame

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in frame(Roles.of("analytics")):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only; restore a backup to go back")
