"""The part of analysis about how demand for a product answers to its price, and what another price would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import g, request
from funia.analytics.v1 import elasticity_pb2 as pb
from funia.analytics.v1 import metric_pb2
from funia.analytics.v1.elasticity_pb2_grpc import ElasticityServiceStub
from funia.analytics.v1.metric_pb2_grpc import MetricServiceStub

from gateway.console import formats
from gateway.console.backend import call, stubs
from gateway.console.dimensions import key_names
from gateway.console.figures import (
    Cell,
    Choice,
    Point,
    Section,
    Series,
    Shown,
    Table,
    minor_units,
    plot_json,
    scatter_json,
)
from gateway.console.i18n import gettext
from gateway.console.model_words import refusal, remark

_PRODUCTS_SHOWN = 50
"""Best sellers to choose among: what sells less has too few prices and sales to learn from."""
_CHANGES = (-200, -150, -100, -50, 50, 100, 150, 200)
_STEPS = ("week", "day", "month")


def elasticity_choices() -> Sequence[Choice]:
    """What the page is asked with, beside its period."""
    words = {"week": gettext("Week"), "day": gettext("Day"), "month": gettext("Month")}
    names: Mapping[str, str] = g.get("elasticity_products", {})
    return [
        Choice("product", gettext("Product"), list(names.items()), _product(names)),
        Choice("step", gettext("Step"), list(words.items()), _step()),
    ]


def elasticity_sections(asked: Mapping[str, str]) -> list[Section]:
    """The estimate with what stands behind it, and sales and margin at other prices."""
    sold = _best_sellers(asked)
    keys = list(dict.fromkeys(row.keys[0] for row in sold.rows if row.keys[0]))
    names = g.elasticity_products = key_names("product", keys)
    title = gettext("How does demand answer to the price?")
    product = _product(names)
    if not product:
        return [Section(title)]
    message = pb.EstimateElasticityRequest(
        product_ids=[product], step=_step(), price_changes_permille=_CHANGES, controls=["trend"],
        first_day=sold.first_day, last_day=sold.last_day,
    )  # fmt: skip
    found = call(stubs().analytics(ElasticityServiceStub).EstimateElasticity, message)
    if found.HasField("refusal"):
        return [Section(title, answer=refusal(found.refusal.reason))]
    return [_estimate(found, title), _what_if(found)]


def _best_sellers(asked: Mapping[str, str]) -> metric_pb2.MetricTable:
    message = metric_pb2.QueryMetricsRequest(
        metrics=["net_sales"], group_by=["product"], limit=_PRODUCTS_SHOWN,
        first_day=asked["first_day"], last_day=asked["last_day"],
    )  # fmt: skip
    return call(stubs().analytics(MetricServiceStub).QueryMetrics, message)


def _estimate(found: pb.Elasticity, title: str) -> Section:
    slope, scale = found.slope, minor_units("money", found.currency_code)
    lines = [(gettext("Without promotion"), slope), (gettext("If promotions are ignored"), found.naive)]
    if found.HasField("promotion"):
        lines.append((gettext("A promotion adds to demand (log)"), found.promotion))
    if found.HasField("price_in_promotion"):
        lines.append((gettext("A promotion adds to the slope"), found.price_in_promotion))
    rows = [Shown([name], [Cell(_decimal(value)) for value in (one.value, one.low, one.high)]) for name, one in lines]
    head = [gettext("Estimate"), gettext("At least"), gettext("At most")]
    points = [
        Point(one.price_minor / scale, one.quantity_milli / 1000, gettext("promoted") if one.promoted else "")
        for one in found.points
    ]
    plot = scatter_json(points, gettext("Price"), gettext("Quantity"))
    note = gettext(
        "Per cent of demand for a per cent of price, from %(rows)s rows of sales between %(first)s and %(last)s;"
        " a trend over time is taken out. It explains %(share)s of the variation.",
        rows=formats.format_number(found.rows), first=formats.format_date(found.first_day),
        last=formats.format_date(found.last_day), share=formats.format_number(round(found.r_squared * 100)) + "\u00a0%",
    )  # fmt: skip
    said = [words for one in found.remarks if (words := remark(one.code))]
    table = Table(title, [gettext("Slope")], head, rows)
    return Section(title, (), plot, (), table, " ".join([note, *said]), _said(slope))


def _said(slope: pb.ElasticityEstimate) -> str:
    value, low, high = (f"{_decimal(abs(one))}\u00a0%" for one in (slope.value, slope.low, slope.high))
    if slope.high < 0:
        return gettext(
            "One per cent more in price goes with %(value)s fewer sold (%(least)s to %(most)s).",
            value=value, least=high, most=low,
        )  # fmt: skip
    if slope.low > 0:
        return gettext("More is sold at higher prices here: something else than the price moves demand.")
    return gettext("Whether the price moves demand at all cannot be told yet.")


def _what_if(found: pb.Elasticity) -> Section:
    title = gettext("What would another price do?")
    currency, scale = found.currency_code, minor_units("money", found.currency_code)

    def money(minor: float) -> str:
        return formats.format_minor(round(minor), currency, exact=True)

    today, steps = found.today, list(found.what_ifs)
    margins = today.HasField("margin_minor")
    head = [
        gettext("Price"), gettext("Quantity"), gettext("Sales"), gettext("Sales, at least"), gettext("Sales, at most"),
        *([gettext("Margin")] if margins else []),
    ]  # fmt: skip
    now = [money(today.price_minor), _pieces(today.quantity_milli), *[money(today.revenue_minor)] * 3]
    rows = []
    for one in steps:
        price = today.price_minor * (1 + one.change_permille / 1000)
        sales = (one.revenue_minor, one.revenue_low_minor, one.revenue_high_minor)
        cells = [money(price), _pieces(one.quantity_milli), *(money(value) for value in sales)]
        cells += [money(one.margin_minor)] if margins else []
        rows.append(Shown([_change(one)], [Cell(text) for text in cells]))
    now += [money(today.margin_minor)] if margins else []
    half = sum(one.change_permille < 0 for one in steps)
    rows.insert(half, Shown([gettext("Today's price")], [Cell(text) for text in now]))
    whole = [*steps[:half], None, *steps[half:]]
    labels = [money(today.price_minor * (1 + (one.change_permille if one else 0) / 1000)) for one in whole]

    def drawn(name: str) -> list[float | None]:
        return [(getattr(one, name) if one else today.revenue_minor) / scale for one in whole]

    lines = [
        Series(head[2], drawn("revenue_minor")),
        Series(head[3], drawn("revenue_low_minor"), dashed=True),
        Series(head[4], drawn("revenue_high_minor"), dashed=True),
    ]
    note = gettext(
        "Held against what was sold since %(day)s, without promotion. The limits follow from those of the estimate;"
        " what competitors do is not in them.",
        day=formats.format_date(today.first_day),
    )
    table = Table(title, [gettext("Change of the price")], head, rows)
    return Section(title, (), plot_json(labels, lines, lines=True), [one.name for one in lines], table, note)


def _change(one: pb.PriceWhatIf) -> str:
    sign = "+" if one.change_permille > 0 else "−"
    said = f"{sign}{formats.format_number(abs(one.change_permille) // 10)}\u00a0%"
    return gettext("%(change)s, never seen yet", change=said) if one.extrapolates else said


def _pieces(milli: int) -> str:
    return formats.format_decimal_places(round(milli / 100), 1)


def _decimal(value: float) -> str:
    return formats.format_decimal_places(round(value * 100), 2)


def _product(names: Mapping[str, str]) -> str:
    asked = request.args.get("product", "")
    return asked if asked in names else next(iter(names), "")


def _step() -> str:
    asked = request.args.get("step", "")
    return asked if asked in _STEPS else _STEPS[0]
