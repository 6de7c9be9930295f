"""Whole-number arithmetic of money: rounding, shares that add up, and steps between currencies.

Amounts are in minor units (cents), unit prices in micros (millionths of the major unit), shares in basis points.
There is one rounding rule: to the nearest minor unit, halves away from zero (commercial rounding, DIN 1333).
"""

from __future__ import annotations

from collections.abc import Sequence

MICROS = 1_000_000
BASIS_POINTS = 10_000
MILLI = 1_000
"""Quantities are in thousandths of the unit: 1.5 kg is 1,500."""

_NO_CENTS = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]  # ISO 4217, exponent 0
)
_THREE_DIGITS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])  # ISO 4217, exponent 3


def digits(currency: str) -> int:
    """Decimal digits of a currency's minor unit, after ISO 4217."""
    if currency in _NO_CENTS:
        return 0
    return 3 if currency in _THREE_DIGITS else 2


def in_currency(minor: int, source: str, target: str, rate_billionths: int) -> int:
    """Minor units of one currency in those of another, by a rate in billionths of its major units."""
    return rounded(minor * 10 ** digits(target) * rate_billionths, 10 ** digits(source) * 10**9)


def rounded(numerator: int, denominator: int) -> int:
    """The quotient to the nearest whole number, halves away from zero. The denominator is above zero."""
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def share(amount: int, basis_points: int) -> int:
    """So many basis points of an amount, rounded."""
    return rounded(amount * basis_points, BASIS_POINTS)


def extended(unit_micros: int, quantity_milli: int, currency: str) -> int:
    """Price of a quantity in minor units."""
    return rounded(unit_micros * quantity_milli * 10 ** digits(currency), MICROS * MILLI)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """The amount in parts that follow the weights and add up to it exactly (largest remainder; ties to the earlier).

    Weights are zero or above. Where all are zero, the whole amount falls to the last one.
    """
    if not weights:
        return []
    total = sum(weights)
    if total == 0:
        return [*([0] * (len(weights) - 1)), amount]
    sign = -1 if amount < 0 else 1
    whole = abs(amount)
    parts = [whole * weight // total for weight in weights]
    left = whole - sum(parts)
    if left:
        by_remainder = sorted(range(len(weights)), key=lambda at: (-(whole * weights[at] % total), at))
        for at in by_remainder[:left]:
            parts[at] += 1
    return parts if sign > 0 else [-part for part in parts]


def tax_within(gross: int, rate_bps: int) -> int:
    """Tax contained in an amount that includes it, rounded."""
    return rounded(gross * rate_bps, BASIS_POINTS + rate_bps)


def part_of(amount: int, quantity_before: int, quantity_after: int, quantity: int) -> int:
    """What falls to the units between two running quantities, so that all parts of a line add up to its amount.

    A line of 3 for 10.00 gives back 3.33, 3.34 and 3.33 as its units come back one by one.
    """
    return rounded(amount * quantity_after, quantity) - rounded(amount * quantity_before, quantity)
