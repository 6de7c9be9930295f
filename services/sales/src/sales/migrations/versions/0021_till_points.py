"""What a sale at a till did to points, as its receipt says it."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.execute("ALTER TABLE till_receipt ADD COLUMN points jsonb NOT NULL DEFAULT '{}'")
