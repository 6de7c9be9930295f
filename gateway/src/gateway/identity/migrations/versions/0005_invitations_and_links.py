"""Invitations of a company, and the secrets of links that work once."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read, protect_platform

revision = "0005"
down_revision = "0004"

ROLES = Roles.of("identity")


def upgrade() -> None:
    # Accounts that are here already worked before addresses were confirmed, and go on to.
    op.execute("ALTER TABLE user_account ADD COLUMN email_confirmed boolean NOT NULL DEFAULT true")
    op.execute(
        """
        CREATE TABLE one_time_secret (
            secret_hash bytea NOT NULL PRIMARY KEY,
            purpose text NOT NULL,
            user_id uuid NOT NULL REFERENCES user_account (id),
            email text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_one_time_secret_user ON one_time_secret (user_id, purpose)")
    op.execute("CREATE INDEX ix_one_time_secret_expires ON one_time_secret (expires_at)")
    op.execute(
        """
        CREATE TABLE invitation (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            email text NOT NULL,
            role text NOT NULL,
            team_id uuid,
            locale text NOT NULL,
            secret_hash bytea NOT NULL,
            status text NOT NULL CHECK (status IN ('pending', 'accepted', 'revoked')),
            version bigint NOT NULL,
            invited_by uuid NOT NULL,
            invited_by_type text NOT NULL,
            created_at timestamptz NOT NULL,
            sent_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            accepted_at timestamptz,
            accepted_by uuid,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, team_id) REFERENCES team (tenant_id, id)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX uq_invitation_email ON invitation (tenant_id, email) WHERE status = 'pending'")
    op.execute("CREATE INDEX ix_invitation_newest ON invitation (tenant_id, created_at, id) WHERE status = 'pending'")
    op.execute("CREATE INDEX ix_invitation_secret ON invitation (secret_hash)")
    for statement in (*protect_platform("one_time_secret", ROLES), *protect("invitation", ROLES)):
        op.execute(statement)
    op.execute(let_platform_read("invitation", ROLES))
