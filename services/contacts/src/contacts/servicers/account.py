"""AccountService at the edge."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.errors import Conflict
from chassis.paging import Pager
from chassis.work import Work
from funia.contacts.v1 import account_pb2 as pb

from contacts import wire
from contacts.queries import account as queries
from contacts.queries.lists import parse_order
from contacts.servicers.paged import changed_fields, cut, read_key
from contacts.usecases import account, contact

_DATES = {"created_at", "updated_at", "deleted_at"}


class AccountServicer:
    """Companies of the tenant."""

    def __init__(self, pager: Pager) -> None:
        self._pager = pager

    def GetAccount(self, work: Work, request: pb.GetAccountRequest) -> pb.Account:
        return wire.account(account.get(work, UUID(request.id)))

    def ListAccounts(self, work: Work, request: pb.ListAccountsRequest) -> pb.ListAccountsResponse:
        order = parse_order(request.order_by, tuple(queries.SORTABLE), queries.NEWEST)
        size = self._pager.size(request.page_size)
        binding = ("ListAccounts", request.filter, order.text, str(request.deleted))
        kind = datetime if order.field in _DATES else str
        rows = queries.page(
            work,
            order=order,
            filter_text=request.filter,
            deleted=request.deleted,
            limit=size + 1,
            key=read_key(self._pager, work, binding, request.page_token, kind),
        )
        rows, token = cut(self._pager, work, binding, rows, size, queries.SORTABLE[order.field])
        return pb.ListAccountsResponse(accounts=[wire.account(row) for row in rows], next_page_token=token)

    def CreateAccount(self, work: Work, request: pb.CreateAccountRequest) -> pb.Account:
        row, candidates = account.create(
            work, wire.account_draft(request.account), allow_duplicate=request.allow_duplicate
        )
        if row is None:
            raise Conflict(
                account.DUPLICATE,
                reason="DUPLICATE_ACCOUNT",
                details=[pb.BatchGetAccountsResponse(accounts=[wire.account(one) for one in candidates])],
            )
        return wire.account(row)

    def UpdateAccount(self, work: Work, request: pb.UpdateAccountRequest) -> pb.Account:
        fields = wire.account_columns(changed_fields(request.update_mask, request.account))
        draft = wire.account_draft(request.account)
        return wire.account(account.update(work, UUID(request.account.id), draft, fields, etag=request.etag))

    def DeleteAccount(self, work: Work, request: pb.DeleteAccountRequest) -> pb.Account:
        return wire.account(account.delete(work, UUID(request.id), etag=request.etag))

    def UndeleteAccount(self, work: Work, request: pb.UndeleteAccountRequest) -> pb.Account:
        return wire.account(account.undelete(work, UUID(request.id)))

    def BatchGetAccounts(self, work: Work, request: pb.BatchGetAccountsRequest) -> pb.BatchGetAccountsResponse:
        rows = {str(row.id): row for row in queries.batch(work, [UUID(one) for one in request.ids])}
        return pb.BatchGetAccountsResponse(accounts=[wire.account(rows[one]) for one in request.ids if one in rows])

    def ListAccountContacts(self, work: Work, request: pb.ListAccountContactsRequest) -> pb.ListAccountContactsResponse:
        account_id = UUID(request.account_id)
        account.get(work, account_id)
        size = self._pager.size(request.page_size)
        binding = ("ListAccountContacts", request.account_id)
        key = read_key(self._pager, work, binding, request.page_token, datetime)
        rows = queries.people(work, account_id, limit=size + 1, after_id=key[1] if key else None)
        rows, token = cut(self._pager, work, binding, rows, size, "created_at")
        people = [
            pb.AccountContact(
                account_id=request.account_id,
                contact_id=str(row.id),
                role=row.role,
                primary=row.is_primary,
                contact=wire.contact_summary(row),
            )
            for row in rows
        ]
        return pb.ListAccountContactsResponse(contacts=people, next_page_token=token)

    def LinkContact(self, work: Work, request: pb.LinkContactRequest) -> pb.AccountContact:
        row = contact.link(
            work, UUID(request.account_id), UUID(request.contact_id), role=request.role, primary=request.primary
        )
        link = next(one for one in row.accounts if one["account_id"] == request.account_id)
        return pb.AccountContact(
            account_id=request.account_id,
            contact_id=request.contact_id,
            role=link["role"],
            primary=link["primary"],
            contact=wire.contact_summary(row),
        )

    def UnlinkContact(self, work: Work, request: pb.UnlinkContactRequest) -> pb.UnlinkContactResponse:
        contact.unlink(work, UUID(request.account_id), UUID(request.contact_id))
        return pb.UnlinkContactResponse()
