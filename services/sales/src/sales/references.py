"""People and companies that records of sales name: whether they are there, and whether the caller may see them; and how
leads become such.

The projection answers; a customer of a moment ago that it does not know yet is asked for at contacts, with the
caller's own token.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import grpc
from chassis.caller import SIGHTS, Caller
from chassis.client import channel, metadata, time_left_s
from chassis.errors import FailedPrecondition
from chassis.settings import Settings
from chassis.statements import prepare
from chassis.status import from_rpc_error
from chassis.tables import scoped, visible
from chassis.work import Work
from funia.contacts.v1 import account_pb2, account_pb2_grpc, bulk_pb2, bulk_pb2_grpc, contact_pb2, contact_pb2_grpc
from funia.identity.v1 import tenant_pb2, tenant_pb2_grpc
from sqlalchemy import UUID as SqlUuid
from sqlalchemy import bindparam, func
from sqlalchemy.dialects.postgresql import ARRAY

from sales.errors import not_there
from sales.model.customer import Customer

ASK_S = 2.0
"""How long contacts may take to answer."""
BATCH_S = 30.0
"""How long contacts may take to find or make a batch of companies."""
MAKE_S = 5.0
"""How long contacts may take to make a person or a company."""
_COLLEAGUES_AT_ONCE = 200
_COLLEAGUES_MAX = 2_000
"""Colleagues that names in a file are compared with."""
_LABELS = {"contact": "person", "account": "company"}
_IDS = bindparam("ids", type_=ARRAY(SqlUuid(as_uuid=True)))
_KNOWN = {
    sight: prepare(
        scoped(Customer, Customer.id).where(
            Customer.id == func.any(_IDS),
            Customer.kind == bindparam("kind"),
            Customer.deleted.is_(False),
            visible(Customer, sight),
        )
    )
    for sight in SIGHTS
}


@dataclass(frozen=True, slots=True)
class NewCompany:
    """A company that contacts does not know yet."""

    name: str
    custom: Mapping[str, Any]
    website: str
    industry: str
    country_code: str
    owner_id: UUID | None
    team_id: UUID | None


@dataclass(frozen=True, slots=True)
class FileCompany:
    """A company that a file names. `key` is its id in the system the file comes from."""

    key: str
    name: str
    country_code: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person whom contacts does not know yet."""

    given_name: str
    family_name: str
    custom: Mapping[str, Any]
    job_title: str
    email: str
    phone: str
    language: str
    country_code: str
    source: str
    owner_id: UUID | None
    team_id: UUID | None


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person to write to, as contacts knows it, or as a lead says."""

    given_name: str
    family_name: str
    job_title: str
    email: str
    do_not_contact: bool

    @property
    def name(self) -> str:
        """The whole name."""
        return " ".join(part for part in (self.given_name, self.family_name) if part)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of the company, as identity knows it."""

    name: str
    email: str


class Colleagues:
    """Asks identity for people of the company, with the caller's own token; the channel opens when needed."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._channel: grpc.Channel | None = None

    def me(self, caller: Caller) -> Colleague:
        """The caller's name and e-mail address. Raises what identity refuses with."""
        request = tenant_pb2.GetUserRequest(id=str(caller.actor_id))
        try:
            found = self._people().GetUser(request, metadata=metadata(caller), timeout=time_left_s(caller, ASK_S))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
        return Colleague(found.full_name, found.email)

    def by_label(self, caller: Caller) -> dict[str, str]:
        """Ids of active colleagues by `label_key` of their addresses, and of full names that only one of them has.

        Nobody where the caller may not see colleagues. Raises what identity refuses with otherwise.
        """
        found: dict[str, str] = {}
        named: dict[str, set[str]] = {}
        try:
            for user in self._listed(caller):
                found[label_key(user.email)] = user.id
                if user.full_name:
                    named.setdefault(label_key(user.full_name), set()).add(user.id)
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.PERMISSION_DENIED:
                return {}
            raise from_rpc_error(error) from None
        return {key: next(iter(ids)) for key, ids in named.items() if len(ids) == 1} | found

    def close(self) -> None:
        """Closes the channel."""
        if self._channel is not None:
            self._channel.close()

    def _people(self) -> tenant_pb2_grpc.TenantServiceStub:
        if self._channel is None:
            self._channel = channel(self._address)
        return tenant_pb2_grpc.TenantServiceStub(self._channel)

    def _listed(self, caller: Caller) -> Iterator[tenant_pb2.User]:
        token = ""
        for _ in range(_COLLEAGUES_MAX // _COLLEAGUES_AT_ONCE):
            request = tenant_pb2.ListUsersRequest(page_size=_COLLEAGUES_AT_ONCE, page_token=token)
            answer = self._people().ListUsers(request, metadata=metadata(caller), timeout=time_left_s(caller, ASK_S))
            yield from (user for user in answer.users if user.status == "active")
            token = answer.next_page_token
            if not token:
                return


def label_key(text: str) -> str:
    """A name or an address for comparing, which does not tell it."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()[:32]


class Customers:
    """Checks references, and makes what leads become. `address` is that of contacts; the channel opens when needed."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._channel: grpc.Channel | None = None

    def check(self, work: Work, kind: str, named: Iterable[tuple[str, UUID]]) -> None:
        """Raises InvalidArgument at the first field that names somebody the caller does not see."""
        fields = list(named)
        missing = self.unknown(work, kind, {one for _, one in fields})
        for field, record_id in fields:
            if record_id in missing:
                raise not_there(field, _LABELS[kind])

    def unknown(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        """Those of these ids that are no people (`kind` contact) or companies (account) the caller sees."""
        if not ids:
            return ids
        rows = work.rows(_KNOWN[work.caller.sight], ids=list(ids), kind=kind)
        missing = ids - {row.id for row in rows}
        return missing - self._asked(work, kind, missing) if missing and work.caller.token else missing

    def find(self, work: Work, *, phone: str, email: str) -> UUID | None:
        """The person of a phone number or an e-mail address, asked at contacts with the caller's own token."""
        if not self._address or not work.caller.token or "contacts.read" not in work.caller.scopes:
            return None
        request = (
            contact_pb2.LookupContactRequest(email=email) if email else contact_pb2.LookupContactRequest(phone=phone)
        )
        people = contact_pb2_grpc.ContactServiceStub(self._line())
        timeout_s = time_left_s(work.caller, ASK_S)
        try:
            return UUID(people.LookupContact(request, metadata=metadata(work.caller), timeout=timeout_s).id)
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.NOT_FOUND:
                return None
            raise from_rpc_error(error) from None

    def person(self, caller: Caller, contact_id: UUID) -> Addressee:
        """A person with the first e-mail address, asked at contacts with the caller's own token."""
        people = contact_pb2_grpc.ContactServiceStub(self._line())
        request = contact_pb2.GetContactRequest(id=str(contact_id))
        try:
            found = people.GetContact(request, metadata=metadata(caller), timeout=time_left_s(caller, ASK_S))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
        emails = sorted(found.emails, key=lambda one: not one.primary)
        return Addressee(
            found.given_name,
            found.family_name,
            found.job_title,
            emails[0].address if emails else "",
            found.do_not_contact,
        )

    def company_name(self, caller: Caller, account_id: UUID) -> str:
        """What a company is called, asked as `person`."""
        companies = account_pb2_grpc.AccountServiceStub(self._line())
        request = account_pb2.GetAccountRequest(id=str(account_id))
        try:
            return companies.GetAccount(request, metadata=metadata(caller), timeout=time_left_s(caller, ASK_S)).name
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def make_company(self, caller: Caller, lead_id: UUID, company: NewCompany, *, allow_duplicate: bool) -> UUID:
        """Makes the company of a lead at contacts, with the caller's own rights; once, however often it is asked.

        Raises what contacts refuses with, such as Conflict where it looks like one that is there.
        """
        request = account_pb2.CreateAccountRequest(
            account=account_pb2.Account(
                name=company.name,
                website=company.website,
                industry=company.industry,
                country_code=company.country_code,
                owner_id=str(company.owner_id or ""),
                team_id=str(company.team_id or ""),
                type="prospect",
            ),
            allow_duplicate=allow_duplicate,
        )
        if company.custom:
            request.account.custom.update(company.custom)
        return self._made(
            caller, lead_id, request, lambda line: account_pb2_grpc.AccountServiceStub(line).CreateAccount
        )

    def make_person(
        self, caller: Caller, lead_id: UUID, person: NewPerson, account_id: UUID | None, *, allow_duplicate: bool
    ) -> UUID:
        """Makes the person of a lead at contacts, in this company; as `make_company`."""
        contact = contact_pb2.Contact(
            given_name=person.given_name,
            family_name=person.family_name,
            job_title=person.job_title,
            language=person.language,
            country_code=person.country_code,
            source=person.source,
            owner_id=str(person.owner_id or ""),
            team_id=str(person.team_id or ""),
            lifecycle_stage="sql",
            emails=[contact_pb2.EmailAddress(address=person.email)] if person.email else [],
            phones=[contact_pb2.PhoneNumber(number=person.phone)] if person.phone else [],
        )
        if person.custom:
            contact.custom.update(person.custom)
        request = contact_pb2.CreateContactRequest(
            contact=contact, allow_duplicate=allow_duplicate, account_id=str(account_id or "")
        )
        return self._made(
            caller, lead_id, request, lambda line: contact_pb2_grpc.ContactServiceStub(line).CreateContact
        )

    def find_or_make(self, caller: Caller, system: str, companies: Sequence[FileCompany]) -> dict[str, UUID]:
        """The companies of a file by their ids in its system, made at contacts where they are not there.

        One that contacts knows under the same name is that one. Raises what contacts refuses with.
        """
        items = [
            bulk_pb2.UpsertAccountRequest(
                account=account_pb2.Account(
                    name=one.name, country_code=one.country_code, type="customer", external_ids={system: one.key}
                )
            )
            for one in companies
        ]
        request = bulk_pb2.BatchUpsertAccountsRequest(requests=items, system=system)
        batch = bulk_pb2_grpc.BulkServiceStub(self._line())
        try:
            answer = batch.BatchUpsertAccounts(request, metadata=metadata(caller), timeout=time_left_s(caller, BATCH_S))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
        found: dict[str, UUID] = {}
        for result in answer.results:
            one = companies[result.index]
            if result.id:
                found[one.key] = UUID(result.id)
            elif result.problem.duplicate_ids:
                found[one.key] = UUID(result.problem.duplicate_ids[0])
            else:
                raise FailedPrecondition(
                    f'"{one.name}" cannot be made a company: {result.problem.detail}', reason=result.problem.reason
                )
        return found

    def close(self) -> None:
        """Closes the channel."""
        if self._channel is not None:
            self._channel.close()

    def _made(
        self, caller: Caller, lead_id: UUID, request: Any, method: Callable[[grpc.Channel], Callable[..., Any]]
    ) -> UUID:
        # Another request of the same lead is another key: contacts then looks for duplicates by itself.
        digest = hashlib.sha256(request.SerializeToString(deterministic=True)).hexdigest()[:16]
        pairs = (*metadata(caller), ("idempotency-key", f"lead-{lead_id}-{digest}"))
        try:
            made = method(self._line())(request, metadata=pairs, timeout=time_left_s(caller, MAKE_S))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None
        return UUID(made.id)

    def _line(self) -> grpc.Channel:
        if self._channel is None:
            self._channel = channel(self._address)
        return self._channel

    def _asked(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        if not self._address or "contacts.read" not in work.caller.scopes:
            return set()
        names = [str(one) for one in ids]
        options: dict[str, Any] = {
            "metadata": metadata(work.caller),
            "timeout": time_left_s(work.caller, ASK_S),
        }
        try:
            if kind == "contact":
                people = contact_pb2_grpc.ContactServiceStub(self._line())
                found = people.BatchGetContacts(contact_pb2.BatchGetContactsRequest(ids=names), **options).contacts
                return {UUID(one.id) for one in found}
            companies = account_pb2_grpc.AccountServiceStub(self._line())
            answer = companies.BatchGetAccounts(account_pb2.BatchGetAccountsRequest(ids=names), **options)
            return {UUID(one.id) for one in answer.accounts}
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None


def next_door(settings: Settings) -> tuple[Customers, Colleagues]:
    """Contacts and identity, as this process reaches them. Read here and not where the process is built, so that the
    service graph sees that servers call them.
    """
    return Customers(settings.contacts_address), Colleagues(settings.identity_address)
