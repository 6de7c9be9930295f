"""Documents that mails of sellers carry, each in the version that it had."""

from alembic import op
from chassis.schema import Roles, protect

revision = "0027"
down_revision = "0026"

ROLES = Roles.of("sales")
TABLE = """
    CREATE TABLE record_mail_document (
        tenant_id uuid NOT NULL,
        activity_id uuid NOT NULL,
        document_id uuid NOT NULL,
        number integer NOT NULL,
        PRIMARY KEY (tenant_id, activity_id, document_id),
        FOREIGN KEY (tenant_id, activity_id) REFERENCES record_mail (tenant_id, activity_id),
        FOREIGN KEY (tenant_id, document_id, number) REFERENCES document_version (tenant_id, document_id, number)
    )"""


def upgrade() -> None:
    for one in (TABLE, *protect("record_mail_document", ROLES)):
        op.execute(one)
