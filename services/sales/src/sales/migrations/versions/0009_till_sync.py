"""Indexes by which a till finds what has changed in the catalogue, what went to the bin too."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("CREATE INDEX ix_product_changed ON product (tenant_id, updated_at)")
    op.execute("CREATE INDEX ix_product_variant_changed ON product_variant (tenant_id, updated_at)")
