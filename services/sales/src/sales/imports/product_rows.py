"""Products of a file: new ones go into the catalogue, with category and price; codes that are there are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.ids import uuid7
from chassis.importing.numbers import decimal
from chassis.importing.rows import Problem, RawRow
from chassis.statements import text
from chassis.work import Work

from sales.imports import products
from sales.imports.batch import Outcome, Terms
from sales.imports.cells import micros
from sales.imports.products import Wanted
from sales.model.catalogue import ProductCategory
from sales.queries.imports import BulkRows

_CATEGORIES = BulkRows(ProductCategory)
_KNOWN_CATEGORIES = text(
    """
    SELECT id, name_key FROM product_category
     WHERE tenant_id = %(tenant_id)s AND name_key = ANY(%(keys)b) AND deleted_at IS NULL
    """,
    "tenant_id",
)
_NAME_MAX_CHARS = 120


class ProductRows:
    """Checks rows of products, and writes them a batch at a time."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def group_of(self, raw: RawRow) -> str:
        """Rows of products stand alone."""
        return str(raw.number)

    def write(self, work: Work, rows: Sequence[RawRow], outcome: Outcome) -> None:
        """Checks these rows and makes what is not there."""
        wanted: dict[str, tuple[RawRow, Wanted, str]] = {}
        for raw in rows:
            found = self._checked(raw)
            if isinstance(found, Problem):
                outcome.fail(raw, found)
            elif found[0].sku.lower() in wanted:
                outcome.skip(raw)
                outcome.note(raw, "DUPLICATE", "Left out: a row before it has the same code.")
            else:
                wanted[found[0].sku.lower()] = (raw, *found)
        for key in products.by_sku(work, wanted):
            outcome.skip(wanted.pop(key)[0])
        outcome.created += len(wanted)
        outcome.made["products"] += len(wanted)
        if self._terms.dry_run or not wanted:
            return
        lines = {category: raw.number for raw, _, category in reversed(wanted.values()) if category}
        branches = _categories(work, lines, outcome)
        made = {
            key: Wanted(
                one.sku,
                one.name,
                one.description,
                one.unit,
                branches.get(category.lower()),
                one.price,
                one.cost,
                one.barcode,
                raw.number,
            )
            for key, (raw, one, category) in wanted.items()
        }
        products.make(work, made, outcome, self._terms.import_id)

    def _checked(self, raw: RawRow) -> tuple[Wanted, str] | Problem:
        terms = self._terms
        if (broken := terms.broken(raw)) is not None:
            return broken
        name = terms.cell(raw, "name")
        sku = terms.cell(raw, "sku") or name
        if not name or len(name) > products.NAME_MAX_CHARS or len(sku) > products.SKU_MAX_CHARS:
            return Problem("REQUIRED", "A product needs a name of at most 200 characters and a code of at most 100.")
        prices: dict[str, tuple[str, int]] = {}
        for one in ("price", "cost"):
            given = terms.cell(raw, one)
            if not given:
                continue
            amount = micros(given) if decimal(given) is not None else None
            if amount is None or amount < 0:
                return Problem("INVALID_AMOUNT", f'"{given[:40]}" is no price.', terms.headings[one])
            prices[one] = (terms.reading.currency, amount)
        made = Wanted(
            sku,
            name,
            terms.cell(raw, "description")[:5000],
            terms.cell(raw, "unit")[:20] or "piece",
            None,
            prices.get("price"),
            prices.get("cost"),
            terms.cell(raw, "barcode")[: products.SKU_MAX_CHARS],
        )
        return made, terms.cell(raw, "category")[:_NAME_MAX_CHARS]


def _categories(work: Work, names: Mapping[str, int], outcome: Outcome) -> dict[str, UUID]:
    """Branches by lower-cased name, given with a row that has each; those that are not there are made at the top."""
    if not names:
        return {}
    keys = {name.lower(): name for name in sorted(names)}
    found: dict[str, UUID] = {row.name_key: row.id for row in work.rows(_KNOWN_CATEGORIES, keys=list(keys))}
    made = {key: uuid7() for key in keys if key not in found}
    for key, branch_id in made.items():
        outcome.wrote("category", branch_id, names[keys[key]])
    fresh = [{"id": made[key], "name": keys[key], "name_key": key} for key in made]
    stamps = {"created_at": work.now, "created_by": work.caller.actor_id, "updated_at": work.now}
    _CATEGORIES.add(
        work,
        fresh,
        **stamps,
        updated_by=work.caller.actor_id,
        version=1,
        deleted_at=None,
        custom={},
        external_ids={},
        parent_id=None,
        path=[],
        position=0,
    )
    return found | made
