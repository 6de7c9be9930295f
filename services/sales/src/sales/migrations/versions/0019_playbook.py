"""What stages say about their deals, and what was ticked off."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0019"
down_revision = "0018"

ROLES = Roles.of("sales")


def upgrade() -> None:
    op.execute("ALTER TABLE stage ADD COLUMN guidance text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE stage ADD COLUMN checklist text[] NOT NULL DEFAULT '{}'")
    op.execute(
        """
        CREATE TABLE deal_tick (
            tenant_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            stage_id uuid NOT NULL,
            item text NOT NULL,
            done_at timestamptz NOT NULL,
            done_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, deal_id, stage_id, item),
            FOREIGN KEY (tenant_id, deal_id) REFERENCES deal (tenant_id, id),
            FOREIGN KEY (tenant_id, stage_id) REFERENCES stage (tenant_id, id)
        )
        """
    )
    for statement in protect("deal_tick", ROLES):
        op.execute(statement)
