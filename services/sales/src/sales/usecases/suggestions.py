"""What to offer beside what is in the basket, and the sums by which that is known.

Rules of analytics come first, as they are tested for chance; where they are few or none, pairs of products that the
company's own orders hold together more often than by chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from chassis.work import Row, Work

from sales.queries import suggestions as queries

MOST_PRODUCTS = 50
"""Different products of an order that is counted. A bigger one, such as a shop's stock order, says little about what
goes with what, and would cost its square."""
LEAST_ORDERS = 3
"""Orders that two products must have been in together."""
SUGGESTED = 4
"""Suggestions where no other number is asked for."""
COMPANIONS = 5
"""Companions of a product that a till keeps."""
_CANDIDATES = 60
_PAIRS_EACH = 20
_COMPANIONS_EACH = 10
_RECOUNTED_AT_ONCE = 5_000
_COUNTED_AT_ONCE = 2_000
FIRST = UUID(int=0)
COUNT = "sales.baskets"
"""The job that counts orders of files."""
_PAIR = UUID("019a8f2e-6d0b-7c51-9a55-2f1f5c1d7e20")
"""Namespace of the ids of pairs."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product to offer. `share` is of the orders with `because`, from 0 to 1."""

    id: UUID
    product_id: UUID
    variant_id: UUID
    name: str
    source: str
    because: Sequence[tuple[UUID, str]]
    share: float
    lift: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: UUID
    product_id: UUID
    source: str
    because: Sequence[UUID]
    share: float
    lift: float


@dataclass(frozen=True, slots=True)
class Companion:
    """A product that goes with another."""

    product_id: UUID
    suggestion_id: UUID
    share: float


def suggest(work: Work, basket: Sequence[UUID], store_id: UUID | None, *, limit: int = SUGGESTED) -> list[Suggestion]:
    """What to offer with a basket, the best first; nothing for an empty one."""
    held = list(dict.fromkeys(basket))
    if not held:
        return []
    best: dict[UUID, _Candidate] = {}
    for one in [*_by_rules(work, held, store_id), *_by_pairs(work, held)]:
        best.setdefault(one.product_id, one)
    there = queries.sold_now(work, list(best), store_id)
    chosen = [one for one in best.values() if one.product_id in there][:limit]
    names = queries.names(work, list({each for one in chosen for each in one.because}))
    return [_offered(one, there[one.product_id], names) for one in chosen]


def companions(work: Work, product_ids: Sequence[UUID], store_id: UUID | None) -> dict[UUID, list[Companion]]:
    """What goes with each of these products by itself, the best first; for a till, which looks at its own shelf."""
    ids = list(dict.fromkeys(product_ids))
    found: dict[UUID, dict[UUID, Companion]] = {}
    generation_id = queries.current(work)
    if generation_id is not None:
        for row in queries.single_rules(work, generation_id, ids, store_id, each=_COMPANIONS_EACH):
            companion = Companion(row.consequent_id, row.id, row.confidence)
            found.setdefault(row.lead_product_id, {}).setdefault(row.consequent_id, companion)
    for one in _ranked(queries.pairs(work, ids, least=LEAST_ORDERS, each=_COMPANIONS_EACH)):
        companion = Companion(one.product_id, one.id, one.share)
        found.setdefault(one.because[0], {}).setdefault(one.product_id, companion)
    there = queries.sold_now(work, list({one for kept in found.values() for one in kept}), store_id)
    return {
        product_id: [one for one in kept.values() if one.product_id in there][:COMPANIONS]
        for product_id, kept in found.items()
    }


def count(work: Work, baskets: Mapping[UUID, Sequence[UUID]]) -> None:
    """Puts orders into the sums as they are now; one without products is taken out."""
    queries.alone(work)
    queries.take(work, list(baskets))
    queries.add(work, {order_id: held for order_id, held in baskets.items() if 0 < len(held) <= MOST_PRODUCTS})


def count_some(work: Work, after: UUID) -> UUID | None:
    """Counts some orders that were sold and are not counted, by id after this one; the last, or None at the end."""
    queries.alone(work)
    missing = queries.uncounted(work, after=after, most=MOST_PRODUCTS, limit=_COUNTED_AT_ONCE)
    queries.add(work, missing)
    return max(missing) if len(missing) == _COUNTED_AT_ONCE else None


def recount(work: Work) -> bool:
    """Counts what was sold and is not counted, and takes out what was not sold; whether anything was wrong."""
    queries.alone(work)
    wrong = queries.unsold(work)
    queries.take(work, wrong)
    after, any_missing = FIRST, False
    while missing := queries.uncounted(work, after=after, most=MOST_PRODUCTS, limit=_RECOUNTED_AT_ONCE):
        queries.add(work, missing)
        after, any_missing = max(missing), True
    return bool(wrong) or any_missing


def _by_rules(work: Work, held: Sequence[UUID], store_id: UUID | None) -> list[_Candidate]:
    generation_id = queries.current(work)
    if generation_id is None:
        return []
    return [
        _Candidate(row.id, row.consequent_id, "rule", row.antecedent_ids, row.confidence, row.lift)
        for row in queries.rules(work, generation_id, held, store_id, limit=_CANDIDATES)
    ]


def _by_pairs(work: Work, held: Sequence[UUID]) -> list[_Candidate]:
    return _ranked(queries.pairs(work, held, without=held, least=LEAST_ORDERS, each=_PAIRS_EACH))


def _ranked(rows: Sequence[Row]) -> list[_Candidate]:
    """Pairs that are bought together more often than by chance, the greatest share first."""
    found = [
        _Candidate(
            uuid5(_PAIR, f"{row.product_id}|{row.other_id}"),
            row.other_id,
            "pair",
            [row.product_id],
            row.together / row.bought,
            row.together * row.baskets / (row.bought * row.other_bought),
        )
        for row in rows
    ]
    return sorted((one for one in found if one.lift > 1), key=lambda one: (-one.share, -one.lift, one.id))


def _offered(one: _Candidate, row: Row, names: Mapping[UUID, str]) -> Suggestion:
    variant = row.variant_name
    name = f"{row.name}, {variant}" if variant and variant != row.name else str(row.name)
    because = [(each, names[each]) for each in one.because if each in names]
    return Suggestion(one.id, one.product_id, row.variant_id, name, one.source, because, one.share, one.lift)
