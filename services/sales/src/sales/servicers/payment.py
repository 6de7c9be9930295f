"""PaymentService at the edge. Nothing is locked while the card provider is asked."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from chassis.errors import Conflict, Unavailable
from chassis.ids import uuid7
from chassis.records.mapping import timestamp
from chassis.server import Call
from chassis.work import Row, Work
from funia.sales.v1 import payment_pb2 as pb
from funia.type.v1.money_pb2 import Money

from sales.cards.port import Declined, NoAnswer
from sales.queries.billing import PAYMENTS, REFUNDS
from sales.usecases import payments, refunds
from sales.usecases.card_accounts import CardAccounts, CardDesk


class PaymentServicer:
    """Payments and refunds."""

    service = pb.DESCRIPTOR.services_by_name["PaymentService"]

    def __init__(self, desk: CardDesk) -> None:
        self._desk = desk
        self._accounts: CardAccounts = desk.accounts

    def GetPayment(self, work: Work, request: pb.GetPaymentRequest) -> pb.Payment:
        _, row = payments.found(work, UUID(request.id), lock=False)
        return payment_message(row, REFUNDS.by(work, "payment_id", row.id))

    def ListPayments(self, work: Work, request: pb.ListPaymentsRequest) -> pb.ListPaymentsResponse:
        owed = payments.debt(work, _id(request.order_id), _id(request.invoice_id), lock=False)
        column = "invoice_id" if request.invoice_id else "order_id"
        rows = PAYMENTS.by(work, column, owed.ids[column])
        return pb.ListPaymentsResponse(
            payments=[payment_message(row, REFUNDS.by(work, "payment_id", row.id)) for row in rows]
        )

    def RecordPayment(self, work: Work, request: pb.RecordPaymentRequest) -> pb.Payment:
        owed = payments.debt(work, _id(request.order_id), _id(request.invoice_id))
        row = payments.begin(
            work,
            owed,
            UUID(request.id) if request.id else uuid7(),
            method=request.method,
            amount=request.amount.amount_minor,
            currency=request.amount.currency_code,
            reference=request.reference.strip(),
        )
        return payment_message(payments.capture(work, owed, row))

    def StartCardPayment(self, call: Call, request: pb.StartCardPaymentRequest) -> pb.StartCardPaymentResponse:
        payment_id = UUID(request.id)
        with call.database.open_work(call.caller) as work:
            owed = payments.debt(work, _id(request.order_id), _id(request.invoice_id))
            account = self._accounts.read(work)
            row = payments.begin(
                work,
                owed,
                payment_id,
                method="card",
                amount=request.amount.amount_minor if request.HasField("amount") else None,
                currency=request.amount.currency_code,
                provider=account.provider,
            )
        if row.status != "pending":
            return pb.StartCardPaymentResponse(payment=payment_message(row), publishable_key=account.publishable_key)
        try:
            intent = self._desk.provider.start(
                account.secret_key,
                payment_id=str(row.id),
                amount_minor=row.amount_minor,
                currency=row.currency_code,
            )
        except Declined as error:
            with call.database.open_work(call.caller) as work:
                _, row = payments.found(work, payment_id)
                payments.end(work, row, "failed", error.code)
            raise _declined(error) from error
        except NoAnswer as error:
            raise _away() from error
        with call.database.open_work(call.caller) as work:
            owed, _ = payments.found(work, payment_id)
            row = payments.note_reference(work, payment_id, intent.reference)
            if intent.status == "captured":
                row = payments.capture(work, owed, row)
        return pb.StartCardPaymentResponse(
            payment=payment_message(row), client_secret=intent.client_secret, publishable_key=account.publishable_key
        )

    def CancelPayment(self, call: Call, request: pb.CancelPaymentRequest) -> pb.Payment:
        with call.database.open_work(call.caller) as work:
            _, row = payments.found(work, UUID(request.id))
            account = self._accounts.read(work) if row.provider_reference else None
        if row.status == "captured":
            raise Conflict("This payment has come. Refund it instead.", reason="CAPTURED")
        if account is not None and row.status == "pending":
            try:
                self._desk.provider.cancel(account.secret_key, reference=row.provider_reference)
            except Declined as error:
                raise _declined(error) from error
            except NoAnswer as error:
                raise _away() from error
        with call.database.open_work(call.caller) as work:
            _, row = payments.found(work, UUID(request.id))
            return payment_message(payments.end(work, row, "canceled"))

    def RefundPayment(self, call: Call, request: pb.RefundPaymentRequest) -> pb.Refund:
        with call.database.open_work(call.caller) as work:
            owed, payment = payments.found(work, UUID(request.payment_id))
            refund = refunds.begin(
                work,
                payment,
                UUID(request.id),
                amount=request.amount.amount_minor if request.HasField("amount") else None,
                currency=request.amount.currency_code,
                reason=request.reason.strip(),
            )
            if not payment.provider:
                refund = refunds.succeed(work, owed, payment, refund)
        if refund.status == "pending":
            refund = self._desk.give_back(call.database, call.caller, payment.id, refund.id)
        return refund_message(refund, payment)

    def SetCardAccount(self, work: Work, request: pb.SetCardAccountRequest) -> pb.CardAccount:
        self._accounts.keep(
            work,
            provider=request.provider or "stripe",
            secret_key=request.secret_key.strip(),
            webhook_secret=request.webhook_secret.strip(),
            publishable_key=request.publishable_key.strip(),
        )
        return self._account(work)

    def GetCardAccount(self, work: Work, request: pb.GetCardAccountRequest) -> pb.CardAccount:
        return self._account(work)

    def _account(self, work: Work) -> pb.CardAccount:
        row = self._accounts.row(work)
        if row is None:
            return pb.CardAccount()
        return pb.CardAccount(
            provider=row.provider,
            publishable_key=row.publishable_key,
            webhook_path=self._accounts.webhook_path(work.tenant_id, row.id),
            has_secret_key=bool(row.sealed_secret_key),
            has_webhook_secret=bool(row.sealed_webhook_secret),
        )


def payment_message(row: Row, given_back: Iterable[Row] = ()) -> pb.Payment:
    """A payment as callers see it."""
    return pb.Payment(
        id=str(row.id),
        order_id=str(row.order_id or ""),
        invoice_id=str(row.invoice_id or ""),
        method=row.method,
        status=row.status,
        amount=Money(currency_code=row.currency_code, amount_minor=row.amount_minor),
        refunded_amount=Money(currency_code=row.currency_code, amount_minor=row.refunded_amount_minor),
        reference=row.reference,
        provider=row.provider,
        provider_reference=row.provider_reference,
        failure=row.failure,
        captured_at=None if row.captured_at is None else timestamp(row.captured_at),
        refunds=[refund_message(one, row) for one in given_back],
        created_at=timestamp(row.created_at),
    )


def refund_message(row: Row, payment: Row) -> pb.Refund:
    """A refund as callers see it."""
    return pb.Refund(
        id=str(row.id),
        payment_id=str(row.payment_id),
        return_id=str(row.return_id or ""),
        status=row.status,
        amount=Money(currency_code=payment.currency_code, amount_minor=row.amount_minor),
        reason=row.reason,
        provider_reference=row.provider_reference,
        failure=row.failure,
        created_at=timestamp(row.created_at),
    )


def _declined(error: Declined) -> Conflict:
    return Conflict(
        f"The card provider refused this: {error.code}. Look at the account there, or be paid another way.",
        reason="CARD_DECLINED",
        metadata={"code": error.code},
    )


def _away() -> Unavailable:
    return Unavailable(
        "The card provider does not answer. Send the same request again in a moment: nothing is paid twice.",
        reason="CARD_PROVIDER_AWAY",
    )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
