"""How demand for products answers to their price, and what other prices would do to what is sold now."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from funia.analytics.v1 import elasticity_pb2 as pb

from analytics.methods.elasticity import Coefficient, Elasticity, Sales, WhatIf, at_price, fit_elasticity
from analytics.methods.findings import Floats, Remark, refuse_unless
from analytics.modelling.scores import remarked
from analytics.queries.demand import Bought, Demand

_ENOUGH_CLUSTERS = 10
_YEAR = 365.25
_POINTS = 300


def estimate(found: Demand, asked: pb.EstimateElasticityRequest) -> pb.Elasticity:
    """The estimate with its what-ifs. Raises Refused as `fit_elasticity` does, and NOTHING_SOLD."""
    rows = found.rows
    refuse_unless(bool(rows), "NOTHING_SOLD", left_out=found.left_out)
    price = np.array([one.amount * 1000 / one.quantity for one in rows])
    alone = asked.effects == "product"
    groups = _numbered([(one.product,) if alone else (one.product, one.store) for one in rows])
    held = _numbered([(one.product, one.store) for one in rows])
    controls, remarks = _controls(found, asked.controls)
    fit = fit_elasticity(
        Sales(
            price,
            np.array([one.quantity / 1000 for one in rows]),
            np.array([one.promoted for one in rows]),
            groups,
            held if int(held.max()) + 1 >= _ENOUGH_CLUSTERS else None,
            controls,
        ),
        confidence=(asked.confidence_permille or 950) / 1000,
    )
    answer = pb.Elasticity(
        rows=len(rows),
        slope=_coefficient(fit.slope),
        naive=_coefficient(fit.naive),
        promotion=_coefficient(fit.promotion) if fit.promotion is not None else None,
        price_in_promotion=_coefficient(fit.price_in_promotion) if fit.price_in_promotion is not None else None,
        r_squared=fit.r_squared,
        clusters=fit.clusters or 0,
        lowest_price_minor=fit.lowest_price,
        highest_price_minor=fit.highest_price,
        remarks=remarked([*fit.remarks, *remarks]),
        points=_points(rows, price),
    )
    _tell(answer, fit, found, asked.price_changes_permille)
    return answer


def _controls(found: Demand, asked: Sequence[str]) -> tuple[dict[str, Floats], list[Remark]]:
    at = np.array([one.at for one in found.rows], dtype=np.float64)
    controls: dict[str, Floats] = {}
    remarks = []
    if "trend" in asked:
        controls["trend"] = (at - at.min()) / _YEAR
    if "season" in asked:
        if found.last.toordinal() - found.first.toordinal() < _YEAR:
            remarks.append(Remark("SEASON_NEEDS_A_YEAR"))
        else:
            turn = 2 * np.pi * at / _YEAR
            controls |= {"season_sine": np.sin(turn), "season_cosine": np.cos(turn)}
    return controls, remarks


def _tell(answer: pb.Elasticity, fit: Elasticity, found: Demand, changes: Sequence[int]) -> None:
    quantity = sum(one.quantity for one in found.now.values())
    amount = sum(one.amount for one in found.now.values())
    costed = sum(one.costed for one in found.now.values())
    cost = sum(one.cost for one in found.now.values()) / costed if costed else None
    today = amount * 1000 / quantity
    answer.today.first_day = found.today.isoformat()
    answer.today.price_minor, answer.today.quantity_milli, answer.today.revenue_minor = today, quantity, amount
    if cost is not None:
        answer.today.margin_minor = round(amount - cost * quantity)
    ranges = _ranges(found.rows)
    for change in changes:
        ratio = 1 + change / 1000
        what = at_price(fit, today=today, price=today * ratio)
        row = answer.what_ifs.add(
            change_permille=change,
            quantity_milli=round(quantity * what.demand),
            quantity_low_milli=round(quantity * what.demand_low),
            quantity_high_milli=round(quantity * what.demand_high),
            revenue_minor=round(amount * what.turnover),
            revenue_low_minor=round(amount * what.turnover_low),
            revenue_high_minor=round(amount * what.turnover_high),
            extrapolates=any(
                _beyond(one.amount * 1000 / one.quantity * ratio, *ranges[product])
                for product, one in found.now.items()
            ),
        )
        if cost is not None:
            _margin(row, what, amount * ratio - cost * quantity)


def _beyond(price: float, low: float, high: float) -> bool:
    return not low * (1 - 1e-9) <= price <= high * (1 + 1e-9)


def _margin(row: pb.PriceWhatIf, what: WhatIf, whole: float) -> None:
    """Margins at today's quantity being `whole`; a price below cost loses more the more is sold."""
    low, high = sorted((whole * what.demand_low, whole * what.demand_high))
    row.margin_minor, row.margin_low_minor, row.margin_high_minor = round(whole * what.demand), round(low), round(high)


def _ranges(rows: Sequence[Bought]) -> dict[str, tuple[float, float]]:
    """Lowest and highest price of each product."""
    found: dict[str, tuple[float, float]] = {}
    for one in rows:
        price = one.amount * 1000 / one.quantity
        low, high = found.get(one.product, (price, price))
        found[one.product] = (min(low, price), max(high, price))
    return found


def _numbered(keys: Sequence[tuple[str, ...]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    known: dict[tuple[str, ...], int] = {}
    return np.array([known.setdefault(one, len(known)) for one in keys], dtype=np.int64)


def _points(rows: Sequence[Bought], price: Floats) -> list[pb.PricePoint]:
    chosen = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _POINTS)).astype(int))
    return [
        pb.PricePoint(price_minor=price[at], quantity_milli=rows[at].quantity, promoted=rows[at].promoted)
        for at in chosen
    ]


def _coefficient(one: Coefficient) -> pb.ElasticityEstimate:
    return pb.ElasticityEstimate(value=one.value, error=one.error, low=one.low, high=one.high)
