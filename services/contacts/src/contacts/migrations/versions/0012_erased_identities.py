"""Hashes of the identities of erased people, so that they stay away, and that an administrator let one come back."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0012"
down_revision = "0011"

ROLES = Roles.of("contacts")


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE erased_identity (
            tenant_id uuid NOT NULL,
            digest bytea NOT NULL,
            erasure_id uuid NOT NULL,
            PRIMARY KEY (tenant_id, digest, erasure_id)
        )
        """
    )
    for statement in protect("erased_identity", ROLES, grants="SELECT, INSERT, DELETE"):
        op.execute(statement)
    op.execute(
        """
        ALTER TABLE person_erasure ADD COLUMN kept_away bigint NOT NULL DEFAULT 0, ADD COLUMN lifted_at timestamptz,
            ADD COLUMN lifted_by uuid, ADD COLUMN lift_reason text NOT NULL DEFAULT ''
        """
    )
