"""Operations that wait for an approval, rights taken back from who asked for them, and credit limits."""

from alembic import op
from chassis.approvals import approval_tables
from chassis.job_rights import taken_back_tables
from chassis.schema import Roles, protect

revision = "0018"
down_revision = "0017"

ROLES = Roles.of("sales")

CREDIT_LIMIT = """
    CREATE TABLE credit_limit (
        tenant_id uuid NOT NULL,
        account_id uuid NOT NULL,
        amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
        currency_code text NOT NULL,
        version bigint NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid NOT NULL,
        PRIMARY KEY (tenant_id, account_id)
    )
"""


def upgrade() -> None:
    for statement in [
        *approval_tables(ROLES),
        *taken_back_tables(ROLES),
        CREDIT_LIMIT,
        *protect("credit_limit", ROLES),
    ]:
        op.execute(statement)
