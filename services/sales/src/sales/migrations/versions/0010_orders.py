"""Orders, what of them was handed over, coupons redeemed, and what is on hand."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0010"
down_revision = "0009"

ROLES = Roles.of("sales")

RECORD = """
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid NOT NULL,
    deleted_at timestamptz,
    custom jsonb NOT NULL DEFAULT '{}',
    external_ids jsonb NOT NULL DEFAULT '{}'
"""

TABLES = {
    "sales_order": f"""
        CREATE TABLE sales_order (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            number text NOT NULL,
            channel text NOT NULL CHECK (channel IN ('sales', 'pos', 'web')),
            status text NOT NULL CHECK (status IN ('draft', 'pending_approval', 'confirmed', 'partially_fulfilled',
                'fulfilled', 'completed', 'partially_returned', 'returned', 'canceled')),
            payment_status text NOT NULL CHECK (payment_status IN ('unpaid', 'partially_paid', 'paid',
                'partially_refunded', 'refunded')),
            account_id uuid,
            contact_id uuid,
            deal_id uuid,
            quote_id uuid,
            store_id uuid,
            reference text NOT NULL,
            note text NOT NULL,
            home_amount_currency text NOT NULL,
            home_amount_minor bigint NOT NULL,
            paid_amount_minor bigint NOT NULL,
            refunded_amount_minor bigint NOT NULL CHECK (refunded_amount_minor BETWEEN 0 AND paid_amount_minor),
            ordered_on date NOT NULL,
            placed_at timestamptz,
            closed_at timestamptz,
            cancel_reason text NOT NULL,
            currency_code text NOT NULL,
            coupon_codes text[] NOT NULL,
            document_discount_basis_points integer NOT NULL,
            document_discount_minor bigint NOT NULL,
            list_amount_minor bigint NOT NULL,
            rule_amount_minor bigint NOT NULL,
            discount_amount_minor bigint NOT NULL,
            net_amount_minor bigint NOT NULL,
            tax_amount_minor bigint NOT NULL,
            gross_amount_minor bigint NOT NULL,
            taxes jsonb NOT NULL,
            coupons jsonb NOT NULL,
            breaches text[] NOT NULL,
            owner_id uuid,
            team_id uuid,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "order_line": """
        CREATE TABLE order_line (
            tenant_id uuid NOT NULL,
            order_id uuid NOT NULL,
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
            fulfilled_milli bigint NOT NULL CHECK (fulfilled_milli BETWEEN 0 AND quantity_milli),
            invoiced_milli bigint NOT NULL CHECK (invoiced_milli BETWEEN 0 AND quantity_milli),
            returned_milli bigint NOT NULL CHECK (returned_milli BETWEEN 0 AND fulfilled_milli),
            PRIMARY KEY (tenant_id, order_id, id),
            FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id)
        )""",
    "fulfilment": """
        CREATE TABLE fulfilment (
            tenant_id uuid NOT NULL,
            order_id uuid NOT NULL,
            id uuid NOT NULL,
            tracking_code text NOT NULL,
            note text NOT NULL,
            fulfilled_at timestamptz NOT NULL,
            fulfilled_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, order_id, id),
            FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id)
        )""",
    "fulfilment_line": """
        CREATE TABLE fulfilment_line (
            tenant_id uuid NOT NULL,
            order_id uuid NOT NULL,
            fulfilment_id uuid NOT NULL,
            line_id uuid NOT NULL,
            quantity_milli bigint NOT NULL CHECK (quantity_milli > 0),
            PRIMARY KEY (tenant_id, order_id, fulfilment_id, line_id),
            FOREIGN KEY (tenant_id, order_id, fulfilment_id) REFERENCES fulfilment (tenant_id, order_id, id),
            FOREIGN KEY (tenant_id, order_id, line_id) REFERENCES order_line (tenant_id, order_id, id)
        )""",
    "coupon_use": """
        CREATE TABLE coupon_use (
            tenant_id uuid NOT NULL,
            coupon_id uuid NOT NULL,
            order_id uuid NOT NULL,
            customer_id uuid,
            PRIMARY KEY (tenant_id, coupon_id, order_id),
            FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id),
            FOREIGN KEY (tenant_id, coupon_id) REFERENCES coupon (tenant_id, id)
        )""",
    "stock": """
        CREATE TABLE stock (
            tenant_id uuid NOT NULL,
            variant_id uuid NOT NULL,
            store_id uuid NOT NULL,
            on_hand_milli bigint NOT NULL,
            PRIMARY KEY (tenant_id, variant_id, store_id),
            FOREIGN KEY (tenant_id, variant_id) REFERENCES product_variant (tenant_id, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_sales_order_account ON sales_order (tenant_id, account_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_sales_order_contact ON sales_order (tenant_id, contact_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_sales_order_day ON sales_order (tenant_id, ordered_on DESC, id DESC)",
    "CREATE INDEX ix_sales_order_deal ON sales_order (tenant_id, deal_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_sales_order_gross ON sales_order (tenant_id, gross_amount_minor DESC, id DESC)",
    "CREATE INDEX ix_sales_order_net ON sales_order (tenant_id, net_amount_minor DESC, id DESC)",
    "CREATE INDEX ix_sales_order_newest ON sales_order (tenant_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_sales_order_owner ON sales_order (tenant_id, owner_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_sales_order_status ON sales_order (tenant_id, status, created_at DESC, id DESC)",
    "CREATE INDEX ix_sales_order_updated ON sales_order (tenant_id, updated_at DESC, id DESC)",
    "CREATE INDEX ix_sales_order_worth ON sales_order (tenant_id, home_amount_minor DESC, id DESC)",
    "CREATE UNIQUE INDEX uq_sales_order_number ON sales_order (tenant_id, number) WHERE number <> ''",
    "CREATE INDEX ix_coupon_use_customer ON coupon_use (tenant_id, coupon_id, customer_id)",
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
