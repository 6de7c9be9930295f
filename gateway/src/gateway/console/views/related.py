"""The companies of a person and the people of a company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from funia.contacts.v1.account_pb2 import Account, ListAccountContactsRequest
from funia.contacts.v1.contact_pb2 import Contact

from gateway.console.backend import stubs, try_call
from gateway.console.values import Record, record_name

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class Relation:
    """One linked record: the name and role to show, and the two ids of the link."""

    account_id: str
    contact_id: str
    name: str
    role: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Related:
    """Linked records, whether there are more, and whether they could not be read at all."""

    relations: Sequence[Relation]
    more: bool = False
    missing: bool = False


def related_of(record: Record) -> Related:
    if isinstance(record, Contact):
        return Related(
            [
                Relation(link.account_id, record.id, link.account_name, link.role, link.primary)
                for link in record.accounts
            ]
        )
    return people_of(record)


def people_of(account: Account) -> Related:
    message = ListAccountContactsRequest(account_id=account.id, page_size=SHOWN_MAX)
    answer = try_call(stubs().accounts.ListAccountContacts, message)
    if answer is None:
        return Related((), missing=True)
    relations = [
        Relation(
            account.id, link.contact_id, record_name(link.contact), link.role or link.contact.job_title, link.primary
        )
        for link in answer.contacts
    ]
    return Related(relations, more=bool(answer.next_page_token))
