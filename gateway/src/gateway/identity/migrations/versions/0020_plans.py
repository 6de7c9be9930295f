"""Plans of companies, what these use of them by day, and who was warned. Identity's own records count themselves."""

from alembic import op
from chassis.metering import metering_tables
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read

revision = "0020"
down_revision = "0019"

ROLES = Roles.of("identity")

TABLES = {
    "company_plan": """
        tenant_id uuid NOT NULL PRIMARY KEY REFERENCES tenant (tenant_id),
        plan text NOT NULL,
        overrides jsonb NOT NULL,
        version bigint NOT NULL,
        updated_at timestamptz NOT NULL
    """,
    "usage_day": """
        tenant_id uuid NOT NULL,
        meter text NOT NULL,
        day date NOT NULL,
        used bigint NOT NULL,
        peak bigint NOT NULL,
        changes bigint NOT NULL,
        told_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, meter, day)
    """,
    "usage_warning": """
        tenant_id uuid NOT NULL,
        meter text NOT NULL,
        period date NOT NULL,
        percent bigint NOT NULL,
        most bigint NOT NULL,
        warned_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, meter, period, percent, most)
    """,
}
COUNTED = {
    "membership": ("seats", "{row}.status = 'active'"),
    "webhook_endpoint": ("webhook_endpoints", "{row}.deleted_at IS NULL"),
    "custom_field": ("custom_fields", "NOT {row}.archived"),
    "app_grant": ("partner_apps", "{row}.revoked_at IS NULL"),
}


def upgrade() -> None:
    for statement in metering_tables(ROLES):
        op.execute(statement)
    for table, columns in TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
        for statement in protect(table, ROLES):
            op.execute(statement)
    for table in ("company_plan", "usage_day"):
        op.execute(let_platform_read(table, ROLES))
    op.execute(
        """
        CREATE FUNCTION usage_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            counted uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END;
        BEGIN
            PERFORM usage_add_of(
                counted, ARRAY[TG_ARGV[0]], ARRAY[date '1970-01-01'], ARRAY[TG_ARGV[1]::bigint], ARRAY[true]
            );
            RETURN NULL;
        END
        $$
        """
    )
    for table, (meter, counts) in COUNTED.items():
        old, new = counts.format(row="OLD"), counts.format(row="NEW")
        for name, event, condition, delta in (
            ("added", "INSERT", new, 1),
            ("back", "UPDATE", f"{new} AND NOT ({old})", 1),
            ("gone", "UPDATE", f"{old} AND NOT ({new})", -1),
            ("removed", "DELETE", old, -1),
        ):
            op.execute(
                f"CREATE TRIGGER usage_{name} AFTER {event} ON {table} FOR EACH ROW WHEN ({condition})"
                f" EXECUTE FUNCTION usage_of_row('{meter}', '{delta}')"
            )
