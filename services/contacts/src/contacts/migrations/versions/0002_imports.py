"""Imports, and the job tables that run them."""

from alembic import op
from chassis.jobs_schema import job_tables
from chassis.schema import Roles, protect

revision = "0002"
down_revision = "0001"

ROLES = Roles.of("contacts")

TABLES = {
    "import_job": """
        CREATE TABLE import_job (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('contact', 'account')),
            file_name text NOT NULL,
            file_bytes bigint NOT NULL,
            file_key text NOT NULL,
            format text NOT NULL CHECK (format IN ('text', 'workbook')),
            status text NOT NULL CHECK (status IN ('uploaded', 'mapped', 'validating', 'ready', 'running', 'paused',
                'completed', 'completed_with_errors', 'failed', 'reverting', 'reverted')),
            encoding text NOT NULL,
            delimiter text NOT NULL,
            has_header boolean NOT NULL,
            columns jsonb NOT NULL,
            mode text NOT NULL CHECK (mode IN ('create', 'update', 'upsert')),
            match_by text NOT NULL,
            on_duplicate text NOT NULL CHECK (on_duplicate IN ('skip', 'create', 'update')),
            default_country text NOT NULL,
            dry_run boolean NOT NULL,
            rows_read bigint NOT NULL,
            rows_total bigint NOT NULL,
            rows_created bigint NOT NULL,
            rows_updated bigint NOT NULL,
            rows_skipped bigint NOT NULL,
            rows_failed bigint NOT NULL,
            next_row bigint NOT NULL,
            phase text NOT NULL,
            failure text NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            started_at timestamptz,
            started_by uuid,
            started_by_type text NOT NULL,
            started_team_id uuid,
            finished_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        )""",
    "import_row_error": """
        CREATE TABLE import_row_error (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            "row" bigint NOT NULL,
            "column" text NOT NULL,
            reason text NOT NULL,
            message text NOT NULL,
            "values" text[] NOT NULL,
            PRIMARY KEY (tenant_id, import_id, "row"),
            FOREIGN KEY (tenant_id, import_id) REFERENCES import_job (tenant_id, id)
        )""",
    "import_change": """
        CREATE TABLE import_change (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            record_kind text NOT NULL CHECK (record_kind IN ('contact', 'account')),
            record_id uuid NOT NULL,
            "row" bigint NOT NULL,
            version bigint NOT NULL,
            before jsonb,
            PRIMARY KEY (tenant_id, import_id, record_kind, record_id),
            FOREIGN KEY (tenant_id, import_id) REFERENCES import_job (tenant_id, id)
        )""",
    "import_parent": """
        CREATE TABLE import_parent (
            tenant_id uuid NOT NULL,
            import_id uuid NOT NULL,
            "row" bigint NOT NULL,
            account_id uuid NOT NULL,
            parent_name text NOT NULL,
            parent_key text COLLATE "C" NOT NULL,
            "values" text[] NOT NULL,
            PRIMARY KEY (tenant_id, import_id, "row"),
            FOREIGN KEY (tenant_id, import_id) REFERENCES import_job (tenant_id, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_import_job_newest ON import_job (tenant_id, id DESC)",
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
    for statement in job_tables(ROLES):
        op.execute(statement)
