"""Survival curves give the published figures of the trial every textbook works through, and refuse what cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from analytics.methods.findings import Refused
from analytics.methods.survival import Spans, compare, survival

# Weeks of remission, 6-MP against placebo (Freireich et al. 1963); a minus: seen no longer.
_TREATED = (6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35)
_PLACEBO = (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)


def _spans(*weeks: float) -> Spans:
    signed = np.array(weeks, dtype=np.float64)
    return Spans(np.abs(signed), signed > 0)


def test_the_curve_of_the_remission_trial_is_the_published_one() -> None:
    found = survival(_spans(*_TREATED))
    assert found.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert found.ends.tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert [round(float(each), 3) for each in found.share] == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert found.median == 23
    assert [each.code for each in found.remarks] == ["FEW_ENDS", "FEW_LEFT_FROM"]
    assert (survival(_spans(*_PLACEBO)).median, found.known_until) == (8, 35)


def test_intervals_of_the_remission_trial_are_the_published_ones() -> None:
    found = survival(_spans(*_TREATED))
    assert [round(float(each), 3) for each in found.low] == [0.620, 0.563, 0.503, 0.432, 0.368, 0.268, 0.188]
    assert [round(float(each), 3) for each in found.high] == [0.952, 0.923, 0.889, 0.849, 0.805, 0.747, 0.680]
    assert (found.median_low, found.median_high) == (13, None)


def test_the_groups_of_the_remission_trial_differ_as_published() -> None:
    found = compare(_spans(*_TREATED, *_PLACEBO), np.repeat([1, 2], 21))
    assert found.observed.tolist() == [9, 21]
    assert [round(float(each), 2) for each in found.expected] == [19.25, 10.75]
    assert round(found.chi_squared, 2) == 16.79
    assert found.p_value == pytest.approx(4.17e-5, rel=0.01)


def test_the_share_after_a_time_is_that_of_the_last_step() -> None:
    found = survival(_spans(*_TREATED))
    assert [found.after(each) for each in (0, 5.9)] == [1, 1]
    assert found.after(6) == found.after(6.5) == pytest.approx(18 / 21)
    assert found.after(35) == pytest.approx(0.448, abs=0.001)
    with pytest.raises(Refused, match="BEYOND_WHAT_WAS_WATCHED"):
        found.after(36)


def test_where_all_have_ended_nobody_is_left_and_no_figure_is_missing() -> None:
    found = survival(_spans(1, 2, 3))
    assert found.share == pytest.approx([2 / 3, 1 / 3, 0])
    assert found.low[-1] == 0
    assert np.isfinite(np.stack((found.low, found.high))).all()
    assert (found.low <= found.share).all()
    assert (found.share <= found.high).all()
    assert survival(_spans(4, 4)).high.tolist() == [1]


def test_a_median_that_is_not_reached_is_not_told() -> None:
    found = survival(_spans(5, *[-9.0] * 20))
    assert found.median is None
    assert "MEDIAN_NOT_REACHED" in [each.code for each in found.remarks]


def test_groups_alike_are_seldom_called_different() -> None:
    chance, called = np.random.default_rng(5), 0
    for _ in range(200):
        life, seen = chance.exponential(10, 90), chance.uniform(0, 25, 90)
        found = compare(Spans(np.minimum(life, seen), life <= seen), np.arange(90) % 3)
        assert found.observed.sum() == pytest.approx(found.expected.sum())
        called += found.p_value < 0.05
    assert called / 200 == pytest.approx(0.05, abs=0.04)


@pytest.mark.parametrize(
    ("watched", "ended", "reason"),
    [
        ([], [], "EMPTY"),
        ([1.0, 2], [True], "LENGTHS_DIFFER"),
        ([1.0, float("nan")], [True, True], "NOT_FINITE"),
        ([-1.0, 2], [True, True], "NEGATIVE_FIGURE"),
        ([1.0, 2], [False, False], "NOTHING_ENDED"),
    ],
)
def test_spans_that_tell_nothing_are_refused(watched: list[float], ended: list[bool], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        survival(Spans(np.array(watched, dtype=np.float64), np.array(ended, dtype=np.bool_)))
    assert refused.value.reason == reason


def test_one_group_is_nothing_to_compare() -> None:
    with pytest.raises(Refused, match="ONE_GROUP"):
        compare(_spans(1, 2), np.array([1, 1]))
