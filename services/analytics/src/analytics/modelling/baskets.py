"""What is bought together: rules between products, kept where they are not by chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid5

from funia.analytics.v1 import model_run_pb2 as pb

from analytics.methods.baskets import Rule, frequent_sets, rules
from analytics.methods.findings import Remark, refuse_unless
from analytics.modelling.scores import KeptRule, Modelled, remarked
from analytics.queries import baskets as queries
from analytics.queries.sight import Sight

SUPPORT_PPM, CONFIDENCE_PERMILLE, LONGEST, SIGNIFICANCE_PERMILLE = 5_000, 100, 3, 50
"""Half a per cent of the orders, a tenth of those with the left side, three products, five per cent by chance."""
MOST_RULES = 20_000
_LEAST_ORDERS = 3
_FEW_ORDERS = 200
_RULES = UUID("019a8f2e-6d0b-7c51-9a55-2f1f5c1d7e21")
"""Namespace of the ids of rules."""


def compute(sight: Sight, asked: pb.ModelParameters, first: date, as_of: date) -> Modelled:
    """Rules of the orders of these days. Raises Refused: EMPTY, ONE_PRODUCT_EACH, TOO_MANY_SETS, TOO_MANY_RULES."""
    chosen = queries.Chosen(first, as_of, asked.store_id, asked.group)
    support = f"{asked.least_support_ppm}e-6"
    found = queries.frequent(sight, chosen, support=support, least=_LEAST_ORDERS)
    refuse_unless(found.orders > 0, "EMPTY")
    refuse_unless(found.single < found.orders, "ONE_PRODUCT_EACH", orders=found.orders)
    result = pb.BasketsResult(
        baskets=found.orders,
        single=found.single,
        products=found.products_in_all,
        first_day=first.isoformat() if asked.first_day else "",
        last_day=as_of.isoformat(),
    )
    kept: list[Rule] = []
    if found.items.size:
        sets = frequent_sets(
            found.baskets, found.items, support=support, longest=asked.longest, all_baskets=found.orders,
            least_count=_LEAST_ORDERS,
        )  # fmt: skip
        all_rules = rules(sets, confidence=f"{max(asked.least_confidence_permille, 1)}e-3")
        kept = [one for one in all_rules if _chance(one, asked) * 1000 <= asked.significance_permille]
        refuse_unless(len(kept) <= MOST_RULES, "TOO_MANY_RULES", rules=len(kept), limit=MOST_RULES)
        result.least_baskets, result.frequent_sets = sets.least_count, len(sets.counts)
        result.tested = sum(len(each) for each in sets.counts if len(each) > 1)
    result.rules = len(kept)
    remarks = [Remark("FEW_ORDERS", {"orders": found.orders})] if found.orders < _FEW_ORDERS else []
    return Modelled(
        pb.ModelResult(remarks=remarked(remarks), baskets=result),
        rules=[_kept(one, found.products, asked) for one in kept],
    )


def _chance(rule: Rule, asked: pb.ModelParameters) -> float:
    return rule.p_bonferroni if asked.correction == "bonferroni" else rule.p_hochberg


def _kept(rule: Rule, products: Sequence[UUID], asked: pb.ModelParameters) -> KeptRule:
    antecedent = sorted(products[one] for one in rule.antecedent)
    consequent = products[rule.consequent]
    return KeptRule(
        uuid5(_RULES, f"{' '.join(str(one) for one in antecedent)}|{consequent}|{asked.store_id}"),
        antecedent, consequent, rule.together, rule.antecedent_count, rule.consequent_count, rule.support,
        rule.confidence, rule.lift, rule.p_value, _chance(rule, asked),
    )  # fmt: skip
