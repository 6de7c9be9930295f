"""Models of repeat buying give the published figures of CDNOW, and refuse what allows none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from analytics.methods.buying import BetaGeometric, ParetoNegativeBinomial, fit_beta_geometric, fit_pareto
from analytics.methods.findings import Floats, Refused
from analytics.methods.purchases import Histories, RepeatBuying, histories, purchases_between
from analytics.methods.spending import check_hold_out, fit_gamma_gamma, lifetime_value

UNTIL = date(1997, 9, 30).toordinal()


@pytest.fixture(scope="module")
def lines(published: Path) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Customer, day and amount of every purchase in the sample."""
    text = (published / "cdnow" / "CDNOW_sample.txt").read_text()
    rows = [line.split() for line in text.splitlines() if line.strip()]
    days = [date.fromisoformat(row[2]).toordinal() for row in rows]
    return np.array([int(row[1]) for row in rows]), np.array(days), np.array([float(row[4]) for row in rows])


@pytest.fixture(scope="module")
def cdnow(lines: tuple[np.ndarray, np.ndarray, Floats]) -> Histories:
    return histories(*lines, until=UNTIL)


def _buying(*rows: tuple[float, float, float]) -> RepeatBuying:
    return RepeatBuying(*(np.array(column, dtype=np.float64) for column in zip(*rows, strict=True)))


def test_bg_nbd_finds_the_published_parameters_and_likelihood(cdnow: Histories) -> None:
    fit = fit_beta_geometric(cdnow.buying)
    assert [round(each, 3) for each in (fit.model.r, fit.model.alpha, fit.model.a, fit.model.b)] == [
        0.243,
        4.414,
        0.793,
        2.426,
    ]
    assert round(fit.log_likelihood, 1) == -9582.4
    assert (fit.converged, fit.agreeing_starts, fit.customers, fit.repeaters, fit.remarks) == (True, 3, 2357, 946, ())
    assert fit.errors is not None
    assert all(0 < error < 1 for error in fit.errors)
    expected = fit.model.purchases(_buying((2, 30.43, 38.86), (0, 0, 38.86)), 39)
    assert round(float(expected[0]), 3) == 1.226


def test_pareto_nbd_finds_the_published_parameters_and_likelihood(cdnow: Histories) -> None:
    fit = fit_pareto(cdnow.buying)
    found = [round(each, 3) for each in (fit.model.r, fit.model.alpha, fit.model.s, fit.model.beta)]
    assert found == [0.553, 10.578, 0.606, 11.669]
    assert round(fit.log_likelihood, 1) == -9595.0
    assert fit.converged


def test_gamma_gamma_finds_the_published_parameters(cdnow: Histories) -> None:
    fit = fit_gamma_gamma(cdnow.buying.frequency, cdnow.spend)
    assert [round(each, 2) for each in (fit.model.p, fit.model.q, fit.model.v)] == [6.25, 3.74, 15.44]
    assert (fit.customers, fit.converged, fit.remarks) == (946, True, ())


def test_the_published_summary_is_what_purchases_sum_up_to(published: Path, cdnow: Histories) -> None:
    rows = (published / "cdnow" / "cdnow_customers_summary.csv").read_text().splitlines()[1:]
    theirs = np.array([[float(each) for each in row.split(",")[1:]] for row in rows])
    ours = np.stack((cdnow.buying.frequency, cdnow.buying.recency, cdnow.buying.age), axis=1)
    assert np.abs(theirs - ours).max() < 0.006


def test_a_model_is_checked_on_the_weeks_it_has_not_seen(
    lines: tuple[np.ndarray, np.ndarray, Floats], cdnow: Histories
) -> None:
    customers, days, _ = lines
    actual = purchases_between(customers, days, cdnow.customers, after=UNTIL, until=UNTIL + 39 * 7)
    model = fit_beta_geometric(cdnow.buying).model
    check = check_hold_out(model, cdnow.buying, actual, 39.0)
    assert check.actual == 1882
    assert check.expected == pytest.approx(1653.4, abs=0.1)
    assert check.correlation is not None
    assert check.correlation > 0.6
    assert sum(row.customers for row in check.rows) == 2357


def test_worth_is_purchases_times_spend_and_shrinks_with_the_discount(cdnow: Histories) -> None:
    model = fit_beta_geometric(cdnow.buying).model
    spending = fit_gamma_gamma(cdnow.buying.frequency, cdnow.spend).model
    plain = lifetime_value(model, spending, cdnow.buying, cdnow.spend, periods=3, period=4)
    by_hand = model.purchases(cdnow.buying, 12) * spending.mean_spend(cdnow.buying.frequency, cdnow.spend)
    assert np.allclose(plain, by_hand)
    discounted = lifetime_value(
        model, spending, cdnow.buying, cdnow.spend, periods=3, period=4, discount_a_period=0.1, margin=0.5
    )
    assert bool((discounted < plain / 2).all())


def test_the_next_purchase_is_where_its_probability_is_reached(cdnow: Histories) -> None:
    model = fit_beta_geometric(cdnow.buying).model
    wait = model.next_purchase(cdnow.buying, 0.5)
    comes = np.isfinite(wait)
    reached = [
        float(model.buys_within(_buying((x, t, age), (x, t, age)), w)[0])
        for x, t, age, w in zip(
            cdnow.buying.frequency[comes][:20],
            cdnow.buying.recency[comes][:20],
            cdnow.buying.age[comes][:20],
            wait[comes][:20],
            strict=True,
        )
    ]
    assert reached == pytest.approx([0.5] * 20)
    assert bool((model.alive(cdnow.buying)[~comes] <= 0.5).all())


def test_heavy_buyers_far_ahead_get_finite_figures() -> None:
    buying = _buying((900, 99.9, 100), (0, 0, 0.01), (3, 0.5, 100))
    for model in (BetaGeometric(0.243, 4.414, 0.793, 2.426), ParetoNegativeBinomial(0.553, 10.578, 0.606, 11.669)):
        for ahead in (0.0, 1.0, 5_000.0):
            assert bool(np.isfinite(model.purchases(buying, ahead)).all())
        assert bool(((model.alive(buying) >= 0) & (model.alive(buying) <= 1)).all())


def test_a_model_whose_parameters_ran_away_is_refused() -> None:
    with pytest.raises(Refused, match="MODEL_DEGENERATE"):
        BetaGeometric(0.6, 3.1, 413_235.0, 1_202_604.0).purchases(_buying((900, 99.9, 100), (0, 0, 1)), 5_000.0)


def test_purchases_of_one_day_are_one_purchase() -> None:
    days, who = np.array([0, 0, 7, 7, 30, 3]), np.array([1, 1, 1, 1, 1, 2])
    found = histories(who, days, np.array([1.0, 2, 4, 6, 99, 5]), until=14)
    assert found.buying.frequency.tolist() == [1, 0]
    assert found.buying.recency.tolist() == [1, 0]
    assert found.spend.tolist() == [10, 0]
    assert found.first_spend.tolist() == [3, 5]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(1, 2, 3)], "ONE_CUSTOMER"),
        ([(0, 0, 0), (0, 0, 0)], "NO_TIME_PASSED"),
        ([(0, 0, 3), (0, 0, 4)], "NO_REPEAT_PURCHASE"),
        ([(1, 5, 3), (0, 0, 4)], "RECENCY_BEYOND_AGE"),
        ([(0, 1, 3), (1, 1, 4)], "RECENCY_WITHOUT_REPEATS"),
        ([(-1, 0, 3), (1, 1, 4)], "NEGATIVE_FIGURE"),
        ([(1, 1, float("nan")), (1, 1, 4)], "NOT_FINITE"),
    ],
)
def test_histories_that_cannot_be_are_refused(rows: list[tuple[float, float, float]], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        fit_beta_geometric(_buying(*rows))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("frequency", "spend", "reason"),
    [
        ([0, 0], [0, 0], "NO_REPEAT_PURCHASE"),
        ([1, 0], [5, 0], "ONE_CUSTOMER"),
        ([1, 2, 3], [5, 5, 5], "ALL_SPEND_EQUAL"),
        ([1, 2, 3], [5, -1, 6], "SPEND_NOT_POSITIVE"),
    ],
)
def test_spending_that_tells_nothing_is_refused(frequency: list[int], spend: list[int], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        fit_gamma_gamma(np.array(frequency, dtype=np.float64), np.array(spend, dtype=np.float64))
    assert refused.value.reason == reason
