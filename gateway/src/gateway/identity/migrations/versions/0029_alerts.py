"""Reports that are sent only when a figure has come to lie above or below a value."""

from alembic import op

revision = "0029"
down_revision = "0028"

STATES = "'waiting', 'sent', 'quiet', 'failed', 'paused'"


def upgrade() -> None:
    op.execute("ALTER TABLE report_schedule ADD COLUMN condition jsonb")
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE report_run DROP CONSTRAINT report_run_state_check")
    op.execute(
        "-- squawk-ignore adding-not-nullable-field, constraint-missing-not-valid\n"
        f"ALTER TABLE report_run ADD CONSTRAINT report_run_state_check CHECK (state IN ({STATES}))"
    )
