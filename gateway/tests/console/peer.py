"""A peer of the console for its tests: a real gRPC server that keeps rows in memory and answers as the services do.

It lives under tests only. The platform's own tests drive the console over the real services.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent import futures
from typing import Any

import grpc
from chassis.errors import Conflict, FuniaError, InvalidArgument, NotFound, Unavailable, Violation
from chassis.status import to_status
from funia.analytics.v1 import activity_pb2_grpc as report_grpc
from funia.contacts.v1 import account_pb2 as account_pb
from funia.contacts.v1 import (
    account_pb2_grpc,
    contact_pb2_grpc,
    import_pb2_grpc,
    search_pb2_grpc,
)
from funia.contacts.v1 import activity_pb2 as activity_pb
from funia.contacts.v1 import contact_pb2 as contact_pb
from funia.contacts.v1.record_share_pb2 import RecordShare
from funia.identity.v1 import (
    audit_pb2_grpc,
    custom_field_pb2_grpc,
    former_colleague_pb2_grpc,
    invitation_pb2_grpc,
    sandbox_pb2_grpc,
    sso_pb2_grpc,
    tenant_pb2_grpc,
)
from funia.identity.v1 import custom_field_pb2 as field_pb
from funia.identity.v1 import team_pb2 as team_pb
from funia.identity.v1 import tenant_pb2 as tenant_pb
from funia.identity.v1.sharing_rule_pb2 import SharingRule
from google.protobuf.json_format import MessageToDict
from peer_activity import serve_activities_and_persons
from peer_analysis import add_analysis
from peer_audit import AuditPeer
from peer_company import CustomFieldPeer, FormerColleaguePeer, InvitationPeer, ReportPeer, SandboxPeer, TenantPeer
from peer_imports import ImportPeer
from peer_paging import listing
from peer_rights import built_in_roles, serve_rights
from peer_rows import accounts, contacts, history, new_id
from peer_search import SearchPeer
from peer_sharing import serve_sharing
from peer_sso import SsoPeer
from peer_support import serve_support


class Company:
    """One tenant's rows."""

    def __init__(self, tenant_id: str, people: int, companies: int, seed: int) -> None:
        self.seed = random.Random(seed)
        self.now = dt.datetime.now(tz=dt.UTC)
        names = ("Maria Petrova", "Иван Соколов", "Emily Carter-Worthington")
        self.users = [
            tenant_pb.User(
                id=str(uuid.UUID(int=seed * 100 + i)),
                etag="1",
                email=f"user{i}@aurora.example",
                full_name=name,
                role=("owner", "seller", "manager")[i],
                status="active",
                locale="en",
            )
            for i, name in enumerate(names if people else names[:1])
        ]
        for user in self.users:
            user.created_at.FromDatetime(self.now - dt.timedelta(days=90))
        owners = [user.id for user in self.users]
        self.accounts = {a.id: a for a in accounts(companies, owners, self.seed, self.now)}
        made = contacts(people, list(self.accounts.values()), owners, self.seed, self.now)
        self.contacts = {c.id: c for c in made}
        self.erasures: list[Any] = []
        self.timeline = {c.id: history(c, owners, self.seed, self.now) for c in made[:40]}
        self.tenant = tenant_pb.Tenant(
            id=tenant_id,
            etag="1",
            slug="aurora",
            name="Aurora Trading",
            status="active",
            country_code="BG",
            currency_code="EUR",
            time_zone="Europe/Sofia",
            locale="en",
            accent_color="#2f6fed",
        )
        self.invitations: list[Any] = []
        self.clients: dict[str, tenant_pb.OAuthClient] = {}
        self.custom_fields: dict[str, field_pb.CustomField] = {}
        self.roles, self.teams = built_in_roles(), dict[str, team_pb.Team]()
        self.rules, self.shares = dict[str, SharingRule](), dict[tuple[str, str], RecordShare]()
        self.tickets, self.comments, self.queues = dict[str, Any](), dict[str, list[Any]](), dict[str, Any]()


class Peer:
    """The server. Tokens are tenant ids; `broken` names services that answer with UNAVAILABLE."""

    def __init__(self) -> None:
        self.companies: dict[str, Company] = {}
        self.broken: set[str] = set()
        self.partial_sight = False
        self.lock = threading.RLock()
        self.server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
        imports = ImportPeer(self)
        report_grpc.add_ActivityReportServiceServicer_to_server(self.wrap(ReportPeer(self)), self.server)
        add_analysis(self)
        contact_pb2_grpc.add_ContactServiceServicer_to_server(self.wrap(ContactPeer(self)), self.server)
        account_pb2_grpc.add_AccountServiceServicer_to_server(self.wrap(AccountPeer(self)), self.server)
        import_pb2_grpc.add_ImportServiceServicer_to_server(self.wrap(imports), self.server)
        search_pb2_grpc.add_CustomerSearchServiceServicer_to_server(self.wrap(SearchPeer(self)), self.server)
        sso_pb2_grpc.add_SsoServiceServicer_to_server(self.wrap(SsoPeer(self)), self.server)
        audit_pb2_grpc.add_AuditServiceServicer_to_server(self.wrap(AuditPeer(self)), self.server)
        tenant_pb2_grpc.add_TenantServiceServicer_to_server(self.wrap(TenantPeer(self)), self.server)
        former = self.wrap(FormerColleaguePeer(self))
        former_colleague_pb2_grpc.add_FormerColleagueServiceServicer_to_server(former, self.server)
        invitation_pb2_grpc.add_InvitationServiceServicer_to_server(self.wrap(InvitationPeer(self)), self.server)
        custom_field_pb2_grpc.add_CustomFieldServiceServicer_to_server(self.wrap(CustomFieldPeer(self)), self.server)
        sandbox_pb2_grpc.add_SandboxServiceServicer_to_server(self.wrap(SandboxPeer(self)), self.server)
        serve_activities_and_persons(self)
        serve_rights(self)
        serve_sharing(self)
        serve_support(self)
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def company(self, context: grpc.ServicerContext) -> Company:
        token = dict(context.invocation_metadata()).get("authorization", "").removeprefix("Bearer ")
        return self.companies[str(token)]

    def wrap(self, servicer: Any) -> Any:
        """Errors raised by the servicer travel as the chassis sends them."""
        name = type(servicer).__name__

        def guard(method: Callable[..., Any]) -> Callable[..., Any]:
            def guarded(request: Any, context: grpc.ServicerContext) -> Any:
                try:
                    if name in self.broken:
                        raise Unavailable("away", reason="UNAVAILABLE")
                    with self.lock:
                        return method(request, context)
                except FuniaError as error:
                    code, message, trailing = to_status(error)
                    context.set_trailing_metadata(trailing)
                    context.abort(code, message)

            return guarded

        for attribute in dir(servicer):
            if attribute[0].isupper() and callable(getattr(servicer, attribute)):
                setattr(servicer, attribute, guard(getattr(servicer, attribute)))
        return servicer

    def stop(self) -> None:
        self.server.stop(0)


def stage_rank(stage: str) -> int:
    order = ("visitor", "subscriber", "lead", "mql", "sql", "opportunity", "customer", "evangelist")
    return order.index(stage) if stage in order else -1


def touch(record: Any) -> None:
    record.etag = str(int(record.etag) + 1)
    record.updated_at.GetCurrentTime()


class ContactPeer(contact_pb2_grpc.ContactServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def find(self, context: Any, contact_id: str) -> Any:
        contact = self.peer.company(context).contacts.get(contact_id)
        if contact is None:
            raise NotFound("There is no such contact.", reason="CONTACT_NOT_FOUND")
        return contact

    def record(self, context: Any, contact_id: str, event_type: str, fields: list[str], **details: str) -> None:
        company = self.peer.company(context)
        entry = activity_pb.TimelineEntry(
            id=new_id(company.seed),
            subject_id=contact_id,
            type=event_type,
            actor_type="user",
            actor_id=company.users[0].id,
            changed_fields=fields,
            details=details,
        )
        entry.occurred_at.GetCurrentTime()
        company.timeline.setdefault(contact_id, []).insert(0, entry)

    def GetContact(self, request: Any, context: Any) -> Any:
        return self.find(context, request.id)

    def ListContacts(self, request: Any, context: Any) -> Any:
        found, token = listing(self.peer.company(context).contacts, request, "display_name")
        return contact_pb.ListContactsResponse(contacts=found, next_page_token=token)

    def BatchGetContacts(self, request: Any, context: Any) -> Any:
        store = self.peer.company(context).contacts
        return contact_pb.BatchGetContactsResponse(contacts=[store[i] for i in request.ids if i in store])

    def CreateContact(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        new = request.contact
        if not (new.given_name or new.family_name or new.emails or new.phones):
            raise InvalidArgument("empty", violations=[Violation("contact.given_name", "cannot be empty", "REQUIRED")])
        for index, email in enumerate(new.emails):
            if "@" not in email.address:
                raise InvalidArgument(
                    "bad", violations=[Violation(f"contact.emails[{index}].address", "x", "INVALID_EMAIL")]
                )
        mails = {e.address.casefold() for e in new.emails}
        same = [c for c in company.contacts.values() if mails & {e.address.casefold() for e in c.emails}]
        if same and not request.allow_duplicate:
            raise Conflict(
                "duplicate",
                reason="DUPLICATE",
                details=[contact_pb.DuplicateCandidate(contact=c, score=95, reasons=["email"]) for c in same[:3]],
            )
        made = contact_pb.Contact()
        made.CopyFrom(new)
        made.id, made.etag = str(uuid.uuid4()), "1"
        made.display_name = f"{made.given_name} {made.family_name}".strip()
        made.created_at.GetCurrentTime()
        made.updated_at.GetCurrentTime()
        if request.account_id:
            account = company.accounts[request.account_id]
            made.accounts.append(contact_pb.AccountLink(account_id=account.id, account_name=account.name, primary=True))
        company.contacts = {made.id: made, **company.contacts}
        self.record(context, made.id, "contacts.contact.created", [])
        return made

    def UpdateContact(self, request: Any, context: Any) -> Any:
        contact = self.find(context, request.contact.id)
        if request.etag and request.etag != contact.etag:
            raise Conflict("stale", reason="STALE_ETAG")
        for index, email in enumerate(request.contact.emails):
            if "@" not in email.address:
                raise InvalidArgument(
                    "bad", violations=[Violation(f"contact.emails[{index}].address", "x", "INVALID_EMAIL")]
                )
        before = contact.lifecycle_stage
        if "lifecycle_stage" in request.update_mask.paths:
            back = stage_rank(request.contact.lifecycle_stage) < stage_rank(before)
            if back and not request.reason:
                raise InvalidArgument(
                    "reason", reason="REASON_REQUIRED", violations=[Violation("reason", "say why", "REQUIRED")]
                )
        if "custom" in request.update_mask.paths:
            merged = {**MessageToDict(contact.custom), **MessageToDict(request.contact.custom)}
            request.contact.custom.Clear()
            request.contact.custom.update({key: value for key, value in merged.items() if value is not None})
        request.update_mask.MergeMessage(request.contact, contact, True, True)
        contact.display_name = f"{contact.given_name} {contact.family_name}".strip()
        touch(contact)
        self.record(context, contact.id, "contacts.contact.updated", list(request.update_mask.paths))
        if before != contact.lifecycle_stage:
            details = {"from": before, "to": contact.lifecycle_stage}
            self.record(context, contact.id, "contacts.lifecycle.changed", ["lifecycle_stage"], **details)
        return contact

    def DeleteContact(self, request: Any, context: Any) -> Any:
        contact = self.find(context, request.id)
        contact.deleted_at.GetCurrentTime()
        return contact

    def UndeleteContact(self, request: Any, context: Any) -> Any:
        contact = self.find(context, request.id)
        contact.ClearField("deleted_at")
        return contact

    def MergeContacts(self, request: Any, context: Any) -> Any:
        contact, other = self.find(context, request.id), self.find(context, request.other_id)
        request.take_from_other.MergeMessage(other, contact, True, True)
        contact.emails.extend(e for e in other.emails if e.address not in {x.address for x in contact.emails})
        contact.display_name = f"{contact.given_name} {contact.family_name}".strip()
        other.merged_into_id = contact.id
        other.deleted_at.GetCurrentTime()
        touch(contact)
        self.record(context, contact.id, "contacts.contact.merged", [])
        return contact

    def ExportContacts(self, request: Any, context: Any) -> Iterator[Any]:
        lines = ["name"] + [c.display_name for c in self.peer.company(context).contacts.values()]
        return iter([contact_pb.ExportContactsResponse(chunk=("\n".join(lines)).encode())])


class AccountPeer(account_pb2_grpc.AccountServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    def find(self, context: Any, account_id: str) -> Any:
        account = self.peer.company(context).accounts.get(account_id)
        if account is None:
            raise NotFound("There is no such account.", reason="ACCOUNT_NOT_FOUND")
        return account

    def GetAccount(self, request: Any, context: Any) -> Any:
        return self.find(context, request.id)

    def ListAccounts(self, request: Any, context: Any) -> Any:
        found, token = listing(self.peer.company(context).accounts, request, "name")
        return account_pb.ListAccountsResponse(accounts=found, next_page_token=token)

    def BatchGetAccounts(self, request: Any, context: Any) -> Any:
        store = self.peer.company(context).accounts
        return account_pb.BatchGetAccountsResponse(accounts=[store[i] for i in request.ids if i in store])

    def CreateAccount(self, request: Any, context: Any) -> Any:
        company = self.peer.company(context)
        if not request.account.name:
            raise InvalidArgument("empty", violations=[Violation("account.name", "cannot be empty", "REQUIRED")])
        same = [a for a in company.accounts.values() if a.name.casefold() == request.account.name.casefold()]
        if same and not request.allow_duplicate:
            raise Conflict("duplicate", reason="DUPLICATE", details=same)
        made = account_pb.Account()
        made.CopyFrom(request.account)
        made.id, made.etag = str(uuid.uuid4()), "1"
        made.created_at.GetCurrentTime()
        made.updated_at.GetCurrentTime()
        company.accounts = {made.id: made, **company.accounts}
        return made

    def UpdateAccount(self, request: Any, context: Any) -> Any:
        account = self.find(context, request.account.id)
        if request.etag and request.etag != account.etag:
            raise Conflict("stale", reason="STALE_ETAG")
        request.update_mask.MergeMessage(request.account, account, True, True)
        touch(account)
        return account

    def DeleteAccount(self, request: Any, context: Any) -> Any:
        account = self.find(context, request.id)
        account.deleted_at.GetCurrentTime()
        return account

    def UndeleteAccount(self, request: Any, context: Any) -> Any:
        account = self.find(context, request.id)
        account.ClearField("deleted_at")
        return account

    def ListAccountContacts(self, request: Any, context: Any) -> Any:
        linked = [
            account_pb.AccountContact(
                account_id=link.account_id, contact_id=c.id, role=link.role, primary=link.primary, contact=c
            )
            for c in self.peer.company(context).contacts.values()
            for link in c.accounts
            if link.account_id == request.account_id and not c.deleted_at.seconds
        ]
        return account_pb.ListAccountContactsResponse(contacts=linked[:50])

    def LinkContact(self, request: Any, context: Any) -> Any:
        account = self.find(context, request.account_id)
        contact = self.peer.company(context).contacts[request.contact_id]
        contact.accounts.append(
            contact_pb.AccountLink(
                account_id=account.id, account_name=account.name, role=request.role, primary=request.primary
            )
        )
        return account_pb.AccountContact(account_id=account.id, contact_id=contact.id, role=request.role)

    def UnlinkContact(self, request: Any, context: Any) -> Any:
        contact = self.peer.company(context).contacts[request.contact_id]
        kept = [link for link in contact.accounts if link.account_id != request.account_id]
        contact.ClearField("accounts")
        contact.accounts.extend(kept)
        return account_pb.UnlinkContactResponse()
