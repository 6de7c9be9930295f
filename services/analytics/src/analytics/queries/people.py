"""Who a customer is by now: a person who was merged into another is that one in every figure, of the past as well.

Facts keep the ids that their events had; questions ask here, so that a merge, or its undoing, needs no fact again.
"""

from __future__ import annotations

from uuid import UUID

from analytics.queries.sight import Sight

NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"

_MERGES_FOLLOWED_MAX = 16
"""Who was merged into somebody merged into somebody and so on; it also ends a circle of merges known in part."""

STAYING = f"""(WITH RECURSIVE way AS (
                    SELECT customer_id AS person, merged_into_id AS stays, 1 AS steps
                      FROM merge_fact WHERE merged_into_id != {NOBODY}
                     UNION ALL
                    SELECT way.person, merge_fact.merged_into_id, way.steps + 1
                      FROM way INNER JOIN merge_fact ON merge_fact.customer_id = way.stays
                     WHERE merge_fact.merged_into_id != {NOBODY} AND way.steps < {_MERGES_FOLLOWED_MAX})
                SELECT person, argMax(way.stays, steps) AS stays FROM way GROUP BY person)"""
"""A source of a statement: each `person` who was merged, and who `stays` for them."""

_STAYING_FOR = f"SELECT stays FROM {STAYING} WHERE person = {{person:UUID}}"


def one_person(table: str, column: str = "customer_id") -> str:
    """A source of a statement: the fact with its people in `column` as who they are by now.

    It is a join, so a question that does not look at people reads the fact itself. (`transform` in place of the join
    would be shorter, but has been seen to answer differently from one time to the next in several threads.)
    """
    stays = f"if(staying.stays = {NOBODY}, fact.{column}, staying.stays) AS {column}"
    return (
        f"(SELECT fact.* REPLACE ({stays}) FROM {table} AS fact"
        f" LEFT ANY JOIN {STAYING} AS staying ON staying.person = fact.{column})"
    )


def staying_for(sight: Sight, customer_id: str) -> str:
    """Who this customer is by now: the text itself, unless it is the id of somebody who was merged."""
    try:
        person = UUID(customer_id)
    except ValueError:
        return customer_id
    rows = sight.query(_STAYING_FOR, person=person)
    return str(rows[0][0]) if rows else customer_id
