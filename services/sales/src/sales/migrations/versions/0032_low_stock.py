"""From where down stock is little: of a company, and of a product where it is another one."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.execute("ALTER TABLE sales_setting ADD COLUMN low_stock_milli bigint NOT NULL DEFAULT 5000")
    op.execute("ALTER TABLE product ADD COLUMN low_stock_milli bigint NOT NULL DEFAULT 0")
