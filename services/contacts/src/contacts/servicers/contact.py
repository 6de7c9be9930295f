"""ContactService at the edge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from chassis.errors import Conflict
from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Work
from funia.contacts.v1 import contact_pb2 as pb

from contacts import wire, wire_json
from contacts.queries import contact as queries
from contacts.queries.lists import parse_order
from contacts.servicers.paged import changed_fields, cut, read_key
from contacts.usecases import contact, contact_merge, export_contacts

_DATES = {"created_at", "updated_at", "deleted_at"}


class ContactServicer:
    """Contacts of the tenant."""

    def __init__(self, pager: Pager) -> None:
        self._pager = pager

    def GetContact(self, work: Work, request: pb.GetContactRequest) -> pb.Contact | bytes:
        write = wire_json.contact if work.takes_json else wire.contact
        return write(contact.get(work, UUID(request.id)))

    def ListContacts(self, work: Work, request: pb.ListContactsRequest) -> pb.ListContactsResponse | bytes:
        order = parse_order(request.order_by, tuple(queries.SORTABLE), queries.NEWEST)
        full = request.view == pb.VIEW_FULL
        size = self._pager.size(request.page_size)
        binding = ("ListContacts", request.filter, order.text, str(request.deleted))
        kind = datetime if order.field in _DATES else str
        rows = queries.page(
            work,
            order=order,
            filter_text=request.filter,
            full=full,
            deleted=request.deleted,
            limit=size + 1,
            key=read_key(self._pager, work, binding, request.page_token, kind),
        )
        rows, token = cut(self._pager, work, binding, rows, size, queries.SORTABLE[order.field])
        if work.takes_json:
            return wire_json.contact_list(rows, token, full=full)
        write = wire.contact if full else wire.contact_summary
        return pb.ListContactsResponse(contacts=[write(row) for row in rows], next_page_token=token)

    def CreateContact(self, work: Work, request: pb.CreateContactRequest) -> pb.Contact:
        row, candidates = contact.create(
            work,
            wire.contact_draft(request.contact),
            allow_duplicate=request.allow_duplicate,
            account_id=wire.optional_id(request.account_id),
        )
        if row is None:
            raise Conflict(contact.DUPLICATE, reason="DUPLICATE_CONTACT", details=[_candidates(candidates)])
        return wire.contact(row)

    def UpdateContact(self, work: Work, request: pb.UpdateContactRequest) -> pb.Contact:
        fields = changed_fields(request.update_mask, request.contact)
        return wire.contact(
            contact.update(
                work,
                UUID(request.contact.id),
                wire.contact_draft(request.contact),
                fields,
                etag=request.etag,
                reason=request.reason,
            )
        )

    def DeleteContact(self, work: Work, request: pb.DeleteContactRequest) -> pb.Contact:
        return wire.contact(contact.delete(work, UUID(request.id), etag=request.etag))

    def UndeleteContact(self, work: Work, request: pb.UndeleteContactRequest) -> pb.Contact:
        return wire.contact(contact.undelete(work, UUID(request.id)))

    def BatchGetContacts(self, work: Work, request: pb.BatchGetContactsRequest) -> pb.BatchGetContactsResponse:
        full = request.view != pb.VIEW_SUMMARY
        rows = {str(row.id): row for row in queries.batch(work, [UUID(one) for one in request.ids], full=full)}
        write = wire.contact if full else wire.contact_summary
        return pb.BatchGetContactsResponse(contacts=[write(rows[one]) for one in request.ids if one in rows])

    def LookupContact(self, work: Work, request: pb.LookupContactRequest) -> pb.Contact:
        return wire.contact(
            contact.lookup(work, email=request.email, phone=request.phone, external_id=request.external_id)
        )

    def FindDuplicateContacts(
        self, work: Work, request: pb.FindDuplicateContactsRequest
    ) -> pb.FindDuplicateContactsResponse:
        return _candidates(contact.duplicates_of(work, wire.contact_draft(request.contact)))

    def MergeContacts(self, work: Work, request: pb.MergeContactsRequest) -> pb.Contact:
        row = contact_merge.merge(
            work, UUID(request.id), UUID(request.other_id), request.take_from_other.paths, etag=request.etag
        )
        return wire.contact(row)

    def ExportContacts(self, call: Call, request: pb.ExportContactsRequest) -> Iterator[pb.ExportContactsResponse]:
        chunks = export_contacts.exported(call.database, call.caller, filter_text=request.filter, form=request.format)
        for chunk in chunks:
            yield pb.ExportContactsResponse(chunk=chunk)


def _candidates(found: list[contact.Duplicate]) -> pb.FindDuplicateContactsResponse:
    return pb.FindDuplicateContactsResponse(
        candidates=[
            pb.DuplicateCandidate(contact=wire.contact_summary(one.row), score=one.score, reasons=one.reasons)
            for one in found
        ]
    )
