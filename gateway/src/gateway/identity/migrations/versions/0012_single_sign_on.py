"""Single sign-on: a company's provider, its proven domains, who came by it, and log-ins under way."""

from alembic import op
from chassis.schema import Roles, protect
from gateway.identity.platform import let_platform_read, protect_platform

revision = "0012"
down_revision = "0011"

ROLES = Roles.of("identity")
TENANT_TABLES = {
    "sso_connection": """
        CREATE TABLE sso_connection (
            tenant_id uuid NOT NULL PRIMARY KEY REFERENCES tenant (tenant_id),
            issuer text NOT NULL,
            client_id text NOT NULL,
            secret_jwe text NOT NULL,
            default_role text NOT NULL,
            sso_only boolean NOT NULL,
            version bigint NOT NULL,
            updated_at timestamptz NOT NULL
        )""",
    "sso_domain": """
        CREATE TABLE sso_domain (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            domain text NOT NULL,
            proof text NOT NULL,
            created_at timestamptz NOT NULL,
            verified_at timestamptz,
            PRIMARY KEY (tenant_id, domain)
        )""",
    "sso_identity": """
        CREATE TABLE sso_identity (
            tenant_id uuid NOT NULL REFERENCES tenant (tenant_id),
            issuer text NOT NULL,
            subject text NOT NULL,
            user_id uuid NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, issuer, subject),
            FOREIGN KEY (tenant_id, user_id) REFERENCES membership (tenant_id, user_id)
        )""",
}
# Found by the domain of an e-mail before any company is known; asked at every log-in whether passwords are refused.
READ_BY_PLATFORM = ("sso_connection", "sso_domain")
REQUEST = """
    CREATE TABLE sso_request (
        state_hash bytea NOT NULL PRIMARY KEY,
        browser_hash bytea NOT NULL,
        for_tenant uuid NOT NULL,
        issuer text NOT NULL,
        nonce text NOT NULL,
        verifier_jwe text NOT NULL,
        target text NOT NULL,
        expires_at timestamptz NOT NULL
    )"""


def upgrade() -> None:
    for table, create in TENANT_TABLES.items():
        op.execute(create)
        for statement in protect(table, ROLES):
            op.execute(statement)
    for table in READ_BY_PLATFORM:
        op.execute(let_platform_read(table, ROLES))
    op.execute(REQUEST)
    for statement in protect_platform("sso_request", ROLES):
        op.execute(statement)
    op.execute("CREATE INDEX ix_sso_request_expires ON sso_request (expires_at)")
    op.execute("CREATE INDEX ix_sso_domain_domain ON sso_domain (domain)")
    op.execute("ALTER TABLE session ADD COLUMN bound boolean NOT NULL DEFAULT false")
