"""How demand answers to price: a log-log regression with promotion as confounder, and what another price would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from analytics.methods.findings import Floats, Integers, Refused, Remark, Truths, all_finite, refuse_unless, same_length

_THIN = 30
_FEW_PRICES = 3
_FEW_CLUSTERS = 10
_WIDE = 2.0


@dataclass(frozen=True)
class Sales:
    """Rows of sales (n,): `price` a unit, `quantity` sold, whether `promoted`; one unit and step of time for all.

    `groups` are fixed effects (each row's product or store), `clusters` what errors may share (a store, a product),
    `controls` further columns by name (season, trend).
    """

    price: Floats
    quantity: Floats
    promoted: Truths | None = None
    groups: Integers | None = None
    clusters: Integers | None = None
    controls: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = [each for each in (self.promoted, self.groups, self.clusters) if each is not None]
        same_length(self.price, self.quantity, *columns, *self.controls.values())
        refuse_unless(self.price.size > 0, "EMPTY")
        all_finite(price=self.price, quantity=self.quantity, **self.controls)
        for values, reason in ((self.price, "PRICE_NOT_POSITIVE"), (self.quantity, "QUANTITY_NOT_POSITIVE")):
            refuse_unless(float(values.min()) > 0, reason, rows=int((values <= 0).sum()))


@dataclass(frozen=True)
class Coefficient:
    """An estimate with its standard error and the interval of the asked confidence."""

    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True)
class Elasticity:
    """Per cent of demand a per cent of price, where nothing is promoted; `naive` is the slope that ignores promotion.

    `promotion` and `price_in_promotion` (what a promotion adds to log demand and to the slope) are None where the rows
    cannot tell them. `lowest_price` and `highest_price` bound what was seen.
    """

    slope: Coefficient
    naive: Coefficient
    promotion: Coefficient | None
    price_in_promotion: Coefficient | None
    controls: Mapping[str, Coefficient]
    rows: int
    clusters: int | None
    r_squared: float
    lowest_price: float
    highest_price: float
    remarks: tuple[Remark, ...]


def fit_elasticity(sales: Sales, *, confidence: float = 0.95) -> Elasticity:
    """Ordinary least squares of log quantity on log price, promotion, both together, controls and fixed effects.

    Errors allow for unequal variance (HC1: MacKinnon & White 1985) or, with clusters, for what rows of one share (CR1:
    Liang & Zeger 1986). After Taddy (2019), Business Data Science, chapter 3. Raises Refused: ONE_PRICE (also if every
    group kept one), TOO_FEW_ROWS, COLLINEAR, ONE_CLUSTER, CONFIDENCE_OUT_OF_RANGE.
    """
    refuse_unless(0 < confidence < 1, "CONFIDENCE_OUT_OF_RANGE", confidence=confidence)
    price = np.log(sales.price)
    refuse_unless(_varies(_within(price, sales.groups)), "ONE_PRICE", price=float(sales.price[0]))
    columns, remarks = {"slope": price}, []
    if sales.promoted is not None and sales.promoted.any() and not sales.promoted.all():
        promoted = sales.promoted.astype(np.float64)
        columns["promotion"] = promoted
        if all(_varies(price[sales.promoted == each]) for each in (False, True)):
            columns["price_in_promotion"] = price * promoted
        else:
            remarks.append(Remark("ONE_PRICE_WITH_OR_WITHOUT_PROMOTION"))
    elif sales.promoted is None:
        remarks.append(Remark("PROMOTIONS_UNKNOWN"))
    controls = {f"control:{name}": values for name, values in sales.controls.items()}
    found, r_squared = _least_squares({**columns, **controls}, sales, confidence)
    naive, _ = _least_squares({"slope": price}, sales, confidence)
    clusters = None if sales.clusters is None else int(np.unique(sales.clusters).size)
    slope = found["slope"]
    remarks += _remarks(slope, sales, clusters)
    return Elasticity(
        slope, naive["slope"], found.get("promotion"), found.get("price_in_promotion"),
        {name: found[f"control:{name}"] for name in sales.controls}, sales.price.size, clusters, r_squared,
        float(sales.price.min()), float(sales.price.max()), tuple(remarks),
    )  # fmt: skip


@dataclass(frozen=True)
class WhatIf:
    """Demand and turnover at another price, as multiples of today's, with the slope's interval; `low` is the worse."""

    demand: float
    demand_low: float
    demand_high: float
    turnover: float
    turnover_low: float
    turnover_high: float
    remarks: tuple[Remark, ...]


def at_price(elasticity: Elasticity, *, today: float, price: float) -> WhatIf:
    """What selling at `price` instead of `today`, unpromoted, would do. Raises Refused(PRICE_NOT_POSITIVE)."""
    refuse_unless(today > 0 and price > 0, "PRICE_NOT_POSITIVE", rows=1)
    ratio = price / today
    slope = elasticity.slope
    low, high = sorted(ratio**each for each in (slope.low, slope.high))
    demand = ratio**slope.value
    remarks = list(elasticity.remarks)
    if not elasticity.lowest_price <= price <= elasticity.highest_price:
        seen = {"lowest": elasticity.lowest_price, "highest": elasticity.highest_price}
        remarks.append(Remark("PRICE_NEVER_SEEN", {"price": price, **seen}))
    return WhatIf(demand, low, high, demand * ratio, low * ratio, high * ratio, tuple(remarks))


def _remarks(slope: Coefficient, sales: Sales, clusters: int | None) -> list[Remark]:
    prices = int(np.unique(sales.price).size)
    told = (
        (slope.value > 0, Remark("DEMAND_RISES_WITH_PRICE", {"slope": slope.value})),
        (slope.low <= 0 <= slope.high, Remark("SLOPE_MAY_BE_NOUGHT", {"low": slope.low, "high": slope.high})),
        (slope.high - slope.low > _WIDE, Remark("WIDE_INTERVAL", {"low": slope.low, "high": slope.high})),
        (sales.price.size < _THIN, Remark("FEW_ROWS", {"rows": sales.price.size})),
        (prices < _FEW_PRICES, Remark("FEW_PRICES", {"prices": prices})),
        (clusters is not None and clusters < _FEW_CLUSTERS, Remark("FEW_CLUSTERS", {"clusters": clusters or 0})),
    )
    return [remark for holds, remark in told if holds]


def _varies(values: Floats) -> bool:
    return values.size > 1 and float(values.max() - values.min()) > 1e-9


def _within(values: Floats, groups: Integers | None) -> Floats:
    """Values less their group's mean, which is what a fixed effect leaves of them."""
    _, of = np.unique(np.zeros(values.size) if groups is None else groups, return_inverse=True)
    return np.asarray(values - (np.bincount(of, values) / np.bincount(of))[of], dtype=np.float64)


def _least_squares(
    columns: Mapping[str, Floats], sales: Sales, confidence: float
) -> tuple[dict[str, Coefficient], float]:
    from scipy.stats import t as student

    demand = _within(np.log(sales.quantity), sales.groups)
    design = np.stack([_within(each, sales.groups) for each in columns.values()], axis=1)
    effects = 1 if sales.groups is None else int(np.unique(sales.groups).size)
    rows, free = demand.size, demand.size - design.shape[1] - effects
    refuse_unless(free > 0, "TOO_FEW_ROWS", rows=rows, needed=rows - free + 1)
    scale = np.sqrt((design**2).sum(axis=0))
    refuse_unless(bool((scale > 1e-9).all()), "COLLINEAR")
    design /= scale
    refuse_unless(int(np.linalg.matrix_rank(design, tol=1e-8)) == design.shape[1], "COLLINEAR")
    bread = np.linalg.inv(design.T @ design)
    values = bread @ design.T @ demand
    left = demand - design @ values
    scores = design * left[:, None]
    degrees = free
    if sales.clusters is None:
        correction = rows / free
    else:
        _, of = np.unique(sales.clusters, return_inverse=True)
        count = int(of.max()) + 1
        if count < 2:
            raise Refused("ONE_CLUSTER")
        scores = np.stack([np.bincount(of, each, minlength=count) for each in scores.T], axis=1)
        correction = count / (count - 1) * (rows - 1) / free
        degrees = count - 1
    errors = np.sqrt(np.maximum(np.diag(bread @ (scores.T @ scores) @ bread) * correction, 0.0)) / scale
    values = values / scale
    reach = float(student.ppf((1 + confidence) / 2, degrees)) * errors
    spread = float(demand @ demand)
    found = {
        name: Coefficient(float(value), float(error), float(value - wide), float(value + wide))
        for name, value, error, wide in zip(columns, values, errors, reach, strict=True)
    }
    return found, 1 - float(left @ left) / spread if spread > 0 else 1.0
