"""Numbers of papers: without gaps for each company, kind and year, in the order in which papers are issued.

Take a number as the last thing before the commit that issues: its row stays locked until then, and a commit that does
not happen gives its number back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from chassis.errors import invalid_field
from chassis.work import Work

from sales.queries import company
from sales.queries import numbering as queries

FORMATS: Mapping[str, str] = {
    "quote": "QUO-{year}-{number:5}",
    "order": "ORD-{year}-{number:5}",
    "invoice": "INV-{year}-{number:5}",
    "credit_note": "CN-{year}-{number:5}",
    "return": "RET-{year}-{number:5}",
}
"""How numbers look where the company says nothing else: `{number:5}` has at least five digits."""
_NUMBER = re.compile(r"\{number(?::([1-9]))?\}")
_FIELD = re.compile(r"\{[^}]*\}")


def take(work: Work, kind: str, day: date) -> str:
    """The next number of a kind in the year of a day. Raises LookupError for a kind that has none."""
    return take_many(work, kind, day.year, 1)[0]


def take_many(work: Work, kind: str, year: int, count: int) -> list[str]:
    """So many numbers of a kind and year, ascending."""
    known = company.company(work).number_formats
    pattern = known.get(kind) or FORMATS[kind]
    last = queries.advance(work, kind, year, count)
    return [written(pattern, year, number) for number in range(last - count + 1, last + 1)]


def written(pattern: str, year: int, number: int) -> str:
    """A number as papers show it."""
    text = _NUMBER.sub(lambda found: f"{number:0{found.group(1) or 1}}", pattern)
    return text.replace("{year}", str(year))


def check_formats(formats: Mapping[str, str]) -> None:
    """Raises InvalidArgument where numbers of a format would be no numbers, or would come again next year."""
    for kind, pattern in formats.items():
        field = f"settings.number_formats.{kind}"
        if kind not in FORMATS:
            raise invalid_field(field, f"name one of {', '.join(FORMATS)}", reason="UNKNOWN_KIND")
        rest = _NUMBER.sub("", pattern, count=1).replace("{year}", "", 1)
        if not _NUMBER.search(pattern) or "{year}" not in pattern or _FIELD.search(rest):
            example = FORMATS[kind]
            raise invalid_field(field, f'write {{year}} and {{number}} once each, such as "{example}"')
