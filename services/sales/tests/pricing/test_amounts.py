"""Rounding, spreading and parts."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sales.pricing.amounts import digits, extended, part_of, rounded, share, spread, tax_within

AMOUNTS = st.integers(-(10**13), 10**13)


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (1, 2, 1), (-1, 2, -1), (0, 7, 0), (249, 100, 2)],
)
def test_halves_go_away_from_zero(numerator, denominator, whole):
    assert rounded(numerator, denominator) == whole


@given(AMOUNTS, st.integers(1, 10**9))
def test_rounding_is_never_more_than_half_off_and_the_same_both_ways(numerator, denominator):
    whole = rounded(numerator, denominator)
    assert abs(Fraction(numerator, denominator) - whole) <= Fraction(1, 2)
    assert rounded(-numerator, denominator) == -whole


@given(AMOUNTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_a_spread_adds_up_and_no_part_is_a_unit_off(amount, weights):
    parts = spread(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    if total:
        off = [abs(part - Fraction(amount * one, total)) for part, one in zip(parts, weights, strict=True)]
        assert all(one < 1 for one in off)


def test_a_spread_gives_the_odd_cent_to_the_largest_remainder_and_then_to_the_earlier():
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(-100, [1, 1, 1]) == [-34, -33, -33]
    assert spread(10, [1, 2, 4]) == [1, 3, 6]
    assert spread(5, [0, 0]) == [0, 5]
    assert spread(0, []) == []


@given(AMOUNTS, st.integers(1, 10**6), st.data())
def test_parts_of_a_line_add_up_in_whatever_steps_they_come(amount, quantity, data):
    steps = sorted(data.draw(st.lists(st.integers(0, quantity), max_size=6)))
    stops = [0, *steps, quantity]
    parts = [part_of(amount, before, after, quantity) for before, after in itertools.pairwise(stops)]
    assert sum(parts) == amount


def test_parts_of_ten_euros_for_three():
    assert [part_of(1000, at, at + 1, 3) for at in range(3)] == [333, 334, 333]


@pytest.mark.parametrize(("currency", "minor"), [("EUR", 150), ("JPY", 2), ("KWD", 1500)])
def test_a_unit_price_is_extended_in_the_minor_units_of_its_currency(currency, minor):
    assert extended(1_500_000, 1_000, currency) == minor


def test_digits_of_currencies():
    assert [digits(one) for one in ("EUR", "KRW", "BHD")] == [2, 0, 3]


def test_a_weight_and_a_price_below_a_cent_are_exact():
    assert extended(2_490_000, 1_345, "EUR") == 335  # 2.49 a kg x 1.345 kg = 3.34905
    assert extended(2_500, 1_000_000, "EUR") == 250  # a quarter of a cent each, a thousand of them


def test_tax_on_top_and_within():
    assert share(10_000, 2_000) == 2_000
    assert tax_within(12_000, 2_000) == 2_000
    assert tax_within(999, 700) == 65
    assert tax_within(-999, 700) == -65
