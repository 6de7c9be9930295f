"""Products that files name: found by their codes, and made where they are not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.ids import uuid7
from chassis.statements import Prepared, text
from chassis.work import Row, Work

from sales import events
from sales.imports.batch import Outcome
from sales.model.catalogue import Barcode, Product, ProductVariant
from sales.queries.imports import BulkRows

NAME_MAX_CHARS = 200
SKU_MAX_CHARS = 100
_PRODUCTS, _VARIANTS, _CODES = BulkRows(Product), BulkRows(ProductVariant), BulkRows(Barcode)
_COLUMNS = """variant.id, variant.product_id, variant.sku, variant.sku_key, product.name, product.unit,
           variant.price_currency, variant.price_micros"""
_LIVING = "variant.deleted_at IS NULL AND product.deleted_at IS NULL"


def _articles(wanted: str, found: str) -> Prepared:
    """Variants by what is wanted of them, one by one: lateral, so that no planner that knows nothing of a tenant reads
    all of its variants instead."""
    return text(
        f"""
        SELECT found.* FROM {wanted} CROSS JOIN LATERAL (
            SELECT {_COLUMNS} FROM product_variant AS variant CROSS JOIN LATERAL (
                SELECT name, unit, deleted_at FROM product
                 WHERE product.tenant_id = %(tenant_id)s AND product.id = variant.product_id OFFSET 0
                ) AS product
             WHERE variant.tenant_id = %(tenant_id)s AND {found} AND {_LIVING} OFFSET 0
            ) AS found
        """,
        "tenant_id",
    )


_BY_SKU = _articles("unnest(%(keys)b::text[]) AS wanted(sku_key)", "variant.sku_key = wanted.sku_key")
_BY_ID = _articles("unnest(%(ids)b::uuid[]) AS wanted(id)", "variant.id = wanted.id")
_CATALOGUE = text(
    f"""
    SELECT {_COLUMNS} FROM product_variant AS variant
      JOIN product ON product.tenant_id = variant.tenant_id AND product.id = variant.product_id
     WHERE variant.tenant_id = %(tenant_id)s AND {_LIVING}
     ORDER BY variant.position, variant.id LIMIT %(limit)s
    """,
    "tenant_id",
)
_TAKEN = text("SELECT code FROM barcode WHERE tenant_id = %(tenant_id)s AND code = ANY(%(codes)b)", "tenant_id")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product as a file has it, and its row. Prices in millionths; None where the file names none."""

    sku: str
    name: str
    description: str = ""
    unit: str = "piece"
    category_id: UUID | None = None
    price: tuple[str, int] | None = None
    cost: tuple[str, int] | None = None
    barcode: str = ""
    row: int = 0


def by_sku(work: Work, skus: Iterable[str]) -> dict[str, Row]:
    """Variants by their lower-cased codes."""
    keys = sorted({sku.lower() for sku in skus})
    return {row.sku_key: row for row in work.rows(_BY_SKU, keys=keys)} if keys else {}


def by_id(work: Work, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Variants by their ids."""
    return {row.id: row for row in work.rows(_BY_ID, ids=list(ids))} if ids else {}


def catalogue(work: Work, limit: int) -> list[Row]:
    """Some of the catalogue, to compare names with."""
    return work.rows(_CATALOGUE, limit=limit)


def make(work: Work, wanted: Mapping[str, Wanted], outcome: Outcome, import_id: UUID) -> None:
    """Makes a product of one variant for each, by its lower-cased code; none of them is there."""
    if not wanted:
        return
    codes = {one.barcode.lower() for one in wanted.values() if one.barcode} | set(wanted)
    taken = {row.code for row in work.rows(_TAKEN, codes=sorted(codes))}
    same: dict[str, Any] = {
        "version": 1,
        "created_at": work.now,
        "created_by": work.caller.actor_id,
        "updated_at": work.now,
        "updated_by": work.caller.actor_id,
        "deleted_at": None,
        "custom": {},
        "external_ids": {"import": str(import_id)},
        "status": "active",
    }
    products, variants, barcodes = [], [], []
    for key, one in wanted.items():
        product_id, variant_id = uuid7(), uuid7()
        own = one.barcode if one.barcode and one.barcode.lower() not in taken else ""
        products.append(
            {
                "id": product_id,
                "name": one.name,
                "name_key": one.name.lower(),
                "description": one.description,
                "unit": one.unit,
                "category_id": one.category_id,
            }
        )
        variants.append(
            {
                "id": variant_id,
                "product_id": product_id,
                "sku": one.sku,
                "sku_key": key,
                "barcodes": [own] if own else [],
                "price_currency": one.price[0] if one.price else "",
                "price_micros": one.price[1] if one.price else None,
                "cost_currency": one.cost[0] if one.cost else "",
                "cost_micros": one.cost[1] if one.cost else None,
            }
        )
        outcome.wrote("product", product_id, one.row)
        outcome.wrote("variant", variant_id, one.row)
        barcodes += [{"code": code, "variant_id": variant_id} for code in {key, own.lower()} - {""} - taken]
        work.record_all(
            [
                events.product_event("created", {**same, **products[-1], "kind": "good", "tax_code": "standard"}),
                events.variant_event("created", {**same, **variants[-1]}),
            ]
        )
    _PRODUCTS.add(
        work,
        products,
        **same,
        kind="good",
        tax_code="standard",
        options=[],
        track_stock=False,
        tags=[],
        low_stock_milli=0,
    )
    _VARIANTS.add(work, variants, **same, name="", option_values={}, weight_grams=0, position=0)
    _CODES.add(work, barcodes)
