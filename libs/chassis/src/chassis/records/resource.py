"""What a kind of record is: its table, its message, what of it can be ordered, filtered and seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message
from sqlalchemy import Column, Date, DateTime, inspect
from sqlalchemy.dialects.postgresql import JSONB

from chassis.caller import SIGHTS, Sight
from chassis.errors import Conflict, NotFound, invalid_field
from chassis.field_rights import record_of
from chassis.filtering import FieldType, Schema, SqlColumn, SqlRows, schema_of
from chassis.records.mapping import AMOUNTS, RecordMapping
from chassis.rules import rules_of

_TIMES: dict[type, Callable[[str], Any]] = {DateTime: datetime.fromisoformat, Date: date.fromisoformat}
"""Which records of a kind, among these ids, there are: asked for references of custom fields."""


@dataclass(frozen=True, slots=True)
class Order:
    """A list's order: a sortable field and its direction. The id makes it total."""

    field: str
    descending: bool = False

    @property
    def text(self) -> str:
        """The order as `order_by` writes it."""
        return f"{self.field} desc" if self.descending else self.field


NEWEST = Order("created_at", descending=True)


@dataclass(frozen=True, eq=False)
class Resource:
    """One kind of record.

    `service` and `noun` name its events (``sales.deal.created``), errors (``DEAL_NOT_FOUND``) and paths of fields
    (``deal.name``); `label` stands in sentences. Filters and orders are those the proto marks; `lowered` names the
    stored lower-cased column that serves prefixes, by field. `custom` records take custom fields. `rows` are fields
    to filter by that stand in tables of their own.
    """

    service: str
    noun: str
    table: Any
    message: type[Message]
    order: Order = NEWEST
    lowered: Mapping[str, str] = field(default_factory=dict)
    custom: bool = False
    label: str = ""
    rows: Mapping[str, SqlRows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns: Mapping[str, Column[Any]] = {one.name: one for one in inspect(self.table).local_table.columns}
        descriptor: Any = self.message.DESCRIPTOR
        built = {
            "columns": {name: getattr(self.table, name) for name in columns if name != "tenant_id"},
            "json_columns": frozenset(name for name, one in columns.items() if isinstance(one.type, JSONB)),
            "times": {name: _TIMES[type(one.type)] for name, one in columns.items() if type(one.type) in _TIMES},
            "mapping": RecordMapping(descriptor, columns, self.noun),
            "sortable": _sortable(descriptor, columns, self.lowered),
            "schema": _schema(descriptor, columns, {name: one.type for name, one in self.rows.items()}),
            "said": self.label or self.noun.replace("_", " "),
            "governed": record_of(descriptor).object,
            "stand_ins": _stand_ins(descriptor),
            "sights": SIGHTS if "owner_id" in columns and "team_id" in columns else ("all",),
        }
        for name, value in built.items():
            object.__setattr__(self, name, value)

    columns: Mapping[str, Any] = field(init=False)
    json_columns: frozenset[str] = field(init=False)
    times: Mapping[str, Callable[[str], Any]] = field(init=False)
    mapping: RecordMapping = field(init=False)
    sortable: Mapping[str, str] = field(init=False)
    schema: Schema = field(init=False)
    said: str = field(init=False)
    governed: str = field(init=False)
    """The name by which roles hide and lock its fields; empty where they cannot."""
    stand_ins: Mapping[str, frozenset[str]] = field(init=False)
    """Fields that tell others, which a role may hide."""
    sights: tuple[Sight, ...] = field(init=False)

    @property
    def bins(self) -> bool:
        """Whether records go to a bin, or are gone when deleted."""
        return "deleted_at" in self.columns

    def filter_columns(self) -> dict[str, Any]:
        """Where the filterable fields live."""
        found: dict[str, Any] = dict(self.rows)
        for name in self.schema.fields:
            if name in found:
                continue
            column = self.columns[self._column_of(name)].expression
            lowered = self.lowered.get(name)
            found[name] = SqlColumn(column, self.columns[lowered].expression) if lowered else column
        return found

    def _column_of(self, name: str) -> str:
        return name if name in self.columns else f"{name}_minor"

    def sees(self, sight: Sight) -> Sight:
        """The sight that counts: records that nobody owns are everybody's."""
        return sight if sight in self.sights else "all"

    def event(self, verb: str) -> str:
        """Type of an event about one."""
        return f"{self.service}.{self.noun}.{verb}"

    def key_of(self, column: str, value: Any) -> Any:
        """The value of a column in a page token, as the column has it."""
        return self.times[column](value) if column in self.times else value

    def not_found(self, record_id: UUID | str) -> NotFound:
        """No such record, or none the caller may see."""
        return NotFound(
            f"There is no {self.said} {record_id} that you may see.", reason=f"{self.noun.upper()}_NOT_FOUND"
        )

    def in_the_bin(self) -> Conflict:
        """The record lies in the bin."""
        return Conflict(f"This {self.said} is in the bin. Take it out of the bin first.", reason="DELETED")

    def parse_order(self, text: str) -> Order:
        """The order a caller asked for. Raises InvalidArgument naming the fields that can be ordered by."""
        words = text.split()
        if not words:
            return self.order
        known = words[0] in self.sortable
        if len(words) > 2 or not known or (len(words) == 2 and words[1].lower() not in ("asc", "desc")):
            allowed = ", ".join(self.sortable)
            raise invalid_field("order_by", f'write one of {allowed}, with " desc" after it for descending')
        return Order(words[0], len(words) == 2 and words[1].lower() == "desc")


def stale(etag: str, version: int) -> Conflict:
    """The record has changed since the caller read it."""
    return Conflict(
        "Somebody changed this record after you read it. Read it again and repeat your change.",
        reason="STALE_ETAG",
        metadata={"your_etag": etag, "current_etag": str(version)},
    )


def _sortable(descriptor: Descriptor, columns: Mapping[str, Column[Any]], lowered: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for one in descriptor.fields:
        if rules_of(one).sortable:
            column = lowered.get(one.name, one.name)
            amount = AMOUNTS.get(one.message_type.full_name) if one.message_type is not None else None
            if amount is not None:
                column = f"{one.name}_{amount}"
            if column not in columns or columns[column].nullable:
                raise TypeError(f"{one.full_name} is sortable, and {column} is no column that always has a value")
            found[one.name] = column
    return found


def _stand_ins(descriptor: Descriptor) -> dict[str, frozenset[str]]:
    kind = record_of(descriptor).object
    told = {one.name: rules_of(one).reveals for one in descriptor.fields}
    return {name: frozenset(one.removeprefix(f"{kind}.") for one in all_) for name, all_ in told.items() if all_}


def _schema(descriptor: Descriptor, columns: Mapping[str, Column[Any]], rows: Mapping[str, FieldType]) -> Schema:
    plain = schema_of(descriptor)
    missing = [name for name in plain.fields if name not in columns and f"{name}_minor" not in columns]
    if missing:
        raise TypeError(f"{descriptor.full_name} marks {', '.join(missing)} filterable, and there are no such columns")
    return Schema({**plain.fields, **rows})
