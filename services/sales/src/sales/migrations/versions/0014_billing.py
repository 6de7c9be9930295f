"""Invoices locked once issued, payments, refunds, returns, and how companies are paid by card."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0014"
down_revision = "0013"

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
    "invoice": f"""
        CREATE TABLE invoice (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            number text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
            status text NOT NULL CHECK (status IN ('draft', 'issued', 'partially_paid', 'paid', 'overdue',
                'written_off', 'void')),
            order_id uuid,
            credited_invoice_id uuid,
            account_id uuid,
            contact_id uuid,
            customer_name text NOT NULL,
            customer_address text NOT NULL,
            customer_tax_number text NOT NULL,
            reference text NOT NULL,
            note text NOT NULL,
            paid_amount_minor bigint NOT NULL,
            refunded_amount_minor bigint NOT NULL CHECK (refunded_amount_minor BETWEEN 0 AND paid_amount_minor),
            credited_amount_minor bigint NOT NULL CHECK (credited_amount_minor BETWEEN 0 AND gross_amount_minor),
            open_amount_minor bigint NOT NULL,
            issued_on date NOT NULL,
            due_on date NOT NULL,
            reason text NOT NULL,
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
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, credited_invoice_id) REFERENCES invoice (tenant_id, id),
            FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id)
        )""",
    "invoice_line": """
        CREATE TABLE invoice_line (
            tenant_id uuid NOT NULL,
            invoice_id uuid NOT NULL,
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
            source_line_id uuid,
            credited_milli bigint NOT NULL CHECK (credited_milli BETWEEN 0 AND quantity_milli),
            PRIMARY KEY (tenant_id, invoice_id, id),
            FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id)
        )""",
    "payment": """
        CREATE TABLE payment (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            order_id uuid,
            invoice_id uuid,
            method text NOT NULL CHECK (method IN ('cash', 'transfer', 'card', 'gift_card', 'points', 'exchange',
                'other')),
            status text NOT NULL CHECK (status IN ('pending', 'captured', 'failed', 'canceled')),
            currency_code text NOT NULL,
            amount_minor bigint NOT NULL CHECK (amount_minor > 0),
            refunding_minor bigint NOT NULL CHECK (refunding_minor BETWEEN 0 AND amount_minor),
            refunded_amount_minor bigint NOT NULL CHECK (refunded_amount_minor BETWEEN 0 AND refunding_minor),
            reference text NOT NULL,
            provider text NOT NULL,
            provider_reference text NOT NULL,
            failure text NOT NULL,
            captured_at timestamptz,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id),
            FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, id)
        )""",
    "refund": """
        CREATE TABLE refund (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            payment_id uuid NOT NULL,
            return_id uuid,
            status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
            amount_minor bigint NOT NULL CHECK (amount_minor > 0),
            reason text NOT NULL,
            provider_reference text NOT NULL,
            failure text NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, payment_id) REFERENCES payment (tenant_id, id)
        )""",
    "return_order": """
        CREATE TABLE return_order (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            number text NOT NULL,
            order_id uuid NOT NULL,
            status text NOT NULL CHECK (status IN ('requested', 'authorized', 'received', 'inspected', 'refunded',
                'exchanged', 'rejected')),
            reason text NOT NULL,
            note text NOT NULL,
            currency_code text NOT NULL,
            amount_minor bigint NOT NULL,
            exchange_order_id uuid,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, order_id) REFERENCES sales_order (tenant_id, id)
        )""",
    "return_line": """
        CREATE TABLE return_line (
            tenant_id uuid NOT NULL,
            return_id uuid NOT NULL,
            line_id uuid NOT NULL,
            quantity_milli bigint NOT NULL CHECK (quantity_milli > 0),
            accepted_milli bigint NOT NULL CHECK (accepted_milli BETWEEN 0 AND quantity_milli),
            restocked_milli bigint NOT NULL CHECK (restocked_milli BETWEEN 0 AND accepted_milli),
            amount_minor bigint NOT NULL,
            PRIMARY KEY (tenant_id, return_id, line_id),
            FOREIGN KEY (tenant_id, return_id) REFERENCES return_order (tenant_id, id)
        )""",
    "card_account": """
        CREATE TABLE card_account (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            provider text NOT NULL,
            publishable_key text NOT NULL,
            sealed_secret_key text NOT NULL,
            sealed_webhook_secret text NOT NULL,
            version integer NOT NULL,
            PRIMARY KEY (tenant_id)
        )""",
    "provider_event": """
        CREATE TABLE provider_event (
            tenant_id uuid NOT NULL,
            event_id text NOT NULL,
            received_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, event_id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_invoice_account ON invoice (tenant_id, account_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_invoice_due ON invoice (tenant_id, due_on, id)",
    "CREATE INDEX ix_invoice_gross ON invoice (tenant_id, gross_amount_minor DESC, id DESC)",
    "CREATE INDEX ix_invoice_issued ON invoice (tenant_id, issued_on DESC, id DESC)",
    "CREATE INDEX ix_invoice_net ON invoice (tenant_id, net_amount_minor DESC, id DESC)",
    "CREATE INDEX ix_invoice_newest ON invoice (tenant_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_invoice_number_order ON invoice (tenant_id, number DESC, id DESC)",
    "CREATE INDEX ix_invoice_order ON invoice (tenant_id, order_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_invoice_owner ON invoice (tenant_id, owner_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_invoice_status ON invoice (tenant_id, status, created_at DESC, id DESC)",
    "CREATE INDEX ix_invoice_updated ON invoice (tenant_id, updated_at DESC, id DESC)",
    "CREATE UNIQUE INDEX uq_invoice_number ON invoice (tenant_id, kind, number) WHERE number <> ''",
    "CREATE INDEX ix_payment_invoice ON payment (tenant_id, invoice_id, created_at, id)",
    "CREATE INDEX ix_payment_order ON payment (tenant_id, order_id, created_at, id)",
    "CREATE INDEX ix_payment_provider ON payment (tenant_id, provider_reference) WHERE provider_reference <> ''",
    "CREATE INDEX ix_refund_payment ON refund (tenant_id, payment_id, created_at, id)",
    "CREATE INDEX ix_return_order_order ON return_order (tenant_id, order_id, created_at, id)",
    "CREATE UNIQUE INDEX uq_return_order_number ON return_order (tenant_id, number)",
]


# From when an invoice has its number, only what became of it may change: nothing of what it says, and never the number.
LOCKED = """
CREATE FUNCTION invoice_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number <> '' AND (
        NEW.number, NEW.kind, NEW.issued_on, NEW.due_on, NEW.order_id, NEW.credited_invoice_id, NEW.account_id,
        NEW.contact_id, NEW.customer_name, NEW.customer_address, NEW.customer_tax_number, NEW.reference, NEW.note,
        NEW.currency_code, NEW.net_amount_minor, NEW.tax_amount_minor, NEW.gross_amount_minor, NEW.taxes
    ) IS DISTINCT FROM (
        OLD.number, OLD.kind, OLD.issued_on, OLD.due_on, OLD.order_id, OLD.credited_invoice_id, OLD.account_id,
        OLD.contact_id, OLD.customer_name, OLD.customer_address, OLD.customer_tax_number, OLD.reference, OLD.note,
        OLD.currency_code, OLD.net_amount_minor, OLD.tax_amount_minor, OLD.gross_amount_minor, OLD.taxes
    ) THEN
        RAISE EXCEPTION 'an issued invoice does not change';
    END IF;
    RETURN NEW;
END
$$
"""
LINES_LOCKED = """
CREATE FUNCTION invoice_line_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        NEW.name, NEW.sku, NEW.description, NEW.quantity_milli, NEW.tax_rate_basis_points, NEW.net_minor, NEW.tax_minor,
        NEW.gross_minor
    ) IS DISTINCT FROM (
        OLD.name, OLD.sku, OLD.description, OLD.quantity_milli, OLD.tax_rate_basis_points, OLD.net_minor, OLD.tax_minor,
        OLD.gross_minor
    ) THEN
        RAISE EXCEPTION 'a line of an invoice is written once';
    END IF;
    RETURN NEW;
END
$$
"""
TRIGGERS = [
    LOCKED,
    LINES_LOCKED,
    "CREATE TRIGGER locked BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION invoice_is_locked()",
    "CREATE TRIGGER locked BEFORE UPDATE ON invoice_line FOR EACH ROW EXECUTE FUNCTION invoice_line_is_locked()",
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES, *TRIGGERS]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
