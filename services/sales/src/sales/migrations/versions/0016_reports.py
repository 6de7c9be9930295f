"""Sums of days for reports, and the indexes that reports over deals, stays in stages and activities go by."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0016"
down_revision = "0015"

ROLES = Roles.of("sales")

TABLES = {
    "sales_day": """
        CREATE TABLE sales_day (
            tenant_id uuid NOT NULL,
            day date NOT NULL,
            id uuid NOT NULL,
            store_id uuid,
            channel text NOT NULL,
            contact_id uuid,
            account_id uuid,
            currency_code text NOT NULL,
            orders bigint NOT NULL,
            lines bigint NOT NULL,
            list_minor bigint NOT NULL,
            rule_minor bigint NOT NULL,
            discount_minor bigint NOT NULL,
            net_minor bigint NOT NULL,
            tax_minor bigint NOT NULL,
            gross_minor bigint NOT NULL,
            refunded_minor bigint NOT NULL,
            owner_id uuid,
            team_id uuid,
            PRIMARY KEY (tenant_id, day, id)
        )""",
    "product_day": """
        CREATE TABLE product_day (
            tenant_id uuid NOT NULL,
            day date NOT NULL,
            id uuid NOT NULL,
            product_id uuid NOT NULL,
            store_id uuid,
            channel text NOT NULL,
            currency_code text NOT NULL,
            orders bigint NOT NULL,
            lines bigint NOT NULL,
            quantity_milli bigint NOT NULL,
            list_minor bigint NOT NULL,
            rule_minor bigint NOT NULL,
            discount_minor bigint NOT NULL,
            net_minor bigint NOT NULL,
            gross_minor bigint NOT NULL,
            owner_id uuid,
            team_id uuid,
            PRIMARY KEY (tenant_id, day, id)
        )""",
    "sales_mark": """
        CREATE TABLE sales_mark (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            day date NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_product_day_product ON product_day (tenant_id, product_id, day)",
    "CREATE INDEX ix_deal_closed ON deal (tenant_id, closed_at) WHERE closed_at IS NOT NULL",
    "CREATE INDEX ix_stage_step_time ON stage_step (tenant_id, entered_at)",
    "CREATE INDEX ix_sales_activity_time ON sales_activity (tenant_id, completed_at) WHERE completed_at IS NOT NULL",
    "CREATE INDEX ix_invoice_open ON invoice (tenant_id, due_on) WHERE open_amount_minor > 0",
]

# A row a day and statement, which nobody ever waits for: marks are only added, and taken by who makes the sums. Only
# what the service itself writes marks its day: who moves a company to another database carries its sums, too.
MARK = """
CREATE FUNCTION mark_sales_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO sales_mark (tenant_id, id, day)
        SELECT tenant_id, uuidv7(), ordered_on FROM before_change WHERE status <> 'draft'
         GROUP BY tenant_id, ordered_on;
    END IF;
    INSERT INTO sales_mark (tenant_id, id, day)
    SELECT tenant_id, uuidv7(), ordered_on FROM after_change WHERE status <> 'draft'
     GROUP BY tenant_id, ordered_on;
    RETURN NULL;
END
$$
"""
TRIGGERS = [
    MARK,
    f"""
    CREATE TRIGGER marks_day_of_new AFTER INSERT ON sales_order REFERENCING NEW TABLE AS after_change
    FOR EACH STATEMENT WHEN (current_user = '{ROLES.app}') EXECUTE FUNCTION mark_sales_day()
    """,
    f"""
    CREATE TRIGGER marks_day_of_changed AFTER UPDATE ON sales_order
    REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change
    FOR EACH STATEMENT WHEN (current_user = '{ROLES.app}') EXECUTE FUNCTION mark_sales_day()
    """,
]


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES, *TRIGGERS]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES):
            op.execute(statement)
