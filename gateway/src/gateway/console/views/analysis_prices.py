"""Parts of analysis about prices: why sales changed between two periods, and what is given away beyond the usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request, url_for
from funia.analytics.v1 import price_report_pb2 as pb
from funia.analytics.v1 import price_report_pb2_grpc as prices_grpc

from gateway.console import formats
from gateway.console.analysis_words import LEAKS
from gateway.console.backend import call, stubs
from gateway.console.dimensions import key_names
from gateway.console.figures import (
    BARS_MAX,
    Cell,
    Choice,
    Section,
    Series,
    Shown,
    Table,
    minor_units,
    percent,
    plot_json,
)
from gateway.console.i18n import gettext

_ALLOWED = ("0", "50", "100", "150", "200", "300")
"""Discounts that may be allowed, in thousandths."""


def price_reports() -> prices_grpc.PriceReportServiceStub:
    """Reports of prices, with the person's own token."""
    return stubs().analytics(prices_grpc.PriceReportServiceStub)


def bridge_sections(asked: Mapping[str, str]) -> list[Section]:
    """Price, volume and mix against the time before that is as long."""
    found = call(price_reports().GetPriceBridge, pb.GetPriceBridgeRequest(limit=200, **asked))
    title = gettext("Why did sales change?")
    if not found.rows:
        return [Section(title)]
    currency = found.currency_code
    scale = minor_units("money", currency)
    before, after = (gettext("Sales before"), found.before_minor), (gettext("Sales after"), found.after_minor)
    steps = [before, *_steps(found.effects), after]
    labels = [label for label, _ in steps]
    amount = gettext("Amount")
    rows = [
        Shown([label], [_money(value, currency), Cell(percent(value, found.before_minor))]) for label, value in steps
    ]
    plot = plot_json(labels, [Series(amount, [value / scale for _, value in steps])], across=True)
    note = gettext(
        "Price is the new quantity at the difference of prices, volume what the old sales gain if every product sells"
        " as much more as all together, mix the rest. The parts add up to the cent. Sales without tax, before returns."
    )
    if found.left_out_orders:
        note += " " + gettext("Orders in other currencies are left out: %(num)s.", num=found.left_out_orders)
    whole = Table(title, [gettext("Step")], [amount, gettext("Of the sales before")], rows)
    first = Section(title, (), plot, [amount], whole, note, _changed(found))
    return [first, _products(found)]


def leakage_sections(asked: Mapping[str, str]) -> list[Section]:
    """What people took off, and how much of it beyond the usual or the allowed."""
    by, allowed = _by(), _allowed()
    message = pb.GetDiscountLeakageRequest(by=by, limit=200, allowed_permille=allowed, **asked)
    found = call(price_reports().GetDiscountLeakage, message)
    title = gettext("Who gives away more than is usual?") if allowed is None else gettext("Who gives away too much?")
    if not found.rows:
        return [Section(title)]
    currency, names = found.currency_code, key_names(by, [row.key for row in found.rows])
    head = [
        gettext("Given beyond"), gettext("Taken off"), gettext("Share taken off"), gettext("Orders beyond"),
        gettext("Orders"),
    ]  # fmt: skip
    rows = [Shown([names[row.key]], _leak(row, found, by, row.key)) for row in found.rows]
    totals = [Shown([], _leak(found.total, found, by, None))]
    drawn = [row for row in found.rows if row.beyond_minor][:BARS_MAX]
    scale = minor_units("money", currency)
    plot = plot_json(
        [names[row.key] for row in drawn],
        [Series(head[0], [row.beyond_minor / scale for row in drawn])],
        across=True,
    )
    usual = gettext(
        "Usual is the discount in the middle of all lines of a product, or of all lines where a product has fewer than"
        " five. Discounts on lines and orders, and coupons; price rules aside, since nobody decides them."
    )
    ruled = gettext("Discounts on lines and orders, and coupons; price rules aside, since nobody decides them.")
    answer = gettext(
        "%(beyond)s of %(given)s taken off lie beyond, in %(orders)s of %(all)s orders.",
        beyond=formats.format_minor(found.total.beyond_minor, currency),
        given=formats.format_minor(found.total.given_minor, currency),
        orders=formats.format_number(found.total.beyond_orders),
        all=formats.format_number(found.total.orders),
    )
    table = Table(title, [str(LEAKS[by])], head, rows, totals)
    return [Section(title, (), plot, head[:1], table, usual if allowed is None else ruled, answer)]


def leakage_choices() -> Sequence[Choice]:
    """What the page of leakage is asked with, beside its period."""
    allowed = _allowed()
    values = [("", gettext("As usual for the product")), *((one, percent(int(one), 1000)) for one in _ALLOWED)]
    return (
        Choice("by", gettext("By"), [(name, str(label)) for name, label in LEAKS.items()], _by()),
        Choice("allowed", gettext("Allowed discount"), values, "" if allowed is None else str(allowed)),
    )


def leakage_orders(asked: Mapping[str, str]) -> tuple[str, list[tuple[str, list[Cell]]], str]:
    """Title, orders (id and figures) and the token of the next page, of orders behind a row of leakage."""
    given = request.args
    message = pb.ListDiscountLeakageOrdersRequest(
        by=_by(), allowed_permille=_allowed(), currency_code=given.get("currency", ""),
        page_token=given.get("token", ""), first_day=asked["first_day"], last_day=asked["last_day"],
    )  # fmt: skip
    if "key" in given:
        message.key = given["key"]
    found = call(price_reports().ListDiscountLeakageOrders, message)
    rows = [
        (
            one.order_id,
            [
                _money(one.beyond_minor, message.currency_code),
                _money(one.given_minor, message.currency_code),
                Cell(percent(one.given_minor, one.base_minor)),
            ],
        )
        for one in found.orders
    ]
    return gettext("Orders with more taken off"), rows, found.next_page_token


def _by() -> str:
    asked = request.args.get("by", "")
    return asked if asked in LEAKS else "seller"


def _allowed() -> int | None:
    asked = request.args.get("allowed", "")
    return int(asked) if asked in _ALLOWED else None


def _leak(row: pb.LeakageRow, found: pb.DiscountLeakage, by: str, key: str | None) -> list[Cell]:
    allowed = _allowed()
    places: dict[str, str] = {
        "by": by,
        "currency": found.currency_code,
        "first": found.first_day,
        "last": found.last_day,
    }
    if key is not None:
        places["key"] = key
    if allowed is not None:
        places["allowed"] = str(allowed)
    href = url_for("console.analysis_leaks", **places) if row.beyond_minor else ""  # type: ignore[arg-type]
    return [
        Cell(formats.format_minor(row.beyond_minor, found.currency_code, exact=True), href),
        _money(row.given_minor, found.currency_code),
        Cell(percent(row.given_minor, row.base_minor)),
        Cell(formats.format_number(row.beyond_orders)),
        Cell(formats.format_number(row.orders)),
    ]


def _steps(effects: pb.PriceEffects) -> list[tuple[str, int]]:
    named = [
        (gettext("Price"), effects.price), (gettext("Volume"), effects.volume), (gettext("Mix"), effects.mix),
        (gettext("New products"), effects.new), (gettext("Lost products"), effects.lost),
    ]  # fmt: skip
    return [*named, (gettext("Returns outweigh"), effects.other)] if effects.other else named


def _changed(found: pb.PriceBridge) -> str:
    """The change, and the part that did most of it."""
    change = found.after_minor - found.before_minor
    label, value = max(_steps(found.effects), key=lambda one: abs(one[1]))
    return gettext(
        "Sales changed by %(change)s against %(first)s – %(last)s, most of it by: %(cause)s (%(part)s).",
        change=formats.format_minor(change, found.currency_code),
        first=formats.format_date(found.before_first_day),
        last=formats.format_date(found.before_last_day),
        cause=label,
        part=formats.format_minor(value, found.currency_code),
    )


def _products(found: pb.PriceBridge) -> Section:
    title, currency = gettext("Which products did it?"), found.currency_code
    names = key_names("product", [row.key for row in found.rows])
    head = [gettext("Change"), *(label for label, _ in _steps(found.effects))]
    rows = []
    for row in found.rows:
        href = url_for(
            "console.analysis_records", metric="net_sales", dimension="product", key=row.key,
            first=found.before_first_day, last=found.last_day, currency=currency,
        )  # fmt: skip
        change = row.after_minor - row.before_minor
        rows.append(
            Shown(
                [names[row.key]],
                [Cell(formats.format_minor(change, currency, exact=True), href), *_parts(row.effects, found)],
            )
        )
    if found.other_rows:
        label = gettext("Other products: %(num)s", num=formats.format_number(found.other_rows))
        change = sum(value for _, value in _steps(found.other_effects))
        rows.append(Shown([label], [_money(change, currency), *_parts(found.other_effects, found)]))
    change = found.after_minor - found.before_minor
    totals = [Shown([], [_money(change, currency), *_parts(found.effects, found)])]
    return Section(title, table=Table(title, [gettext("Product")], head, rows, totals))


def _parts(effects: pb.PriceEffects, found: pb.PriceBridge) -> list[Cell]:
    values = [effects.price, effects.volume, effects.mix, effects.new, effects.lost]
    if found.effects.other:
        values.append(effects.other)
    return [_money(value, found.currency_code) for value in values]


def _money(minor: int, currency: str) -> Cell:
    return Cell(formats.format_minor(minor, currency, exact=True))
