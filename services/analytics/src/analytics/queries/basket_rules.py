"""Statements on the rules between products that runs of baskets have found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.statements import prepare, text
from chassis.tables import scoped
from chassis.work import Row, Work
from psycopg.types.json import Jsonb
from sqlalchemy import bindparam

from analytics.model.basket_rule import BasketRule

SORTS = ("lift", "confidence", "support")
_GET = prepare(scoped(BasketRule).where(BasketRule.run_id == bindparam("run_id"), BasketRule.id == bindparam("id")))
_FORGET = text("DELETE FROM basket_rule WHERE tenant_id = %(tenant_id)s AND run_id = %(run_id)s", "tenant_id")
_ADD = text(
    """
    INSERT INTO basket_rule (tenant_id, run_id, id, antecedent_ids, consequent_id, together, antecedent_count,
           consequent_count, support, confidence, lift, p_value, p_adjusted)
    SELECT %(tenant_id)s, %(run_id)s, one.*
      FROM jsonb_to_recordset(%(rules)s) AS one(id uuid, antecedent_ids uuid[], consequent_id uuid, together bigint,
           antecedent_count bigint, consequent_count bigint, support double precision, confidence double precision,
           lift double precision, p_value double precision, p_adjusted double precision)
    """,
    "tenant_id",
)
LISTED = {
    (sort, after): text(
        f"""
        SELECT * FROM basket_rule
         WHERE tenant_id = %(tenant_id)s AND run_id = %(run_id)s
               AND lift >= %(least_lift)s AND confidence >= %(least_confidence)s
               AND (%(product_id)b::uuid IS NULL OR consequent_id = %(product_id)b::uuid
                    OR %(product_id)b::uuid = ANY(antecedent_ids))
               {f"AND {sort} <= %(at)s AND ({sort} < %(at)s OR id > %(after)s)" if after else ""}
         ORDER BY {sort} DESC, id
         LIMIT %(limit)s
        """,
        "tenant_id",
    )
    for sort in SORTS
    for after in (True, False)
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rules, in which order: one of SORTS."""

    sort: str
    product_id: UUID | None
    least_lift: float
    least_confidence: float


def add(work: Work, run_id: UUID, rules: Sequence[dict[str, Any]]) -> None:
    """Writes rules, given by the names of the columns."""
    work.execute(_ADD, run_id=run_id, rules=Jsonb(list(rules)))


def forget(work: Work, run_id: UUID) -> None:
    """Removes the rules of a run."""
    work.execute(_FORGET, run_id=run_id)


def get(work: Work, run_id: UUID, rule_id: UUID) -> Row | None:
    """A rule of a run."""
    return work.row(_GET, run_id=run_id, id=rule_id)


def listed(work: Work, run_id: UUID, asked: Asked, *, after: tuple[float, UUID] | None, limit: int) -> list[Row]:
    """Rules of a run in their order."""
    given: dict[str, Any] = {
        "run_id": run_id, "product_id": asked.product_id, "least_lift": asked.least_lift,
        "least_confidence": asked.least_confidence, "limit": limit,
    }  # fmt: skip
    if after is not None:
        given |= {"at": after[0], "after": after[1]}
    return work.rows(LISTED[asked.sort, after is not None], **given)
