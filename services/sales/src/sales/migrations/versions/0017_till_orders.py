"""What tills have sold: numbers of receipts, what of a sale is to be looked at, and returns at the counter."""

from alembic import op

revision = "0017"
down_revision = "0016"

COLUMNS = [
    "ALTER TABLE register ADD COLUMN receipt_prefix text NOT NULL DEFAULT ''",
    """
    ALTER TABLE till_receipt
        ADD COLUMN return_id uuid,
        ADD COLUMN currency_code text NOT NULL DEFAULT '',
        ADD COLUMN card_number text NOT NULL DEFAULT '',
        ADD COLUMN agreed_by uuid,
        ADD COLUMN posted_by uuid,
        ADD COLUMN differences jsonb NOT NULL DEFAULT '[]'
    """,
]
INDEXES = [
    "CREATE UNIQUE INDEX uq_register_prefix ON register (tenant_id, receipt_prefix) WHERE receipt_prefix <> ''",
    "CREATE INDEX ix_till_receipt_flagged ON till_receipt (tenant_id, register_id, sequence) WHERE flags <> '{}'",
]


def upgrade() -> None:
    for statement in [*COLUMNS, *INDEXES]:
        op.execute(statement)
