"""The catalogue, what prices are made of, custom fields, and what sales knows of the company."""

from alembic import op
from chassis.custom_values import custom_tables
from chassis.schema import Roles, protect

revision = "0004"
down_revision = "0003"

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
    "product_category": f"""
        CREATE TABLE product_category (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            parent_id uuid,
            path jsonb NOT NULL,
            position integer NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, parent_id) REFERENCES product_category (tenant_id, id)
        )""",
    "product": f"""
        CREATE TABLE product (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            kind text NOT NULL CHECK (kind IN ('good', 'service')),
            category_id uuid,
            description text NOT NULL,
            unit text NOT NULL,
            tax_code text NOT NULL,
            status text NOT NULL CHECK (status IN ('active', 'archived')),
            options text[] NOT NULL,
            track_stock boolean NOT NULL,
            tags text[] NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, category_id) REFERENCES product_category (tenant_id, id)
        )""",
    "product_variant": f"""
        CREATE TABLE product_variant (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            product_id uuid NOT NULL,
            sku text NOT NULL,
            sku_key text COLLATE "C" NOT NULL,
            name text NOT NULL,
            barcodes text[] NOT NULL,
            option_values jsonb NOT NULL,
            price_currency text NOT NULL,
            price_micros bigint CHECK (price_micros >= 0),
            cost_currency text NOT NULL,
            cost_micros bigint CHECK (cost_micros >= 0),
            weight_grams bigint NOT NULL,
            position integer NOT NULL,
            status text NOT NULL CHECK (status IN ('active', 'archived')),
            {RECORD},
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, product_id) REFERENCES product (tenant_id, id)
        )""",
    "barcode": """
        CREATE TABLE barcode (
            tenant_id uuid NOT NULL,
            code text COLLATE "C" NOT NULL,
            variant_id uuid NOT NULL,
            PRIMARY KEY (tenant_id, code),
            FOREIGN KEY (tenant_id, variant_id) REFERENCES product_variant (tenant_id, id)
        )""",
    "tax_rate": f"""
        CREATE TABLE tax_rate (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            code text COLLATE "C" NOT NULL,
            name text NOT NULL,
            rate_basis_points integer NOT NULL CHECK (rate_basis_points BETWEEN 0 AND 10000),
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "currency_rate": """
        CREATE TABLE currency_rate (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            source_currency text NOT NULL,
            target_currency text NOT NULL,
            valid_from date NOT NULL,
            rate_billionths bigint NOT NULL CHECK (rate_billionths > 0),
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )""",
    "price_book": f"""
        CREATE TABLE price_book (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            currency_code text NOT NULL,
            tax_included boolean NOT NULL,
            priority integer NOT NULL,
            account_id uuid,
            segment text NOT NULL,
            store_id uuid,
            channel text NOT NULL,
            valid_from date,
            valid_to date,
            active boolean NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "price_book_entry": """
        CREATE TABLE price_book_entry (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            price_book_id uuid NOT NULL,
            product_variant_id uuid NOT NULL,
            min_quantity_milli bigint NOT NULL,
            unit_micros bigint NOT NULL CHECK (unit_micros >= 0),
            valid_from date,
            valid_to date,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, product_variant_id) REFERENCES product_variant (tenant_id, id),
            FOREIGN KEY (tenant_id, price_book_id) REFERENCES price_book (tenant_id, id)
        )""",
    "price_rule": f"""
        CREATE TABLE price_rule (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            effect text NOT NULL CHECK (effect IN ('percent_off', 'amount_off', 'fixed_price', 'buy_get')),
            value bigint NOT NULL,
            buy_quantity integer NOT NULL,
            get_quantity integer NOT NULL,
            currency_code text NOT NULL,
            account_id uuid,
            min_quantity_milli bigint NOT NULL,
            priority integer NOT NULL,
            stackable boolean NOT NULL,
            segment text NOT NULL,
            store_id uuid,
            channel text NOT NULL,
            valid_from date,
            valid_to date,
            active boolean NOT NULL,
            variant_ids uuid[] NOT NULL,
            product_ids uuid[] NOT NULL,
            category_ids uuid[] NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "discount_policy": f"""
        CREATE TABLE discount_policy (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            team_id uuid,
            store_id uuid,
            channel text NOT NULL,
            max_discount_basis_points integer NOT NULL,
            min_margin_basis_points integer,
            priority integer NOT NULL,
            active boolean NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "coupon": f"""
        CREATE TABLE coupon (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            code text NOT NULL,
            code_key text COLLATE "C" NOT NULL,
            name text NOT NULL,
            discount_basis_points integer NOT NULL,
            discount_amount_currency text NOT NULL,
            discount_amount_minor bigint NOT NULL,
            min_amount_currency text NOT NULL,
            min_amount_minor bigint NOT NULL,
            max_uses bigint NOT NULL,
            max_uses_per_customer integer NOT NULL,
            uses bigint NOT NULL CHECK (uses >= 0),
            segment text NOT NULL,
            store_id uuid,
            channel text NOT NULL,
            valid_from date,
            valid_to date,
            active boolean NOT NULL,
            variant_ids uuid[] NOT NULL,
            product_ids uuid[] NOT NULL,
            category_ids uuid[] NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "pricing_version": """
        CREATE TABLE pricing_version (
            tenant_id uuid NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id)
        )""",
    "sales_profile": """
        CREATE TABLE sales_profile (
            tenant_id uuid NOT NULL,
            country_code text NOT NULL,
            currency_code text NOT NULL,
            time_zone text NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id)
        )""",
    "sales_setting": """
        CREATE TABLE sales_setting (
            tenant_id uuid NOT NULL,
            version bigint NOT NULL,
            tax_included boolean NOT NULL,
            quote_valid_days integer NOT NULL,
            payment_days integer NOT NULL,
            seller_name text NOT NULL,
            seller_address text NOT NULL,
            seller_tax_number text NOT NULL,
            paper_footer text NOT NULL,
            lost_reasons text[] NOT NULL,
            PRIMARY KEY (tenant_id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_product_category_name ON product_category (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_product_category_parent ON product_category (tenant_id, parent_id)",
    "CREATE INDEX ix_product_category_place ON product_category (tenant_id, position, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_product_category ON product (tenant_id, category_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_product_name ON product (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_product_newest ON product (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_product_updated ON product (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    """
    CREATE INDEX ix_product_variant_newest ON product_variant (tenant_id, created_at DESC, id DESC)
    WHERE deleted_at IS NULL
    """,
    "CREATE INDEX ix_product_variant_place ON product_variant (tenant_id, position, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_product_variant_product ON product_variant (tenant_id, product_id, position, id)",
    """
    CREATE INDEX ix_product_variant_updated ON product_variant (tenant_id, updated_at DESC, id DESC)
    WHERE deleted_at IS NULL
    """,
    "CREATE UNIQUE INDEX uq_product_variant_sku ON product_variant (tenant_id, sku_key) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_barcode_variant ON barcode (tenant_id, variant_id)",
    "CREATE INDEX ix_tax_rate_newest ON tax_rate (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_tax_rate_rate ON tax_rate (tenant_id, rate_basis_points, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_tax_rate_updated ON tax_rate (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE UNIQUE INDEX uq_tax_rate_code ON tax_rate (tenant_id, code) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_currency_rate_newest ON currency_rate (tenant_id, valid_from DESC, id DESC)",
    """
    CREATE UNIQUE INDEX uq_currency_rate_day ON currency_rate (tenant_id, source_currency,
    target_currency, valid_from)
    """,
    "CREATE INDEX ix_price_book_asked ON price_book (tenant_id, currency_code) WHERE active AND deleted_at IS NULL",
    "CREATE INDEX ix_price_book_name ON price_book (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_price_book_newest ON price_book (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_price_book_priority ON price_book (tenant_id, priority, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_price_book_updated ON price_book (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_price_book_entry_newest ON price_book_entry (tenant_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_price_book_entry_variant ON price_book_entry (tenant_id, product_variant_id, price_book_id)",
    """
    CREATE UNIQUE INDEX uq_price_book_entry_place ON price_book_entry (tenant_id, price_book_id,
    product_variant_id, min_quantity_milli, valid_from) NULLS NOT DISTINCT
    """,
    "CREATE INDEX ix_price_rule_asked ON price_rule (tenant_id) WHERE active AND deleted_at IS NULL",
    "CREATE INDEX ix_price_rule_name ON price_rule (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_price_rule_newest ON price_rule (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_price_rule_priority ON price_rule (tenant_id, priority, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_price_rule_updated ON price_rule (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_discount_policy_name ON discount_policy (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    """
    CREATE INDEX ix_discount_policy_newest ON discount_policy (tenant_id, created_at DESC, id DESC)
    WHERE deleted_at IS NULL
    """,
    "CREATE INDEX ix_discount_policy_priority ON discount_policy (tenant_id, priority, id) WHERE deleted_at IS NULL",
    """
    CREATE INDEX ix_discount_policy_updated ON discount_policy (tenant_id, updated_at DESC, id DESC)
    WHERE deleted_at IS NULL
    """,
    "CREATE INDEX ix_coupon_newest ON coupon (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_coupon_updated ON coupon (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_coupon_uses ON coupon (tenant_id, uses DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE UNIQUE INDEX uq_coupon_code ON coupon (tenant_id, code_key) WHERE deleted_at IS NULL",
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
    for statement in custom_tables(ROLES):
        op.execute(statement)
