"""That people were erased, when, by whom and how much; and the files that still have to go."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0011"
down_revision = "0010"

ROLES = Roles.of("contacts")


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE person_erasure (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            contact_digest text NOT NULL,
            erased_at timestamptz NOT NULL,
            erased_by uuid NOT NULL,
            rows jsonb NOT NULL,
            file_keys text[] NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
        """
    )
    for statement in protect("person_erasure", ROLES, grants="SELECT, INSERT, UPDATE"):
        op.execute(statement)
    # Merged people are found from the one that stayed.
    op.execute("CREATE INDEX ix_contact_merged ON contact (tenant_id, merged_into_id) WHERE merged_into_id IS NOT NULL")
