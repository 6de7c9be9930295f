"""What sellers do and have to do, their goals, and how the forecast stood day by day."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0012"
down_revision = "0011"

ROLES = Roles.of("sales")

RECORD = """
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    custom jsonb NOT NULL DEFAULT '{}',
    external_ids jsonb NOT NULL DEFAULT '{}'
"""

TABLES = {
    "sales_activity": f"""
        CREATE TABLE sales_activity (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('task', 'meeting', 'call', 'note')),
            title text NOT NULL,
            body text NOT NULL,
            status text NOT NULL CHECK (status IN ('not_started', 'in_progress', 'completed', 'deferred',
                'canceled', 'planned', 'held', 'not_held', 'noted')),
            open boolean NOT NULL,
            priority text NOT NULL CHECK (priority IN ('high', 'normal', 'low')),
            deal_id uuid,
            lead_id uuid,
            contact_id uuid,
            account_id uuid,
            due_at timestamptz,
            minutes integer NOT NULL CHECK (minutes >= 0),
            location text NOT NULL,
            remind_at timestamptz,
            outcome text NOT NULL,
            completed_at timestamptz,
            owner_id uuid,
            team_id uuid,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "goal": f"""
        CREATE TABLE goal (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            user_id uuid,
            team_id uuid,
            pipeline_id uuid,
            metric text NOT NULL CHECK (metric IN ('amount_won', 'deals_won', 'activities_done')),
            period text NOT NULL CHECK (period IN ('month', 'quarter')),
            starts_on date NOT NULL,
            ends_before date NOT NULL,
            target bigint NOT NULL CHECK (target > 0),
            {RECORD},
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id)
        )""",
    "forecast_turn": """
        CREATE TABLE forecast_turn (
            tenant_id uuid NOT NULL,
            last_day date,
            PRIMARY KEY (tenant_id)
        )""",
    "forecast_snapshot": """
        CREATE TABLE forecast_snapshot (
            tenant_id uuid NOT NULL,
            day date NOT NULL,
            id uuid NOT NULL,
            pipeline_id uuid NOT NULL,
            currency_code text NOT NULL,
            commit_minor bigint NOT NULL,
            best_case_minor bigint NOT NULL,
            pipeline_minor bigint NOT NULL,
            weighted_minor bigint NOT NULL,
            open_count integer NOT NULL,
            owner_id uuid,
            team_id uuid,
            PRIMARY KEY (tenant_id, day, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_sales_activity_bin ON sales_activity (tenant_id, deleted_at DESC, id DESC)",
    "CREATE INDEX ix_sales_activity_contact ON sales_activity (tenant_id, contact_id)",
    """
    CREATE INDEX ix_sales_activity_day ON sales_activity (tenant_id, owner_id, open, due_at, id) WHERE
    deleted_at IS NULL
    """,
    "CREATE INDEX ix_sales_activity_deal ON sales_activity (tenant_id, deal_id, open, due_at) WHERE deleted_at IS NULL",
    """
    CREATE INDEX ix_sales_activity_done ON sales_activity (tenant_id, owner_id, completed_at) WHERE
    deleted_at IS NULL
    """,
    "CREATE INDEX ix_sales_activity_lead ON sales_activity (tenant_id, lead_id) WHERE deleted_at IS NULL",
    """
    CREATE INDEX ix_sales_activity_newest ON sales_activity (tenant_id, created_at DESC, id DESC) WHERE
    deleted_at IS NULL
    """,
    """
    CREATE INDEX ix_sales_activity_updated ON sales_activity (tenant_id, updated_at DESC, id DESC) WHERE
    deleted_at IS NULL
    """,
    "CREATE INDEX ix_goal_newest ON goal (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_goal_start ON goal (tenant_id, starts_on, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_goal_updated ON goal (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_won ON deal (tenant_id, closed_at) WHERE status = 'won'",
]


def upgrade() -> None:
    op.execute("ALTER TABLE deal ADD COLUMN last_activity_at timestamptz")
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
