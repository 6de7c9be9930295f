"""Between a row and its message, by their names: worked out once a kind of record, from the columns and the fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import ARRAY, Column, Date, DateTime, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from chassis.errors import invalid_field
from chassis.structs import plain

AMOUNTS = {"funia.type.v1.Money": "minor", "funia.type.v1.UnitPrice": "micros"}
"""Messages of money, and how the column of their amount ends."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OF_THE_FRAME = {"etag": "version"}
Read = Callable[[Any], Any]
Write = Callable[[Any], Any]


def timestamp(value: datetime) -> Timestamp:
    """A moment as a message carries it, to the microsecond."""
    delta = value - _EPOCH
    return Timestamp(seconds=delta.days * 86_400 + delta.seconds, nanos=delta.microseconds * 1000)


def moment(value: Timestamp) -> datetime:
    """The moment that a message carries."""
    return value.ToDatetime(tzinfo=UTC)


class RecordMapping:
    """One kind of record. A field without a column of its name is left to the service.

    `Money` stands in ``<field>_minor`` (`UnitPrice` in ``<field>_micros``) and ``<field>_currency``, or
    ``currency_code`` where all amounts share one.
    Messages, lists of messages and maps stand in JSON; dates are texts such as ``2026-11-22``.
    """

    def __init__(self, descriptor: Descriptor, columns: Mapping[str, Column[Any]], noun: str) -> None:
        self._columns: dict[str, tuple[str, ...]] = {}
        self._reads: list[tuple[str, str, Read, bool]] = []
        self._writes: dict[str, Callable[[Message], dict[str, Any]]] = {}
        for field in descriptor.fields:
            amount = AMOUNTS.get(field.message_type.full_name) if field.message_type is not None else None
            if amount is not None:
                self._money(field, columns, amount)
            elif _OF_THE_FRAME.get(field.name, field.name) in columns:
                self._plain(field, columns[_OF_THE_FRAME.get(field.name, field.name)], noun)

    def fill(self, row: Any, message: Message) -> None:
        """Sets every field that has a value."""
        for name, column, read, kept in self._reads:
            value = getattr(row, column)
            if value is None or not (value or kept):
                continue
            made = read(row)
            if isinstance(made, _SETTABLE):
                setattr(message, name, made)
            elif isinstance(made, dict):
                getattr(message, name).update(made)
            elif isinstance(made, list):
                getattr(message, name).extend(made)
            else:
                getattr(message, name).CopyFrom(made)

    def values(self, message: Message, names: Iterable[str]) -> dict[str, Any]:
        """Column values of these fields of a message, as the row would give them back."""
        found: dict[str, Any] = {}
        for name in names:
            write = self._writes.get(name)
            if write is not None:
                found |= write(message)
        return found

    @property
    def names(self) -> frozenset[str]:
        """Fields that have columns."""
        return frozenset(self._writes)

    def field_of(self, column: str) -> str:
        """The field whose value a column holds."""
        return next((name for name, columns in self._columns.items() if column in columns), column)

    def _money(self, field: FieldDescriptor, columns: Mapping[str, Column[Any]], amount: str) -> None:
        minor, own = f"{field.name}_{amount}", f"{field.name}_currency"
        if minor not in columns:
            return
        currency = own if own in columns else "currency_code"
        assert field.message_type is not None, "amounts are messages"
        message_class: Any = GetMessageClass(field.message_type)

        def read(row: Any) -> Message:
            made: Message = message_class(
                currency_code=getattr(row, currency), **{f"amount_{amount}": getattr(row, minor)}
            )
            return made

        def write(message: Message) -> dict[str, Any]:
            value = getattr(message, field.name)
            given = {minor: getattr(value, f"amount_{amount}") if message.HasField(field.name) else 0}
            if currency == own:
                given[own] = value.currency_code
            return given

        nullable = bool(columns[minor].nullable)
        if nullable:
            inner = write

            def write(message: Message) -> dict[str, Any]:
                given = inner(message)
                return given if message.HasField(field.name) else {**given, minor: None}

        self._columns[field.name] = (minor, own) if currency == own else (minor,)
        self._reads.append((field.name, minor if nullable else currency, read, nullable))
        self._writes[field.name] = write

    def _plain(self, field: FieldDescriptor, column: Column[Any], noun: str) -> None:
        name, place = field.name, column.name
        to_field, to_column = _converters(field, column, f"{noun}.{name}")

        def read(row: Any) -> Any:
            return to_field(getattr(row, place))

        def write(message: Message) -> dict[str, Any]:
            given = field.is_repeated or not field.has_presence or message.HasField(name)
            return {place: to_column(getattr(message, name)) if given else None}

        self._columns[name] = (place,)
        self._reads.append((name, place, read, field.has_presence and field.message_type is None))
        self._writes[name] = write


_SETTABLE = (str, int, float, bool)


def _same(value: Any) -> Any:
    return value


def _converters(field: FieldDescriptor, column: Column[Any], path: str) -> tuple[Read, Write]:
    kind = column.type
    if isinstance(kind, JSONB):
        return _json_converters(field)
    if isinstance(kind, ARRAY):
        if isinstance(kind.item_type, Uuid):
            return (lambda ids: [str(one) for one in ids]), (lambda texts: [UUID(one) for one in texts])
        return list, lambda texts: list(dict.fromkeys(one.strip() for one in texts if one.strip()))
    if isinstance(kind, Uuid):
        return str, lambda text: UUID(text) if text else None
    if isinstance(kind, DateTime):
        return timestamp, moment
    if isinstance(kind, Date):
        return date.isoformat, lambda text: _date(text, path)
    if field.name == "etag":
        return str, _same
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return _same, str.strip
    return _same, _same


def _date(text: str, path: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise invalid_field(path, "give a day as 2026-11-22", reason="INVALID_DATE") from error


def _json_converters(field: FieldDescriptor) -> tuple[Read, Write]:
    nested = field.message_type
    if nested is None:
        return list, list
    if nested.full_name == "google.protobuf.Struct":
        return _same, plain
    if nested.GetOptions().map_entry:
        return dict, dict
    message_class: Any = GetMessageClass(nested)

    def parse(value: Any) -> Message:
        made: Message = ParseDict(value, message_class(), ignore_unknown_fields=True)
        return made

    def written(message: Message) -> Any:
        return MessageToDict(message, preserving_proto_field_name=True)

    if field.is_repeated:
        return (lambda items: [parse(one) for one in items]), (lambda items: [written(one) for one in items])
    return parse, written
