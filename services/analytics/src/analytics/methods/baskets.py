"""What is bought together: frequent sets of products, rules with their significance, suggestions for an open basket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from analytics.methods.findings import Floats, Integers, Refused, refuse_unless, same_length

Items = tuple[int, ...]


@dataclass(frozen=True)
class FrequentSets:
    """How many of `baskets` contain each set: `counts` maps the item numbers, sorted, to that, for frequent sets."""

    counts: Mapping[Items, int]
    baskets: int
    least_count: int


@dataclass(frozen=True)
class Rule:
    """Who buys `antecedent` also buys `consequent`: `together` of `antecedent_count` baskets, of `baskets` in all.

    `p_value` is Fisher's exact test, one-sided (bought together more often than by chance); `p_hochberg` and
    `p_bonferroni` are corrected for all `tested` rules. The figures are shares of baskets.
    """

    antecedent: Items
    consequent: int
    together: int
    antecedent_count: int
    consequent_count: int
    baskets: int
    p_value: float
    p_hochberg: float
    p_bonferroni: float
    tested: int

    @property
    def support(self) -> float:
        return self.together / self.baskets

    @property
    def confidence(self) -> float:
        return self.together / self.antecedent_count

    @property
    def lift(self) -> float:
        return self.together * self.baskets / (self.antecedent_count * self.consequent_count)

    @property
    def leverage(self) -> float:
        return (self.together * self.baskets - self.antecedent_count * self.consequent_count) / self.baskets**2


def frequent_sets(
    baskets: Integers,
    items: Integers,
    *,
    support: str,
    longest: int = 4,
    most_sets: int = 200_000,
    all_baskets: int = 0,
    least_count: int = 1,
) -> FrequentSets:
    """All sets of up to `longest` items in at least `support` of the baskets, from lines (m,) of basket and item.

    The same sets as Apriori and FP-Growth find, by Eclat on sets of bits (Zaki 2000, IEEE TKDE 12). `support` is a
    decimal as text, so that comparing is exact. `all_baskets` counts those as well of which no line is given, since
    they hold nothing frequent; `least_count` is the least that a set may count whatever its share. Raises Refused:
    EMPTY, LENGTHS_DIFFER, SHARE_OUT_OF_RANGE, TOO_MANY_SETS.
    """
    same_length(baskets, items)
    refuse_unless(baskets.size > 0, "EMPTY")
    basket_numbers, rows = np.unique(baskets, return_inverse=True)
    numbers, columns = np.unique(items, return_inverse=True)
    here = basket_numbers.size
    total = max(all_baskets, here)
    least = max(least_count, least_baskets(total, support))
    pairs = np.unique(columns.astype(np.int64) * here + rows)
    held = np.bincount(pairs // here, minlength=numbers.size)
    frequent = np.flatnonzero(held >= least)
    place = np.full(numbers.size, -1)
    place[frequent] = np.arange(frequent.size)
    wide = np.zeros((frequent.size, -(-here // 64) * 8), dtype=np.uint8)
    kept = pairs[place[pairs // here] >= 0]
    of, at = place[kept // here], kept % here
    np.bitwise_or.at(wide, (of, at // 8), np.left_shift(np.uint8(1), (at % 8).astype(np.uint8)))
    counts: dict[Items, int] = {}
    names = [int(each) for each in numbers[frequent]]
    for found, count in _grown((), wide.view(np.uint64), np.arange(frequent.size), held[frequent], least, longest):
        counts[tuple(names[each] for each in found)] = count
        if len(counts) > most_sets:
            raise Refused("TOO_MANY_SETS", limit=most_sets)
    return FrequentSets(counts, total, least)


def least_baskets(total: int, support: str) -> int:
    """How many of `total` baskets are at least this share of them. Raises Refused(SHARE_OUT_OF_RANGE)."""
    share = _share(support)
    return max(1, -(-share.numerator * total // share.denominator))


def _grown(
    prefix: Items, bits: NDArray[np.uint64], items: Integers, counts: Integers, least: int, longest: int
) -> Iterator[tuple[Items, int]]:
    """Each item after the prefix, then all sets that begin with both, depth first."""
    for row in range(items.size):
        found = (*prefix, int(items[row]))
        yield found, int(counts[row])
        if len(found) == longest or row + 1 == items.size:
            continue
        both = bits[row + 1 :] & bits[row]
        shared = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
        enough = shared >= least
        if enough.any():
            yield from _grown(found, both[enough], items[row + 1 :][enough], shared[enough], least, longest)


def rules(sets: FrequentSets, *, confidence: str) -> tuple[Rule, ...]:
    """Rules with one item on the right and at least `confidence` (a decimal as text), the strongest first by lift.

    All rules of the frequent sets are tested and corrected for, also those that are then left out for their confidence.
    Raises Refused(SHARE_OUT_OF_RANGE).
    """
    least = _share(confidence)
    tried = [
        (each[:at] + each[at + 1 :], each[at], count)
        for each, count in sets.counts.items()
        if len(each) > 1
        for at in range(len(each))
    ]
    if not tried:
        return ()
    together = np.array([count for _, _, count in tried])
    left = np.array([sets.counts[antecedent] for antecedent, _, _ in tried])
    right = np.array([sets.counts[(consequent,)] for _, consequent, _ in tried])
    chances = _by_chance(together, left, right, sets.baskets)
    hochberg, bonferroni = corrected(chances)
    kept = np.flatnonzero(together * least.denominator >= left * least.numerator)
    found = [
        Rule(
            tried[at][0], tried[at][1], int(together[at]), int(left[at]), int(right[at]), sets.baskets,
            float(chances[at]), float(hochberg[at]), float(bonferroni[at]), len(tried),
        )
        for at in kept
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda rule: (-rule.lift, -rule.together, rule.antecedent, rule.consequent)))


def corrected(p_values: Floats) -> tuple[Floats, Floats]:
    """P-values (n,) corrected after Benjamini & Hochberg (1995) and after Bonferroni, in the same order."""
    count = p_values.size
    order = np.argsort(p_values, kind="stable")
    stepped = p_values[order] * count / np.arange(1, count + 1)
    hochberg = np.empty(count)
    hochberg[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return hochberg, np.minimum(p_values * count, 1.0)


def _by_chance(together: Integers, left: Integers, right: Integers, baskets: int) -> Floats:
    """P(at least `together` by chance), all rules at once: the hypergeometric tail, summed term by term.

    Each term follows from the one before it. The sum goes outwards from the middle, so that its terms fall: upwards
    where there is more than chance gives, else downwards, for one minus the rest.
    """
    above = together * baskets > left * right
    start = np.where(above, together, together - 1)
    chance = np.zeros(together.size)
    possible = start >= np.maximum(0, left + right - baskets)
    for way, chosen in ((1, above), (-1, ~above)):
        of = np.flatnonzero(chosen & possible)
        chance[of] = _outwards(start[of], left[of], right[of], baskets, way)
    return np.clip(np.where(above, chance, 1.0 - chance), 0.0, 1.0)


def _outwards(count: Integers, left: Integers, right: Integers, baskets: int, way: int) -> Floats:
    """Sum of the hypergeometric chances of `count` and of all beyond it, upwards (`way` 1) or downwards (-1)."""
    of_all = np.full(count.size, baskets)
    term = np.exp(_log_choose(left, count) + _log_choose(of_all - left, right - count) - _log_choose(of_all, right))
    total = term.copy()
    of = np.arange(count.size)
    while of.size:
        k = count.astype(np.float64)
        rest = baskets - left - right + k
        up, down = (left - k) * (right - k), (k + 1) * (rest + 1)
        back, forth = k * rest, (left - k + 1) * (right - k + 1)
        term = term * (up / down if way > 0 else back / forth)
        total[of] += term
        on = term > total[of] * 1e-17
        of, count, left, right, term = of[on], count[on] + way, left[on], right[on], term[on]
    return total


def _log_choose(of: Integers, taken: Integers) -> Floats:
    from scipy.special import gammaln

    chosen: Floats = gammaln(of + 1.0) - gammaln(taken + 1.0)
    rest: Floats = gammaln(of - taken + 1.0)
    return chosen - rest


def _share(text: str) -> Fraction:
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Refused("SHARE_OUT_OF_RANGE") from None
    refuse_unless(0 < share <= 1, "SHARE_OUT_OF_RANGE", share=float(share))
    return share


class Suggestions:
    """Rules laid out by one item of their left side, so that an open basket meets only those that may hold."""

    def __init__(self, found: Sequence[Rule], *, significant: float = 0.05) -> None:
        """Keeps rules that lift and whose corrected (Benjamini-Hochberg) p-value is at most `significant`."""
        self._by_item: dict[int, list[Rule]] = {}
        often: dict[int, int] = {}
        kept = [rule for rule in found if rule.lift > 1 and rule.p_hochberg <= significant]
        for rule in kept:
            for item in rule.antecedent:
                often[item] = often.get(item, 0) + 1
        for rule in kept:
            rarest = min(rule.antecedent, key=lambda item: (often[item], item))
            self._by_item.setdefault(rarest, []).append(rule)

    def for_basket(self, items: Sequence[int], *, most: int = 5) -> tuple[Rule, ...]:
        """The best rule for each product not in the basket, by confidence and then lift; at most `most`."""
        basket = frozenset(items)
        best: dict[int, Rule] = {}
        for item in basket:
            for rule in self._by_item.get(item, ()):
                if rule.consequent in basket or not basket.issuperset(rule.antecedent):
                    continue
                known = best.get(rule.consequent)
                if known is None or _rank(rule) < _rank(known):
                    best[rule.consequent] = rule
        return tuple(sorted(best.values(), key=_rank)[:most])


def _rank(rule: Rule) -> tuple[float, float, Items, int]:
    return (-rule.confidence, -rule.lift, rule.antecedent, rule.consequent)
