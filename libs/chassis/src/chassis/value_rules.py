"""What can be wrong with a single value: the tests that field rules compile to.

A test returns nothing, or the remedy and the reason. Knows no messages, no paths and no requests.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from funia.type.v1 import options_pb2
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from chassis.formats import FORMATS

Problem = Callable[[Any], tuple[str, str] | None]

_FD = FieldDescriptor
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799  # years 0001 to 9999
_NUL = ("Leave out the NUL character.", "INVALID_TEXT")


def value_problem(field: FieldDescriptor, rules: options_pb2.Rules, *, item: bool) -> Problem | None:
    """Test of one value of a scalar or enum field; None where any value will do. `item`: it stands in a list."""
    if field.type == _FD.TYPE_STRING:
        return _text_problem(rules, item=item)
    if field.type == _FD.TYPE_BYTES:
        return _bytes_problem(rules.max_length) if rules.max_length else None
    if field.enum_type is not None:
        return _enum_problem(field.enum_type)
    if field.type == _FD.TYPE_BOOL:
        return None
    return _number_problem(field, rules)


def _text_problem(rules: options_pb2.Rules, *, item: bool) -> Problem:
    least = max(rules.min_length, 1 if item else 0)
    most = rules.max_length
    tests: list[Problem] = []
    if rules.one_of:
        tests.append(_one_of_problem(list(rules.one_of)))
    if rules.pattern:
        tests.append(_pattern_problem(rules.pattern))
    if rules.format:
        tests.append(_format_problem(rules.format))
    rest = tuple(tests)

    def problem(value: str) -> tuple[str, str] | None:
        if most and len(value) > most:
            return f"{len(value)} characters are too many: {most} at most.", "TOO_LONG"
        if len(value) < least:
            return f"Give at least {least} character{'s' if least > 1 else ''}.", "TOO_SHORT"
        for test in rest:
            wrong = test(value)
            if wrong is not None:
                return wrong
        return _NUL if "\0" in value else None

    return problem


def _one_of_problem(allowed: list[str]) -> Problem:
    known = frozenset(allowed)
    wrong = (f"Give one of: {', '.join(allowed)}.", "NOT_ALLOWED")
    return lambda value: None if value in known else wrong


def _pattern_problem(pattern: str) -> Problem:
    fits = re.compile(pattern).fullmatch
    wrong = (f"It must match {pattern}.", "INVALID_FORMAT")
    return lambda value: None if fits(value) else wrong


def _format_problem(number: int) -> Problem:
    named = FORMATS[number]
    fits = named.fits
    wrong = (named.remedy, named.reason)
    return lambda value: None if fits(value) else wrong


def _bytes_problem(most: int) -> Problem:
    wrong = (f"{most} bytes at most.", "TOO_LONG")
    return lambda value: wrong if len(value) > most else None


def _enum_problem(enum: EnumDescriptor) -> Problem:
    known = frozenset(value.number for value in enum.values)
    names = ", ".join(value.name for value in enum.values if value.number)
    wrong = (f"Give one of: {names}.", "NOT_ALLOWED")
    return lambda value: None if value in known else wrong


def _number_problem(field: FieldDescriptor, rules: options_pb2.Rules) -> Problem | None:
    real = field.type in (_FD.TYPE_DOUBLE, _FD.TYPE_FLOAT)
    least = rules.at_least if rules.HasField("at_least") else float("-inf")
    most = rules.at_most if rules.HasField("at_most") else float("inf")
    if not real and least == float("-inf") and most == float("inf"):
        return None

    def problem(value: float) -> tuple[str, str] | None:
        if value < least:
            return f"Give a number of {least} or more.", "TOO_SMALL"
        if value > most:
            return f"Give a number of {most} or less.", "TOO_LARGE"
        return ("Give a finite number.", "INVALID_NUMBER") if value - value != 0 else None

    return problem


def time_problem(value: Any) -> tuple[str, str] | None:
    """What is wrong with a Timestamp."""
    if _FIRST_SECOND <= value.seconds <= _LAST_SECOND and 0 <= value.nanos < 1_000_000_000:
        return None
    return "Give a time between the years 0001 and 9999.", "INVALID_TIME"
