"""Baskets give exactly the published rules of Groceries, and suggestions follow from rules that hold."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from analytics.methods.baskets import Rule, Suggestions, corrected, frequent_sets, rules
from analytics.methods.findings import Refused
from scipy.stats import fisher_exact


@pytest.fixture(scope="module")
def groceries(published: Path) -> tuple[list[str], tuple[Rule, ...]]:
    """The names of items, and the rules at the textbook's limits."""
    lines = [
        [item.strip() for item in line.split(",")]
        for line in (published / "groceries" / "groceries.csv").read_text().splitlines()
    ]
    names = sorted({item for line in lines for item in line})
    number = {name: at for at, name in enumerate(names)}
    pairs = [(at, number[item]) for at, line in enumerate(lines) for item in line]
    baskets, items = np.array(pairs).T
    return names, rules(frequent_sets(baskets, items, support="0.006"), confidence="0.25")


def test_the_published_rules_of_groceries_are_found_each_and_no_other(
    published: Path, groceries: tuple[list[str], tuple[Rule, ...]]
) -> None:
    names, found = groceries
    sizes = Counter(len(rule.antecedent) + 1 for rule in found)
    assert sizes == {2: 150, 3: 297, 4: 16}
    with (published / "groceries" / "expected_rules_supp0.006_conf0.25.csv").open() as file:
        theirs = {(row["a"], row["c"]): row for row in csv.DictReader(file)}
    expected = {(frozenset(part.strip() for part in a.split(",")), c.strip()): row for (a, c), row in theirs.items()}
    ours = {(frozenset(names[each] for each in rule.antecedent), names[rule.consequent]): rule for rule in found}
    assert ours.keys() == expected.keys()
    for key, rule in ours.items():
        row = expected[key]
        assert rule.together == round(float(row["support"]) * 9835)
        assert rule.confidence == pytest.approx(float(row["confidence"]), rel=1e-12)
        assert rule.lift == pytest.approx(float(row["lift"]), rel=1e-12)


def test_the_chance_of_a_rule_is_fishers_exact_test(groceries: tuple[list[str], tuple[Rule, ...]]) -> None:
    for rule in groceries[1][::100]:
        both, left, right, n = rule.together, rule.antecedent_count, rule.consequent_count, rule.baskets
        table = [[both, left - both], [right - both, n - left - right + both]]
        assert rule.p_value == pytest.approx(fisher_exact(table, alternative="greater").pvalue, rel=1e-6)
        assert rule.p_value <= rule.p_hochberg <= rule.p_bonferroni == min(1.0, rule.p_value * rule.tested)


def test_corrected_chances_follow_the_textbook() -> None:
    hochberg, bonferroni = corrected(np.array([0.04, 0.01, 0.03, 0.5]))
    assert hochberg.tolist() == pytest.approx([4 / 75, 0.04, 4 / 75, 0.5])
    assert bonferroni.tolist() == pytest.approx([0.16, 0.04, 0.12, 1.0])


def test_sets_are_those_that_counting_by_hand_finds() -> None:
    chance = np.random.default_rng(3)
    held = chance.random((130, 9)) < 0.4
    baskets, items = np.nonzero(held)
    found = frequent_sets(baskets, items * 10, support="0.05", longest=4)
    total = np.unique(baskets).size
    by_hand = {
        tuple(each * 10 for each in group): int(held[:, group].all(axis=1).sum())
        for size in range(1, 5)
        for group in combinations(range(9), size)
    }
    assert found.counts == {group: count for group, count in by_hand.items() if count * 20 >= total}


def test_a_rule_that_sits_on_the_limit_is_kept() -> None:
    lines = [(at, item) for at in range(10) for item in ((1, 2) if at < 8 else (1,))]
    baskets, items = np.array(lines).T
    found = rules(frequent_sets(baskets, items, support="0.8"), confidence="0.8")
    assert [(rule.antecedent, rule.consequent, rule.confidence) for rule in found] == [((1,), 2, 0.8), ((2,), 1, 1.0)]


def test_an_open_basket_is_offered_what_it_lacks_best_first(groceries: tuple[list[str], tuple[Rule, ...]]) -> None:
    names, found = groceries
    basket = [names.index("herbs"), names.index("yogurt")]
    offered = Suggestions(found).for_basket(basket, most=3)
    fitting = [rule for rule in found if set(rule.antecedent) <= set(basket) and rule.consequent not in basket]
    assert offered[0].confidence == max(rule.confidence for rule in fitting)
    assert len({rule.consequent for rule in offered}) == len(offered) == 3
    assert Suggestions(found).for_basket([]) == ()


@pytest.mark.parametrize(
    ("support", "reason"), [("0", "SHARE_OUT_OF_RANGE"), ("x", "SHARE_OUT_OF_RANGE"), ("2", "SHARE_OUT_OF_RANGE")]
)
def test_a_share_that_is_none_is_refused(support: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        frequent_sets(np.array([1]), np.array([1]), support=support)
    assert refused.value.reason == reason


def test_no_baskets_and_too_many_sets_are_refused() -> None:
    with pytest.raises(Refused, match="EMPTY"):
        frequent_sets(np.array([], dtype=np.int64), np.array([], dtype=np.int64), support="0.1")
    with pytest.raises(Refused, match="TOO_MANY_SETS"):
        frequent_sets(np.zeros(12, dtype=np.int64), np.arange(12), support="1", most_sets=50)
