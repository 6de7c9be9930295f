"""LoyaltyService, LoyaltyTierService and LoyaltyMemberService at the edge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from chassis.masks import read_mask, set_fields
from chassis.paging import Pager
from chassis.records import Order, RecordServicer, Resource, stale
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import loyalty_pb2 as pb
from funia.sales.v1.events_pb2 import LoyaltyTierChanged
from funia.sales.v1.payment_pb2 import Payment
from funia.type.v1.money_pb2 import Money
from psycopg.types.json import Jsonb

from sales.model.loyalty import LoyaltyTier
from sales.queries import loyalty as queries
from sales.records import MEMBER, MEMBERS
from sales.references import Customers
from sales.servicers.payment import payment_message
from sales.usecases import liability, members, payments, points, tenders
from sales.usecases.points import Source
from sales.usecases.prices import today

_SERVICES = pb.DESCRIPTOR.services_by_name
NEWEST = datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1)


class LoyaltyServicer:
    """The programme."""

    service = _SERVICES["LoyaltyService"]

    def GetLoyaltyProgram(self, work: Work, request: pb.GetLoyaltyProgramRequest) -> pb.LoyaltyProgram:
        return _program(queries.program(work))

    def UpdateLoyaltyProgram(self, work: Work, request: pb.UpdateLoyaltyProgramRequest) -> pb.LoyaltyProgram:
        before = queries.program(work)
        if request.etag and request.etag != str(before.version):
            raise stale(request.etag, before.version)
        given = request.program
        mask = read_mask(request.update_mask, given.DESCRIPTOR) if request.update_mask.paths else set_fields(given)
        values = {name: getattr(before, name) for name in queries.PROGRAM_COLUMNS}
        values |= {name: getattr(given, name) for name in values if name in mask.names and name != "earn_rules"}
        if "earn_rules" in mask.names:
            values["earn_rules"] = [_rule(one) for one in given.earn_rules]
        values["rounding"] = values["rounding"] or "down"
        values["earn_rules"] = Jsonb(values["earn_rules"])
        if not queries.keep_program(work, before.version, values):
            raise stale(str(before.version), queries.program(work).version)
        return _program(queries.program(work))

    def GetLiabilityReport(self, work: Work, request: pb.GetLiabilityReportRequest) -> pb.LiabilityReport:
        first, last = liability.span(work, request.from_month, request.to_month)
        value, currency = liability.point_value(work)
        return pb.LiabilityReport(
            months=[
                pb.LiabilityMonth(
                    month=f"{one.month:%Y-%m}",
                    unit=one.unit,
                    opening=one.opening,
                    closing=one.closing,
                    worth=(
                        Money(currency_code=currency, amount_minor=one.closing * value)
                        if one.unit == points.UNIT
                        else Money(currency_code=one.unit, amount_minor=one.closing)
                    ),
                    **one.moved,
                )
                for one in liability.report(work, first, last)
            ]
        )


class LoyaltyTierServicer(RecordServicer):
    """Tiers."""

    service = _SERVICES["LoyaltyTierService"]
    resource = Resource(
        "sales",
        "loyalty_tier",
        LoyaltyTier,
        pb.LoyaltyTier,
        order=Order("threshold_points"),
        lowered={"name": "name_key"},
        label="tier",
    )
    defaults: ClassVar[dict[str, Any]] = {"custom": {}, "external_ids": {}}

    def checked(self, work: Work, before: Row | None, after: dict[str, Any], changed: frozenset[str]) -> None:
        after["name_key"] = after["name"].lower()
        after["earn_percent"] = after["earn_percent"] or 100

    def payload(self, row: Row) -> LoyaltyTierChanged:
        return LoyaltyTierChanged(
            tier_id=str(row.id), threshold_points=row.threshold_points, deleted=row.deleted_at is not None
        )


class LoyaltyMemberServicer(RecordServicer):
    """Members and their points."""

    service = _SERVICES["LoyaltyMemberService"]
    resource = MEMBER

    def __init__(self, pager: Pager, customers: Customers) -> None:
        super().__init__(pager)
        self._customers = customers

    def EnrolMember(self, work: Work, request: pb.EnrolMemberRequest) -> pb.LoyaltyMember:
        given = {name: getattr(request, name) for name in ("card_number", "name", "phone", "email")}
        for kind in ("contact", "account"):
            text = getattr(request, f"{kind}_id")
            given[f"{kind}_id"] = UUID(text) if text else None
            if text:
                self._customers.check(work, kind, [(f"{kind}_id", UUID(text))])
        return self.message(work, members.enrol(work, given))  # type: ignore[no-any-return]

    def UpdateLoyaltyMember(self, work: Work, request: pb.UpdateLoyaltyMemberRequest) -> pb.LoyaltyMember:
        given = request.loyalty_member
        mask = read_mask(request.update_mask, given.DESCRIPTOR) if request.update_mask.paths else set_fields(given)
        row = self._locked(work, given.id, request.etag)
        values = self.resource.mapping.values(given, sorted(mask.names))
        for kind in ("contact", "account"):
            record_id = values.get(f"{kind}_id")
            if record_id and record_id != getattr(row, f"{kind}_id"):
                self._customers.check(work, kind, [(f"loyalty_member.{kind}_id", record_id)])
        return self.message(work, members.change(work, row, values))  # type: ignore[no-any-return]

    def FindCustomer(self, work: Work, request: pb.FindCustomerRequest) -> pb.FoundCustomer:
        asked = members.read(work, request.query)
        row = members.find(work, asked)
        contact_id = row.contact_id if row is not None else None
        if row is None and (asked.phone or asked.email):
            contact_id = self._customers.find(work, phone=asked.phone, email=asked.email)
            member_id = None if contact_id is None else queries.member_of(work, contact_id=contact_id)
            row = None if member_id is None else MEMBERS.get(work, member_id)
        if row is None and contact_id is None:
            raise MEMBER.not_found(request.query.strip()[:80])
        program = queries.program(work)
        tier = {one.id: one.name for one in queries.tiers(work)}
        held = queries.credits_of(work, today(work), member_id=None if row is None else row.id, contact_id=contact_id)
        found = pb.FoundCustomer(
            contact_id=str(contact_id or ""),
            credits=[Money(currency_code=one.currency_code, amount_minor=one.minor) for one in held],
        )
        if row is not None:
            found.member.CopyFrom(self.message(work, row))
            found.account_id = str(row.account_id or "")
            found.tier_name = tier.get(row.tier_id, "")
            worth = row.available_points * program.point_value_minor
            found.points_worth.CopyFrom(Money(currency_code=program.currency_code, amount_minor=worth))
        return found

    def MoveMember(self, work: Work, request: pb.MoveMemberRequest) -> pb.LoyaltyMember:
        row = self._locked(work, request.id, request.etag)
        return self.message(work, points.move(work, row, request.step))  # type: ignore[no-any-return]

    def AdjustPoints(self, work: Work, request: pb.AdjustPointsRequest) -> pb.PointPosting:
        member = points.locked(work, UUID(request.member_id))
        points.adjust(work, member, request.points, Source(UUID(request.id)), request.reason.strip())
        known = queries.posted(work, "adjust", UUID(request.id))
        assert known is not None, "it was posted"
        rows = queries.postings(work, known.holder_id, before=NEWEST, limit=self.pager.size(0))
        return _postings(work, [row for row in rows if row.id == known.id])[0]

    def ListPointPostings(self, work: Work, request: pb.ListPointPostingsRequest) -> pb.ListPointPostingsResponse:
        member = self.found(work, UUID(request.member_id))
        rows, token = page_of_postings(self.pager, work, member.id, request)
        return pb.ListPointPostingsResponse(postings=_postings(work, rows), next_page_token=token)

    def PayWithPoints(self, work: Work, request: pb.PayWithPointsRequest) -> Payment:
        owed = payments.debt(work, _id(request.order_id), _id(request.invoice_id))
        return payment_message(
            tenders.pay_with_points(work, owed, UUID(request.id), UUID(request.member_id), request.points)
        )

    def _locked(self, work: Work, member_id: str, etag: str) -> Row:
        row = self.locked(work, UUID(member_id), etag)
        return points.locked(work, row.id)


def page_of_postings(pager: Pager, work: Work, holder_id: UUID, request: Any) -> tuple[list[Row], str]:
    """A page of the ledger of a member or of a card, and the token of the next."""
    size = pager.size(request.page_size)
    binding = ("Postings", str(holder_id))
    before = NEWEST
    if request.page_token:
        posted_at, posting_id = pager.key(work.tenant_id, binding, request.page_token)
        before = datetime.fromisoformat(str(posted_at)), UUID(str(posting_id))
    rows = queries.postings(work, holder_id, before=before, limit=size + 1)
    if len(rows) <= size:
        return rows, ""
    rows = rows[:size]
    return rows, pager.token(work.tenant_id, binding, [rows[-1].posted_at, rows[-1].id])


def _postings(work: Work, rows: Sequence[Row]) -> list[pb.PointPosting]:
    moved = queries.transfers(work, [row.id for row in rows])
    found = []
    for row in rows:
        moves = {(one.source, one.target): one.amount for one in moved[row.id]}
        found.append(
            pb.PointPosting(
                id=str(row.id),
                kind=row.kind,
                available=points.change(moves, "available"),
                pending=points.change(moves, "pending"),
                owed=-points.change(moves, "owed"),
                order_id=str(row.order_id or ""),
                reason=row.reason,
                posted_by=str(row.posted_by),
                posted_at=timestamp(row.posted_at),
            )
        )
    return found


def _program(row: Row) -> pb.LoyaltyProgram:
    values = {name: getattr(row, name) for name in queries.PROGRAM_COLUMNS if name != "earn_rules"}
    return pb.LoyaltyProgram(etag=str(row.version), earn_rules=[pb.EarnRule(**one) for one in row.earn_rules], **values)


def _rule(rule: pb.EarnRule) -> dict[str, Any]:
    return {"product_id": rule.product_id, "category_id": rule.category_id, "percent": rule.percent}


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
