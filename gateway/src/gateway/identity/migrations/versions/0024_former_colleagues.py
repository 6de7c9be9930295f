"""Colleagues who left and whose names were replaced by numbers."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0024"
down_revision = "0023"

ROLES = Roles.of("identity")


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE former_colleague (
            tenant_id uuid NOT NULL,
            user_id uuid NOT NULL,
            number bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, user_id),
            UNIQUE (tenant_id, number),
            FOREIGN KEY (tenant_id, user_id) REFERENCES membership (tenant_id, user_id)
        )
        """
    )
    for statement in protect("former_colleague", ROLES, grants="SELECT, INSERT"):
        op.execute(statement)
