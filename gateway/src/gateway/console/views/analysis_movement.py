"""The part of analysis about customers who moved from one group of RFM to another between two days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request, url_for
from funia.analytics.v1 import customer_report_pb2 as pb

from gateway.console import formats
from gateway.console.analysis_words import DIRECTIONS, NO_GROUP, SEGMENTS
from gateway.console.backend import call
from gateway.console.figures import Cell, Choice, Section, Series, Shown, Table, percent, plot_json
from gateway.console.i18n import gettext
from gateway.console.views.analysis_customers import customer_reports

_NONE = "none"
_FIRST_DAY = "first"
_MONTHS_SHOWN = 11


def movement_choices() -> Sequence[Choice]:
    """What the page is asked with, beside its period."""
    values = [("", gettext("The customers of each day")), (_FIRST_DAY, gettext("The limits of the first day"))]
    return [Choice("cuts", gettext("Groups measured by"), values, _cuts())]


def movement_sections(asked: Mapping[str, str]) -> list[Section]:
    """Which way customers went, and from which group to which."""
    message = pb.GetRfmMovementRequest(**_days(asked), cuts=_cuts())
    found = call(customer_reports().GetRfmMovement, message)
    title = gettext("Which way did customers go?")
    if not found.customers:
        return [Section(title)]
    return [_ways(found, title), _matrix(found)]


def moves_shown(token: str) -> tuple[str, pb.ListRfmMovementCustomersResponse]:
    """Title and a page of the customers behind a figure of the movement, as the address asks for them."""
    given = request.args
    message = pb.ListRfmMovementCustomersRequest(
        from_day=given.get("first", ""),
        to_day=given.get("last", ""),
        cuts=_cuts(),
        from_group=given.get("from", ""),
        to_group=given.get("to", ""),
        direction=given.get("direction", ""),
        page_token=token,
    )
    answer = call(customer_reports().ListRfmMovementCustomers, message)
    groups = [group_name(one) for one in (message.from_group, message.to_group) if one]
    way = [str(DIRECTIONS[message.direction])] if message.direction else []
    return " → ".join(groups or way) or gettext("Customers"), answer


def group_name(group: str) -> str:
    """A group in words."""
    return str(NO_GROUP if group == _NONE else SEGMENTS.get(group, group))


def _ways(found: pb.RfmMovement, title: str) -> Section:
    currency = found.currency_code
    rows = [
        Shown(
            [str(DIRECTIONS[one.direction])],
            [
                Cell(formats.format_number(one.customers), _customers(found, one.customers, direction=one.direction)),
                Cell(percent(one.customers, found.customers)),
                Cell(formats.format_number(one.orders)),
                Cell(formats.format_minor(one.monetary_minor, currency)),
            ],
        )
        for one in found.directions
    ]
    name = gettext("Customers")
    head = [name, gettext("Share of customers"), gettext("Orders since"), gettext("Sales since")]
    plot = plot_json(
        [str(DIRECTIONS[one.direction]) for one in found.directions],
        [Series(name, [one.customers for one in found.directions])],
        across=True,
    )
    customers = {one.direction: formats.format_number(one.customers) for one in found.directions}
    answer = gettext(
        "From %(first)s to %(last)s: to a better group %(improved)s, to a worse one %(worsened)s, new %(came)s.",
        first=formats.format_date(found.from_day), last=formats.format_date(found.to_day),
        improved=customers["improved"], worsened=customers["worsened"], came=customers["came"],
    )  # fmt: skip
    note = gettext(
        "A group is better than those to the right of it in the table below. Orders and sales are those since the first"
        " day."
    )
    if found.left_out_orders:
        note += " " + gettext("Orders in other currencies are left out: %(num)s.", num=found.left_out_orders)
    return Section(title, (), plot, [name], Table(title, [gettext("Way")], head, rows), note, answer)


def _matrix(found: pb.RfmMovement) -> Section:
    """Groups of the first day in rows, those of the second in columns; how many went from one to the other."""
    title = gettext("From which group to which?")
    counts = {(one.from_group, one.to_group): one.customers for one in found.moves}
    before = {one.group: one.before for one in found.groups if one.before}
    before |= {_NONE: sum(count for (was, _), count in counts.items() if was == _NONE)}
    after = {one.group: one.after for one in found.groups if one.after}
    rows = []
    for was, whole in before.items():
        if not whole:
            continue
        cells = [_cell(found, was, now, counts.get((was, now), 0), whole) for now in after]
        whole_cell = Cell(formats.format_number(whole), _customers(found, whole, **{"from": was}))
        rows.append(Shown([group_name(was)], [*cells, whole_cell]))
    sums = [Cell(formats.format_number(count), _customers(found, count, to=now)) for now, count in after.items()]
    totals = [Shown([], [*sums, Cell(formats.format_number(found.customers))])]
    days = [formats.format_date(found.from_day), formats.format_date(found.to_day)]
    either = [one for one in found.groups if one.before or one.after]
    plot = plot_json(
        [group_name(one.group) for one in either],
        [Series(days[0], [one.before for one in either]), Series(days[1], [one.after for one in either])],
        across=True,
        beside=True,
    )
    if found.cuts == _FIRST_DAY:
        note = gettext("Both days are measured by the limits of the first: only own orders and time move a customer.")
    else:
        note = gettext(
            "Each day is measured by its own customers, so a customer can move because others buy more or less."
        )
    head = gettext("On %(first)s, and on %(last)s", first=days[0], last=days[1])
    table = Table(title, [head], [*(group_name(now) for now in after), gettext("Altogether")], rows, totals)
    return Section(title, (), plot, days, table, note)


def _cell(found: pb.RfmMovement, was: str, now: str, count: int, whole: int) -> Cell:
    if not count:
        return Cell("")
    link = _customers(found, count, **{"from": was, "to": now})
    return Cell(formats.format_number(count), link, min(9, count * 10 // whole))


def _customers(found: pb.RfmMovement, count: int, **chosen: str) -> str:
    if not count:
        return ""
    asked = {"first": found.from_day, "last": found.to_day, "cuts": _cuts(), **chosen}
    return url_for("console.analysis_moves", **{name: value for name, value in asked.items() if value})  # type: ignore[arg-type]


def _days(asked: Mapping[str, str]) -> dict[str, str]:
    """Both days; where the address names none, those of the last twelve months like every page of analysis."""
    first, last = asked["first_day"], asked["last_day"]
    if not first and not last:
        today = formats.now().date()
        months = today.year * 12 + today.month - 1 - _MONTHS_SHOWN
        first = today.replace(year=months // 12, month=months % 12 + 1, day=1).isoformat()
    return {"from_day": first, "to_day": last}


def _cuts() -> str:
    return _FIRST_DAY if request.args.get("cuts") == _FIRST_DAY else ""
