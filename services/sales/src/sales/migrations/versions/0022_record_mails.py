"""Templates of mails, and the mails that sellers sent: activities of a kind of their own."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0022"
down_revision = "0021"

ROLES = Roles.of("sales")

TABLES = {
    "mail_template": """
        CREATE TABLE mail_template (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            subject text NOT NULL,
            body text NOT NULL,
            language text NOT NULL CHECK (language IN ('en', 'ru', 'bg')),
            shared boolean NOT NULL,
            made_by uuid NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            deleted_at timestamptz,
            custom jsonb NOT NULL DEFAULT '{}',
            external_ids jsonb NOT NULL DEFAULT '{}',
            PRIMARY KEY (tenant_id, id)
        )""",
    "record_mail": """
        CREATE TABLE record_mail (
            tenant_id uuid NOT NULL,
            activity_id uuid NOT NULL,
            to_address text NOT NULL,
            from_name text NOT NULL,
            reply_to text NOT NULL,
            quote_ids uuid[] NOT NULL,
            status text NOT NULL CHECK (status IN ('queued', 'sending', 'sent', 'failed', 'uncertain')),
            reason text NOT NULL,
            sent_at timestamptz,
            PRIMARY KEY (tenant_id, activity_id),
            FOREIGN KEY (tenant_id, activity_id) REFERENCES sales_activity (tenant_id, id)
        )""",
}
LIVING = "WHERE deleted_at IS NULL"
INDEXES = (
    f"CREATE INDEX ix_mail_template_name ON mail_template (tenant_id, name_key, id) {LIVING}",
    f"CREATE INDEX ix_mail_template_newest ON mail_template (tenant_id, created_at DESC, id DESC) {LIVING}",
    f"CREATE INDEX ix_mail_template_updated ON mail_template (tenant_id, updated_at DESC, id DESC) {LIVING}",
)
KINDS = "'task', 'meeting', 'call', 'note', 'email'"
STATES = (
    "'not_started', 'in_progress', 'completed', 'deferred', 'canceled', 'planned', 'held', 'not_held', 'noted',"
    " 'queued', 'sent', 'failed', 'uncertain'"
)


def upgrade() -> None:
    for name, statement in TABLES.items():
        for one in (statement, *protect(name, ROLES)):
            op.execute(one)
    for index in INDEXES:
        op.execute(index)
    for column, values in (("kind", KINDS), ("status", STATES)):
        name = f"sales_activity_{column}_check"
        op.execute(f"-- squawk-ignore ban-drop-constraint\nALTER TABLE sales_activity DROP CONSTRAINT {name}")
        op.execute(
            f"-- squawk-ignore constraint-missing-not-valid\n"
            f"ALTER TABLE sales_activity ADD CONSTRAINT {name} CHECK ({column} IN ({values}))"
        )
