"""Gift cards that came back with a return are void."""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE gift_card DROP CONSTRAINT gift_card_status_check")
    op.execute(
        "ALTER TABLE gift_card ADD CONSTRAINT gift_card_status_check"
        " CHECK (status IN ('active', 'blocked', 'expired', 'void')) NOT VALID"
    )
