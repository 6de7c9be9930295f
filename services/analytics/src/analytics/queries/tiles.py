"""Tiles of a dashboard: their questions answered with as few looks at the facts as will do."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from analytics.queries import metrics
from analytics.queries.catalogue import TIMES, Metric
from analytics.queries.metrics import Line, Question
from analytics.queries.sight import Sight

_TIMES_SHOWN = 400
"""Rows of a tile over time: the days of a year."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question, with how many rows its answer has at most where they are not times."""

    question: Question
    rows: int


def answered(sight: Sight, wanted: Sequence[Wanted]) -> list[list[Line]]:
    """Rows of figures for each question. Figures of the same rows are counted together."""
    together: dict[Hashable, dict[str, Metric]] = {}
    keys = [_together(one) for one in wanted]
    for key, one in zip(keys, wanted, strict=True):
        together.setdefault(key, {}).update({metric.name: metric for metric in one.question.metrics})
    found: dict[Hashable, tuple[list[str], list[Line]]] = {}
    for key, one in zip(keys, wanted, strict=True):
        if key not in found:
            counted = together[key]
            asked = one.question
            question = Question(list(counted.values()), asked.first, asked.last, asked.filters, asked.group_by)
            limit = _TIMES_SHOWN if _in_time(asked) else one.rows
            found[key] = (list(counted), metrics.rows_of(sight, question, limit=limit))
    return [_cut(*found[key], one.question.metrics) for key, one in zip(keys, wanted, strict=True)]


def _together(one: Wanted) -> Hashable:
    """Questions with the same answer are about the same rows. Which rows lead depends on the first figure."""
    asked = one.question
    leading = () if _in_time(asked) or not asked.group_by else tuple(metric.name for metric in asked.metrics)
    source = asked.metrics[0].source
    return (
        source.fact,
        asked.first,
        asked.last,
        tuple(asked.filters.items()),
        tuple(asked.group_by),
        0 if _in_time(asked) else one.rows,
        leading,
    )


def _in_time(asked: Question) -> bool:
    return bool(asked.group_by) and asked.group_by[0] in TIMES


def _cut(names: Sequence[str], lines: Sequence[Line], chosen: Sequence[Metric]) -> list[Line]:
    at = [names.index(metric.name) for metric in chosen]
    return [Line(line.keys, line.currency, [line.values[one] for one in at]) for line in lines]
