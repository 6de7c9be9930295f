"""What people may be written to for, what they said about it, and addresses that nothing is sent to."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0005"
down_revision = "0004"

ROLES = Roles.of("marketing")
CHANNEL = "text NOT NULL CHECK (channel IN ('email', 'sms', 'phone', 'messenger', 'post'))"
BASIS = "text NOT NULL CHECK (lawful_basis IN ('consent', 'legitimate_interest', 'contract', 'legal_obligation'))"
STATUS = "text NOT NULL CHECK (status IN ('pending', 'granted', 'withdrawn', 'expired'))"

TABLES = {
    "consent_purpose": f"""
        CREATE TABLE consent_purpose (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            name text NOT NULL,
            name_key text COLLATE "C" NOT NULL,
            description text NOT NULL,
            channels text[] NOT NULL,
            lawful_basis {BASIS},
            double_opt_in boolean NOT NULL,
            public boolean NOT NULL,
            position integer NOT NULL,
            version bigint NOT NULL,
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            updated_at timestamptz NOT NULL,
            updated_by uuid NOT NULL,
            deleted_at timestamptz,
            custom jsonb NOT NULL DEFAULT '{{}}',
            external_ids jsonb NOT NULL DEFAULT '{{}}',
            PRIMARY KEY (tenant_id, id)
        )""",
    "consent_entry": f"""
        CREATE TABLE consent_entry (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            contact_id uuid NOT NULL,
            purpose_id uuid NOT NULL,
            channel {CHANNEL},
            status {STATUS},
            lawful_basis {BASIS},
            source text NOT NULL,
            text_version text NOT NULL,
            happened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            recorded_by uuid NOT NULL,
            ip_digest text NOT NULL,
            user_agent_digest text NOT NULL,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, purpose_id) REFERENCES consent_purpose (tenant_id, id)
        )""",
    "consent": f"""
        CREATE TABLE consent (
            tenant_id uuid NOT NULL,
            contact_id uuid NOT NULL,
            purpose_id uuid NOT NULL,
            channel {CHANNEL},
            id uuid NOT NULL,
            version bigint NOT NULL,
            status {STATUS},
            source text NOT NULL,
            happened_at timestamptz NOT NULL,
            entry_id uuid NOT NULL,
            PRIMARY KEY (tenant_id, contact_id, purpose_id, channel),
            FOREIGN KEY (tenant_id, purpose_id) REFERENCES consent_purpose (tenant_id, id)
        )""",
    "consent_request": f"""
        CREATE TABLE consent_request (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            contact_id uuid NOT NULL,
            channel {CHANNEL},
            purpose_ids uuid[] NOT NULL,
            source text NOT NULL,
            text_version text NOT NULL,
            secret_hash text NOT NULL,
            status text NOT NULL CHECK (status IN ('open', 'confirmed', 'expired')),
            requested_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )""",
    "suppression": f"""
        CREATE TABLE suppression (
            tenant_id uuid NOT NULL,
            channel {CHANNEL},
            address_digest text NOT NULL,
            id uuid NOT NULL,
            reason text NOT NULL CHECK (reason IN ('hard_bounce', 'complaint', 'unsubscribed', 'manual')),
            created_at timestamptz NOT NULL,
            created_by uuid NOT NULL,
            PRIMARY KEY (tenant_id, channel, address_digest)
        )""",
}
GRANTS = {
    # The history is evidence: nothing of it changes, but an erased person's traces are taken out of it.
    "consent_entry": "SELECT, INSERT, UPDATE (ip_digest, user_agent_digest)",
}
ALL = "SELECT, INSERT, UPDATE, DELETE"
INDEXES = (
    "CREATE INDEX ix_consent_purpose_place ON consent_purpose (tenant_id, position, id) WHERE deleted_at IS NULL",
    "CREATE INDEX ix_consent_purpose_name ON consent_purpose (tenant_id, name_key, id) WHERE deleted_at IS NULL",
    """
    CREATE INDEX ix_consent_purpose_newest ON consent_purpose (tenant_id, created_at DESC, id DESC)
     WHERE deleted_at IS NULL
    """,
    """
    CREATE INDEX ix_consent_purpose_updated ON consent_purpose (tenant_id, updated_at DESC, id DESC)
     WHERE deleted_at IS NULL
    """,
    "CREATE UNIQUE INDEX uq_consent_id ON consent (tenant_id, id)",
    """
    CREATE UNIQUE INDEX uq_consent_entry_said ON consent_entry
        (tenant_id, contact_id, purpose_id, channel, happened_at, status, source)
    """,
    "CREATE INDEX ix_consent_entry_newest ON consent_entry (tenant_id, contact_id, happened_at DESC, id DESC)",
    "CREATE UNIQUE INDEX uq_consent_request_secret ON consent_request (tenant_id, secret_hash)",
    "CREATE INDEX ix_consent_request_contact ON consent_request (tenant_id, contact_id)",
    "CREATE UNIQUE INDEX uq_suppression_id ON suppression (tenant_id, id)",
    "CREATE INDEX ix_suppression_newest ON suppression (tenant_id, created_at DESC, id DESC)",
)


def upgrade() -> None:
    for statement in [*TABLES.values(), *INDEXES]:
        op.execute(statement)
    for table in TABLES:
        for statement in protect(table, ROLES, grants=GRANTS.get(table, ALL)):
            op.execute(statement)
