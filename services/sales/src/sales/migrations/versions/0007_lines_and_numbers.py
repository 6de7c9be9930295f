"""Lines of deals, numbers of papers, and how a company numbers and sells what it does not have."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0007"
down_revision = "0006"

ROLES = Roles.of("sales")

TABLES = {
    "deal_line": """
        CREATE TABLE deal_line (
            tenant_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            id uuid NOT NULL,
            position integer NOT NULL,
            product_variant_id uuid NOT NULL,
            product_id uuid NOT NULL,
            name text NOT NULL,
            sku text NOT NULL,
            unit text NOT NULL,
            description text NOT NULL,
            quantity_milli bigint NOT NULL CHECK (quantity_milli > 0),
            unit_micros bigint,
            discount_basis_points integer NOT NULL,
            discount_minor bigint NOT NULL,
            list_unit_micros bigint NOT NULL,
            price_book_id uuid,
            tax_included boolean NOT NULL,
            list_minor bigint NOT NULL,
            rules jsonb NOT NULL,
            rule_minor bigint NOT NULL,
            discounted_minor bigint NOT NULL,
            coupon_minor bigint NOT NULL,
            document_discount_minor bigint NOT NULL,
            tax_rate_basis_points integer NOT NULL,
            net_minor bigint NOT NULL,
            tax_minor bigint NOT NULL,
            gross_minor bigint NOT NULL,
            cost_minor bigint,
            breaches text[] NOT NULL,
            PRIMARY KEY (tenant_id, deal_id, id),
            FOREIGN KEY (tenant_id, deal_id) REFERENCES deal (tenant_id, id)
        )""",
    "document_number": """
        CREATE TABLE document_number (
            tenant_id uuid NOT NULL,
            kind text NOT NULL,
            year integer NOT NULL,
            last bigint NOT NULL CHECK (last >= 0),
            PRIMARY KEY (tenant_id, kind, year)
        )""",
}

COLUMNS = [
    "ALTER TABLE deal ADD COLUMN own_amount boolean NOT NULL DEFAULT true",
    "ALTER TABLE deal ADD COLUMN line_count integer NOT NULL DEFAULT 0",
    "ALTER TABLE deal ADD COLUMN lines_currency text NOT NULL DEFAULT ''",
    "ALTER TABLE deal ADD COLUMN lines_net_minor bigint NOT NULL DEFAULT 0",
    "ALTER TABLE sales_setting ADD COLUMN number_formats jsonb NOT NULL DEFAULT '{}'",
    "ALTER TABLE sales_setting ADD COLUMN backorders boolean NOT NULL DEFAULT false",
]


def upgrade() -> None:
    for statement in [*COLUMNS, *TABLES.values()]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
