"""Reports that are sent regularly, and the times that they were due."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0027"
down_revision = "0026"

ROLES = Roles.of("identity")

TABLES = {
    "report_schedule": """
        CREATE TABLE report_schedule (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            name text NOT NULL,
            report text NOT NULL,
            format text NOT NULL CHECK (format IN ('csv', 'xlsx', 'pdf')),
            every text NOT NULL CHECK (every IN ('day', 'week', 'month')),
            weekday bigint NOT NULL CHECK (weekday BETWEEN 0 AND 7),
            month_day bigint NOT NULL CHECK (month_day BETWEEN 0 AND 31),
            hour bigint NOT NULL CHECK (hour BETWEEN 0 AND 23),
            time_zone text NOT NULL,
            recipient_ids jsonb NOT NULL,
            owner_id uuid NOT NULL,
            paused boolean NOT NULL,
            paused_reason text NOT NULL,
            next_at timestamptz,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id),
            CHECK (paused = (next_at IS NULL))
        )
    """,
    "report_run": """
        CREATE TABLE report_run (
            tenant_id uuid NOT NULL,
            schedule_id uuid NOT NULL,
            due_at timestamptz NOT NULL,
            state text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'paused')),
            reason text NOT NULL,
            attempts bigint NOT NULL,
            recipients bigint NOT NULL,
            size_bytes bigint NOT NULL,
            next_at timestamptz,
            started_at timestamptz NOT NULL,
            ended_at timestamptz,
            PRIMARY KEY (tenant_id, schedule_id, due_at),
            FOREIGN KEY (tenant_id, schedule_id) REFERENCES report_schedule (tenant_id, id) ON DELETE CASCADE,
            CHECK ((state = 'waiting') = (next_at IS NOT NULL))
        )
    """,
}
INDEXES = (
    "CREATE INDEX ix_report_schedule_owner ON report_schedule (tenant_id, owner_id, id DESC)",
    "CREATE INDEX ix_report_schedule_due ON report_schedule (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX ix_report_run_due ON report_run (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX ix_report_run_ended ON report_run (ended_at)",
)


def upgrade() -> None:
    for name, statement in TABLES.items():
        for one in (statement, *protect(name, ROLES), let_platform_read(name, ROLES)):
            op.execute(one)
    for index in INDEXES:
        op.execute(index)
