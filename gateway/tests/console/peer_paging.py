"""Filters, orders and pages of the peer: the few that the tests use."""

from __future__ import annotations

import re
from typing import Any

from chassis.errors import InvalidArgument


def matching(records: list[Any], text: str) -> list[Any]:
    """The few conditions that the tests use; anything else is refused as the real parser would."""
    if not text:
        return records
    for condition in text.split(" AND "):
        found = re.fullmatch(r'\s*(\w+)\s*(=|!=|>=|<=)\s*"?([^"]*)"?\s*', condition)
        if not found or (records and not hasattr(records[0], found[1])):
            raise InvalidArgument(
                f"filter: unknown field or sign at position 1: {condition.strip()}", reason="INVALID_FILTER"
            )
        name, sign, value = found.groups()
        records = [record for record in records if holds(getattr(record, name), sign, value)]
    return records


def holds(held: Any, sign: str, value: str) -> bool:
    if sign in {"=", "!="}:
        return (str(held) == value) is (sign == "=")
    return held >= int(value) if sign == ">=" else held <= int(value)


def page(records: list[Any], request: Any) -> tuple[list[Any], str]:
    size = request.page_size or 50
    start = int(request.page_token or 0)
    return records[start : start + size], str(start + size) if start + size < len(records) else ""


def listing(store: dict[str, Any], request: Any, name: str) -> tuple[list[Any], str]:
    records = [r for r in store.values() if bool(r.deleted_at.seconds) == request.deleted]
    records = matching(records, request.filter)
    field, _, direction = (request.order_by or "created_at desc").partition(" ")
    records.sort(
        key=lambda r: getattr(r, field).ToNanoseconds() if field.endswith("_at") else getattr(r, field or name),
        reverse=direction == "desc",
    )
    return page(records, request)
