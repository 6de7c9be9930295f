"""Approval policies, what waits for an approval, and what was decided."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0026"
down_revision = "0025"

ROLES = Roles.of("identity")

TABLES = {
    "approval_policy": """
        CREATE TABLE approval_policy (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            name text NOT NULL,
            operation text NOT NULL,
            condition text NOT NULL,
            steps jsonb NOT NULL,
            priority bigint NOT NULL,
            paused boolean NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            deleted_at timestamptz,
            PRIMARY KEY (tenant_id, id)
        )
    """,
    "approval": """
        CREATE TABLE approval (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            id uuid NOT NULL,
            operation text NOT NULL,
            digest text NOT NULL,
            requester_type text NOT NULL,
            requester_id uuid NOT NULL,
            requester_client text NOT NULL,
            scopes text[] NOT NULL,
            record_kind text NOT NULL,
            record_id uuid,
            facts jsonb NOT NULL,
            policy_id uuid NOT NULL,
            policy_name text NOT NULL,
            steps jsonb NOT NULL,
            step bigint NOT NULL,
            status text NOT NULL CHECK (status IN ('waiting', 'approved', 'rejected', 'recalled', 'expired', 'done',
                'failed')),
            approver text NOT NULL,
            escalate_at timestamptz,
            expires_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL,
            failure text NOT NULL,
            approved_by jsonb NOT NULL,
            submitted_at timestamptz NOT NULL,
            ended_at timestamptz,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
    """,
    "approval_decision": """
        CREATE TABLE approval_decision (
            tenant_id uuid NOT NULL,
            approval_id uuid NOT NULL,
            id uuid NOT NULL,
            verdict text NOT NULL CHECK (verdict IN ('approved', 'rejected', 'delegated', 'escalated', 'recalled',
                'expired')),
            step bigint NOT NULL,
            actor_id uuid,
            reason text NOT NULL,
            handed_to text NOT NULL,
            decided_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, approval_id, id),
            FOREIGN KEY (tenant_id, approval_id) REFERENCES approval (tenant_id, id)
        )
    """,
}
INDEXES = (
    "CREATE INDEX ix_approval_waiting ON approval (tenant_id, approver, id DESC) WHERE status = 'waiting'",
    "CREATE INDEX ix_approval_requester ON approval (tenant_id, requester_id, id DESC)",
    "CREATE INDEX ix_approval_record ON approval (tenant_id, record_id, id DESC)",
    "CREATE INDEX ix_approval_due ON approval (due_at) WHERE status = 'waiting'",
    "CREATE INDEX ix_approval_decision_actor ON approval_decision (tenant_id, actor_id, approval_id DESC)",
)


def upgrade() -> None:
    for name, statement in TABLES.items():
        for one in (statement, *protect(name, ROLES)):
            op.execute(one)
    for index in INDEXES:
        op.execute(index)
    op.execute(let_platform_read("approval", ROLES))
