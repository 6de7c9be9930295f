"""What figures are split by: the words of dimensions and of their keys, and the times between two days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from gateway.console import formats, references
from gateway.console.colleagues import colleagues
from gateway.console.i18n import Lazy, gettext, lazy
from gateway.console.sales_fields import CHANNELS
from gateway.console.selling_fields import ORDER_STATES

DIMENSIONS: Mapping[str, Lazy] = {
    "day": lazy("Day"),
    "week": lazy("Week"),
    "month": lazy("Month"),
    "quarter": lazy("Quarter"),
    "seller": lazy("Seller"),
    "customer": lazy("Customer"),
    "store": lazy("Store"),
    "channel": lazy("Channel"),
    "status": lazy("State"),
    "product": lazy("Product"),
    "variant": lazy("Variant"),
    "pipeline": lazy("Pipeline"),
    "source": lazy("Source"),
    "lost_reason": lazy("Reason of the loss"),
}
TIMES = frozenset({"day", "week", "month", "quarter"})
_KINDS: Mapping[str, Sequence[str]] = {
    "product": ("products",),
    "variant": ("variants",),
    "customer": ("companies", "people"),
    "store": ("stores",),
    "pipeline": ("pipelines",),
}
_WORDS: Mapping[str, Mapping[str, Lazy]] = {"channel": CHANNELS, "status": ORDER_STATES}
_PLAIN = frozenset({"source", "lost_reason"})


def key_names(dimension: str, keys: Sequence[str]) -> dict[str, str]:
    """What the keys of a dimension are called; "Not to be seen" where the person may not know."""
    known = _known(dimension, [key for key in keys if key])
    return {key: (known.get(key, "") or gettext("Not to be seen")) if key else gettext("None") for key in keys}


def _known(dimension: str, keys: Sequence[str]) -> Mapping[str, str]:
    if dimension == "seller":
        return colleagues()
    if dimension in TIMES:
        return {key: time_name(dimension, key) for key in keys}
    if dimension in _WORDS:
        return {key: str(_WORDS[dimension].get(key, key)) for key in keys}
    if dimension in _PLAIN:
        return {key: key for key in keys}
    kinds = _KINDS[dimension]
    for kind in kinds:
        references.prefetch(kind, keys)
    return {key: next((name for kind in kinds if (name := references.name_of(kind, key))), "") for key in keys}


def time_name(dimension: str, key: str) -> str:
    """A day, week, month or quarter as people write it."""
    if dimension == "month":
        return formats.month_name(key)
    if dimension == "quarter":
        year, _, quarter = key.partition("-Q")
        return gettext("Q%(quarter)s %(year)s", quarter=quarter, year=year)
    return formats.format_date(key)


def times_between(dimension: str, first: str, last: str) -> list[str]:
    """Keys of all days, weeks, months or quarters from one day to another, also of those in which nothing was."""
    day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    keys: dict[str, None] = {}
    while day <= end:
        keys[_key(dimension, day)] = None
        day += dt.timedelta(days=1)
    return list(keys)


def _key(dimension: str, day: dt.date) -> str:
    match dimension:
        case "week":
            return (day - dt.timedelta(days=day.weekday())).isoformat()
        case "month":
            return f"{day:%Y-%m}"
        case "quarter":
            return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
    return day.isoformat()
