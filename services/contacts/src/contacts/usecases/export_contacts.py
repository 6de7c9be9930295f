"""Exports contacts as CSV or JSON lines, page by page: no transaction is open longer than one page takes to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from chassis.caller import Caller
from chassis.custom_fields import FieldDef
from chassis.custom_values import definitions
from chassis.importing.numbers import money_text
from chassis.importing.safe_csv import BOM, csv_lines
from chassis.work import Database, Row

from contacts.events import export_started
from contacts.queries import contact as queries
from contacts.usecases.shown_fields import shown

COLUMNS = (
    "id",
    "title",
    "given_name",
    "middle_name",
    "family_name",
    "display_name",
    "job_title",
    "lifecycle_stage",
    "language",
    "country_code",
    "source",
    "owner_id",
    "team_id",
    "do_not_contact",
    "score",
    "emails",
    "phones",
    "account_name",
    "account_role",
    "other_accounts",
    "address.street",
    "address.city",
    "address.region",
    "address.postal_code",
    "address.country_code",
    "other_addresses",
    "tags",
    "external_ids",
    "description",
    "created_at",
    "updated_at",
    "etag",
)
"""Headings of the CSV; those that an import can take back bear the names it knows them by."""
_OF_FIELD = {"other_addresses": "addresses"} | dict.fromkeys(
    (one for one in COLUMNS if one.startswith("address.")), "addresses"
)
"""Fields of the record behind columns of another name."""
_PLAIN = COLUMNS[COLUMNS.index("title") : COLUMNS.index("emails")]


def exported(
    database: Database, caller: Caller, *, filter_text: str, form: str, page_rows: int = 500
) -> Iterator[bytes]:
    """The contacts the caller may see and the filter lets through, newest first, as bytes of the file."""
    custom: list[FieldDef] = []
    hidden = caller.fields.hidden_in("contact")
    columns = [one for one in COLUMNS if _OF_FIELD.get(one, one) not in hidden]
    if form == "csv":
        with database.open_work(caller, read_only=True) as work:
            defined = definitions(work, "contact", fresh=True).values()
            custom = [one for one in defined if f"custom.{one.key}" not in hidden]
        yield BOM.encode() + csv_lines([(*columns, *(f"custom.{one.key}" for one in custom))])
    key = None
    while True:
        with database.open_work(caller, read_only=key is not None) as work:
            if key is None:
                work.record(export_started(form, filtered=bool(filter_text)))
            rows = queries.page(
                work,
                order=queries.NEWEST,
                filter_text=filter_text,
                full=True,
                deleted=False,
                limit=page_rows,
                key=key,
            )
        if rows:
            rows = [shown(row, caller) for row in rows]
            yield _csv_page(rows, columns, custom) if form == "csv" else _json_page(rows, hidden)
        if len(rows) < page_rows:
            return
        key = (rows[-1].created_at, rows[-1].id)


def _csv_page(rows: Sequence[Row], columns: Sequence[str], custom: Sequence[FieldDef]) -> bytes:
    places = [COLUMNS.index(name) for name in columns]
    return csv_lines(
        [
            *(cells[place] for place in places),
            *(_cell(row.custom.get(one.key)) for one in custom),
        ]
        for row in rows
        for cells in [_line(row)]
    )


def _cell(value: Any) -> str:
    """A custom value as an import reads it back."""
    if isinstance(value, dict):
        return money_text(value["currency_code"], value["amount_minor"])
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else _text(value)


def _line(row: Row) -> list[str]:
    links: list[dict[str, Any]] = row.accounts or []
    first = row.addresses[0] if row.addresses else {}
    return [
        str(row.id),
        *(_text(getattr(row, name)) for name in _PLAIN),
        "; ".join(one["address"] for one in _primary_first(row.emails)),
        "; ".join(one["number"] for one in _primary_first(row.phones)),
        links[0]["account_name"] if links else "",
        links[0]["role"] if links else "",
        _json(links[1:]),
        *(first.get(part, "") for part in ("street", "city", "region", "postal_code", "country_code")),
        _json(row.addresses[1:]),
        "; ".join(row.tags),
        _json(row.external_ids),
        row.description,
        row.created_at.isoformat(),
        row.updated_at.isoformat(),
        str(row.version),
    ]


def _json_page(rows: Sequence[Row], hidden: frozenset[str]) -> bytes:
    return b"".join(orjson.dumps(_record(row, hidden), option=orjson.OPT_APPEND_NEWLINE) for row in rows)


def _record(row: Row, hidden: frozenset[str]) -> dict[str, Any]:
    """A contact in the API's names and shapes; empty fields are left out, and those in `hidden`."""
    record = {
        "id": row.id,
        "etag": str(row.version),
        **{name: getattr(row, name) for name in _PLAIN},
        "emails": row.emails,
        "phones": row.phones,
        "addresses": row.addresses,
        "tags": row.tags,
        "external_ids": row.external_ids,
        "accounts": row.accounts,
        "description": row.description,
        "custom": row.custom,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    return {name: value for name, value in record.items() if name not in hidden and (value or value is False)}


def _primary_first(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda one: not one["primary"])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _json(value: object) -> str:
    return orjson.dumps(value).decode() if value else ""
