"""Whom names and addresses of a file may mean, while it is checked."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute("ALTER TABLE sales_import ADD COLUMN owners jsonb NOT NULL DEFAULT '{}'")
