"""People and companies behind one shape, so that list, panel, page, form and bin are written once.

Nothing but the choice of the right method is here; what a method does is the service's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from funia.contacts.v1.account_pb2 import (
    Account,
    BatchGetAccountsRequest,
    CreateAccountRequest,
    DeleteAccountRequest,
    GetAccountRequest,
    ListAccountsRequest,
    UndeleteAccountRequest,
    UpdateAccountRequest,
)
from funia.contacts.v1.contact_pb2 import (
    VIEW_FULL,
    VIEW_SUMMARY,
    BatchGetContactsRequest,
    Contact,
    CreateContactRequest,
    DeleteContactRequest,
    GetContactRequest,
    ListContactsRequest,
    UndeleteContactRequest,
    UpdateContactRequest,
)
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import custom_fields
from gateway.console.backend import call, services, session, stubs
from gateway.console.fields import COMPANY_COLUMNS, COMPANY_FIELDS, PERSON_COLUMNS, PERSON_FIELDS, Column, Field
from gateway.console.i18n import Lazy, lazy
from gateway.console.values import Record


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list and the token of the next one, empty on the last."""

    records: Sequence[Record]
    next_page_token: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list shows: filter text of the API, order, whole records or summaries, the bin or the living."""

    filter: str = ""
    order_by: str = ""
    page_token: str = ""
    full: bool = False
    deleted: bool = False
    page_size: int = 0


class Kind(Protocol):
    """The methods of one kind of record. Every one of them raises `FuniaError`."""

    plural: str
    singular: str
    title: Lazy
    one: Lazy
    icon: str
    fields: tuple[Field, ...]
    columns: tuple[Column, ...]
    name_sort: str

    def new(self) -> Record: ...
    def list(self, query: ListQuery) -> Listed: ...
    def get(self, record_id: str) -> Record: ...
    def batch_get(self, ids: Sequence[str]) -> Sequence[Record]: ...
    def create(self, record: Record, *, allow_duplicate: bool, company_id: str, key: str) -> Record: ...
    def update(self, record: Record, paths: Sequence[str], etag: str, *, reason: str, key: str) -> Record: ...
    def delete(self, record_id: str, etag: str) -> None: ...
    def undelete(self, record_id: str) -> Record: ...


class People:
    plural = "people"
    singular = "contact"
    title = lazy("People")
    one = lazy("Person")
    icon = "user"
    fields = PERSON_FIELDS
    columns = PERSON_COLUMNS
    name_sort = "display_name"

    def new(self) -> Record:
        return Contact()

    def list(self, query: ListQuery) -> Listed:
        message = ListContactsRequest(
            page_size=query.page_size or services().page_size,
            page_token=query.page_token,
            filter=query.filter,
            order_by=query.order_by,
            view=VIEW_FULL if query.full else VIEW_SUMMARY,
            deleted=query.deleted,
        )
        answer = call(stubs().contacts.ListContacts, message)
        return Listed(answer.contacts, answer.next_page_token)

    def get(self, record_id: str) -> Record:
        return call(stubs().contacts.GetContact, GetContactRequest(id=record_id))

    def batch_get(self, ids: Sequence[str]) -> Sequence[Record]:
        if not ids:
            return ()
        return call(stubs().contacts.BatchGetContacts, BatchGetContactsRequest(ids=ids)).contacts

    def create(self, record: Record, *, allow_duplicate: bool, company_id: str, key: str) -> Record:
        assert isinstance(record, Contact)
        message = CreateContactRequest(contact=record, allow_duplicate=allow_duplicate, account_id=company_id)
        return call(stubs().contacts.CreateContact, message, idempotency_key=key)

    def update(self, record: Record, paths: Sequence[str], etag: str, *, reason: str, key: str) -> Record:
        assert isinstance(record, Contact)
        message = UpdateContactRequest(contact=record, update_mask=FieldMask(paths=paths), etag=etag, reason=reason)
        return call(stubs().contacts.UpdateContact, message, idempotency_key=key)

    def delete(self, record_id: str, etag: str) -> None:
        call(stubs().contacts.DeleteContact, DeleteContactRequest(id=record_id, etag=etag))

    def undelete(self, record_id: str) -> Record:
        return call(stubs().contacts.UndeleteContact, UndeleteContactRequest(id=record_id))


class Companies:
    plural = "companies"
    singular = "account"
    title = lazy("Companies")
    one = lazy("Company")
    icon = "building"
    fields = COMPANY_FIELDS
    columns = COMPANY_COLUMNS
    name_sort = "name"

    def new(self) -> Record:
        return Account()

    def list(self, query: ListQuery) -> Listed:
        message = ListAccountsRequest(
            page_size=query.page_size or services().page_size,
            page_token=query.page_token,
            filter=query.filter,
            order_by=query.order_by,
            view=VIEW_FULL if query.full else VIEW_SUMMARY,
            deleted=query.deleted,
        )
        answer = call(stubs().accounts.ListAccounts, message)
        return Listed(answer.accounts, answer.next_page_token)

    def get(self, record_id: str) -> Record:
        return call(stubs().accounts.GetAccount, GetAccountRequest(id=record_id))

    def batch_get(self, ids: Sequence[str]) -> Sequence[Record]:
        if not ids:
            return ()
        return call(stubs().accounts.BatchGetAccounts, BatchGetAccountsRequest(ids=ids)).accounts

    def create(self, record: Record, *, allow_duplicate: bool, company_id: str, key: str) -> Record:
        assert isinstance(record, Account)
        message = CreateAccountRequest(account=record, allow_duplicate=allow_duplicate)
        return call(stubs().accounts.CreateAccount, message, idempotency_key=key)

    def update(self, record: Record, paths: Sequence[str], etag: str, *, reason: str, key: str) -> Record:
        assert isinstance(record, Account)
        message = UpdateAccountRequest(account=record, update_mask=FieldMask(paths=paths), etag=etag)
        return call(stubs().accounts.UpdateAccount, message, idempotency_key=key)

    def delete(self, record_id: str, etag: str) -> None:
        call(stubs().accounts.DeleteAccount, DeleteAccountRequest(id=record_id, etag=etag))

    def undelete(self, record_id: str) -> Record:
        return call(stubs().accounts.UndeleteAccount, UndeleteAccountRequest(id=record_id))


def all_fields(kind: Kind) -> tuple[Field, ...]:
    """The fields of a kind that the person may see, those of the company's own at the end."""
    hidden = session().fields.hidden_in(kind.singular)
    every = (*kind.fields, *custom_fields.fields_of(kind.singular))
    return tuple(field for field in every if field.name not in hidden) if hidden else every


def all_columns(kind: Kind) -> tuple[Column, ...]:
    """The columns of a kind that the person may see, those of the company's own at the end."""
    hidden = session().fields.hidden_in(kind.singular)
    every = (*kind.columns, *custom_fields.columns_of(kind.singular))
    return tuple(one for one in every if field_of(kind, one) not in hidden) if hidden else every


def field_of(kind: Kind, column: Column) -> str:
    """The field that a column tells of."""
    return _FIELD_OF_COLUMN.get((kind.singular, column.name), column.name)


def may_change(kind: Kind, field: Field) -> bool:
    """Whether the person's role lets this field be changed."""
    return field.name not in session().fields.unwritable_in(kind.singular)


def shows_all_names(kind: Kind) -> bool:
    """Whether no name stands for something that the person must not see; else lists are not ordered by names."""
    return kind.singular != "contact" or session().fields.hidden_in("contact").isdisjoint(("emails", "phones"))


_FIELD_OF_COLUMN = {("contact", "email"): "emails", ("contact", "phone"): "phones", ("account", "domain"): "domains"}
KINDS: dict[str, Kind] = {"people": People(), "companies": Companies()}
PLURAL_OF = {kind.singular: kind.plural for kind in KINDS.values()}
