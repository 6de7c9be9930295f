"""PaymentEventService at the edge: webhooks of the card provider, as the gateway hands them on."""

from __future__ import annotations

import logging
from uuid import UUID

from chassis.errors import InvalidArgument, NotFound
from chassis.ids import uuid7
from chassis.work import Row, Work
from funia.sales.v1 import payment_event_pb2 as pb

from sales.cards.port import Event, Forged
from sales.queries import billing as queries
from sales.queries.billing import PAYMENTS, REFUNDS
from sales.usecases import payments, refunds, returns
from sales.usecases.card_accounts import CardDesk, note_refund

log = logging.getLogger(__name__)


class PaymentEventServicer:
    """What the provider tells. Repeated and late webhooks change nothing; forged ones are refused."""

    service = pb.DESCRIPTOR.services_by_name["PaymentEventService"]

    def __init__(self, desk: CardDesk) -> None:
        self._desk = desk

    def ReceivePaymentEvent(self, work: Work, request: pb.ReceivePaymentEventRequest) -> pb.ReceivePaymentEventResponse:
        secret = self._desk.accounts.webhook_secret(work, UUID(request.account_id))
        if not secret:
            raise NotFound("There is no such card account.", reason="CARD_ACCOUNT_NOT_FOUND")
        try:
            event = self._desk.provider.read_event(secret, request.body, request.signature, work.now)
        except Forged as error:
            raise InvalidArgument(f"This webhook is not taken: {error}.", reason="FORGED_WEBHOOK") from error
        if event is not None and queries.take_event(work, event.id):
            if event.told == "refund":
                self._refund(work, event)
            else:
                self._payment(work, event)
        return pb.ReceivePaymentEventResponse()

    def _payment(self, work: Work, event: Event) -> None:
        payment_id = _uuid(event.own_id)
        known = None if payment_id is None else PAYMENTS.get(work, payment_id)
        if known is None or known.provider_reference not in ("", event.reference) or not known.provider:
            log.info("a webhook of a payment that is not ours", extra={"event_id": event.id})
            return
        owed, row = payments.found(work, known.id)
        row = payments.note_reference(work, row.id, event.reference)
        if event.told == "captured":
            if event.currency != row.currency_code:
                log.error("a payment came in another currency", extra={"payment_id": str(row.id)})
                return
            payments.capture(work, owed, row, amount=event.amount_minor)
        elif event.told == "canceled":
            payments.end(work, row, "canceled")
        # A try that failed is not the end at the provider: the payer may try another card.

    def _refund(self, work: Work, event: Event) -> None:
        known = REFUNDS.by(work, "provider_reference", event.reference) if not event.own_id else []
        refund_id = _uuid(event.own_id) or (known[0].id if known else None)
        refund = None if refund_id is None else REFUNDS.get(work, refund_id)
        if refund is None:
            refund = self._made_there(work, event)
        if refund is None:
            return
        noted = note_refund(
            work, refund.payment_id, refund.id, event.refund_status, event.reference, event.failure or "failed"
        )
        if noted.status == "succeeded" and noted.return_id is not None:
            _, back = returns.locked(work, noted.return_id)
            returns.refunded(work, back)

    def _made_there(self, work: Work, event: Event) -> Row | None:
        """A refund that somebody made at the provider, not here."""
        paid = PAYMENTS.by(work, "provider_reference", event.payment_reference) if event.payment_reference else []
        if not paid or event.refund_status == "failed":
            return None
        _, payment = payments.found(work, paid[0].id)
        if payment.status != "captured" or event.amount_minor > payment.amount_minor - payment.refunding_minor:
            log.error("a refund of more than a payment has left", extra={"payment_id": str(payment.id)})
            return None
        made = refunds.begin(
            work, payment, uuid7(), amount=event.amount_minor, reason="Refunded at the card provider", asks=False
        )
        return REFUNDS.update(work, made.id, {"provider_reference": event.reference})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
