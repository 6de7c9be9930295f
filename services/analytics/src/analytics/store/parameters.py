"""Writes parameter values as the text the engine reads for typed placeholders; nothing is ever put into the SQL."""

from __future__ import annotations

from uuid import UUID

from analytics.store.port import Parameter

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0", "\b": "\\b", "\f": "\\f"})


def parameter_text(value: Parameter) -> str:
    """The value as the engine reads it: tab-separated escapes outside, quoted literals inside an array."""
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float | UUID):
        return str(value)
    return "[" + ",".join(_literal(item) for item in value) + "]"


def _literal(value: str | int | UUID) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = str(value).translate(_ESCAPES).replace("'", "\\'")
    return f"'{escaped}'"
