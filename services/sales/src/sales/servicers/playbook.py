"""PlaybookService at the edge: what a stage says about a deal, and what of it is done."""

from __future__ import annotations

from uuid import UUID

from chassis.errors import invalid_field
from chassis.record_shares import check_writes
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import playbook_pb2 as pb

from sales.queries import documents, funnel
from sales.queries import playbook as queries
from sales.servicers.deal import DealServicer


class PlaybookServicer:
    """The playbook of deals."""

    service = pb.DESCRIPTOR.services_by_name["PlaybookService"]

    def __init__(self, deals: DealServicer) -> None:
        self._deals = deals

    def GetPlaybook(self, work: Work, request: pb.GetPlaybookRequest) -> pb.Playbook:
        deal = self._deals.found(work, UUID(request.deal_id))
        return _message(work, deal, _stage(work, deal))

    def TickPlaybookItem(self, work: Work, request: pb.TickPlaybookItemRequest) -> pb.Playbook:
        deal = self._deals.locked(work, UUID(request.deal_id))
        check_writes(deal, "deal")
        stage = _stage(work, deal)
        if stage is None or request.item not in stage.checklist:
            raise invalid_field("item", "this is not on the checklist of the deal's stage", reason="NOT_ON_THE_LIST")
        changed = queries.tick(work, deal, request.item) if request.done else queries.untick(work, deal, request.item)
        if changed:
            self._deals.touch(work, deal, "ticked" if request.done else "unticked")
        return _message(work, deal, stage)


def _stage(work: Work, deal: Row) -> Row | None:
    return next((one for one in funnel.stages(work) if one.id == deal.stage_id), None)


def _message(work: Work, deal: Row, stage: Row | None) -> pb.Playbook:
    made = pb.Playbook(deal_id=str(deal.id), stage_id=str(deal.stage_id))
    if stage is None:
        return made
    made.guidance = stage.guidance
    ticks = queries.ticks(work, deal.id, stage.id)
    for item in stage.checklist:
        done = ticks.get(item)
        one = made.items.add(item=item, done=done is not None)
        if done is not None:
            one.done_at.CopyFrom(timestamp(done.done_at))
            one.done_by = str(done.done_by)
    for document in documents.given(work, stage.document_ids):
        if document.file_version and not document.archived:
            made.documents.add(
                document_id=str(document.id),
                name=document.name,
                file_name=document.file_name,
                number=document.file_version,
                size_bytes=document.size_bytes,
                valid_until=document.valid_until.isoformat() if document.valid_until else "",
            )
    return made
