"""The first tables of contacts."""

from alembic import op
from chassis.schema import Roles, frame, protect

revision = "0001"
down_revision = None

ROLES = Roles.of("contacts")

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
    "contact": f"""
        CREATE TABLE contact (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            title text NOT NULL,
            given_name text NOT NULL,
            middle_name text NOT NULL,
            family_name text NOT NULL,
            display_name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            job_title text NOT NULL,
            lifecycle_stage text NOT NULL CHECK (lifecycle_stage IN ('visitor', 'subscriber', 'lead', 'mql', 'sql',
                'opportunity', 'customer', 'evangelist', 'churned', 'other')),
            language text NOT NULL,
            country_code text NOT NULL,
            source text NOT NULL,
            do_not_contact boolean NOT NULL,
            score integer NOT NULL,
            emails jsonb NOT NULL,
            phones jsonb NOT NULL,
            addresses jsonb NOT NULL,
            tags text[] NOT NULL,
            description text NOT NULL,
            merged_into_id uuid,
            owner_id uuid,
            team_id uuid,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "account": f"""
        CREATE TABLE account (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            domains text[] NOT NULL,
            industry text NOT NULL,
            employees bigint NOT NULL,
            revenue_currency text NOT NULL,
            revenue_minor bigint NOT NULL,
            founded_year integer NOT NULL,
            type text NOT NULL CHECK (type IN ('prospect', 'customer', 'partner', 'competitor', 'other')),
            tier text NOT NULL,
            parent_id uuid,
            phone text NOT NULL,
            website text NOT NULL,
            addresses jsonb NOT NULL,
            country_code text NOT NULL,
            tags text[] NOT NULL,
            description text NOT NULL,
            owner_id uuid,
            team_id uuid,
            {RECORD},
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, parent_id) REFERENCES account (tenant_id, id)
        )""",
    "account_contact": """
        CREATE TABLE account_contact (
            tenant_id uuid NOT NULL,
            account_id uuid NOT NULL,
            contact_id uuid NOT NULL,
            role text NOT NULL,
            is_primary boolean NOT NULL,
            PRIMARY KEY (tenant_id, account_id, contact_id),
            FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
            FOREIGN KEY (tenant_id, contact_id) REFERENCES contact (tenant_id, id)
        )""",
    "identity_key": """
        CREATE TABLE identity_key (
            tenant_id uuid NOT NULL,
            record_kind text NOT NULL CHECK (record_kind IN ('contact', 'account')),
            kind text NOT NULL CHECK (kind IN ('email', 'phone', 'external', 'domain')),
            value text NOT NULL,
            record_id uuid NOT NULL,
            PRIMARY KEY (tenant_id, record_kind, kind, value, record_id)
        )""",
    "activity": """
        CREATE TABLE activity (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('note', 'task', 'meeting', 'call')),
            subject_kind text NOT NULL CHECK (subject_kind IN ('contact', 'account')),
            subject_id uuid NOT NULL,
            title text NOT NULL,
            body text NOT NULL,
            status text NOT NULL,
            due_at timestamptz,
            assignee_id uuid,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            completed_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        )""",
    "tenant_profile": """
        CREATE TABLE tenant_profile (
            tenant_id uuid NOT NULL,
            country_code text NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id)
        )""",
    "timeline_entry": """
        CREATE TABLE timeline_entry (
            tenant_id uuid NOT NULL,
            subject_id uuid NOT NULL,
            id uuid NOT NULL,
            type text NOT NULL,
            occurred_at timestamptz NOT NULL,
            actor_type text NOT NULL,
            actor_id text NOT NULL,
            changed_fields text[] NOT NULL,
            details jsonb NOT NULL,
            activity_id uuid,
            PRIMARY KEY (tenant_id, subject_id, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_contact_newest ON contact (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_contact_owner ON contact (tenant_id, owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_contact_updated ON contact (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_contact_name ON contact (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_contact_score ON contact (tenant_id, score DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_contact_bin ON contact (tenant_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL",
    "CREATE INDEX ix_account_newest ON account (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_account_owner ON account (tenant_id, owner_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_account_updated ON account (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_account_name ON account (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_account_employees ON account (tenant_id, employees DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_account_bin ON account (tenant_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL",
    "CREATE INDEX ix_account_contact_tenant_id_contact_id ON account_contact (tenant_id, contact_id)",
    "CREATE INDEX ix_identity_key_tenant_id_record_id ON identity_key (tenant_id, record_id)",
    "CREATE INDEX ix_activity_subject ON activity (tenant_id, subject_id, created_at DESC)",
    """CREATE INDEX ix_timeline_entry_newest ON timeline_entry (tenant_id, subject_id, occurred_at DESC, id DESC)""",
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
    for statement in frame(ROLES):
        op.execute(statement)
