"""GiftCardService at the edge."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.errors import invalid_field
from chassis.paging import Pager
from chassis.records import RecordServicer
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import gift_card_pb2 as pb
from funia.sales.v1.payment_pb2 import Payment

from sales.queries import loyalty as ledger
from sales.records import GIFT_CARD
from sales.references import Customers
from sales.servicers.loyalty import page_of_postings
from sales.servicers.payment import payment_message
from sales.usecases import gift_cards, payments, points, tenders


class GiftCardServicer(RecordServicer):
    """Gift cards."""

    service = pb.DESCRIPTOR.services_by_name["GiftCardService"]
    resource = GIFT_CARD

    def __init__(self, pager: Pager, customers: Customers, codes: gift_cards.Codes) -> None:
        super().__init__(pager)
        self._customers = customers
        self._codes = codes

    def IssueGiftCard(self, work: Work, request: pb.IssueGiftCardRequest) -> pb.IssuedGiftCard:
        card_id = UUID(request.id)
        if request.amount.amount_minor <= 0:
            raise invalid_field("amount.amount_minor", "a card holds more than nothing", reason="NOT_POSITIVE")
        contact_id = _id(request.contact_id)
        if contact_id is not None:
            self._customers.check(work, "contact", [("contact_id", contact_id)])
        member_id = _id(request.member_id)
        code = self._codes.of(work.tenant_id, card_id)
        given = {
            "issued_amount_minor": request.amount.amount_minor,
            "currency_code": request.amount.currency_code,
            "order_id": _id(request.order_id),
            "contact_id": contact_id,
            "member_id": None if member_id is None else points.locked(work, member_id).id,
            "reason": request.reason.strip(),
            "expires_on": _day(request.expires_on),
        }
        row = gift_cards.issue(work, card_id, code, given)
        return pb.IssuedGiftCard(gift_card=self.message(work, row), code=code)

    def FindGiftCard(self, work: Work, request: pb.FindGiftCardRequest) -> pb.GiftCard:
        return self.message(work, gift_cards.found(work, request.code))  # type: ignore[no-any-return]

    def BlockGiftCard(self, work: Work, request: pb.BlockGiftCardRequest) -> pb.GiftCard:
        return self._moved(work, request.id, "block")

    def UnblockGiftCard(self, work: Work, request: pb.UnblockGiftCardRequest) -> pb.GiftCard:
        return self._moved(work, request.id, "unblock")

    def PayWithGiftCard(self, work: Work, request: pb.PayWithGiftCardRequest) -> Payment:
        owed = payments.debt(work, _id(request.order_id), _id(request.invoice_id))
        amount = request.amount.amount_minor if request.HasField("amount") else None
        return payment_message(tenders.pay_with_gift_card(work, owed, UUID(request.id), request.code, amount))

    def ListGiftCardPostings(
        self, work: Work, request: pb.ListGiftCardPostingsRequest
    ) -> pb.ListGiftCardPostingsResponse:
        card = self.found(work, UUID(request.gift_card_id))
        rows, token = page_of_postings(self.pager, work, card.id, request)
        moved = ledger.transfers(work, [row.id for row in rows])
        postings = [
            pb.GiftCardPosting(
                id=str(row.id),
                kind=row.kind,
                change_minor=points.change({(one.source, one.target): one.amount for one in moved[row.id]}, "card"),
                order_id=str(row.order_id or ""),
                posted_by=str(row.posted_by),
                posted_at=timestamp(row.posted_at),
            )
            for row in rows
        ]
        return pb.ListGiftCardPostingsResponse(postings=postings, next_page_token=token)

    def _moved(self, work: Work, card_id: str, verb: str) -> pb.GiftCard:
        row: Row = gift_cards.locked(work, UUID(card_id))
        return self.message(work, gift_cards.move(work, row, verb))  # type: ignore[no-any-return]


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise invalid_field("expires_on", "give a day as 2027-12-31", reason="INVALID_DATE") from error
