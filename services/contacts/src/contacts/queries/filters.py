"""Fields of contacts and accounts that a filter may name, and the columns behind them.

The protos mark the same fields as filterable; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.filtering import FieldType, Schema, SqlColumn, parse, to_sql
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


def contact_condition(text: str) -> ColumnElement[bool] | None:
    """The condition of a filter on contacts; None for an empty one. Raises InvalidArgument naming the position."""
    return _condition(text, CONTACT_SCHEMA, CONTACT_FIELDS)


def account_condition(text: str) -> ColumnElement[bool] | None:
    """The condition of a filter on accounts; None for an empty one. Raises InvalidArgument naming the position."""
    return _condition(text, ACCOUNT_SCHEMA, ACCOUNT_FIELDS)


def _condition(text: str, schema: Schema, fields: Mapping[str, Field]) -> ColumnElement[bool] | None:
    node = parse(text, schema)
    return None if node is None else to_sql(node, {name: column for name, (_, column) in fields.items()})
