"""Which kinds of customers there are: k-means on recency, frequency and money, with k chosen by silhouette."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.methods.findings import Floats, Integers, Remark, Truths, all_finite, refuse_unless, same_length

_SKETCH = 4_000
_SILHOUETTE_SAMPLE = 2_000
_STARTS = 8
_ROUNDS = 100
_STILL = 1e-4
_APART = 0.5
# Kaufman & Rousseeuw (1990) call a mean silhouette up to this no substantial structure.
_NO_STRUCTURE = 0.25


@dataclass(frozen=True)
class Rfm:
    """One row a customer: `recency` since the last purchase (days), `frequency` of purchases, `spend` in all; (n,).

    Raises Refused: EMPTY, LENGTHS_DIFFER, NOT_FINITE, NEGATIVE_FIGURE, FREQUENCY_BELOW_ONE, SPEND_NOT_POSITIVE.
    """

    recency: Floats
    frequency: Floats
    spend: Floats

    def __post_init__(self) -> None:
        same_length(self.recency, self.frequency, self.spend)
        refuse_unless(self.recency.size > 0, "EMPTY")
        all_finite(recency=self.recency, frequency=self.frequency, spend=self.spend)
        refuse_unless(float(self.recency.min()) >= 0, "NEGATIVE_FIGURE", smallest=float(self.recency.min()))
        refuse_unless(float(self.frequency.min()) >= 1, "FREQUENCY_BELOW_ONE", rows=int((self.frequency < 1).sum()))
        refuse_unless(float(self.spend.min()) > 0, "SPEND_NOT_POSITIVE", rows=int((self.spend <= 0).sum()))


@dataclass(frozen=True)
class Choice:
    """How well `k` clusters part the customers: the mean `silhouette` (-1 to 1) and the squared distances left."""

    k: int
    silhouette: float
    inertia: float


@dataclass(frozen=True)
class Profile:
    """A cluster in figures. `kind` and `traits` are codes; shares are of all customers and of all spend.

    Traits: RECENT or LAPSED, FREQUENT or RARE, HIGH_SPEND or LOW_SPEND, where the cluster lies half a standard
    deviation from the mean of all. Kinds: CHAMPIONS, AT_RISK, NEW, LOST, LOYAL, AVERAGE.
    """

    kind: str
    traits: tuple[str, ...]
    customers: int
    share_of_customers: float
    share_of_spend: float
    recency_median: float
    frequency_median: float
    spend_median: float
    recency_mean: float
    frequency_mean: float
    spend_mean: float


@dataclass(frozen=True)
class Clusters:
    """`labels` (n,) are places in `profiles`, which are sorted by mean spend, the highest first.

    `choices` has every k tried; `sampled` says of how many customers the silhouettes are.
    """

    labels: Integers
    profiles: tuple[Profile, ...]
    k: int
    choices: tuple[Choice, ...]
    sampled: int
    remarks: tuple[Remark, ...]


def cluster_customers(rfm: Rfm, *, least: int = 2, most: int = 8, seed: int = 0) -> Clusters:
    """Clusters of customers alike in the standardised logarithms of the three figures; the same answer every time.

    k-means (Lloyd 1982) from k-means++ starts (Arthur & Vassilvitskii 2007); k of `least` to `most` by the mean
    silhouette (Rousseeuw 1987), the fewer where equal. `least` equal to `most` fixes k. Raises Refused: K_OUT_OF_RANGE,
    K_BEYOND_CUSTOMERS, ALL_CUSTOMERS_ALIKE.
    """
    refuse_unless(2 <= least <= most, "K_OUT_OF_RANGE", least=least, most=most)
    refuse_unless(least <= rfm.recency.size, "K_BEYOND_CUSTOMERS", k=least, customers=rfm.recency.size)
    points, remarks = _points(rfm)
    different = int(np.unique(points, axis=0).shape[0])
    refuse_unless(different > 1, "ALL_CUSTOMERS_ALIKE", customers=rfm.recency.size)
    refuse_unless(least <= different, "K_BEYOND_CUSTOMERS", k=least, customers=different)
    if most > different:
        remarks.append(Remark("FEW_DIFFERENT_CUSTOMERS", {"customers": different, "most": different}))
    chance = np.random.default_rng(seed)
    sketch = _some(points, _SKETCH, chance)
    judged = np.sort(chance.permutation(points.shape[0])[:_SILHOUETTE_SAMPLE])
    choices, labellings = [], []
    for k in range(least, min(most, different) + 1):
        labels, inertia = _parted(points, sketch, k, chance)
        choices.append(Choice(k, silhouette(points[judged], labels[judged]), inertia))
        labellings.append(labels)
    best = max(range(len(choices)), key=lambda at: (round(choices[at].silhouette, 9), -choices[at].k))
    if choices[best].silhouette <= _NO_STRUCTURE:
        remarks.append(Remark("WEAK_STRUCTURE", {"silhouette": choices[best].silhouette}))
    labels, k = _by_spend(labellings[best], rfm.spend), choices[best].k
    profiles = tuple(_profile(rfm, points, labels == each) for each in range(k))
    return Clusters(labels, profiles, k, tuple(choices), judged.size, tuple(remarks))


def silhouette(points: Floats, labels: Integers) -> float:
    """The mean silhouette of points (n, d): how much nearer each is to its own cluster than to the next.

    After Rousseeuw (1987, J. Comp. Appl. Math. 20). A point alone in its cluster counts 0; 0 also where there is
    only one cluster. Memory grows with n squared.
    """
    names, of = np.unique(labels, return_inverse=True)
    if names.size < 2:
        return 0.0
    member = np.eye(names.size)[of]
    sizes = member.sum(axis=0)
    square = (points**2).sum(axis=1)
    distances = np.sqrt(np.maximum(square[:, None] + square - 2 * points @ points.T, 0.0))
    np.fill_diagonal(distances, 0.0)
    sums = distances @ member
    rows = np.arange(of.size)
    own = sums[rows, of] / np.maximum(sizes[of] - 1, 1)
    others = sums / sizes
    others[rows, of] = np.inf
    nearest = others.min(axis=1)
    larger = np.maximum(own, nearest)
    each = np.where((sizes[of] > 1) & (larger > 0), (nearest - own) / np.where(larger > 0, larger, 1.0), 0.0)
    return float(each.mean())


def _points(rfm: Rfm) -> tuple[Floats, list[Remark]]:
    """Logarithms (spend and frequency are skewed, and a currency's unit must not matter) at mean 0 and deviation 1."""
    raw = np.stack((np.log1p(rfm.recency), np.log(rfm.frequency), np.log(rfm.spend)), axis=1)
    spread = raw.std(axis=0)
    flat = np.ptp(raw, axis=0) < 1e-9
    names = ("ALL_RECENCY_EQUAL", "ALL_FREQUENCY_EQUAL", "ALL_SPEND_EQUAL")
    remarks = [Remark(name) for name, same in zip(names, flat, strict=True) if same]
    points = np.where(flat, 0.0, (raw - raw.mean(axis=0)) / np.where(flat, 1.0, spread))
    # Rounding makes the answer the same whatever the unit of money and the order of summing.
    return np.asarray(np.round(points, 9), dtype=np.float64), remarks


def _some(points: Floats, most: int, chance: np.random.Generator) -> Floats:
    """All points, or a sample of them where there are many."""
    if points.shape[0] <= 2 * most:
        return points
    return points[chance.permutation(points.shape[0])[:most]]


def _parted(points: Floats, sketch: Floats, k: int, chance: np.random.Generator) -> tuple[Integers, float]:
    """The best of several starts on the sketch, then settled on all points."""
    if np.unique(sketch, axis=0).shape[0] < k:
        sketch = points
    tried = [_settled(sketch, _scattered(sketch, k, chance)) for _ in range(_STARTS)]
    centres, labels, inertia = min(tried, key=lambda each: each[2])
    if sketch is not points:
        _, labels, inertia = _settled(points, centres)
    return labels, inertia


def _scattered(points: Floats, k: int, chance: np.random.Generator) -> Floats:
    """k different points, each drawn in proportion to its squared distance from those drawn before (k-means++)."""
    centres = [points[int(chance.integers(points.shape[0]))]]
    far = ((points - centres[0]) ** 2).sum(axis=1)
    while len(centres) < k:
        centres.append(points[int(chance.choice(points.shape[0], p=far / far.sum()))])
        far = np.minimum(far, ((points - centres[-1]) ** 2).sum(axis=1))
    return np.stack(centres)


def _settled(points: Floats, centres: Floats) -> tuple[Floats, Integers, float]:
    """Lloyd's rounds until the distances left hardly fall; a cluster that runs empty takes the farthest point."""
    k, before = centres.shape[0], np.inf
    for _ in range(_ROUNDS):
        labels, left = _nearest(points, centres)
        sizes = np.bincount(labels, minlength=k)
        for empty in np.flatnonzero(sizes == 0):
            farthest = int(np.argmax(np.where(sizes[labels] > 1, left, -1.0)))
            sizes[labels[farthest]] -= 1
            sizes[empty], labels[farthest], left[farthest] = 1, empty, 0.0
        inertia = float(left.sum())
        if before - inertia <= _STILL * inertia:
            break
        before = inertia
        centres = np.stack([np.bincount(labels, each, minlength=k) / sizes for each in points.T], axis=1)
    return centres, labels, inertia


def _nearest(points: Floats, centres: Floats) -> tuple[Integers, Floats]:
    distances = (centres**2).sum(axis=1) - 2 * points @ centres.T
    labels = distances.argmin(axis=1)
    left = distances[np.arange(labels.size), labels] + (points**2).sum(axis=1)
    return labels.astype(np.int64), np.maximum(left, 0.0)


def _by_spend(labels: Integers, spend: Floats) -> Integers:
    means = np.bincount(labels, spend) / np.bincount(labels)
    place = np.empty(means.size, dtype=np.int64)
    place[np.argsort(-means, kind="stable")] = np.arange(means.size)
    return place[labels]


def _profile(rfm: Rfm, points: Floats, inside: Truths) -> Profile:
    at = np.flatnonzero(inside)
    names = (("LAPSED", "RECENT"), ("FREQUENT", "RARE"), ("HIGH_SPEND", "LOW_SPEND"))
    centre = points[at].mean(axis=0)
    traits = tuple(pair[0 if z > 0 else 1] for pair, z in zip(names, centre, strict=True) if abs(z) >= _APART)
    recency, frequency, spend = rfm.recency[at], rfm.frequency[at], rfm.spend[at]
    return Profile(
        _kind(frozenset(traits)), traits, at.size, at.size / rfm.spend.size, float(spend.sum() / rfm.spend.sum()),
        float(np.median(recency)), float(np.median(frequency)), float(np.median(spend)),
        float(recency.mean()), float(frequency.mean()), float(spend.mean()),
    )  # fmt: skip


def _kind(traits: frozenset[str]) -> str:
    valued = bool(traits & {"FREQUENT", "HIGH_SPEND"})
    if "LAPSED" in traits:
        return "AT_RISK" if valued else "LOST"
    if "RECENT" in traits:
        if {"FREQUENT", "HIGH_SPEND"} <= traits:
            return "CHAMPIONS"
        if not valued and traits & {"RARE", "LOW_SPEND"}:
            return "NEW"
    return "LOYAL" if valued else "AVERAGE"
