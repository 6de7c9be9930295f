"""Fills templates of mails: the Liquid language without loops, without other templates, and with bounds on all it does.

A template sees texts by two names (``contact.given_name``) and nothing else: no object, no file, no setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from chassis.errors import invalid_field
from liquid import BoundTemplate, Environment
from liquid.exceptions import LiquidError

Values = Mapping[str, Mapping[str, str]]
"""Texts by the record that they are of and by their names there."""
_TAGS = frozenset({"assign", "capture", "case", "comment", "echo", "if", "unless", "output", "content", "illegal", "#"})
"""What a template may do. There are no loops, so its work is bounded by its length."""


class _Sandbox(Environment):
    output_stream_limit = 40_000
    local_namespace_limit = 100_000
    context_depth_limit = 20
    block_nesting_limit = 20


@cache
def _environment() -> Environment:
    made = _Sandbox(extra=False)
    for name in [one for one in made.tags if one not in _TAGS]:
        del made.tags[name]
    return made


def check(template: str, field: str) -> None:
    """Raises InvalidArgument where this is no template."""
    _parsed(template, field)


def fill(template: str, values: Values, field: str) -> str:
    """The text of a template. Places without a value are empty. Raises InvalidArgument where it cannot be filled."""
    try:
        return _parsed(template, field).render(**values)
    except LiquidError as error:
        raise _wrong(error, field) from None


def missing(template: str, values: Values, field: str) -> list[str]:
    """Places of a template for which there is no value, in their order."""
    found = []
    for path in _parsed(template, field).global_variable_paths():
        record, _, name = str(path).partition(".")
        if not values.get(record, {}).get(name):
            found.append(str(path))
    return list(dict.fromkeys(found))


def _parsed(template: str, field: str) -> BoundTemplate:
    try:
        return _environment().from_string(template)
    except LiquidError as error:
        raise _wrong(error, field) from None


def _wrong(error: LiquidError, field: str) -> Exception:
    said = str(error).splitlines()[0][:200]
    return invalid_field(field, f"this cannot be filled: {said}", reason="INVALID_TEMPLATE")
