"""Bulk jobs and what became of their items."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0005"
down_revision = "0004"

ROLES = Roles.of("contacts")

TABLES = {
    "bulk_job": """
        CREATE TABLE bulk_job (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            object text NOT NULL CHECK (object IN ('contact', 'account')),
            operation text NOT NULL CHECK (operation IN ('create', 'update', 'upsert', 'delete')),
            format text NOT NULL CHECK (format IN ('jsonl', 'csv')),
            system text NOT NULL,
            allow_duplicate boolean NOT NULL,
            status text NOT NULL CHECK (status IN ('open', 'uploaded', 'running', 'paused', 'completed', 'cancelled',
                'failed')),
            file_key text NOT NULL,
            file_bytes bigint NOT NULL,
            items_done bigint NOT NULL,
            items_total bigint NOT NULL,
            created bigint NOT NULL,
            updated bigint NOT NULL,
            unchanged bigint NOT NULL,
            deleted bigint NOT NULL,
            failed bigint NOT NULL,
            failure text NOT NULL,
            started_by uuid,
            started_by_type text NOT NULL,
            started_visibility text NOT NULL,
            started_team_ids uuid[] NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            finished_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        )""",
    "bulk_result": """
        CREATE TABLE bulk_result (
            tenant_id uuid NOT NULL,
            job_id uuid NOT NULL,
            first_item bigint NOT NULL,
            lines bytea NOT NULL,
            PRIMARY KEY (tenant_id, job_id, first_item),
            FOREIGN KEY (tenant_id, job_id) REFERENCES bulk_job (tenant_id, id)
        )""",
}


def upgrade() -> None:
    for statement in TABLES.values():
        op.execute(statement)
    op.execute("CREATE INDEX ix_bulk_job_newest ON bulk_job (tenant_id, id DESC)")
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
