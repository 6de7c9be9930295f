"""Statements on the catalogue as a till sells it: everything once, and from then on what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work

_SHELF = """
    SELECT variant.id, variant.product_id, variant.name AS variant_name, variant.sku, variant.barcodes, product.name,
           product.kind, product.unit, product.tax_code, product.category_id,
           variant.status = 'active' AND product.status = 'active'
           AND variant.deleted_at IS NULL AND product.deleted_at IS NULL AS sold
"""
_ALL = text(
    _SHELF
    + """
      FROM product_variant AS variant
      JOIN product ON product.tenant_id = variant.tenant_id AND product.id = variant.product_id
     WHERE variant.tenant_id = %(tenant_id)s AND variant.id > %(after)s
       AND variant.status = 'active' AND product.status = 'active'
       AND variant.deleted_at IS NULL AND product.deleted_at IS NULL
     ORDER BY variant.id LIMIT %(limit)s
    """,
    "tenant_id",
)
_CHANGED = text(
    """
    WITH changed AS (
        SELECT id FROM product_variant WHERE tenant_id = %(tenant_id)s AND updated_at >= %(since)s
        UNION
        SELECT variant.id FROM product
          JOIN product_variant AS variant ON variant.tenant_id = product.tenant_id AND variant.product_id = product.id
         WHERE product.tenant_id = %(tenant_id)s AND product.updated_at >= %(since)s
    )
    """
    + _SHELF
    + """
      FROM changed
      JOIN product_variant AS variant ON variant.tenant_id = %(tenant_id)s AND variant.id = changed.id
      JOIN product ON product.tenant_id = variant.tenant_id AND product.id = variant.product_id
     WHERE variant.id > %(after)s
     ORDER BY variant.id LIMIT %(limit)s
    """,
    "tenant_id",
)
_BRANCHES = text(
    """
    WITH RECURSIVE above AS (
        SELECT id, parent_id, name, position FROM product_category
         WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)b)
        UNION
        SELECT branch.id, branch.parent_id, branch.name, branch.position
          FROM product_category AS branch JOIN above ON branch.id = above.parent_id
         WHERE branch.tenant_id = %(tenant_id)s
    )
    SELECT id, parent_id, name, position FROM above
    """,
    "tenant_id",
)
_BRANCHES_CHANGED = text(
    "SELECT max(updated_at) AS changed_at FROM product_category WHERE tenant_id = %(tenant_id)s", "tenant_id"
)


def everything(work: Work, *, after: UUID, limit: int) -> list[Row]:
    """Variants that are sold, by id."""
    return work.rows(_ALL, after=after, limit=limit)


def changed(work: Work, since: datetime, *, after: UUID, limit: int) -> list[Row]:
    """Variants that changed since a moment, or whose product did, by id; those no longer sold too."""
    return work.rows(_CHANGED, since=since, after=after, limit=limit)


def branches(work: Work, ids: Sequence[UUID]) -> list[Row]:
    """These branches of the catalogue and all above them."""
    return work.rows(_BRANCHES, ids=list(ids)) if ids else []


def branches_changed_at(work: Work) -> datetime | None:
    """When a branch of the catalogue last changed."""
    row = work.row(_BRANCHES_CHANGED)
    return None if row is None else row.changed_at
