"""One comparison against the type of its field: values are read here, operators that make no sense are refused here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from chassis.filtering.nodes import Compare, Contains, Missing, Node, Not, OneOf, Prefix, Scalar
from chassis.filtering.schema import FieldType

LARGEST_NUMBER = 2**53 - 1

_OPERATORS = {
    FieldType.TEXT: ("=", "!=", ":", ":*", "IN"),
    FieldType.NUMBER: ("=", "!=", "<", "<=", ">", ">=", ":*", "IN"),
    FieldType.BOOL: ("=", "!="),
    FieldType.TIMESTAMP: ("=", "!=", "<", "<=", ">", ">=", ":*", "IN"),
    FieldType.DATE: ("=", "!=", "<", "<=", ">", ">=", ":*", "IN"),
    FieldType.UUID: ("=", "!=", ":*", "IN"),
    FieldType.TEXTS: (":", ":*", "=", "!="),
}
_EXAMPLES = {
    FieldType.TEXT: 'a text in quotes, such as "lead"',
    FieldType.NUMBER: "a number",
    FieldType.BOOL: "true or false",
    FieldType.TIMESTAMP: "a time such as 2026-05-31T09:30:00Z or a day such as 2026-05-31",
    FieldType.DATE: "a day such as 2026-05-31",
    FieldType.UUID: "a UUID in quotes",
    FieldType.TEXTS: 'a text in quotes, such as "vip"',
}
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


class Problem(Exception):
    """What is wrong, and where: `column` counts characters from 1; 0 is the filter as a whole."""

    def __init__(self, column: int, text: str) -> None:
        super().__init__(text)
        self.column = column
        self.text = text


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it stands in the filter: kind of token (STRING, NUMBER, TIME, WORD), text, column."""

    kind: str
    text: str
    column: int

    @property
    def is_null(self) -> bool:
        """Whether it is the word null."""
        return self.kind == "WORD" and self.text == "null"


def term(field: str, kind: FieldType, operator: str, literals: list[Literal], column: int) -> Node:
    """The node of one comparison. Raises Problem where field, operator and value do not go together."""
    if operator not in _OPERATORS[kind]:
        allowed = ", ".join(_OPERATORS[kind])
        raise Problem(column, f'"{field}" is a {kind.value} and takes {allowed}; not {operator}.')
    if operator == ":*":
        return Not(Missing(field, kind))
    if operator == "IN":
        return OneOf(field, kind, tuple(_plain(field, kind, literal) for literal in literals))
    literal = literals[0]
    if literal.is_null:
        if kind is FieldType.BOOL or operator not in ("=", "!="):
            raise Problem(literal.column, f"null goes with = and != only, and {_EXAMPLES[kind]} is expected here.")
        missing = Missing(field, kind)
        return Not(missing) if operator == "!=" else missing
    if operator == ":":
        return _having(field, kind, literal)
    if kind is FieldType.TEXTS:
        raise Problem(literal.column, f'"{field}" is a list: ask {field}:"..." for one of its texts, or = null.')
    if operator == "!=":
        return Not(_equal(field, kind, literal))
    return _equal(field, kind, literal) if operator == "=" else _ordered(field, kind, operator, literal)


def _having(field: str, kind: FieldType, literal: Literal) -> Node:
    text, prefix = _text(literal, kind)
    if kind is FieldType.TEXT:
        if not text:
            raise Problem(literal.column, "Give at least one character to start with.")
        return Prefix(field, text.lower())
    if prefix or not text:
        raise Problem(literal.column, "A list is asked for a whole text: leave out the asterisk.")
    return Contains(field, text)


def _equal(field: str, kind: FieldType, literal: Literal) -> Node:
    if kind is FieldType.TEXT:
        text, prefix = _text(literal, kind)
        if prefix:
            return Prefix(field, text.lower()) if text else Not(Missing(field, kind))
        return Compare(field, kind, "=", text) if text else Missing(field, kind)
    value = _plain(field, kind, literal)
    if value is False:
        return Not(Compare(field, kind, "=", True))
    return Compare(field, kind, "=", value)


def _ordered(field: str, kind: FieldType, operator: str, literal: Literal) -> Node:
    value = _plain(field, kind, literal)
    if operator == "<":
        return Compare(field, kind, "<", value)
    if operator == "<=":
        return Compare(field, kind, "<=", value)
    return Compare(field, kind, ">" if operator == ">" else ">=", value)


def _plain(field: str, kind: FieldType, literal: Literal) -> Scalar:
    """The value of a literal for a field of the kind, without wildcard."""
    wrong = Problem(literal.column, f'"{field}" takes {_EXAMPLES[kind]}; not {literal.text[:60]}.')
    if kind is FieldType.TEXT:
        text, prefix = _text(literal, kind)
        if prefix or not text:
            raise Problem(literal.column, "IN takes whole texts: no asterisk, no empty text.")
        return text
    if kind is FieldType.NUMBER and literal.kind == "NUMBER":
        return _number(literal)
    if kind is FieldType.BOOL and literal.text in ("true", "false"):
        return literal.text == "true"
    if kind is FieldType.UUID and literal.kind == "STRING" and _UUID.fullmatch(literal.text[1:-1]):
        return UUID(literal.text[1:-1])
    if kind is FieldType.TIMESTAMP and literal.kind in ("STRING", "TIME"):
        return _time(literal, wrong)
    if kind is FieldType.DATE and literal.kind in ("STRING", "TIME"):
        return _day(literal, wrong)
    raise wrong


def _number(literal: Literal) -> int | float:
    plain = literal.text.lstrip("+-").isdecimal()
    number: int | float = int(literal.text) if plain and len(literal.text) < 20 else float(literal.text)
    if abs(number) > LARGEST_NUMBER:
        raise Problem(literal.column, f"The number is too large: {LARGEST_NUMBER} at most.")
    return number


def _time(literal: Literal, wrong: Problem) -> datetime:
    text = literal.text.strip("\"'")
    if not _TIME.fullmatch(text):
        raise wrong
    try:
        moment = datetime.fromisoformat(text.upper())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong from None


def _day(literal: Literal, wrong: Problem) -> date:
    text = literal.text.strip("\"'")
    if not _DAY.fullmatch(text):
        raise wrong
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong from None


def _text(literal: Literal, kind: FieldType) -> tuple[str, bool]:
    """The text without quotes and escapes, and whether an asterisk stands at its end."""
    if literal.kind != "STRING":
        raise Problem(literal.column, f"Expected {_EXAMPLES[kind]}; not {literal.text[:60]}.")
    out: list[str] = []
    source = literal.text[1:-1]
    index, prefix = 0, False
    while index < len(source):
        letter = source[index]
        if letter == "\\":
            index += 1
            letter = source[index]
            if letter not in "\\\"'*":
                raise Problem(literal.column + index, "A backslash goes before \\, \", ' and * only.")
            out.append(letter)
        elif letter == "*":
            if index != len(source) - 1:
                raise Problem(literal.column + index + 1, "An asterisk stands at the end only; write \\* for itself.")
            prefix = True
        else:
            out.append(letter)
        index += 1
    return "".join(out), prefix
