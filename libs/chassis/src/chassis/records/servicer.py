"""Get, List, Create, Update, Delete, Undelete and BatchGet of one kind of record, for as many as its proto has.

A subclass adds what makes its records what they are: the rules (`checked`) and the events (`recorded`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, cast
from uuid import UUID

from google.protobuf.descriptor import Descriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from chassis import custom_fields, custom_values
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.masks import read_mask, set_fields
from chassis.paging import KeyPart, Pager
from chassis.record_shares import check_given_away, check_holds, check_writes
from chassis.records.resource import Resource, stale
from chassis.records.store import RecordStore
from chassis.work import Row, Work

Values = dict[str, Any]
"""Columns of a record by name, as its row has them."""


class RecordServicer:
    """One kind of record at the edge. Give `resource` and `service` in the subclass; methods follow the proto's names.

    Its `List` request has page_size, page_token, filter, order_by and, where there is a bin, deleted; its answers name
    the records by the plural that the proto uses.
    """

    resource: ClassVar[Resource]
    service: ClassVar[ServiceDescriptor]
    defaults: ClassVar[Mapping[str, Any]] = {}
    """Values of columns that no field of the message gives, for new records."""
    owned_by_creator: ClassVar[bool] = True
    """Whether a new record that names no owner is its creator's, where the creator sees everything."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "resource" not in cls.__dict__:
            return
        cls.store = RecordStore(cls.resource)
        kinds = {"Get": cls._get, "Create": cls._create, "Update": cls._update, "Delete": cls._delete}
        one = cast(Descriptor, cls.resource.message.DESCRIPTOR).name
        bound = {f"{verb}{one}": method for verb, method in {**kinds, "Undelete": cls._undelete}.items()}
        for method in cls.service.methods:
            if method.name in bound and method.name not in cls.__dict__:
                setattr(cls, method.name, bound[method.name])
            elif _items(method.output_type) is not None and method.name not in cls.__dict__:
                kind = cls._list if method.name.startswith("List") else cls._batch_get
                setattr(cls, method.name, kind)

    store: ClassVar[RecordStore]

    def __init__(self, pager: Pager) -> None:
        self.pager = pager

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        """The rules: changes `after` to its normal form, or raises what is wrong with it.

        `changed` are the columns the caller gave: all of them for a new record and for one out of the bin.
        """

    def deletable(self, work: Work, row: Row) -> None:
        """Raises where the record may not go to the bin."""

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        """Events of a change. `changed` are fields of the message."""
        payload = self.payload(row)
        return () if payload is None else (Event(self.resource.event(verb), row.id, row.version, payload, changed),)

    def living(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        """Those of these contacts or accounts that are there, for the custom fields that refer to them."""
        return set()

    def payload(self, row: Row) -> Message | None:
        """What events tell of a record: ids, states and amounts, nothing that names a person."""
        return None

    def message(self, work: Work, row: Row) -> Any:
        """The record as callers see it."""
        made = self.resource.message()
        self.resource.mapping.fill(row, made)
        return made

    def messages(self, work: Work, rows: list[Row]) -> list[Any]:
        """Many records; override where more than the row is needed, so that it is read for all at once."""
        return [self.message(work, row) for row in rows]

    def found(self, work: Work, record_id: UUID, *, lock: bool = False) -> Row:
        """The record; also one in the bin. Raises NotFound."""
        row = self.store.get(work, record_id, lock=lock)
        if row is None:
            raise self.resource.not_found(record_id)
        return row

    def locked(self, work: Work, record_id: UUID, etag: str = "") -> Row:
        """The living record, locked. Raises NotFound, Conflict where the etag is stale or it lies in the bin."""
        row = self.found(work, record_id, lock=True)
        if etag and etag != str(row.version):
            raise stale(etag, row.version)
        if self.resource.bins and row.deleted_at is not None:
            raise self.resource.in_the_bin()
        return row

    def write_new(self, work: Work, given: Values, *, record_id: UUID | None = None) -> Row:
        """Creates a record from column values: rules, row and events."""
        after = {**self.defaults, **given}
        owned = "owner_id" in self.resource.columns and after.get("owner_id") is None
        # A person who sees only some records owns what they create, or they would lose sight of it.
        if owned and work.caller.actor_type == "user" and (self.owned_by_creator or work.caller.sight != "all"):
            after["owner_id"] = work.caller.actor_id
            after["team_id"] = after.get("team_id") or (work.caller.team_ids[0] if work.caller.team_ids else None)
        after = self.with_custom(work, None, after)
        self.checked(work, None, after, frozenset(after))
        row = self.store.insert(work, record_id or uuid7(), after)
        work.record_all(list(self.recorded(work, "created", row, ())))
        return row

    def write(self, work: Work, row: Row, given: Values, verb: str = "updated") -> Row:
        """Changes columns of a locked record: rules, row and events. Nothing is written where nothing differs."""
        updated, changed = self.apply(work, row, given)
        if updated is not row:
            work.record_all(list(self.recorded(work, verb, updated, changed)))
        return updated

    def apply(self, work: Work, row: Row, given: Values) -> tuple[Row, tuple[str, ...]]:
        """As `write`, without its events: the row, and the fields that differ. The same row where none does."""
        after = {name: getattr(row, name) for name in self.resource.columns}
        given = self.with_custom(work, row, given)
        after |= given
        self.checked(work, row, after, frozenset(given))
        differing = {name: value for name, value in after.items() if getattr(row, name) != value}
        if not differing:
            return row, ()
        check_writes(row, self.resource.said)
        check_given_away(row, differing, self.resource.said)
        updated = self.store.update(work, row.id, differing)
        fields = dict.fromkeys(self.resource.mapping.field_of(name) for name in differing)
        return updated, tuple(sorted(fields))

    def with_custom(self, work: Work, before: Row | None, given: Values) -> Values:
        """`given` with its custom values laid over those of the record. Raises InvalidArgument naming each wrong one.

        A new record is asked for what is required where `given` names its custom values: not one that is made from
        another record, whose maker could not give them.
        """
        if not self.resource.custom or (before is not None and "custom" not in given):
            return given
        known = {} if before is None else before.custom
        asked = before is None and "custom" in given and not isinstance(given["custom"], custom_fields.Carried)
        return {**given, "custom": self._laid_over(work, known, given.get("custom") or {}, creating=asked)}

    def _get(self, work: Work, request: Any) -> Any:
        return self.message(work, self.found(work, UUID(request.id)))

    def _list(self, work: Work, request: Any) -> Any:
        resource = self.resource
        order = resource.parse_order(request.order_by)
        deleted = resource.bins and bool(getattr(request, "deleted", False))
        size = self.pager.size(request.page_size)
        binding = (f"List:{resource.noun}", request.filter, order.text, str(deleted))
        column = resource.sortable[order.field]
        key = None
        if request.page_token:
            value, record_id = self.pager.key(work.tenant_id, binding, request.page_token)
            key = resource.key_of(column, value), UUID(str(record_id))
        rows = self.store.page(work, order=order, filter_text=request.filter, deleted=deleted, limit=size + 1, key=key)
        token = ""
        if len(rows) > size:
            rows = rows[:size]
            last: list[KeyPart] = [getattr(rows[-1], column), rows[-1].id]
            token = self.pager.token(work.tenant_id, binding, last)
        return self._answer(request, self.messages(work, rows), token)

    def _batch_get(self, work: Work, request: Any) -> Any:
        rows = {str(row.id): row for row in self.store.batch(work, [UUID(one) for one in request.ids])}
        return self._answer(request, self.messages(work, [rows[one] for one in request.ids if one in rows]))

    def _create(self, work: Work, request: Any) -> Any:
        message = getattr(request, self.resource.noun)
        mapping = self.resource.mapping
        values = mapping.values(message, mapping.names - _OF_THE_FRAME)
        return self.message(work, self.write_new(work, values))

    def _update(self, work: Work, request: Any) -> Any:
        message = getattr(request, self.resource.noun)
        descriptor = cast(Descriptor, message.DESCRIPTOR)
        mask = read_mask(request.update_mask, descriptor) if request.update_mask.paths else set_fields(message)
        row = self.locked(work, UUID(message.id), request.etag)
        return self.message(work, self.write(work, row, self.resource.mapping.values(message, sorted(mask.names))))

    def _delete(self, work: Work, request: Any) -> Any:
        row = self.found(work, UUID(request.id), lock=True)
        check_holds(row, self.resource.said)
        if request.etag and request.etag != str(row.version):
            raise stale(request.etag, row.version)
        if not self.resource.bins:
            self.deletable(work, row)
            self.store.remove(work, row.id)
            work.record_all(list(self.recorded(work, "deleted", row, ())))
            return self._answer_to(request)
        if row.deleted_at is None:
            self.deletable(work, row)
            row = self.store.update(work, row.id, {"deleted_at": work.now})
            work.record_all(list(self.recorded(work, "deleted", row, ())))
        return self.message(work, row)

    def _undelete(self, work: Work, request: Any) -> Any:
        row = self.found(work, UUID(request.id), lock=True)
        check_holds(row, self.resource.said)
        if row.deleted_at is not None:
            after = {name: getattr(row, name) for name in self.resource.columns}
            self.checked(work, row, after, frozenset(after))
            row = self.store.update(work, row.id, {"deleted_at": None})
            work.record_all(list(self.recorded(work, "undeleted", row, ())))
        return self.message(work, row)

    def _answer_to(self, request: Any) -> Any:
        method = next(one for one in self.service.methods if one.input_type.full_name == request.DESCRIPTOR.full_name)
        return GetMessageClass(method.output_type)()

    def _answer(self, request: Any, messages: list[Any], token: str = "") -> Any:
        answer = self._answer_to(request)
        field = _items(answer.DESCRIPTOR)
        assert field is not None, "only methods that answer with a list come here"
        getattr(answer, field).extend(messages)
        if token:
            answer.next_page_token = token
        return answer

    def _laid_over(self, work: Work, before: Mapping[str, Any], given: Mapping[str, Any], *, creating: bool) -> Values:
        noun = self.resource.noun
        defs = custom_values.definitions(work, noun)
        if any(key not in defs for key in given):
            # Defined a moment ago, perhaps.
            defs = custom_values.definitions(work, noun, fresh=True)
        if not given and not (creating and defs):
            return dict(before)
        asked: dict[str, set[UUID]] = {}
        for kind, record_id in custom_fields.references_of(defs, given):
            asked.setdefault(kind, set()).add(record_id)
        known = {kind: self.living(work, kind, ids) for kind, ids in asked.items()}
        return custom_fields.laid_over(
            defs,
            before,
            given,
            path=f"{noun}.custom",
            creating=creating,
            exists=lambda kind, record_id: record_id in known.get(kind, ()),
            unasked={one.removeprefix("custom.") for one in work.caller.fields.unwritable_in(noun)},
        )


_OF_THE_FRAME = frozenset({"id", "etag", "created_at", "updated_at", "deleted_at"})


def _items(output: Descriptor) -> str | None:
    """The list in an answer, where it is one."""
    repeated = [one.name for one in output.fields if one.is_repeated and one.message_type is not None]
    return repeated[0] if len(repeated) == 1 and len(output.fields) <= 2 else None
