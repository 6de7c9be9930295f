"""Quotes, their lines and the papers that were sent."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0013"
down_revision = "0012"

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
    "quote": f"""
        CREATE TABLE quote (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            number text NOT NULL,
            revision integer NOT NULL,
            series_id uuid NOT NULL,
            previous_id uuid,
            status text NOT NULL CHECK (status IN ('draft', 'sent', 'viewed', 'accepted', 'ordered', 'declined',
                'expired', 'superseded')),
            title text NOT NULL,
            deal_id uuid,
            account_id uuid,
            contact_id uuid,
            recipient text NOT NULL,
            language text NOT NULL CHECK (language IN ('en', 'ru', 'bg')),
            valid_until date NOT NULL,
            introduction text NOT NULL,
            terms text NOT NULL,
            sent_at timestamptz,
            first_viewed_at timestamptz,
            last_viewed_at timestamptz,
            view_count integer NOT NULL,
            decided_at timestamptz,
            accepted_by text NOT NULL,
            decline_reason text NOT NULL,
            evidence jsonb NOT NULL,
            paper_digest text NOT NULL,
            link_hash text NOT NULL,
            order_id uuid,
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
    "quote_line": """
        CREATE TABLE quote_line (
            tenant_id uuid NOT NULL,
            quote_id uuid NOT NULL,
            id uuid NOT NULL,
            position integer NOT NULL,
            product_variant_id uuid NOT NULL,
            product_id uuid NOT NULL,
            name text NOT NULL,
            sku text NOT NULL,
            unit text NOT NULL,
            description text NOT NULL,
            quantity_milli bigint NOT NULL,
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
            PRIMARY KEY (tenant_id, quote_id, id),
            FOREIGN KEY (tenant_id, quote_id) REFERENCES quote (tenant_id, id)
        )""",
    "quote_paper": """
        CREATE TABLE quote_paper (
            tenant_id uuid NOT NULL,
            quote_id uuid NOT NULL,
            digest text NOT NULL,
            content bytea NOT NULL,
            made_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, quote_id, digest),
            FOREIGN KEY (tenant_id, quote_id) REFERENCES quote (tenant_id, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_quote_account ON quote (tenant_id, account_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_quote_contact ON quote (tenant_id, contact_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_quote_deal ON quote (tenant_id, deal_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_quote_gross ON quote (tenant_id, gross_amount_minor DESC, id DESC)",
    "CREATE INDEX ix_quote_net ON quote (tenant_id, net_amount_minor DESC, id DESC)",
    "CREATE INDEX ix_quote_newest ON quote (tenant_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_quote_number ON quote (tenant_id, number, id)",
    "CREATE INDEX ix_quote_owner ON quote (tenant_id, owner_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_quote_updated ON quote (tenant_id, updated_at DESC, id DESC)",
    "CREATE INDEX ix_quote_valid ON quote (tenant_id, valid_until, id)",
    "CREATE UNIQUE INDEX uq_quote_link ON quote (tenant_id, link_hash) WHERE link_hash <> ''",
    "CREATE UNIQUE INDEX uq_quote_version ON quote (tenant_id, series_id, revision)",
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        # A paper is never changed; it goes with the person that it was for.
        grants = "SELECT, INSERT, DELETE" if table == "quote_paper" else "SELECT, INSERT, UPDATE, DELETE"
        for statement in protect(table, ROLES, grants=grants):
            op.execute(statement)
