"""Fields of records that a company's own roles hide or lock."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE role ADD COLUMN hidden_fields text[] NOT NULL DEFAULT '{}',
            ADD COLUMN read_only_fields text[] NOT NULL DEFAULT '{}'
        """
    )
