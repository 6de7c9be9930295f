"""BulkService at the edge. Judges each item by the rules of its fields, as the frame does for the single methods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from chassis.caller import FieldRights
from chassis.errors import FuniaError, InvalidArgument, Violation
from chassis.field_rights import refuse_forbidden
from chassis.rules import clear_output_only, violations
from chassis.status import HTTP_STATUS
from chassis.work import Work
from funia.contacts.v1 import account_pb2, contact_pb2
from funia.contacts.v1 import bulk_pb2 as pb

from contacts import wire
from contacts.model.drafts import AccountDraft, ContactDraft
from contacts.servicers.paged import changed_fields
from contacts.usecases.bulk import Bulk, BulkItem, ItemResult, Operation
from contacts.usecases.bulk_accounts import BulkAccounts
from contacts.usecases.bulk_contacts import BulkContacts

D = TypeVar("D", bound=ContactDraft | AccountDraft)
_PLACE = re.compile(r"requests\[(\d+)\]\.?")


class BulkServicer:
    """Contacts and accounts in bulk."""

    def BatchCreateContacts(self, work: Work, request: pb.BatchCreateContactsRequest) -> pb.BatchResults:
        return _people(work, "create", request, _contact_to_create)

    def BatchUpdateContacts(self, work: Work, request: pb.BatchUpdateContactsRequest) -> pb.BatchResults:
        return _people(work, "update", request, _contact_to_update)

    def BatchUpsertContacts(self, work: Work, request: pb.BatchUpsertContactsRequest) -> pb.BatchResults:
        return _people(work, "upsert", request, contact_to_upsert(request.system))

    def BatchDeleteContacts(self, work: Work, request: pb.BatchDeleteContactsRequest) -> pb.BatchResults:
        return _people(work, "delete", request, lambda item: _to_delete(ContactDraft(), item))

    def BatchCreateAccounts(self, work: Work, request: pb.BatchCreateAccountsRequest) -> pb.BatchResults:
        return _companies(work, "create", request, _account_to_create)

    def BatchUpdateAccounts(self, work: Work, request: pb.BatchUpdateAccountsRequest) -> pb.BatchResults:
        return _companies(work, "update", request, _account_to_update)

    def BatchUpsertAccounts(self, work: Work, request: pb.BatchUpsertAccountsRequest) -> pb.BatchResults:
        return _companies(work, "upsert", request, account_to_upsert(request.system))

    def BatchDeleteAccounts(self, work: Work, request: pb.BatchDeleteAccountsRequest) -> pb.BatchResults:
        return _companies(work, "delete", request, lambda item: _to_delete(AccountDraft(), item))


def _people(
    work: Work, operation: Operation, request: Any, read: Callable[[Any], BulkItem[ContactDraft]]
) -> pb.BatchResults:
    items = _items(work.caller.fields, request, read, ContactDraft())
    return _results(Bulk(work, BulkContacts(work), getattr(request, "system", "")).run(operation, items))


def _companies(
    work: Work, operation: Operation, request: Any, read: Callable[[Any], BulkItem[AccountDraft]]
) -> pb.BatchResults:
    items = _items(work.caller.fields, request, read, AccountDraft())
    return _results(Bulk(work, BulkAccounts(work), getattr(request, "system", "")).run(operation, items))


def _items(rights: FieldRights, request: Any, read: Callable[[Any], BulkItem[D]], empty: D) -> list[BulkItem[D]]:
    unreadable = _by_place(request.unreadable)
    return [_judged(one, read, empty, rights, unreadable.get(index, ())) for index, one in enumerate(request.requests)]


def _judged(
    one: Any,
    read: Callable[[Any], BulkItem[D]],
    empty: D,
    rights: FieldRights,
    unreadable: Sequence[Violation] = (),
) -> BulkItem[D]:
    """The item of a message, or its refusal by the rules of its fields or by the rights of the caller."""
    clear_output_only(one)
    wrong = unreadable or violations(one)
    if wrong:
        return BulkItem(empty, refusal=_refusal(wrong))
    try:
        if rights:
            refuse_forbidden(one, rights, read_only=False)
        return read(one)
    except FuniaError as error:
        return BulkItem(empty, refusal=error)


@dataclass(frozen=True, slots=True)
class ItemForm:
    """How items of one kind of batch come in: the message of an item, the field that holds its record, the reader."""

    message: Callable[[], Any]
    resource: str
    read: Callable[[Any], BulkItem[Any]]
    empty: Any
    rights: FieldRights

    def judged(self, message: Any) -> BulkItem[Any]:
        """The item of a message, or its refusal by the rules of its fields."""
        return _judged(message, self.read, self.empty, self.rights)


def item_form(kind: str, operation: str, system: str, rights: FieldRights) -> ItemForm:
    """The form of the items of this kind and operation, for somebody with these field rights."""
    if kind == "contact":
        person = ContactDraft()
        return {
            "create": ItemForm(contact_pb2.CreateContactRequest, "contact", _contact_to_create, person, rights),
            "update": ItemForm(contact_pb2.UpdateContactRequest, "contact", _contact_to_update, person, rights),
            "upsert": ItemForm(pb.UpsertContactRequest, "contact", contact_to_upsert(system), person, rights),
            "delete": ItemForm(
                contact_pb2.DeleteContactRequest, "", lambda item: _to_delete(person, item), person, rights
            ),
        }[operation]
    company = AccountDraft()
    return {
        "create": ItemForm(account_pb2.CreateAccountRequest, "account", _account_to_create, company, rights),
        "update": ItemForm(account_pb2.UpdateAccountRequest, "account", _account_to_update, company, rights),
        "upsert": ItemForm(pb.UpsertAccountRequest, "account", account_to_upsert(system), company, rights),
        "delete": ItemForm(
            account_pb2.DeleteAccountRequest, "", lambda item: _to_delete(company, item), company, rights
        ),
    }[operation]


def _by_place(told: Iterable[pb.FieldProblem]) -> dict[int, list[Violation]]:
    """What the gateway could not read, by item, with paths inside of the item."""
    found: dict[int, list[Violation]] = {}
    for one in told:
        place = _PLACE.match(one.field)
        if place is not None:
            violation = Violation(one.field[place.end() :], one.message, one.reason)
            found.setdefault(int(place[1]), []).append(violation)
    return found


def _refusal(wrong: Sequence[Violation]) -> InvalidArgument:
    first = wrong[0]
    return InvalidArgument(f"{first.field}: {first.message}", reason="INVALID_FIELD", violations=wrong)


def _contact_to_create(item: Any) -> BulkItem[ContactDraft]:
    return BulkItem(
        wire.contact_draft(item.contact),
        allow_duplicate=item.allow_duplicate,
        account_id=wire.optional_id(item.account_id),
    )


def _contact_to_update(item: Any) -> BulkItem[ContactDraft]:
    return BulkItem(
        wire.contact_draft(item.contact),
        changed_fields(item.update_mask, item.contact),
        record_id=wire.optional_id(item.contact.id),
        etag=item.etag or item.contact.etag,
        reason=item.reason,
    )


def contact_to_upsert(system: str) -> Callable[[Any], BulkItem[ContactDraft]]:
    """Reads UpsertContactRequests of a batch that names this system."""

    def read(item: Any) -> BulkItem[ContactDraft]:
        draft = wire.contact_draft(item.contact)
        return BulkItem(
            draft,
            changed_fields(item.update_mask, item.contact),
            record_id=wire.optional_id(item.contact.id),
            external=_external(draft, system),
            etag=item.contact.etag,
            reason=item.reason,
            allow_duplicate=item.allow_duplicate,
            account_id=wire.optional_id(item.account_id),
        )

    return read


def _account_to_create(item: Any) -> BulkItem[AccountDraft]:
    return BulkItem(wire.account_draft(item.account), allow_duplicate=item.allow_duplicate)


def _account_to_update(item: Any) -> BulkItem[AccountDraft]:
    return BulkItem(
        wire.account_draft(item.account),
        wire.account_columns(changed_fields(item.update_mask, item.account)),
        record_id=wire.optional_id(item.account.id),
        etag=item.etag or item.account.etag,
    )


def account_to_upsert(system: str) -> Callable[[Any], BulkItem[AccountDraft]]:
    """Reads UpsertAccountRequests of a batch that names this system."""

    def read(item: Any) -> BulkItem[AccountDraft]:
        draft = wire.account_draft(item.account)
        return BulkItem(
            draft,
            wire.account_columns(changed_fields(item.update_mask, item.account)),
            record_id=wire.optional_id(item.account.id),
            external=_external(draft, system),
            etag=item.account.etag,
            allow_duplicate=item.allow_duplicate,
        )

    return read


def _to_delete(empty: D, item: Any) -> BulkItem[D]:
    return BulkItem(empty, record_id=UUID(item.id), etag=item.etag)


def _external(draft: ContactDraft | AccountDraft, system: str) -> str:
    value = draft.external_ids.get(system, "") if system else ""
    return f"{system}:{value}" if value else ""


def _results(results: Sequence[ItemResult]) -> pb.BatchResults:
    answer = pb.BatchResults()
    for index, one in enumerate(results):
        answer.results.append(result_message(index, one))
        setattr(answer, one.outcome, getattr(answer, one.outcome) + 1)
    return answer


def result_message(index: int, one: ItemResult) -> pb.BatchResult:
    """A result as callers get it."""
    message = pb.BatchResult(index=index, outcome=one.outcome)
    if one.record_id is not None:
        message.id = str(one.record_id)
    if one.version:
        message.etag = str(one.version)
    if one.error is not None:
        message.problem.CopyFrom(_problem(one.error, one.duplicates))
    return message


def _problem(error: FuniaError, duplicates: Sequence[UUID]) -> pb.ItemProblem:
    return pb.ItemProblem(
        status=HTTP_STATUS[error.kind],
        reason=error.reason,
        detail=error.message,
        violations=[
            pb.FieldProblem(field=wrong.field, message=wrong.message, reason=wrong.reason) for wrong in error.violations
        ],
        duplicate_ids=[str(one) for one in duplicates],
    )
