"""The kinds of records there are, and those of contacts: people and companies.

Nothing but the choice of the right method is here; what a method does is the service's business.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from funia.contacts.v1.search_pb2 import SearchCustomersRequest
from google.protobuf.field_mask_pb2 import FieldMask

from gateway.console import custom_fields, references
from gateway.console.acts import Action
from gateway.console.backend import call, services, session, stubs
from gateway.console.fields import COMPANY_COLUMNS, COMPANY_FIELDS, PERSON_COLUMNS, PERSON_FIELDS, Column, Field
from gateway.console.i18n import lazy
from gateway.console.kind import Child, Kind, Listed, ListQuery, View, Words
from gateway.console.library_kind import LIBRARY_KINDS
from gateway.console.loyalty_kinds import LOYALTY_KINDS
from gateway.console.planning_kinds import PLANNING_KINDS
from gateway.console.sales_kinds import SALES_KINDS
from gateway.console.selling_kinds import SELLING_KINDS
from gateway.console.store_kinds import STORE_KINDS
from gateway.console.support_kinds import SUPPORT_KINDS
from gateway.console.values import Record, shown

FOUND_MAX = 100


class People:
    plural = "people"
    singular = "contact"
    title = lazy("People")
    one = lazy("Person")
    icon = "user"
    icon_add = "user-plus"
    words = Words(
        intro=lazy("Everybody your company knows, and how to reach them."),
        add=lazy("Add a person"),
        done=lazy("Add the person"),
        nobody=lazy("Nobody is here yet"),
        first=lazy("Bring your customer list from a file, or add the first one by hand."),
        no_match=lazy("Nobody matches"),
        name=lazy("Full name"),
    )
    reads = "contacts.read"
    writes = "contacts.write"
    imports = True
    bins = True
    deletes = True
    lines = False
    views: tuple[View, ...] = ()
    acts: tuple[Action, ...] = ()
    page = "console/record_page.html"
    children: tuple[Child, ...] = ()
    listed: tuple[Field, ...] = ()
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

    def find(self, text: str, query: ListQuery) -> Listed:
        return _found(self, text)

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
    icon_add = "building-plus"
    words = Words(
        intro=lazy("The companies your people belong to."),
        add=lazy("Add a company"),
        done=lazy("Add the company"),
        nobody=lazy("No company is here yet"),
        first=lazy("Bring your customer list from a file, or add the first one by hand."),
        no_match=lazy("No company matches"),
        name=lazy("Company name"),
    )
    reads = "contacts.read"
    writes = "contacts.write"
    imports = True
    bins = True
    deletes = True
    lines = False
    views: tuple[View, ...] = ()
    acts: tuple[Action, ...] = ()
    page = "console/record_page.html"
    children: tuple[Child, ...] = ()
    listed: tuple[Field, ...] = ()
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

    def find(self, text: str, query: ListQuery) -> Listed:
        return _found(self, text)

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


def _found(kind: Kind, text: str) -> Listed:
    message = SearchCustomersRequest(query=text[:200], kinds=[kind.singular], page_size=FOUND_MAX)
    hits = call(stubs().search.SearchCustomers, message).hits
    return Listed(kind.batch_get([hit.id for hit in hits]), "")


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


def column_text(kind: Kind, record: Record, name: str, owners: dict[str, str]) -> str:
    """What a list shows of a field, as the record's page does."""
    field = next(one for one in (*kind.listed, *kind.fields) if one.name == name)
    return shown(record, field, owners)


def prefetch_names(kind: Kind, records: Sequence[Record], columns: Sequence[Column]) -> None:
    """Asks at once for the names that these columns show."""
    named = {column.name for column in columns if column.cell == "field"}
    for field in (*kind.fields, *kind.listed):
        if field.widget == "reference" and field.name in named:
            references.prefetch(field.refers, [getattr(record, field.name) for record in records])


def field_of(kind: Kind, column: Column) -> str:
    """The field that a column tells of."""
    return _FIELD_OF_COLUMN.get((kind.singular, column.name), column.name)


def may_change(kind: Kind, field: Field) -> bool:
    """Whether the person's role lets this field be changed."""
    return field.name not in session().fields.unwritable_in(kind.singular)


def frozen(kind: Kind, record: Record) -> bool:
    """Whether the record is a paper that is out, a gift card or a closed ticket, and stays as it is."""
    if kind.plural == "gift-cards":
        return True
    if kind.plural == "tickets":
        return record.status in ("closed", "merged")
    return kind.lines and kind.plural != "deals" and record.status != "draft"


def shows_all_names(kind: Kind) -> bool:
    """Whether no name stands for something that the person must not see; else lists are not ordered by names."""
    return kind.singular != "contact" or session().fields.hidden_in("contact").isdisjoint(("emails", "phones"))


_FIELD_OF_COLUMN = {("contact", "email"): "emails", ("contact", "phone"): "phones", ("account", "domain"): "domains"}
_EVERY: tuple[Kind, ...] = (
    People(),
    Companies(),
    *SALES_KINDS,
    *SELLING_KINDS,
    *PLANNING_KINDS,
    *LIBRARY_KINDS,
    *STORE_KINDS,
    *LOYALTY_KINDS,
    *SUPPORT_KINDS,
)
KINDS: dict[str, Kind] = {kind.plural: kind for kind in _EVERY}
PLURALS = ", ".join(f'"{plural}"' for plural in KINDS)
"""For the addresses of views that every kind has."""
PLURAL_OF = {kind.singular: kind.plural for kind in KINDS.values()}
