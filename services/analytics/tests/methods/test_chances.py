"""Chances come true as often as they say, tell their reasons, and are refused where too little is known."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from analytics.methods.chances import area_under_curve, fit_chances
from analytics.methods.findings import Refused


def _made(rows: int, *, seed: int = 1) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Leaving grows with silence by 1.5 a deviation of ten days, falls with orders by 0.8; luck says nothing."""
    chance = np.random.default_rng(seed)
    silence, orders, luck = chance.normal(60, 10, rows), chance.normal(5, 2, rows), chance.normal(0, 1, rows)
    odds = -1.0 + 0.15 * (silence - 60) - 0.4 * (orders - 5)
    return {"silence": silence, "orders": orders, "luck": luck}, chance.random(rows) < 1 / (1 + np.exp(-odds))


def test_weights_are_those_the_rows_were_made_with() -> None:
    features, left = _made(20_000)
    model = fit_chances(features, left)
    assert model.weights["silence"] == pytest.approx(0.15, abs=0.01)
    assert model.weights["orders"] == pytest.approx(-0.4, abs=0.03)
    assert model.weights["luck"] == pytest.approx(0, abs=0.06)
    assert model.odds_ratios["silence"] == pytest.approx(np.exp(1.5), rel=0.1)
    assert model.remarks == ()


def test_chances_of_unseen_rows_come_true_as_often_as_they_say() -> None:
    model = fit_chances(*_made(5_000))
    features, left = _made(20_000, seed=2)
    chances = model.of(features)
    for low in np.arange(0.05, 0.85, 0.1):
        inside = (chances >= low) & (chances < low + 0.1)
        assert left[inside].mean() == pytest.approx(chances[inside].mean(), abs=0.05)
    assert area_under_curve(chances, left) == pytest.approx(model.quality.auc, abs=0.02)
    assert float(((chances - left) ** 2).mean()) == pytest.approx(model.quality.brier, abs=0.01)
    assert sum(each.rows for each in model.quality.calibration) == 5_000
    assert max(abs(each.predicted - each.happened) for each in model.quality.calibration) < 0.06


def test_reasons_add_up_to_the_chance_and_the_strongest_is_first() -> None:
    features, left = _made(2_000)
    model = fit_chances(features, left)
    row = {"silence": 90.0, "orders": 4.0, "luck": 0.0}
    reasons = model.reasons(row)
    assert [each.feature for each in reasons][:2] == ["silence", "orders"]
    assert reasons[0].contribution > reasons[1].contribution > 0
    odds = model.base + sum(each.contribution for each in reasons)
    assert model.of({name: np.array([value]) for name, value in row.items()})[0] == pytest.approx(
        1 / (1 + np.exp(-odds))
    )
    assert len(model.reasons(row, most=1)) == 1


def test_features_that_say_nothing_do_not_look_as_if_they_did() -> None:
    chance = np.random.default_rng(6)
    model = fit_chances({"noise": chance.normal(size=400)}, chance.random(400) < 0.3)
    assert model.quality.auc == pytest.approx(0.5, abs=0.08)
    assert model.quality.brier == pytest.approx(model.quality.brier_of_share, abs=0.01)
    spread = model.of({"noise": np.array([-2.0, 2.0])})
    assert spread == pytest.approx([0.3, 0.3], abs=0.1)


def test_a_feature_that_knows_the_outcome_is_suspected() -> None:
    outcome = np.arange(200) % 4 == 0
    model = fit_chances({"won": outcome.astype(np.float64), "same": np.full(200, 7.0)}, outcome)
    assert {each.code for each in model.remarks} == {"TOO_GOOD_TO_BE_TRUE", "FEATURES_WITHOUT_VARIATION"}
    assert np.isfinite(list(model.weights.values())).all()
    assert model.weights["same"] == 0


def test_few_events_are_told() -> None:
    features, left = _made(60)
    assert "FEW_EVENTS" in [each.code for each in fit_chances(features, left).remarks]


def test_the_curve_counts_ties_half() -> None:
    chances, happened = np.array([0.1, 0.5, 0.5, 0.9]), np.array([False, True, False, True])
    assert area_under_curve(chances, happened) == pytest.approx(3.5 / 4)


def test_chances_of_real_deals_are_on_average_the_published_win_rate(published: Path) -> None:
    with gzip.open(published / "crm_opportunities" / "sales_pipeline.csv.gz", "rt") as file:
        rows = [row for row in csv.DictReader(file) if row["deal_stage"] in {"Won", "Lost"}]
    features = {
        name: np.array([row["product"] == name for row in rows], dtype=np.float64)
        for name in sorted({row["product"] for row in rows})[1:]
    }
    model = fit_chances(features, np.array([row["deal_stage"] == "Won" for row in rows]))
    assert (model.happened, model.rows) == (4_238, 6_711)
    assert float(model.of(features).mean()) == pytest.approx(0.6315, abs=0.001)


@pytest.mark.parametrize(
    ("features", "happened", "reason"),
    [
        ({"a": []}, [], "EMPTY"),
        ({}, [True] * 30, "NO_FEATURES"),
        ({"a": [1.0] * 30}, [True] * 29, "LENGTHS_DIFFER"),
        ({"a": [1.0] * 29 + [float("nan")]}, [True, False] * 15, "NOT_FINITE"),
        ({"a": range(30)}, [True] * 30, "TOO_FEW_OF_A_CLASS"),
        ({"a": range(30)}, [True] * 9 + [False] * 21, "TOO_FEW_OF_A_CLASS"),
        ({"a": [7.0] * 30}, [True, False] * 15, "NOTHING_VARIES"),
    ],
)
def test_rows_that_tell_nothing_are_refused(
    features: dict[str, list[float]], happened: list[bool], reason: str
) -> None:
    columns = {name: np.array(values, dtype=np.float64) for name, values in features.items()}
    with pytest.raises(Refused) as refused:
        fit_chances(columns, np.array(happened, dtype=np.bool_))
    assert refused.value.reason == reason


def test_rows_with_other_features_are_refused() -> None:
    model = fit_chances(*_made(300))
    with pytest.raises(Refused, match="FEATURES_DIFFER"):
        model.of({"silence": np.array([1.0])})
    with pytest.raises(Refused, match="FEATURES_DIFFER"):
        model.reasons({"silence": 1.0})
