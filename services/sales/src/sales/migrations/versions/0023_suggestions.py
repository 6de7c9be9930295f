"""What is bought together, and the suggestion for which a line was added."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0023"
down_revision = "0022"

ROLES = Roles.of("sales")

TABLES = {
    "basket_generation": """
        CREATE TABLE basket_generation (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            parts integer NOT NULL,
            parts_kept integer NOT NULL,
            complete boolean NOT NULL,
            discovered_at timestamptz NOT NULL,
            first_day date,
            last_day date,
            baskets bigint NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )""",
    "basket_rule": """
        CREATE TABLE basket_rule (
            tenant_id uuid NOT NULL,
            generation_id uuid NOT NULL,
            id uuid NOT NULL,
            lead_product_id uuid NOT NULL,
            antecedent_ids uuid[] NOT NULL,
            consequent_id uuid NOT NULL,
            store_id uuid,
            support double precision NOT NULL,
            confidence double precision NOT NULL,
            lift double precision NOT NULL,
            together bigint NOT NULL,
            PRIMARY KEY (tenant_id, generation_id, id),
            FOREIGN KEY (tenant_id, generation_id) REFERENCES basket_generation (tenant_id, id)
        )""",
    "counted_basket": """
        CREATE TABLE counted_basket (
            tenant_id uuid NOT NULL,
            order_id uuid NOT NULL,
            product_ids uuid[] NOT NULL,
            PRIMARY KEY (tenant_id, order_id)
        )""",
    "product_basket": """
        CREATE TABLE product_basket (
            tenant_id uuid NOT NULL,
            product_id uuid NOT NULL,
            orders bigint NOT NULL,
            PRIMARY KEY (tenant_id, product_id)
        )""",
    "product_pair": """
        CREATE TABLE product_pair (
            tenant_id uuid NOT NULL,
            product_id uuid NOT NULL,
            other_id uuid NOT NULL,
            orders bigint NOT NULL,
            PRIMARY KEY (tenant_id, product_id, other_id)
        )""",
}
INDEXES = [
    "CREATE INDEX ix_basket_rule_lead ON basket_rule (tenant_id, generation_id, lead_product_id, confidence DESC)",
    "CREATE INDEX ix_product_pair_often ON product_pair (tenant_id, product_id, orders DESC, other_id)",
]
LINES = ("deal_line", "quote_line", "order_line", "invoice_line")


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
    for table in LINES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN suggestion_id uuid")
    for column in ("suggested_lines", "suggested_net_minor"):
        op.execute(f"ALTER TABLE product_day ADD COLUMN {column} bigint NOT NULL DEFAULT 0")
