"""A kind of record of sales or support behind the methods that its service has by the same names as all others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import grpc
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message_factory import GetMessageClass

from gateway.console.acts import Action
from gateway.console.backend import call, services, stubs
from gateway.console.fields import Column, Field
from gateway.console.i18n import Lazy
from gateway.console.kind import Child, Listed, ListQuery, View, Words
from gateway.console.references import items_of
from gateway.console.values import Record

SELLS = "sales.write"
SETS_UP = "sales.admin"
NUMBER_DIGITS = 16
"""Numbers of as many digits are no longer exact in a filter."""


@dataclass(frozen=True, eq=False)
class SalesKind:
    """A kind of record of the service `of`. `message` names its message and, with "Service" behind it, its service."""

    plural: str
    singular: str
    title: Lazy
    one: Lazy
    icon: str
    words: Words
    fields: tuple[Field, ...]
    columns: tuple[Column, ...]
    message: str
    file: FileDescriptor
    stub: Callable[[grpc.Channel], Any]
    writes: str = SETS_UP
    name_sort: str = "name"
    found_by: tuple[str, ...] = ("name",)
    """The text fields whose beginnings plain words are looked for in."""
    icon_add: str = "plus"
    reads: str = "sales.read"
    imports: bool = False
    page: str = "console/sales_record.html"
    children: tuple[Child, ...] = ()
    listed: tuple[Field, ...] = ()
    acts: tuple[Action, ...] = ()
    lines: bool = False
    views: tuple[View, ...] = ()
    of: Literal["sales", "support"] = "sales"
    starts: Mapping[str, Any] = field(default_factory=dict)
    """What a new one has before anything is written into its form."""
    numbered: str = ""
    """Field of the number by which people speak of one."""

    @property
    def deletes(self) -> bool:
        """Whether they can be deleted at all; papers stay."""
        return any(one.name.startswith("Delete") for one in self._service.methods)

    @property
    def bins(self) -> bool:
        """Whether they go to a bin, or are gone when deleted."""
        return any(one.name.startswith("Undelete") for one in self._service.methods)

    def new(self) -> Record:
        return GetMessageClass(self.file.message_types_by_name[self.message])(**self.starts)

    def list(self, query: ListQuery) -> Listed:
        binned: dict[str, Any] = {"deleted": True} if query.deleted else {}
        answer = self._call(
            "List",
            page_size=query.page_size or services().page_size,
            page_token=query.page_token,
            filter=query.filter,
            order_by=query.order_by,
            **binned,
        )
        return Listed(items_of(answer), answer.next_page_token)

    def find(self, text: str, query: ListQuery) -> Listed:
        number = text.removeprefix("#")
        if self.numbered and number.isdecimal() and len(number) < NUMBER_DIGITS:
            return self.list(ListQuery(f"{self.numbered} = {int(number)}", page_size=query.page_size))
        quoted = text[:200].replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*")
        found = " OR ".join(f'{field} : "{quoted}"' for field in self.found_by)
        return self.list(ListQuery(found, query.order_by, query.page_token, query.full, query.deleted, query.page_size))

    def get(self, record_id: str) -> Record:
        return self._call("Get", id=record_id)

    def batch_get(self, ids: Sequence[str]) -> Sequence[Record]:
        return items_of(self._call("BatchGet", ids=ids)) if ids else ()

    def create(self, record: Record, *, allow_duplicate: bool, company_id: str, key: str) -> Record:
        return self._call("Create", key=key, **{self._record_field("Create"): record})

    def update(self, record: Record, paths: Sequence[str], etag: str, *, reason: str, key: str) -> Record:
        given = {self._record_field("Update"): record, "update_mask": FieldMask(paths=paths), "etag": etag}
        return self._call("Update", key=key, **given)

    def delete(self, record_id: str, etag: str) -> None:
        self._call("Delete", id=record_id, etag=etag)

    def undelete(self, record_id: str) -> Record:
        return self._call("Undelete", id=record_id)

    @property
    def _service(self) -> Any:
        return self.file.services_by_name[f"{self.message}Service"]

    def _method(self, verb: str) -> MethodDescriptor:
        found: MethodDescriptor = next(
            one for one in self._service.methods if one.name.startswith(f"{verb}{self.message[:-1]}")
        )
        return found

    def _record_field(self, verb: str) -> str:
        return str(self._method(verb).input_type.fields[0].name)

    def _call(self, verb: str, *, key: str = "", **given: Any) -> Any:
        method = self._method(verb)
        request = GetMessageClass(method.input_type)(**given)
        service = stubs().support(self.stub) if self.of == "support" else stubs().sales(self.stub)
        return call(getattr(service, method.name), request, idempotency_key=key)
