"""Contacts as the public API's JSON, straight from rows: a page of fifty costs a fraction of its messages.

Says exactly what the gateway would make of `wire`'s messages; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

_SHOWN = (
    "given_name",
    "middle_name",
    "family_name",
    "display_name",
    "job_title",
    "lifecycle_stage",
    "owner_id",
    "team_id",
)
_LISTS = ("emails", "phones", "accounts")


def contact_list(rows: Sequence[Any], next_page_token: str, *, full: bool) -> bytes:
    """The answer of ListContacts from rows whose columns of JSON were read as text."""
    write = _contact if full else _summary
    answer = {"contacts": [write(row) for row in rows], "next_page_token": next_page_token}
    return orjson.dumps(answer, option=orjson.OPT_UTC_Z)


def contact(row: Any) -> bytes:
    """The answer of GetContact from a row whose columns of JSON were read as text."""
    return orjson.dumps(_contact(row), option=orjson.OPT_UTC_Z)


def _summary(row: Any) -> dict[str, Any]:
    """Without empty fields: in a summary nobody could tell them from those that are not part of it."""
    written = {"id": row.id, "etag": str(row.version)}
    for name in _SHOWN:
        value = getattr(row, name)
        if value:
            written[name] = value
    for name in _LISTS:
        text = getattr(row, name)
        if text and text != "[]":
            written[name] = orjson.Fragment(text)
    written["created_at"] = row.created_at
    written["updated_at"] = row.updated_at
    if row.deleted_at is not None:
        written["deleted_at"] = row.deleted_at
    return written


def _contact(row: Any) -> dict[str, Any]:
    written = {
        "id": row.id,
        "etag": str(row.version),
        "title": row.title,
        "given_name": row.given_name,
        "middle_name": row.middle_name,
        "family_name": row.family_name,
        "display_name": row.display_name,
        "job_title": row.job_title,
        "lifecycle_stage": row.lifecycle_stage,
        "language": row.language,
        "country_code": row.country_code,
        "source": row.source,
        "owner_id": row.owner_id or "",
        "team_id": row.team_id or "",
        "do_not_contact": row.do_not_contact,
        "score": row.score,
        "emails": orjson.Fragment(row.emails),
        "phones": orjson.Fragment(row.phones),
        "addresses": orjson.Fragment(row.addresses),
        "tags": row.tags,
        "external_ids": orjson.Fragment(row.external_ids),
        "accounts": orjson.Fragment(row.accounts or "[]"),
        "description": row.description,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "merged_into_id": row.merged_into_id or "",
    }
    if row.custom != "{}":
        written["custom"] = orjson.Fragment(row.custom)
    if row.deleted_at is not None:
        written["deleted_at"] = row.deleted_at
    return written
