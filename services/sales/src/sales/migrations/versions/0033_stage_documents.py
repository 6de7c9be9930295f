"""Documents that help with a deal in a stage."""

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.execute("ALTER TABLE stage ADD COLUMN document_ids uuid[] NOT NULL DEFAULT '{}'")
