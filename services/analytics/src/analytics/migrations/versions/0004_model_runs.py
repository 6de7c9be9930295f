"""Runs of models, what they say of customers, and the jobs that run them."""

from alembic import op
from chassis.jobs_schema import job_tables, timer_function
from chassis.schema import Roles, protect

revision = "0004"
down_revision = "0003"

ROLES = Roles.of("analytics")

TABLES = {
    "model_run": """
        CREATE TABLE model_run (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL,
            state text NOT NULL CHECK (state IN ('scheduled', 'training', 'active', 'superseded', 'failed')),
            parameters jsonb NOT NULL,
            as_of date NOT NULL,
            reason text NOT NULL,
            figures jsonb NOT NULL,
            result bytea NOT NULL,
            requested_by uuid NOT NULL,
            requested_at timestamptz NOT NULL,
            started_at timestamptz,
            finished_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        )""",
    "model_score": """
        CREATE TABLE model_score (
            tenant_id uuid NOT NULL,
            run_id uuid NOT NULL,
            customer_id uuid NOT NULL,
            customer_kind text NOT NULL CHECK (customer_kind IN ('account', 'contact')),
            band text NOT NULL,
            score bigint NOT NULL,
            figures jsonb NOT NULL,
            PRIMARY KEY (tenant_id, run_id, customer_id),
            FOREIGN KEY (tenant_id, run_id) REFERENCES model_run (tenant_id, id)
        )""",
}
UNFINISHED = "WHERE state IN ('scheduled', 'training')"
INDEXES = (
    "CREATE INDEX ix_model_run_newest ON model_run (tenant_id, id DESC)",
    "CREATE INDEX ix_model_run_kind ON model_run (tenant_id, kind, id DESC)",
    f"CREATE UNIQUE INDEX uq_model_run_unfinished ON model_run (tenant_id, kind) {UNFINISHED}",
    "CREATE UNIQUE INDEX uq_model_run_active ON model_run (tenant_id, kind) WHERE state = 'active'",
    "CREATE INDEX ix_model_score_highest ON model_score (tenant_id, run_id, score DESC, customer_id)",
    "CREATE INDEX ix_model_score_band ON model_score (tenant_id, run_id, band, score DESC, customer_id)",
)


def upgrade() -> None:
    for statement in (*job_tables(ROLES), *timer_function(ROLES)):
        op.execute(statement)
    for name, statement in TABLES.items():
        for one in (statement, *protect(name, ROLES)):
            op.execute(one)
    for index in INDEXES:
        op.execute(index)
