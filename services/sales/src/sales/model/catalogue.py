"""The catalogue: categories, products, and the variants that are bought."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.tables import Record
from sqlalchemy import ForeignKeyConstraint, Index, Integer, String, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from sales.model.customer import SalesTable

LIVING = text("deleted_at IS NULL")
TREE_DEPTH_MAX = 10
"""Branches of the catalogue below one another."""


class ProductCategory(Record, SalesTable):
    """A branch of the catalogue. `path` holds it and all branches above, the top first."""

    __tablename__ = "product_category"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    parent_id: Mapped[UUID | None]
    path: Mapped[list[Any]]
    position: Mapped[int] = mapped_column(Integer())

    __table_args__ = (
        Index("ix_product_category_place", "tenant_id", "position", "id", postgresql_where=LIVING),
        Index("ix_product_category_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_product_category_parent", "tenant_id", "parent_id"),
        ForeignKeyConstraint(["tenant_id", "parent_id"], ["product_category.tenant_id", "product_category.id"]),
    )


class Product(Record, SalesTable):
    """Something a company sells."""

    __tablename__ = "product"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(String(collation="C"))
    kind: Mapped[str]
    category_id: Mapped[UUID | None]
    description: Mapped[str]
    unit: Mapped[str]
    tax_code: Mapped[str]
    status: Mapped[str]
    options: Mapped[list[str]]
    track_stock: Mapped[bool]
    low_stock_milli: Mapped[int]
    tags: Mapped[list[str]]

    __table_args__ = (
        Index("ix_product_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_product_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_product_changed", "tenant_id", "updated_at"),
        Index("ix_product_name", "tenant_id", "name_key", "id", postgresql_where=LIVING),
        Index("ix_product_category", "tenant_id", "category_id", desc("created_at"), desc("id")),
        ForeignKeyConstraint(["tenant_id", "category_id"], ["product_category.tenant_id", "product_category.id"]),
    )


class ProductVariant(Record, SalesTable):
    """One thing on the shelf, with its own price."""

    __tablename__ = "product_variant"

    product_id: Mapped[UUID]
    sku: Mapped[str]
    sku_key: Mapped[str] = mapped_column(String(collation="C"))
    name: Mapped[str]
    barcodes: Mapped[list[str]]
    option_values: Mapped[dict[str, Any]]
    price_currency: Mapped[str]
    price_micros: Mapped[int | None]
    cost_currency: Mapped[str]
    cost_micros: Mapped[int | None]
    weight_grams: Mapped[int]
    position: Mapped[int] = mapped_column(Integer())
    status: Mapped[str]

    __table_args__ = (
        Index("uq_product_variant_sku", "tenant_id", "sku_key", unique=True, postgresql_where=LIVING),
        Index("ix_product_variant_product", "tenant_id", "product_id", "position", "id"),
        Index("ix_product_variant_newest", "tenant_id", desc("created_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_product_variant_updated", "tenant_id", desc("updated_at"), desc("id"), postgresql_where=LIVING),
        Index("ix_product_variant_changed", "tenant_id", "updated_at"),
        Index("ix_product_variant_place", "tenant_id", "position", "id", postgresql_where=LIVING),
        ForeignKeyConstraint(["tenant_id", "product_id"], ["product.tenant_id", "product.id"]),
    )


class Barcode(SalesTable):
    """Whose a barcode is; an sku is found here too, so that a scanner needs one look."""

    __tablename__ = "barcode"

    code: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    variant_id: Mapped[UUID]

    __table_args__ = (
        Index("ix_barcode_variant", "tenant_id", "variant_id"),
        ForeignKeyConstraint(["tenant_id", "variant_id"], ["product_variant.tenant_id", "product_variant.id"]),
    )
