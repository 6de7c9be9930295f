"""Documents that go with quotes, each in the version that it had, and how often customers took them."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0031"
down_revision = "0030"

ROLES = Roles.of("sales")
TABLE = """
    CREATE TABLE quote_document (
        tenant_id uuid NOT NULL,
        quote_id uuid NOT NULL,
        document_id uuid NOT NULL,
        number integer NOT NULL,
        position integer NOT NULL,
        download_count integer NOT NULL DEFAULT 0,
        last_downloaded_at timestamptz,
        PRIMARY KEY (tenant_id, quote_id, document_id),
        FOREIGN KEY (tenant_id, quote_id) REFERENCES quote (tenant_id, id),
        FOREIGN KEY (tenant_id, document_id, number) REFERENCES document_version (tenant_id, document_id, number)
    )"""
INDEXES = (
    "CREATE INDEX ix_quote_document_use ON quote_document (tenant_id, document_id, quote_id DESC)",
    "CREATE INDEX ix_record_mail_document_use ON record_mail_document (tenant_id, document_id, activity_id DESC)",
)


def upgrade() -> None:
    for one in (TABLE, *protect("quote_document", ROLES), *INDEXES):
        op.execute(one)
    op.execute("ALTER TABLE quote ADD COLUMN document_count integer NOT NULL DEFAULT 0")
