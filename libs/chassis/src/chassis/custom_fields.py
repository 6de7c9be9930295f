"""Fields that a company adds to its records: what a value must look like, and what of it is indexed.

Knows definitions and values, neither records nor tables; `custom_values` keeps both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any, Literal
from uuid import UUID

from chassis.errors import InvalidArgument, Violation
from chassis.filtering import FieldType
from chassis.formats import CURRENCIES

Type = Literal["text", "number", "money", "date", "boolean", "choice", "choices", "reference"]
Place = Literal["text", "number", "time", "boolean", "reference"]
"""Kinds of index tables."""

TEXT_MAX_CHARS = 500
"""What an index entry of PostgreSQL surely holds, whatever the script."""
NUMBER_MAX = 2**53 - 1
FIELDS_MAX = 100
"""Living fields an object."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_FILTER_TYPES: dict[str, FieldType] = {
    "text": FieldType.TEXT,
    "choice": FieldType.TEXT,
    "choices": FieldType.TEXTS,
    "number": FieldType.NUMBER,
    "money": FieldType.NUMBER,
    "date": FieldType.TIMESTAMP,
    "boolean": FieldType.BOOL,
    "reference": FieldType.UUID,
}
_PLACES: dict[FieldType, Place] = {
    FieldType.TEXT: "text",
    FieldType.TEXTS: "text",
    FieldType.NUMBER: "number",
    FieldType.TIMESTAMP: "time",
    FieldType.BOOL: "boolean",
    FieldType.UUID: "reference",
}


class WrongValue(Exception):
    """The value is not what the field takes; the text says what is."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FieldDef:
    """A field as its company defined it."""

    key: str
    type: Type
    options: tuple[str, ...] = ()
    references: str = ""
    required: bool = False
    searchable: bool = False
    archived: bool = False

    @property
    def filter_type(self) -> FieldType:
        """What a filter may ask of it; money by its minor units."""
        return _FILTER_TYPES[self.type]

    @property
    def place(self) -> Place:
        """The index table that holds its values."""
        return _PLACES[self.filter_type]


Defs = Mapping[str, FieldDef]
Exists = Callable[[str, UUID], bool]
"""Whether there is such a record: object and id."""


def laid_over(
    defs: Defs,
    before: Mapping[str, Any],
    given: Mapping[str, Any],
    *,
    path: str,
    creating: bool,
    exists: Exists,
    unasked: Collection[str] = (),
) -> dict[str, Any]:
    """The values after a change: given ones in their normal form over those that were, null takes one away.

    Raises InvalidArgument with one violation a wrong value; `path` is where the values stand, ``contact.custom``.
    Whoever may not write a required field (`unasked`) is not asked for it.
    """
    after = dict(before)
    wrong: list[Violation] = []
    for key, value in given.items():
        one = defs.get(key)
        if one is None or one.archived:
            wrong.append(Violation(f"{path}.{key[:80]}", _unknown(defs, key), "UNKNOWN_FIELD"))
        elif value is None or value in ("", []):
            after.pop(key, None)
        else:
            try:
                after[key] = normal(one, value, exists)
            except WrongValue as problem:
                wrong.append(Violation(f"{path}.{key}", str(problem), problem.reason))
    wrong += [
        Violation(f"{path}.{key}", "This must be given.", "REQUIRED")
        for key in missing(defs, after)
        if (creating and key not in unasked) or key in given
    ]
    if wrong:
        first = wrong[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason="INVALID_FIELD", violations=wrong)
    return after


class Carried(dict[str, Any]):
    """Values of a new record that come from another one, whose maker is not asked for what is required."""


def carried(source: Defs, target: Defs, values: Mapping[str, Any]) -> Carried:
    """Those values of a record that a record of another kind can hold: under the same key, of the same type, and
    allowed there."""
    found = Carried()
    for key, value in values.items():
        one, other = source.get(key), target.get(key)
        if one is None or other is None or other.archived:
            continue
        if (one.type, one.references) != (other.type, other.references):
            continue
        try:
            found[key] = normal(other, value, lambda _kind, _id: True)
        except WrongValue:
            continue
    return found


def missing(defs: Defs, values: Mapping[str, Any]) -> list[str]:
    """Required fields without a value."""
    return [one.key for one in defs.values() if one.required and not one.archived and one.key not in values]


def normal(one: FieldDef, value: Any, exists: Exists) -> Any:
    """A value in its normal form, as JSON holds it. Raises WrongValue."""
    return _NORMAL[one.type](one, value, exists)


def references_of(defs: Defs, values: Mapping[str, Any]) -> Iterable[tuple[str, UUID]]:
    """Records that values point to, as far as they can be read: object and id."""
    for key, value in values.items():
        one = defs.get(key)
        if one is not None and one.type == "reference" and isinstance(value, str) and _UUID.fullmatch(value):
            yield one.references, UUID(value)


def indexed(defs: Defs, values: Mapping[str, Any]) -> Iterable[tuple[Place, str, Any]]:
    """What the index tables hold of a record's values: table, key, value."""
    for key, value in values.items():
        one = defs.get(key)
        if one is None:
            continue
        if one.type == "choices":
            for item in value:
                yield one.place, key, item
        elif one.type == "money":
            yield one.place, key, float(value["amount_minor"])
        elif one.type == "number":
            yield one.place, key, float(value)
        elif one.type == "date":
            yield one.place, key, datetime.combine(date.fromisoformat(value), time(), UTC)
        elif one.type == "reference":
            yield one.place, key, UUID(value)
        else:
            yield one.place, key, value


def searchable_texts(defs: Defs, values: Mapping[str, Any]) -> list[str]:
    """What search should find a record by."""
    found: list[str] = []
    for key, value in values.items():
        one = defs.get(key)
        if one is not None and one.searchable and not one.archived and one.place == "text":
            found += value if isinstance(value, list) else [value]
    return found


def _unknown(defs: Defs, key: str) -> str:
    living = [one.key for one in defs.values() if not one.archived]
    near = get_close_matches(key, living, n=1, cutoff=0.7)
    if near:
        return f'There is no such custom field. Did you mean "{near[0]}"?'
    return f"There is no such custom field. Known here: {', '.join(living) or 'none'}."


def _text(_one: FieldDef, value: Any, _exists: Exists) -> str:
    if not isinstance(value, str):
        raise WrongValue("Give a text.", "WRONG_TYPE")
    if len(value) > TEXT_MAX_CHARS:
        raise WrongValue(f"{len(value)} characters are too many: {TEXT_MAX_CHARS} at most.", "TOO_LONG")
    if "\0" in value:
        raise WrongValue("Leave out the NUL character.", "INVALID_TEXT")
    return value


def _number(_one: FieldDef, value: Any, _exists: Exists) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise WrongValue("Give a number.", "WRONG_TYPE")
    if abs(value) > NUMBER_MAX:
        raise WrongValue(f"Give a number between -{NUMBER_MAX} and {NUMBER_MAX}.", "TOO_LARGE")
    return int(value) if float(value).is_integer() else value


def _money(_one: FieldDef, value: Any, exists: Exists) -> dict[str, Any]:
    said = 'Give {"currency_code": "EUR", "amount_minor": 12050}.'
    if not isinstance(value, dict) or set(value) != {"currency_code", "amount_minor"}:
        raise WrongValue(said, "WRONG_TYPE")
    amount = _number(_one, value["amount_minor"], exists)
    if not isinstance(amount, int):
        raise WrongValue("The amount is a whole number of minor units, such as cents.", "WRONG_TYPE")
    if value["currency_code"] not in CURRENCIES:
        raise WrongValue("Give a currency by its ISO 4217 code, such as EUR.", "INVALID_CURRENCY")
    return {"currency_code": value["currency_code"], "amount_minor": amount}


def _date(_one: FieldDef, value: Any, _exists: Exists) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise WrongValue("Give a day as YYYY-MM-DD, such as 2026-05-31.", "INVALID_DATE")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise WrongValue("There is no such day.", "INVALID_DATE") from None
    return value


def _boolean(_one: FieldDef, value: Any, _exists: Exists) -> bool:
    if not isinstance(value, bool):
        raise WrongValue("Give true or false.", "WRONG_TYPE")
    return value


def _choice(one: FieldDef, value: Any, _exists: Exists) -> str:
    if not isinstance(value, str) or value not in one.options:
        raise WrongValue(f"Give one of: {', '.join(one.options)}.", "NOT_ALLOWED")
    return value


def _choices(one: FieldDef, value: Any, exists: Exists) -> list[str]:
    if not isinstance(value, list):
        raise WrongValue(f"Give a list of some of: {', '.join(one.options)}.", "WRONG_TYPE")
    return list(dict.fromkeys(_choice(one, item, exists) for item in value))


def _reference(one: FieldDef, value: Any, exists: Exists) -> str:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise WrongValue("Give the id of a record.", "INVALID_UUID")
    if not exists(one.references, UUID(value)):
        raise WrongValue(f"There is no such {one.references}.", "REFERENCE_NOT_FOUND")
    return value.lower()


_NORMAL: dict[str, Callable[[FieldDef, Any, Exists], Any]] = {
    "text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
    "reference": _reference,
}


def by_close_name(name: str, known: Sequence[str]) -> str:
    """The known name that this one may have meant, "" where none is near."""
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.7)), "")


def by_key(fields: Sequence[FieldDef]) -> dict[str, FieldDef]:
    """Definitions by their keys."""
    return {one.key: one for one in fields}
