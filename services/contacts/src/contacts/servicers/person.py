"""PersonService at the edge."""

from __future__ import annotations

from uuid import UUID

from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Row, Work
from funia.contacts.v1 import person_pb2 as pb

from contacts.elsewhere import OtherServices
from contacts.queries import person as queries
from contacts.usecases import person

_LIST = ("contacts", "person-erasures")


class PersonServicer:
    """One person as a whole."""

    def __init__(self, pager: Pager, others: OtherServices) -> None:
        self._pager = pager
        self._others = others

    def GetPersonalData(self, call: Call, request: pb.GetPersonalDataRequest) -> pb.PersonalData:
        with call.database.open_work(call.caller, read_only=True) as work:
            held = person.everything(work, UUID(request.id))
            answer = pb.PersonalData(contact_id=str(held.contact_id))
            answer.as_of.FromDatetime(work.now)
        for name, rows in held.tables.items():
            table = answer.tables.add(name=name)
            for row in rows:
                table.rows.add().update(row)
        elsewhere = self._others.ask(call.caller, held.sought)
        answer.tables.extend(elsewhere.tables)
        answer.missing_services.extend(elsewhere.missing)
        return answer

    def EraseContact(self, work: Work, request: pb.EraseContactRequest) -> pb.PersonErasure:
        return _erasure(person.erase(work, UUID(request.id), etag=request.etag))

    def LiftPersonErasure(self, work: Work, request: pb.LiftPersonErasureRequest) -> pb.PersonErasure:
        return _erasure(person.lift(work, UUID(request.id), reason=request.reason.strip()))

    def ListPersonErasures(self, work: Work, request: pb.ListPersonErasuresRequest) -> pb.ListPersonErasuresResponse:
        size = self._pager.size(request.page_size)
        before_id = None
        if request.page_token:
            before_id = UUID(str(self._pager.key(work.tenant_id, _LIST, request.page_token)[0]))
        rows = queries.page(work, limit=size + 1, before_id=before_id)
        token = self._pager.token(work.tenant_id, _LIST, [rows[size - 1].id]) if len(rows) > size else ""
        return pb.ListPersonErasuresResponse(
            person_erasures=[_erasure(row) for row in rows[:size]], next_page_token=token
        )


def _erasure(row: Row) -> pb.PersonErasure:
    message = pb.PersonErasure(
        id=str(row.id),
        contact_digest=row.contact_digest,
        erased_by=str(row.erased_by),
        rows=[pb.ErasedRows(name=name, count=count) for name, count in sorted(row.rows.items())],
        files_left=len(row.file_keys),
        identities_kept_away=row.kept_away,
        lifted_by=str(row.lifted_by or ""),
        lift_reason=row.lift_reason,
    )
    if row.lifted_at is not None:
        message.lifted_at.FromDatetime(row.lifted_at)
    message.erased_at.FromDatetime(row.erased_at)
    return message
