"""Rules between products that runs of baskets find."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0005"
down_revision = "0004"

ROLES = Roles.of("analytics")

BASKET_RULE = """
    CREATE TABLE basket_rule (
        tenant_id uuid NOT NULL,
        run_id uuid NOT NULL,
        id uuid NOT NULL,
        antecedent_ids uuid[] NOT NULL,
        consequent_id uuid NOT NULL,
        together bigint NOT NULL,
        antecedent_count bigint NOT NULL,
        consequent_count bigint NOT NULL,
        support double precision NOT NULL,
        confidence double precision NOT NULL,
        lift double precision NOT NULL,
        p_value double precision NOT NULL,
        p_adjusted double precision NOT NULL,
        PRIMARY KEY (tenant_id, run_id, id),
        FOREIGN KEY (tenant_id, run_id) REFERENCES model_run (tenant_id, id)
    )"""


def upgrade() -> None:
    for statement in (BASKET_RULE, *protect("basket_rule", ROLES)):
        op.execute(statement)
    for sort in ("lift", "confidence", "support"):
        op.execute(f"CREATE INDEX ix_basket_rule_{sort} ON basket_rule (tenant_id, run_id, {sort} DESC, id)")
