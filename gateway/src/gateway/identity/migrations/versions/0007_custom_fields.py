"""Fields that companies add to their records."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0007"
down_revision = "0006"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE custom_field (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            object text NOT NULL,
            key text NOT NULL,
            label text NOT NULL,
            type text NOT NULL CHECK (type IN ('text', 'number', 'money', 'date', 'boolean', 'choice', 'choices',
                'reference')),
            options text[] NOT NULL,
            refers_to text NOT NULL,
            required boolean NOT NULL,
            searchable boolean NOT NULL,
            position integer NOT NULL,
            archived boolean NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX ix_custom_field_key ON custom_field (tenant_id, object, key)")
    for statement in protect("custom_field", ROLES, grants="SELECT, INSERT, UPDATE"):
        op.execute(statement)
