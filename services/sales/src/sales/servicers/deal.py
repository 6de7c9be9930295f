"""DealService at the edge: deals, their way through the stages, the board and the forecast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.paging import Pager
from chassis.records import RecordServicer
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import deal_pb2 as pb
from funia.sales.v1.events_pb2 import DealChanged
from funia.type.v1.money_pb2 import Money

from sales.events import deal_payload
from sales.queries import activity
from sales.queries import funnel as queries
from sales.records import DEAL
from sales.references import Customers
from sales.servicers.pipeline import stage_message
from sales.usecases import deals as rules
from sales.usecases import goals
from sales.usecases.forecast import Sums, forecast

Values = dict[str, Any]
DEALS_PER_STAGE = 25
COUNTED = {"created": 1, "undeleted": 1, "deleted": -1}
"""What changes of a deal add to the number of deals that the plan counts."""
CLOSED_SHOWN = timedelta(days=90)
"""How long won and lost deals stay on a board that shows them."""


class DealServicer(RecordServicer):
    """Deals."""

    service = pb.DESCRIPTOR.services_by_name["DealService"]
    resource = DEAL
    defaults: ClassVar[Values] = {
        "lost_reason": "",
        "lost_note": "",
        "closed_at": None,
        "line_count": 0,
        "lines_currency": "",
        "lines_net_minor": 0,
    }

    def __init__(self, pager: Pager, customers: Customers) -> None:
        super().__init__(pager)
        self._customers = customers

    def living(self, work: Work, kind: str, ids: set[UUID]) -> set[UUID]:
        return ids - self._customers.unknown(work, kind, ids)

    def checked(self, work: Work, before: Row | None, after: Values, changed: frozenset[str]) -> None:
        rules.check(work, self._customers, before, after, changed)

    def write_new(self, work: Work, given: Values, *, record_id: UUID | None = None) -> Row:
        row = super().write_new(work, given, record_id=record_id)
        queries.add_step(work, row, None, uuid7(), "")
        return row

    def recorded(self, work: Work, verb: str, row: Row, changed: tuple[str, ...]) -> Iterable[Event]:
        if verb == "created" or "contacts" in changed:
            queries.put_contacts(work, row.id, [UUID(one["contact_id"]) for one in row.contacts])
        if (number := COUNTED.get(verb)) is not None:
            work.count("deals", number)
        if verb == "created":
            goals.begin_snapshots(work)
        told = "amount_changed" if verb == "updated" and "amount" in changed else verb
        return super().recorded(work, told, row, changed)

    def touch(self, work: Work, deal: Row, verb: str) -> Row:
        """Tells of something that happened to a locked deal beside its own fields."""
        row = self.store.update(work, deal.id, {"last_activity_at": work.now})
        work.record(Event(self.resource.event(verb), row.id, row.version, deal_payload(row), ()))
        return row

    def payload(self, row: Row) -> DealChanged:
        return deal_payload(row)

    def messages(self, work: Work, rows: list[Row]) -> list[Any]:
        stages = {one.id: one for one in queries.stages(work)} if rows else {}
        due = activity.next_of(work, [row.id for row in rows])
        found = []
        for row in rows:
            made = pb.Deal()
            self.resource.mapping.fill(row, made)
            made.rotting = rules.rotting(row, stages.get(row.stage_id), work.now)
            if row.id in due:
                made.next_activity_at.CopyFrom(timestamp(due[row.id]))
            found.append(made)
        return found

    def message(self, work: Work, row: Row) -> Any:
        return self.messages(work, [row])[0]

    def MoveDeal(self, work: Work, request: pb.MoveDealRequest) -> pb.Deal:
        before = self.found(work, UUID(request.id), lock=True)
        given = rules.move(
            work,
            before,
            UUID(request.stage_id),
            etag=request.etag,
            lost_reason=request.lost_reason.strip(),
            lost_note=request.lost_note.strip(),
            reason=request.reason.strip(),
        )
        if given is None:
            return self.message(work, before)  # type: ignore[no-any-return]
        row, changed = self.apply(work, before, given)
        queries.add_step(work, row, before, uuid7(), request.reason.strip() or row.lost_reason)
        payload = deal_payload(row)
        payload.from_stage_id = str(before.stage_id)
        payload.seconds_in_stage = queries.seconds_before(before, row)
        verbs = ["stage_changed"]
        if row.status != before.status:
            verbs.append("reopened" if row.status == "open" else row.status)
        work.record_all([Event(self.resource.event(one), row.id, row.version, payload, changed) for one in verbs])
        return self.message(work, row)  # type: ignore[no-any-return]

    def ListStageHistory(self, work: Work, request: pb.ListStageHistoryRequest) -> pb.ListStageHistoryResponse:
        deal = self.found(work, UUID(request.deal_id))
        size = self.pager.size(request.page_size)
        binding = ("ListStageHistory", request.deal_id)
        before = None
        if request.page_token:
            before = UUID(str(self.pager.key(work.tenant_id, binding, request.page_token)[0]))
        rows = queries.steps(work, deal.id, before=before, limit=size + 1)
        token = ""
        if len(rows) > size:
            rows = rows[:size]
            token = self.pager.token(work.tenant_id, binding, [rows[-1].id])
        return pb.ListStageHistoryResponse(steps=[_step(row) for row in rows], next_page_token=token)

    def GetDealBoard(self, work: Work, request: pb.GetDealBoardRequest) -> pb.DealBoard:
        pipeline_id = UUID(request.pipeline_id)
        order = self.resource.parse_order(request.order_by or "stage_entered_at desc")
        stages = rules.stages_of(work, pipeline_id, closed=request.closed)
        closed_since = work.now - CLOSED_SHOWN if request.closed else None
        sums = {
            row.stage_id: row
            for row in queries.column_sums(work, pipeline_id, self.store.condition(work, request.filter), closed_since)
        }
        columns = []
        for stage in stages:
            listed = pb.ListDealsRequest(
                filter=_and(f'stage_id = "{stage.id}"', request.filter, _closed_filter(stage, closed_since)),
                order_by=order.text,
                page_size=request.deals_per_stage or DEALS_PER_STAGE,
            )
            total = sums.get(stage.id)
            page = self._list(work, listed) if total else pb.ListDealsResponse()
            columns.append(
                pb.BoardColumn(
                    stage=stage_message(stage),
                    deal_count=total.deal_count if total else 0,
                    amount_minor=total.amount_minor if total else 0,
                    weighted_minor=total.weighted_minor if total else 0,
                    deals=page.deals,
                    filter=listed.filter,
                    next_page_token=page.next_page_token,
                )
            )
        return pb.DealBoard(columns=columns, currency_code=rules.home_currency(work))

    def GetForecast(self, work: Work, request: pb.GetForecastRequest) -> pb.Forecast:
        found = forecast(
            work,
            request.first_month,
            request.months,
            pipeline_id=UUID(request.pipeline_id) if request.pipeline_id else None,
            owner_id=UUID(request.owner_id) if request.owner_id else None,
        )
        return pb.Forecast(
            currency_code=found.currency,
            months=[pb.ForecastMonth(month=month, sums=_sums(sums)) for month, sums in found.months.items()],
            owners=[
                pb.ForecastOwner(owner_id=str(owner_id or ""), sums=_sums(sums))
                for owner_id, sums in found.owners.items()
            ],
        )


def _sums(sums: Sums) -> pb.ForecastSums:
    return pb.ForecastSums(**asdict(sums))


def _step(row: Row) -> pb.StageStep:
    made = pb.StageStep(
        id=str(row.id),
        from_stage_id=str(row.from_stage_id or ""),
        to_stage_id=str(row.to_stage_id),
        entered_at=timestamp(row.entered_at),
        seconds_before=row.seconds_before,
        moved_by=str(row.moved_by),
        reason=row.reason,
    )
    if row.amount_currency:
        made.amount.CopyFrom(Money(currency_code=row.amount_currency, amount_minor=row.amount_minor))
    return made


def _closed_filter(stage: Row, since: Any) -> str:
    return "" if stage.category == "open" or since is None else f'closed_at >= "{since:%Y-%m-%dT%H:%M:%SZ}"'


def _and(*parts: str) -> str:
    return " AND ".join(f"({one})" for one in parts if one)
