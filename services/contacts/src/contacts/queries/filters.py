"""Fields of contacts and accounts that a filter may name, and the columns behind them.

The protos mark the same fields as filterable; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from chassis import custom_values
from chassis.custom_values import ValueColumns
from chassis.filtering import FieldType, Schema, SqlColumn, parse, refuse_hidden, to_sql
from chassis.work import Work
from sqlalchemy.sql.elements import ColumnElement

from contacts.model.account import Account
from contacts.model.contact import Contact

Field = tuple[FieldType, Any]

CONTACT_FIELDS: dict[str, Field] = {
    "given_name": (FieldType.TEXT, Contact.given_name),
    "family_name": (FieldType.TEXT, Contact.family_name),
    "display_name": (FieldType.TEXT, SqlColumn(Contact.display_name.expression, Contact.name_key.expression)),
    "job_title": (FieldType.TEXT, Contact.job_title),
    "lifecycle_stage": (FieldType.TEXT, Contact.lifecycle_stage),
    "language": (FieldType.TEXT, Contact.language),
    "country_code": (FieldType.TEXT, Contact.country_code),
    "source": (FieldType.TEXT, Contact.source),
    "owner_id": (FieldType.UUID, Contact.owner_id),
    "team_id": (FieldType.UUID, Contact.team_id),
    "do_not_contact": (FieldType.BOOL, Contact.do_not_contact),
    "score": (FieldType.NUMBER, Contact.score),
    "tags": (FieldType.TEXTS, Contact.tags),
    "created_at": (FieldType.TIMESTAMP, Contact.created_at),
    "updated_at": (FieldType.TIMESTAMP, Contact.updated_at),
}
ACCOUNT_FIELDS: dict[str, Field] = {
    "name": (FieldType.TEXT, SqlColumn(Account.name.expression, Account.name_key.expression)),
    "industry": (FieldType.TEXT, Account.industry),
    "employees": (FieldType.NUMBER, Account.employees),
    "founded_year": (FieldType.NUMBER, Account.founded_year),
    "type": (FieldType.TEXT, Account.type),
    "tier": (FieldType.TEXT, Account.tier),
    "parent_id": (FieldType.UUID, Account.parent_id),
    "country_code": (FieldType.TEXT, Account.country_code),
    "owner_id": (FieldType.UUID, Account.owner_id),
    "team_id": (FieldType.UUID, Account.team_id),
    "tags": (FieldType.TEXTS, Account.tags),
    "created_at": (FieldType.TIMESTAMP, Account.created_at),
    "updated_at": (FieldType.TIMESTAMP, Account.updated_at),
}


def _schema(fields: Mapping[str, Field]) -> Schema:
    return Schema({name: kind for name, (kind, _) in fields.items()})


CONTACT_SCHEMA = _schema(CONTACT_FIELDS)
ACCOUNT_SCHEMA = _schema(ACCOUNT_FIELDS)


def custom_fields_asked(work: Work, kind: str, text: str) -> ValueColumns:
    """The company's custom fields, where the filter names any."""
    if "custom." not in text:
        return ()
    return custom_values.filterable(custom_values.definitions(work, kind, fresh=True))


def check_named(work: Work, kind: str, filter_text: str, order_field: str, custom: ValueColumns) -> None:
    """Raises PermissionDenied where a filter or an order names what the caller's role hides: answers would tell it."""
    hidden = work.caller.fields.hidden_in(kind)
    if hidden:
        refuse_hidden(kind, hidden, _with_custom(kind, custom)[0], filter_text, order_field, _STAND_INS.get(kind))


_STAND_INS = {"contact": {"display_name": frozenset({"emails", "phones"})}}
"""What a name is made of where there is none."""


def contact_condition(text: str, custom: ValueColumns = ()) -> ColumnElement[bool] | None:
    """The condition of a filter on contacts; None for an empty one. Raises InvalidArgument naming the position."""
    return _condition(text, "contact", custom)


def account_condition(text: str, custom: ValueColumns = ()) -> ColumnElement[bool] | None:
    """The condition of a filter on accounts; None for an empty one. Raises InvalidArgument naming the position."""
    return _condition(text, "account", custom)


def _condition(text: str, kind: str, custom: ValueColumns) -> ColumnElement[bool] | None:
    schema, columns = _with_custom(kind, custom)
    node = parse(text, schema)
    return None if node is None else to_sql(node, columns)


@lru_cache(maxsize=512)
def _with_custom(kind: str, custom: ValueColumns) -> tuple[Schema, dict[str, Any]]:
    """What a filter may name, and where it lives. Kept, since parsed filters are kept by their schema."""
    fields, record = (CONTACT_FIELDS, Contact) if kind == "contact" else (ACCOUNT_FIELDS, Account)
    columns = {name: place for name, (_, place) in fields.items()}
    columns |= {name: custom_values.filter_rows(kind, name, one, record.id.expression) for name, one in custom}
    return Schema({**{name: one for name, (one, _) in fields.items()}, **dict(custom)}), columns
