"""Rows of records as a caller with field rights may see them: for what is made of rows and not of messages."""

from __future__ import annotations

from typing import Any

from chassis.caller import Caller
from chassis.work import Row

_EMPTY: dict[type, Any] = {str: "", int: 0, bool: False, list: [], dict: {}}
_NAMES = ("given_name", "middle_name", "family_name")
_STAND_INS = frozenset({"emails", "phones"})
_COLUMNS = {"annual_revenue": ("revenue_currency", "revenue_minor")}


def shown(row: Row, caller: Caller) -> Row:
    """The row of a contact or an account with hidden fields empty."""
    kind = "contact" if hasattr(row, "given_name") else "account"
    hidden = caller.fields.hidden_in(kind)
    if not hidden:
        return row
    columns = {column for name in hidden for column in _COLUMNS.get(name, (name,)) if column in row._fields}
    changes = {column: _EMPTY.get(type(getattr(row, column))) for column in columns}
    keys = {name.removeprefix("custom.") for name in hidden if name.startswith("custom.")}
    if keys and "custom" in row._fields:
        changes["custom"] = {key: value for key, value in row.custom.items() if key not in keys}
    if kind == "contact" and hidden & _STAND_INS and not any(getattr(row, name) for name in _NAMES):
        changes["display_name"] = ""
    return row._replace(**changes)
