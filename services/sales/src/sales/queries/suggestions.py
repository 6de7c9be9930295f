"""Statements on what is bought together: sums that orders are added to and taken from, and the rules of analytics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.statements import text
from chassis.work import Row, Work
from psycopg.types.json import Jsonb

from sales.model.order import OWN_WAREHOUSE
from sales.model.suggestion import ALL_BASKETS
from sales.queries.sales_days import NO_SALE

_NO_SALE = ", ".join(f"'{one}'" for one in NO_SALE)
_SUM_UP = """
    , alone AS (
        INSERT INTO product_basket (tenant_id, product_id, orders)
        SELECT %(tenant_id)s, product_id, {sign} count(*)
          FROM moved CROSS JOIN LATERAL unnest(moved.product_ids || %(everything)b::uuid) AS held(product_id)
         GROUP BY product_id ORDER BY product_id
        ON CONFLICT (tenant_id, product_id) DO UPDATE SET orders = product_basket.orders + excluded.orders
    )
    INSERT INTO product_pair (tenant_id, product_id, other_id, orders)
    SELECT %(tenant_id)s, one.product_id, other.product_id, {sign} count(*)
      FROM moved CROSS JOIN LATERAL unnest(moved.product_ids) AS one(product_id)
           CROSS JOIN LATERAL unnest(moved.product_ids) AS other(product_id)
     WHERE one.product_id <> other.product_id
     GROUP BY one.product_id, other.product_id ORDER BY one.product_id, other.product_id
    ON CONFLICT (tenant_id, product_id, other_id) DO UPDATE SET orders = product_pair.orders + excluded.orders
"""
_ADD = text(
    """
    WITH moved AS (
        INSERT INTO counted_basket (tenant_id, order_id, product_ids)
        SELECT %(tenant_id)s, order_id, product_ids
          FROM jsonb_to_recordset(%(baskets)s) AS given(order_id uuid, product_ids uuid[])
         ORDER BY order_id
        ON CONFLICT (tenant_id, order_id) DO NOTHING
        RETURNING product_ids
    )
    """
    + _SUM_UP.format(sign=""),
    "tenant_id",
)
_TAKE = text(
    """
    WITH moved AS (
        DELETE FROM counted_basket WHERE tenant_id = %(tenant_id)s AND order_id = ANY(%(order_ids)b::uuid[])
        RETURNING product_ids
    )
    """
    + _SUM_UP.format(sign="-"),
    "tenant_id",
)
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('baskets/' || %(tenant_id)s::text, 0))", "tenant_id")
_UNCOUNTED = text(
    f"""
    SELECT sold.id AS order_id, array_agg(DISTINCT line.product_id) AS product_ids
      FROM sales_order AS sold
      JOIN order_line AS line ON line.tenant_id = sold.tenant_id AND line.order_id = sold.id
      LEFT JOIN counted_basket AS counted ON counted.tenant_id = sold.tenant_id AND counted.order_id = sold.id
     WHERE sold.tenant_id = %(tenant_id)s AND line.tenant_id = %(tenant_id)s AND line.quantity_milli > 0
       AND sold.status NOT IN ({_NO_SALE}) AND counted.order_id IS NULL AND sold.id > %(after)s
     GROUP BY sold.id HAVING count(DISTINCT line.product_id) <= %(most)s
     ORDER BY sold.id LIMIT %(limit)s
    """,
    "tenant_id",
)
_UNSOLD = text(
    f"""
    SELECT counted.order_id FROM counted_basket AS counted
      LEFT JOIN sales_order AS sold ON sold.tenant_id = counted.tenant_id AND sold.id = counted.order_id
     WHERE counted.tenant_id = %(tenant_id)s AND (sold.id IS NULL OR sold.status IN ({_NO_SALE}))
    """,
    "tenant_id",
)
_BEGIN = text(
    """
    INSERT INTO basket_generation (tenant_id, id, parts, parts_kept, complete, discovered_at, first_day, last_day,
           baskets)
    VALUES (%(tenant_id)s, %(id)s, %(parts)s, 1, %(parts)s <= 1, %(discovered_at)s, %(first_day)s, %(last_day)s,
           %(baskets)s)
    ON CONFLICT (tenant_id, id) DO UPDATE SET parts_kept = basket_generation.parts_kept + 1,
           complete = basket_generation.parts_kept + 1 >= basket_generation.parts
    RETURNING complete
    """,
    "tenant_id",
)
_KEEP = text(
    """
    INSERT INTO basket_rule (tenant_id, generation_id, id, lead_product_id, antecedent_ids, consequent_id, store_id,
           support, confidence, lift, together)
    SELECT %(tenant_id)s, %(generation_id)s, id, antecedent_ids[1], antecedent_ids, consequent_id, store_id,
           support, confidence, lift, together
      FROM jsonb_to_recordset(%(rules)s) AS given(id uuid, antecedent_ids uuid[], consequent_id uuid, store_id uuid,
           support double precision, confidence double precision, lift double precision, together bigint)
    ON CONFLICT (tenant_id, generation_id, id) DO NOTHING
    """,
    "tenant_id",
)
_CURRENT = text(
    "SELECT id FROM basket_generation WHERE tenant_id = %(tenant_id)s AND complete ORDER BY id DESC LIMIT 1",
    "tenant_id",
)
_DROP = (
    text("DELETE FROM basket_rule WHERE tenant_id = %(tenant_id)s AND generation_id < %(id)s", "tenant_id"),
    text("DELETE FROM basket_generation WHERE tenant_id = %(tenant_id)s AND id < %(id)s", "tenant_id"),
)
RULES = text(
    """
    SELECT rule.id, rule.antecedent_ids, rule.consequent_id, rule.confidence, rule.lift
      FROM basket_rule AS rule
     WHERE rule.tenant_id = %(tenant_id)s AND rule.generation_id = %(generation_id)s
       AND rule.lead_product_id = ANY(%(product_ids)b::uuid[]) AND rule.antecedent_ids <@ %(product_ids)b::uuid[]
       AND rule.consequent_id <> ALL(%(product_ids)b::uuid[])
       AND (rule.store_id IS NULL OR rule.store_id = %(store_id)b::uuid)
     ORDER BY rule.confidence DESC, rule.lift DESC, rule.id LIMIT %(limit)s
    """,
    "tenant_id",
)
PAIRS = text(
    """
    SELECT given.product_id, pair.other_id, pair.orders AS together, bought.orders AS bought,
           other.orders AS other_bought, everything.orders AS baskets
      FROM unnest(%(product_ids)b::uuid[]) AS given(product_id)
      JOIN product_basket AS bought ON bought.tenant_id = %(tenant_id)s AND bought.product_id = given.product_id
      JOIN product_basket AS everything
        ON everything.tenant_id = %(tenant_id)s AND everything.product_id = %(everything)b::uuid
     CROSS JOIN LATERAL (
           SELECT other_id, orders FROM product_pair
            WHERE tenant_id = %(tenant_id)s AND product_id = given.product_id AND orders >= %(least)s
              AND other_id <> ALL(%(without)b::uuid[])
            ORDER BY orders DESC, other_id LIMIT %(each)s
           ) AS pair
      JOIN product_basket AS other ON other.tenant_id = %(tenant_id)s AND other.product_id = pair.other_id
    """,
    "tenant_id",
)
_SINGLE_RULES = text(
    """
    SELECT lead_product_id, id, consequent_id, confidence, lift FROM (
           SELECT rule.*, row_number() OVER (PARTITION BY lead_product_id ORDER BY confidence DESC, lift DESC, id) AS at
             FROM basket_rule AS rule
            WHERE rule.tenant_id = %(tenant_id)s AND rule.generation_id = %(generation_id)s
              AND rule.lead_product_id = ANY(%(product_ids)b::uuid[]) AND cardinality(rule.antecedent_ids) = 1
              AND (rule.store_id IS NULL OR rule.store_id = %(store_id)b::uuid)
           ) AS ranked
     WHERE at <= %(each)s ORDER BY lead_product_id, at
    """,
    "tenant_id",
)
_SOLD_NOW = text(
    """
    SELECT DISTINCT ON (product.id) product.id, product.name, variant.id AS variant_id, variant.name AS variant_name
      FROM product
      JOIN product_variant AS variant ON variant.tenant_id = product.tenant_id AND variant.product_id = product.id
      LEFT JOIN stock ON stock.tenant_id = variant.tenant_id AND stock.variant_id = variant.id
            AND stock.store_id = %(store_id)s
     WHERE product.tenant_id = %(tenant_id)s AND product.id = ANY(%(product_ids)b::uuid[])
       AND product.status = 'active' AND product.deleted_at IS NULL
       AND variant.status = 'active' AND variant.deleted_at IS NULL
       AND (NOT product.track_stock OR stock.on_hand_milli > 0)
     ORDER BY product.id, variant.position, variant.id
    """,
    "tenant_id",
)
_NAMES = text(
    "SELECT id, name FROM product WHERE tenant_id = %(tenant_id)s AND id = ANY(%(product_ids)b::uuid[])", "tenant_id"
)


def alone(work: Work) -> None:
    """Waits until nobody else changes the sums of this company."""
    work.rows(_ALONE)


def add(work: Work, baskets: Mapping[UUID, Sequence[UUID]]) -> None:
    """Adds orders with their different products to the sums; one that is counted already changes nothing."""
    if baskets:
        given = [
            {"order_id": str(order_id), "product_ids": [str(one) for one in products]}
            for order_id, products in baskets.items()
        ]
        work.execute(_ADD, baskets=Jsonb(given), everything=ALL_BASKETS)


def take(work: Work, order_ids: Sequence[UUID]) -> None:
    """Takes orders out of the sums; one that is not counted changes nothing."""
    if order_ids:
        work.execute(_TAKE, order_ids=list(order_ids), everything=ALL_BASKETS)


def uncounted(work: Work, *, after: UUID, most: int, limit: int) -> dict[UUID, list[UUID]]:
    """Products of orders that were sold and are not in the sums, by id."""
    rows = work.rows(_UNCOUNTED, after=after, most=most, limit=limit)
    return {row.order_id: row.product_ids for row in rows}


def unsold(work: Work) -> list[UUID]:
    """Orders in the sums that were not sold after all."""
    return [row.order_id for row in work.rows(_UNSOLD)]


def keep_part(work: Work, generation: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> None:
    """Keeps a part of a generation; with its last one the generation takes the place of those before."""
    held = current(work)
    if held is not None and generation["id"] < held:
        return
    row = work.row(_BEGIN, **generation)
    if rules:
        work.execute(_KEEP, generation_id=generation["id"], rules=Jsonb(list(rules)))
    if row is not None and row.complete:
        for statement in _DROP:
            work.execute(statement, id=generation["id"])


def current(work: Work) -> UUID | None:
    """The generation of rules that holds."""
    row = work.row(_CURRENT)
    return None if row is None else row.id


def rules(
    work: Work, generation_id: UUID, product_ids: Sequence[UUID], store_id: UUID | None, *, limit: int
) -> list[Row]:
    """Rules whose left side is in the basket and whose right side is not, the surest first."""
    given = {"generation_id": generation_id, "product_ids": list(product_ids), "store_id": store_id}
    return work.rows(RULES, limit=limit, **given)


def single_rules(
    work: Work, generation_id: UUID, product_ids: Sequence[UUID], store_id: UUID | None, *, each: int
) -> list[Row]:
    """The surest rules of each product by itself."""
    given = {"generation_id": generation_id, "product_ids": list(product_ids), "store_id": store_id}
    return work.rows(_SINGLE_RULES, each=each, **given)


def pairs(work: Work, product_ids: Sequence[UUID], *, without: Sequence[UUID] = (), least: int, each: int) -> list[Row]:
    """What was most often in the same orders as each product, from `least` orders on."""
    return work.rows(
        PAIRS,
        product_ids=list(product_ids),
        without=list(without),
        everything=ALL_BASKETS,
        least=least,
        each=each,
    )


def sold_now(work: Work, product_ids: Sequence[UUID], store_id: UUID | None) -> dict[UUID, Row]:
    """Of these products those that can be sold, each with its first variant of which something is there."""
    rows = work.rows(_SOLD_NOW, product_ids=list(product_ids), store_id=store_id or OWN_WAREHOUSE)
    return {row.id: row for row in rows}


def names(work: Work, product_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What products are called; those in the bin, too."""
    return {row.id: row.name for row in work.rows(_NAMES, product_ids=list(product_ids))}
