"""The document library: documents, and the versions of their files."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0026"
down_revision = "0025"

ROLES = Roles.of("sales")
CATEGORIES = "'brochure', 'price_list', 'contract', 'manual', 'presentation', 'other'"

TABLES = {
    "document": f"""
        CREATE TABLE document (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            description text NOT NULL,
            category text NOT NULL CHECK (category IN ({CATEGORIES})),
            language text NOT NULL CHECK (language IN ('', 'en', 'ru', 'bg')),
            tags text[] NOT NULL,
            product_ids uuid[] NOT NULL,
            valid_until date,
            archived boolean NOT NULL,
            file_version integer NOT NULL CHECK (file_version >= 0),
            file_name text NOT NULL,
            content_type text NOT NULL,
            size_bytes bigint NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            deleted_at timestamptz,
            custom jsonb NOT NULL DEFAULT '{{}}',
            external_ids jsonb NOT NULL DEFAULT '{{}}',
            PRIMARY KEY (tenant_id, id)
        )""",
    "document_version": """
        CREATE TABLE document_version (
            tenant_id uuid NOT NULL,
            document_id uuid NOT NULL,
            number integer NOT NULL CHECK (number > 0),
            file_key text NOT NULL,
            file_name text NOT NULL,
            content_type text NOT NULL,
            size_bytes bigint NOT NULL CHECK (size_bytes > 0),
            sha256 text NOT NULL,
            created_by uuid NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, document_id, number),
            FOREIGN KEY (tenant_id, document_id) REFERENCES document (tenant_id, id)
        )""",
}
LIVING = "WHERE deleted_at IS NULL"
INDEXES = (
    f"CREATE UNIQUE INDEX uq_document_name ON document (tenant_id, name_key) {LIVING}",
    f"CREATE INDEX ix_document_name ON document (tenant_id, name_key, id) {LIVING}",
    f"CREATE INDEX ix_document_newest ON document (tenant_id, created_at DESC, id DESC) {LIVING}",
    f"CREATE INDEX ix_document_updated ON document (tenant_id, updated_at DESC, id DESC) {LIVING}",
)


def upgrade() -> None:
    for name, statement in TABLES.items():
        for one in (statement, *protect(name, ROLES)):
            op.execute(one)
    for index in INDEXES:
        op.execute(index)
