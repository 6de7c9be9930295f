"""Statements on the catalogue: codes and whose they are, branches and what hangs below them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work
from psycopg.types.json import Jsonb

from sales.errors import not_there

_TAKEN = text(
    """
    SELECT code FROM barcode
     WHERE tenant_id = %(tenant_id)s AND code = ANY(%(codes)b::text[]) AND variant_id IS DISTINCT FROM %(variant_id)s
     ORDER BY code LIMIT 1
    """,
    "tenant_id",
)
_PUT_CODES = text(
    """
    WITH gone AS (
        DELETE FROM barcode WHERE tenant_id = %(tenant_id)s AND variant_id = %(variant_id)s
           AND NOT code = ANY(%(codes)b::text[])
    )
    INSERT INTO barcode (tenant_id, code, variant_id)
    SELECT %(tenant_id)s, code, %(variant_id)s FROM unnest(%(codes)b::text[]) AS code
    ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_VARIANT_OF_CODE = text(
    "SELECT variant_id FROM barcode WHERE tenant_id = %(tenant_id)s AND code = %(code)s", "tenant_id"
)
_HAS_CHILDREN = text(
    """
    SELECT 1 AS found WHERE EXISTS (
        SELECT FROM product_category WHERE tenant_id = %(tenant_id)s AND parent_id = %(id)s AND deleted_at IS NULL
    ) OR EXISTS (
        SELECT FROM product WHERE tenant_id = %(tenant_id)s AND category_id = %(id)s AND deleted_at IS NULL
    )
    """,
    "tenant_id",
)
_MOVE_BRANCHES = text(
    """
    WITH RECURSIVE below AS (
        SELECT id, %(path)s::jsonb || to_jsonb(parent_id::text) AS path FROM product_category
         WHERE tenant_id = %(tenant_id)s AND parent_id = %(id)s
        UNION ALL
        SELECT branch.id, below.path || to_jsonb(branch.parent_id::text)
          FROM product_category AS branch JOIN below ON branch.parent_id = below.id
         WHERE branch.tenant_id = %(tenant_id)s
    )
    UPDATE product_category SET path = below.path FROM below
     WHERE product_category.tenant_id = %(tenant_id)s AND product_category.id = below.id
    """,
    "tenant_id",
)
_CATEGORY = text(
    "SELECT 1 AS found FROM product_category WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND deleted_at IS NULL",
    "tenant_id",
)
_PRODUCT = text(
    "SELECT 1 AS found FROM product WHERE tenant_id = %(tenant_id)s AND id = %(id)s AND deleted_at IS NULL",
    "tenant_id",
)
_TAX_RATE = text(
    "SELECT 1 AS found FROM tax_rate WHERE tenant_id = %(tenant_id)s AND code = %(code)s AND deleted_at IS NULL",
    "tenant_id",
)


def taken_codes(work: Work, codes: Sequence[str], variant_id: UUID | None) -> list[str]:
    """The first of these codes that another variant has."""
    return [row.code for row in work.rows(_TAKEN, codes=_lowered(codes), variant_id=variant_id)]


def put_codes(work: Work, variant: Row) -> None:
    """Makes the codes of a variant its own; one in the bin has none."""
    codes = [] if variant.deleted_at is not None else [variant.sku, *variant.barcodes]
    work.execute(_PUT_CODES, variant_id=variant.id, codes=_lowered(codes))


def variant_of_code(work: Work, code: str) -> UUID | None:
    """Whose a barcode or sku is."""
    row = work.row(_VARIANT_OF_CODE, code=code.lower())
    return None if row is None else row.variant_id


def has_children(work: Work, category_id: UUID) -> bool:
    """Whether living products or branches hang below a branch."""
    return work.row(_HAS_CHILDREN, id=category_id) is not None


def move_branches(work: Work, category_id: UUID, path: list[str]) -> None:
    """Gives all branches below one their new paths."""
    work.execute(_MOVE_BRANCHES, id=category_id, path=Jsonb(path))


def check_category(work: Work, category_id: UUID) -> None:
    """Raises InvalidArgument where there is no such category."""
    if work.row(_CATEGORY, id=category_id) is None:
        raise not_there("product.category_id", "category")


def check_product(work: Work, product_id: UUID) -> None:
    """Raises InvalidArgument where there is no such product."""
    if work.row(_PRODUCT, id=product_id) is None:
        raise not_there("product_variant.product_id", "product")


def has_tax_rate(work: Work, code: str) -> bool:
    """Whether there is a tax rate of this code."""
    return work.row(_TAX_RATE, code=code) is not None


def _lowered(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(code.lower() for code in codes if code))
