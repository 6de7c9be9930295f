"""Groups that are there are found, with k and all; customers that tell nothing are refused."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from analytics.methods.clusters import Rfm, cluster_customers, silhouette
from analytics.methods.findings import Refused


def _made(*, each: int = 120, seed: int = 3) -> tuple[Rfm, np.ndarray]:
    """Four kinds of customers far apart, shuffled: champions, at risk, new, lost."""
    chance = np.random.default_rng(seed)
    kinds = ((5, 40, 9_000), (200, 35, 8_000), (4, 1.6, 90), (300, 1.5, 60))
    rows = np.concatenate([np.array(kind) * np.exp(chance.normal(0, 0.15, (each, 3))) for kind in kinds])
    order = chance.permutation(rows.shape[0])
    rows = rows[order]
    return Rfm(rows[:, 0], np.maximum(rows[:, 1], 1.0), rows[:, 2]), np.repeat(np.arange(4), each)[order]


def test_groups_that_are_there_are_found_with_their_number() -> None:
    rfm, true = _made()
    found = cluster_customers(rfm)
    assert found.k == 4
    assert [choice.k for choice in found.choices] == list(range(2, 9))
    assert {(int(a), int(b)) for a, b in zip(found.labels, true, strict=True)} == {(0, 0), (1, 1), (2, 2), (3, 3)}
    assert [each.kind for each in found.profiles] == ["CHAMPIONS", "AT_RISK", "NEW", "LOST"]
    assert found.profiles[0].traits == ("RECENT", "FREQUENT", "HIGH_SPEND")
    assert sum(each.customers for each in found.profiles) == 480
    assert sum(each.share_of_spend for each in found.profiles) == pytest.approx(1)
    assert found.remarks == ()


def test_the_unit_of_money_and_a_second_run_change_nothing() -> None:
    rfm, _ = _made(each=40)
    first = cluster_customers(rfm)
    again = cluster_customers(Rfm(rfm.recency, rfm.frequency, rfm.spend * 100))
    assert np.array_equal(first.labels, again.labels)
    assert first.choices == again.choices


def test_a_silhouette_is_what_its_definition_says() -> None:
    chance = np.random.default_rng(1)
    points, labels = chance.normal(size=(30, 3)), np.array([0] * 12 + [1] * 17 + [2])
    each = []
    for at, point in enumerate(points):
        away = np.sqrt(((points - point) ** 2).sum(axis=1))
        mates = (labels == labels[at]) & (np.arange(30) != at)
        if not mates.any():
            each.append(0.0)
            continue
        own = away[mates].mean()
        nearest = min(away[labels == other].mean() for other in {0, 1, 2} - {int(labels[at])})
        each.append((nearest - own) / max(own, nearest))
    assert silhouette(points, labels) == pytest.approx(np.mean(each), abs=1e-7)


def test_more_clusters_leave_less_distance() -> None:
    rfm, _ = _made(each=50)
    left = [choice.inertia for choice in cluster_customers(rfm).choices]
    assert left == sorted(left, reverse=True)


def test_customers_of_one_cloud_are_said_to_have_little_structure() -> None:
    chance = np.random.default_rng(2)
    rows = np.exp(chance.normal(4, 1, (600, 3)))
    found = cluster_customers(Rfm(rows[:, 0], rows[:, 1] + 1, rows[:, 2]), least=6, most=6)
    assert found.k == 6
    assert [each.code for each in found.remarks] == ["WEAK_STRUCTURE"]


def test_a_figure_all_share_is_told_and_left_out() -> None:
    found = cluster_customers(Rfm(np.array([1.0, 2, 90, 99]), np.ones(4), np.array([50.0, 51, 5, 5.2])), most=3)
    assert found.k == 2
    assert found.labels.tolist() == [0, 0, 1, 1]
    assert [each.code for each in found.remarks] == ["ALL_FREQUENCY_EQUAL"]


def test_fewer_different_customers_than_clusters_are_told() -> None:
    found = cluster_customers(Rfm(np.array([1.0, 1, 90, 90]), np.ones(4), np.array([50.0, 50, 5, 5])))
    assert found.k == 2
    assert "FEW_DIFFERENT_CUSTOMERS" in [each.code for each in found.remarks]


def test_clusters_of_a_real_shop_part_good_customers_from_lost_ones(published: Path) -> None:
    with gzip.open(published / "online_retail" / "expected_rfm.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if float(row["monetary"]) > 0]
    columns = [np.array([float(row[name]) for row in rows]) for name in ("recency", "frequency", "monetary")]
    found = cluster_customers(Rfm(*columns), least=3, most=5)
    first, last = found.profiles[0], found.profiles[-1]
    assert first.kind == "CHAMPIONS"
    assert first.share_of_spend > 2 * first.share_of_customers
    assert last.recency_median > first.recency_median
    assert found.choices[0].silhouette > 0.25


@pytest.mark.parametrize(
    ("rows", "least", "reason"),
    [
        ([], 2, "EMPTY"),
        ([(1, 1, 5)], 2, "K_BEYOND_CUSTOMERS"),
        ([(1, 1, 5), (9, 1, 5)], 3, "K_BEYOND_CUSTOMERS"),
        ([(1, 1, 5), (1, 1, 5), (1, 1, 5)], 2, "ALL_CUSTOMERS_ALIKE"),
        ([(1, 1, 5), (9, 1, 0)], 2, "SPEND_NOT_POSITIVE"),
        ([(1, 0, 5), (9, 1, 5)], 2, "FREQUENCY_BELOW_ONE"),
        ([(-1, 1, 5), (9, 1, 5)], 2, "NEGATIVE_FIGURE"),
        ([(float("nan"), 1, 5), (9, 1, 5)], 2, "NOT_FINITE"),
        ([(1, 1, 5), (9, 1, 5)], 1, "K_OUT_OF_RANGE"),
    ],
)
def test_customers_that_tell_nothing_are_refused(
    rows: list[tuple[float, float, float]], least: int, reason: str
) -> None:
    columns = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    with pytest.raises(Refused) as refused:
        cluster_customers(Rfm(*columns), least=least, most=max(least, 4))
    assert refused.value.reason == reason
