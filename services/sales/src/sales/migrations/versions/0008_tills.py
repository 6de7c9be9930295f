"""Stores, registers, sessions at tills, their receipts and their reports."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0008"
down_revision = "0007"

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
    "store": f"""
        CREATE TABLE store (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            code text NOT NULL,
            code_key text COLLATE "C" NOT NULL,
            address text NOT NULL,
            phone text NOT NULL,
            time_zone text NOT NULL,
            currency_code text NOT NULL,
            channel text NOT NULL CHECK (channel IN ('sales', 'pos', 'web')),
            receipt_footer text NOT NULL,
            active boolean NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id)
        )""",
    "register": f"""
        CREATE TABLE register (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            store_id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            active boolean NOT NULL,
            last_sequence bigint NOT NULL,
            last_z_number bigint NOT NULL,
            {RECORD},
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
        )""",
    "pos_session": """
        CREATE TABLE pos_session (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            store_id uuid NOT NULL,
            register_id uuid NOT NULL,
            status text NOT NULL CHECK (status IN ('opening', 'open', 'closing', 'closed')),
            currency_code text NOT NULL,
            opening_float_minor bigint NOT NULL,
            opening_counts jsonb NOT NULL,
            opened_at timestamptz NOT NULL,
            opened_by uuid NOT NULL,
            closing_counts jsonb NOT NULL,
            counted_minor bigint,
            expected_minor bigint,
            difference_minor bigint,
            closing_note text NOT NULL,
            z_number bigint,
            closed_at timestamptz,
            closed_by uuid,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
            FOREIGN KEY (tenant_id, store_id) REFERENCES store (tenant_id, id)
        )""",
    "cash_movement": """
        CREATE TABLE cash_movement (
            tenant_id uuid NOT NULL,
            session_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('in', 'out')),
            amount_minor bigint NOT NULL CHECK (amount_minor > 0),
            reason text NOT NULL,
            moved_at timestamptz NOT NULL,
            moved_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, session_id, id),
            FOREIGN KEY (tenant_id, session_id) REFERENCES pos_session (tenant_id, id)
        )""",
    "till_receipt": """
        CREATE TABLE till_receipt (
            tenant_id uuid NOT NULL,
            register_id uuid NOT NULL,
            sequence bigint NOT NULL CHECK (sequence > 0),
            id uuid NOT NULL,
            session_id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('sale', 'return')),
            order_id uuid,
            sold_at timestamptz NOT NULL,
            till_said_at timestamptz NOT NULL,
            received_at timestamptz NOT NULL,
            sold_by uuid NOT NULL,
            gross_minor bigint NOT NULL,
            discount_minor bigint NOT NULL,
            taxes jsonb NOT NULL,
            payments jsonb NOT NULL,
            flags text[] NOT NULL,
            priced_gross_minor bigint,
            digest text NOT NULL,
            PRIMARY KEY (tenant_id, register_id, sequence),
            FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
            FOREIGN KEY (tenant_id, session_id) REFERENCES pos_session (tenant_id, id)
        )""",
    "z_report": """
        CREATE TABLE z_report (
            tenant_id uuid NOT NULL,
            register_id uuid NOT NULL,
            number bigint NOT NULL CHECK (number > 0),
            session_id uuid NOT NULL,
            store_id uuid NOT NULL,
            figures jsonb NOT NULL,
            counted_minor bigint NOT NULL,
            difference_minor bigint NOT NULL,
            note text NOT NULL,
            closed_at timestamptz NOT NULL,
            closed_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, register_id, number),
            FOREIGN KEY (tenant_id, register_id) REFERENCES register (tenant_id, id),
            FOREIGN KEY (tenant_id, session_id) REFERENCES pos_session (tenant_id, id)
        )""",
}

INDEXES = [
    "CREATE INDEX ix_store_name ON store (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_store_newest ON store (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_store_updated ON store (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE UNIQUE INDEX uq_store_code ON store (tenant_id, code_key) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_register_name ON register (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_register_newest ON register (tenant_id, created_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_register_store ON register (tenant_id, store_id)",
    "CREATE INDEX ix_register_updated ON register (tenant_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_pos_session_newest ON pos_session (tenant_id, created_at DESC, id DESC)",
    "CREATE INDEX ix_pos_session_opened ON pos_session (tenant_id, opened_at DESC, id DESC)",
    "CREATE INDEX ix_pos_session_updated ON pos_session (tenant_id, updated_at DESC, id DESC)",
    "CREATE UNIQUE INDEX uq_pos_session_register ON pos_session (tenant_id, register_id) WHERE status <> 'closed'",
    "CREATE INDEX ix_cash_movement_time ON cash_movement (tenant_id, session_id, moved_at, id)",
    "CREATE INDEX ix_till_receipt_session ON till_receipt (tenant_id, session_id, sequence)",
    "CREATE UNIQUE INDEX uq_till_receipt_id ON till_receipt (tenant_id, id)",
    "CREATE UNIQUE INDEX uq_z_report_session ON z_report (tenant_id, session_id)",
]

WRITTEN_ONCE = ("cash_movement", "till_receipt", "z_report")


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        grants = "SELECT, INSERT" if table in WRITTEN_ONCE else "SELECT, INSERT, UPDATE, DELETE"
        for statement in protect(table, ROLES, grants=grants):
            op.execute(statement)
