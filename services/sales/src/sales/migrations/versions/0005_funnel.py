"""Pipelines, stages, deals and the way each has gone."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0005"
down_revision = "0004"

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
    "pipeline": f"""
        CREATE TABLE pipeline (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            position integer NOT NULL,
            after_sales boolean NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "stage": f"""
        CREATE TABLE stage (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            pipeline_id uuid NOT NULL,
            name text NOT NULL,
            position integer NOT NULL,
            category text NOT NULL CHECK (category IN ('open', 'won', 'lost')),
            probability integer NOT NULL CHECK (probability BETWEEN 0 AND 100),
            forecast_category text NOT NULL CHECK (forecast_category IN ('pipeline', 'best_case', 'commit',
                'omitted')),
            entry_criteria text[] NOT NULL,
            rot_days integer NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id)
        )""",
    "deal": f"""
        CREATE TABLE deal (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            account_id uuid,
            contacts jsonb NOT NULL,
            pipeline_id uuid NOT NULL,
            stage_id uuid NOT NULL,
            status text NOT NULL CHECK (status IN ('open', 'won', 'lost')),
            amount_currency text NOT NULL,
            amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
            home_amount_currency text NOT NULL,
            home_amount_minor bigint NOT NULL,
            expected_close_date date NOT NULL,
            probability integer NOT NULL CHECK (probability BETWEEN 0 AND 100),
            own_probability boolean NOT NULL,
            forecast_category text NOT NULL CHECK (forecast_category IN ('pipeline', 'best_case', 'commit',
                'omitted')),
            own_forecast boolean NOT NULL,
            source text NOT NULL,
            lead_id uuid,
            campaign_id uuid,
            next_step text NOT NULL,
            need_ids uuid[] NOT NULL,
            description text NOT NULL,
            lost_reason text NOT NULL,
            lost_note text NOT NULL,
            stage_entered_at timestamptz NOT NULL,
            closed_at timestamptz,
            tags text[] NOT NULL,
            owner_id uuid,
            team_id uuid,
            {RECORD},
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, pipeline_id) REFERENCES pipeline (tenant_id, id),
            FOREIGN KEY (tenant_id, stage_id) REFERENCES stage (tenant_id, id)
        )""",
    "deal_contact": """
        CREATE TABLE deal_contact (
            tenant_id uuid NOT NULL,
            contact_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            PRIMARY KEY (tenant_id, contact_id, deal_id),
            FOREIGN KEY (tenant_id, deal_id) REFERENCES deal (tenant_id, id)
        )""",
    "stage_step": """
        CREATE TABLE stage_step (
            tenant_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            id uuid NOT NULL,
            from_stage_id uuid,
            to_stage_id uuid NOT NULL,
            entered_at timestamptz NOT NULL,
            seconds_before bigint NOT NULL,
            moved_by uuid NOT NULL,
            reason text NOT NULL,
            amount_currency text NOT NULL,
            amount_minor bigint NOT NULL,
            PRIMARY KEY (tenant_id, deal_id, id),
            FOREIGN KEY (tenant_id, deal_id) REFERENCES deal (tenant_id, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_pipeline_name ON pipeline (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_pipeline_newest ON pipeline (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_pipeline_place ON pipeline (tenant_id, position, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_pipeline_updated ON pipeline (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_stage_newest ON stage (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_stage_pipeline ON stage (tenant_id, pipeline_id, position, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_stage_place ON stage (tenant_id, position, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_stage_updated ON stage (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_account ON deal (tenant_id, account_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_amount ON deal (tenant_id, amount_minor DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_bin ON deal (tenant_id, deleted_at DESC, id DESC)",
    "CREATE INDEX ix_deal_close ON deal (tenant_id, expected_close_date, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_entered ON deal (tenant_id, stage_entered_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_name ON deal (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_newest ON deal (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_owner ON deal (tenant_id, owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_stage ON deal (tenant_id, stage_id, stage_entered_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_updated ON deal (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_worth ON deal (tenant_id, home_amount_minor DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_deal_contact_deal ON deal_contact (tenant_id, deal_id)",
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
