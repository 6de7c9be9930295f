"""Definitions of custom fields as the events of identity would bring them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.caller import Caller
from chassis.custom_fields import FieldDef
from chassis.custom_values import FieldState, keep
from chassis.ids import uuid7
from chassis.work import Database


def define(database: Database, tenant_id: UUID, key: str, kind: Any, *, object_: str = "contact", **rest: Any) -> None:
    """Lets a company have a field."""
    version, field_id = rest.pop("version", 1), rest.pop("id", None) or uuid7()
    state = FieldState(field_id, object_, version, FieldDef(key, kind, **rest))
    with database.open_work(Caller.system(tenant_id)) as work:
        keep(work, [state])


def define_all(database: Database, tenant_id: UUID, *, object_: str = "contact") -> None:
    """Lets a company have a field of every type, each called after it."""
    for kind in ("text", "number", "money", "date", "boolean"):
        define(database, tenant_id, kind, kind, object_=object_)
    for kind in ("choice", "choices"):
        define(database, tenant_id, kind, kind, object_=object_, options=("Gold", "Silver", "Bronze"))
    define(database, tenant_id, "reference", "reference", object_=object_, references="account")
