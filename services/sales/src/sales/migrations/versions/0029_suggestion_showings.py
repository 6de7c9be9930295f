"""What was suggested to whom works on a document, and what of it was taken."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0029"
down_revision = "0028"

ROLES = Roles.of("sales")

TABLE = """
    CREATE TABLE suggestion_showing (
        tenant_id uuid NOT NULL,
        document_id uuid NOT NULL,
        suggestion_id uuid NOT NULL,
        source text NOT NULL,
        shown_at timestamptz NOT NULL,
        taken_at timestamptz,
        PRIMARY KEY (tenant_id, document_id, suggestion_id)
    )"""


def upgrade() -> None:
    op.execute(TABLE)
    for statement in protect("suggestion_showing", ROLES):
        op.execute(statement)
