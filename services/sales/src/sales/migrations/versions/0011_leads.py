"""Leads, the rules by which they are given away, needs, and what the plan counts of sales."""

from alembic import op
from chassis.metering import metering_tables
from chassis.schema import Roles, protect

revision = "0011"
down_revision = "0010"

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
    "lead": f"""
        CREATE TABLE lead (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            given_name text NOT NULL,
            family_name text NOT NULL,
            company_name text NOT NULL,
            company_key text COLLATE "C" NOT NULL,
            job_title text NOT NULL,
            email text NOT NULL,
            email_key text COLLATE "C" NOT NULL,
            phone text NOT NULL,
            phone_key text COLLATE "C" NOT NULL,
            website text NOT NULL,
            country_code text NOT NULL,
            language text NOT NULL,
            industry text NOT NULL,
            description text NOT NULL,
            source text NOT NULL,
            form_id uuid,
            campaign_id uuid,
            status text NOT NULL CHECK (status IN ('new', 'assigned', 'contacted', 'qualified', 'nurturing',
                'unqualified', 'converted')),
            rating text NOT NULL CHECK (rating IN ('', 'hot', 'warm', 'cold')),
            score integer NOT NULL,
            budget_currency text NOT NULL,
            budget_minor bigint NOT NULL CHECK (budget_minor >= 0),
            authority text NOT NULL CHECK (authority IN ('', 'decision_maker', 'economic_buyer', 'champion',
                'influencer', 'user', 'unknown')),
            need text NOT NULL,
            timing text NOT NULL CHECK (timing IN ('', 'now', 'this_quarter', 'this_year', 'later', 'unknown')),
            completeness integer NOT NULL,
            product_ids uuid[] NOT NULL,
            assigned_by_rule_id uuid,
            assignment_reason text NOT NULL,
            assigned_at timestamptz,
            nurture_until date,
            disqualify_reason text NOT NULL,
            disqualify_note text NOT NULL,
            contact_id uuid,
            account_id uuid,
            deal_id uuid,
            converted_at timestamptz,
            tags text[] NOT NULL,
            owner_id uuid,
            team_id uuid,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "lead_rule": f"""
        CREATE TABLE lead_rule (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            position integer NOT NULL,
            active boolean NOT NULL,
            condition text NOT NULL,
            method text NOT NULL CHECK (method IN ('round_robin', 'least_busy')),
            team_id uuid,
            user_ids uuid[] NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "lead_turn": """
        CREATE TABLE lead_turn (
            tenant_id uuid NOT NULL,
            rule_id uuid NOT NULL,
            given bigint NOT NULL,
            last_user_id uuid,
            PRIMARY KEY (tenant_id, rule_id)
        )""",
    "colleague": """
        CREATE TABLE colleague (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            team_id uuid,
            active boolean NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )""",
    "need": f"""
        CREATE TABLE need (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            statement text NOT NULL,
            priority text NOT NULL CHECK (priority IN ('must', 'should', 'could')),
            budget_currency text NOT NULL,
            budget_minor bigint NOT NULL CHECK (budget_minor >= 0),
            timeframe text NOT NULL CHECK (timeframe IN ('', 'now', 'this_quarter', 'this_year', 'later',
                'unknown')),
            product_ids uuid[] NOT NULL,
            description text NOT NULL,
            contact_id uuid,
            account_id uuid,
            lead_id uuid,
            deal_id uuid,
            status text NOT NULL CHECK (status IN ('identified', 'validated', 'addressed', 'dropped')),
            drop_reason text NOT NULL,
            owner_id uuid,
            team_id uuid,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_need_bin ON need (tenant_id, deleted_at DESC, id DESC)",
    "CREATE INDEX ix_need_budget ON need (tenant_id, budget_minor DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_need_contact ON need (tenant_id, contact_id)",
    "CREATE INDEX ix_need_deal ON need (tenant_id, deal_id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_need_lead ON need (tenant_id, lead_id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_need_newest ON need (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_need_owner ON need (tenant_id, owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_need_updated ON need (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_bin ON lead (tenant_id, deleted_at DESC, id DESC)",
    "CREATE INDEX ix_lead_budget ON lead (tenant_id, budget_minor DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_company ON lead (tenant_id, company_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_completeness ON lead (tenant_id, completeness DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_contact ON lead (tenant_id, contact_id)",
    "CREATE INDEX ix_lead_email ON lead (tenant_id, email_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_newest ON lead (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_owner ON lead (tenant_id, owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_phone ON lead (tenant_id, phone_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_score ON lead (tenant_id, score DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_status ON lead (tenant_id, status, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_updated ON lead (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_rule_name ON lead_rule (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_rule_newest ON lead_rule (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_rule_place ON lead_rule (tenant_id, position, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_lead_rule_updated ON lead_rule (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_colleague_team ON colleague (tenant_id, team_id, id)",
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES, *metering_tables(ROLES)]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
    # The nightly count asks which companies there are.
    op.execute(f"CREATE POLICY directory ON sales_profile FOR SELECT TO {ROLES.relay} USING (true)")
    op.execute(f"GRANT SELECT (tenant_id) ON sales_profile TO {ROLES.relay}")
