"""Methods of payments. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("payments.list", "GET", "/v1/payments")
_RECORD = Operation("payments.record", "POST", "/v1/payments", keyed=True)
_GET = Operation("payments.get", "GET", "/v1/payments/{id}")
_CANCEL = Operation("payments.cancel", "POST", "/v1/payments/{id}:cancel", keyed=True)
_REFUND = Operation("payments.refund", "POST", "/v1/payments/{payment_id}/refunds", keyed=True)
_PAY_WITH_GIFT_CARD = Operation("payments.pay_with_gift_card", "POST", "/v1/payments:payWithGiftCard", keyed=True)
_PAY_WITH_POINTS = Operation("payments.pay_with_points", "POST", "/v1/payments:payWithPoints", keyed=True)
_START_CARD = Operation("payments.start_card", "POST", "/v1/payments:startCard", keyed=True)


class PaymentsApi:
    """Payments and refunds: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, order_id: str | None = None, invoice_id: str | None = None, timeout_s: float | None = None
    ) -> models.ListPaymentsResponse:
        """Lists the payments of an order or of an invoice, the first first.

        order_id: Order, or
        invoice_id: invoice.
        """
        return self._transport.call(
            _LIST,
            models.ListPaymentsResponse,
            {},
            Sent(query={"order_id": order_id, "invoice_id": invoice_id}, timeout_s=timeout_s),
        )

    def record(
        self,
        *,
        method: Literal["cash", "transfer", "card", "other"],
        amount: inputs.MoneyInput,
        id: str | None = None,
        order_id: str | None = None,
        invoice_id: str | None = None,
        reference: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Payment:
        """Records money that came, such as cash. Under the same id it happens once.

        id: Id made by the caller, so that it may be sent again; made by the server where not given.
        order_id: Order it is for, or
        invoice_id: invoice it is for; its order is paid with it.
        method: How it came. "card" is one taken by a terminal that Funia does not know.
        amount: Amount, no more than is still to be paid.
        reference: Where it is found, such as the line of a bank statement.
        """
        return self._transport.call(
            _RECORD,
            models.Payment,
            {},
            Sent(
                body=given(
                    {
                        "id": id,
                        "order_id": order_id,
                        "invoice_id": invoice_id,
                        "method": method,
                        "amount": amount,
                        "reference": reference,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Payment:
        """Returns one payment with its refunds.

        id: Payment.
        """
        return self._transport.call(_GET, models.Payment, {"id": id}, Sent(timeout_s=timeout_s))

    def cancel(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Payment:
        """Gives up a payment by card that has not come.

        id: Payment.
        """
        return self._transport.call(
            _CANCEL,
            models.Payment,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def refund(
        self,
        payment_id: str,
        *,
        id: str,
        amount: inputs.MoneyInput | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Refund:
        """Gives money back, by card through the card provider. Under the same id it happens once.

        payment_id: Payment.
        id: Id made by the caller.
        amount: Amount; all that is left of the payment where not given.
        reason: Why.
        """
        return self._transport.call(
            _REFUND,
            models.Refund,
            {"payment_id": payment_id},
            Sent(
                body=given({"id": id, "amount": amount, "reason": reason}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def pay_with_gift_card(
        self,
        *,
        id: str,
        code: str,
        order_id: str | None = None,
        invoice_id: str | None = None,
        amount: inputs.MoneyInput | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Payment:
        """Pays an order or an invoice from a card. Under the same id it happens once.

        id: Id of the payment, made by the caller.
        order_id: Order it is for, or
        invoice_id: invoice it is for.
        code: Code of the card.
        amount: Amount; as much as is left on the card and still due, where not given.
        """
        return self._transport.call(
            _PAY_WITH_GIFT_CARD,
            models.Payment,
            {},
            Sent(
                body=given({"id": id, "order_id": order_id, "invoice_id": invoice_id, "code": code, "amount": amount}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def pay_with_points(
        self,
        *,
        id: str,
        member_id: str,
        order_id: str | None = None,
        invoice_id: str | None = None,
        points: int | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Payment:
        """Pays an order or an invoice with points. Under the same id it happens once.

        id: Id of the payment, made by the caller.
        order_id: Order it is for, or
        invoice_id: invoice it is for.
        member_id: Member who pays.
        points: Points to spend; as many as the member has and the order needs, where not given.
        """
        return self._transport.call(
            _PAY_WITH_POINTS,
            models.Payment,
            {},
            Sent(
                body=given(
                    {"id": id, "order_id": order_id, "invoice_id": invoice_id, "member_id": member_id, "points": points}
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def start_card(
        self,
        *,
        id: str,
        order_id: str | None = None,
        invoice_id: str | None = None,
        amount: inputs.MoneyInput | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.StartCardPaymentResponse:
        """Begins a payment by card at the card provider. Under the same id it is begun once, however often it is
        sent.

        id: Id made by the caller.
        order_id: Order it is for, or
        invoice_id: invoice it is for.
        amount: Amount; all that is still to be paid where not given.
        """
        return self._transport.call(
            _START_CARD,
            models.StartCardPaymentResponse,
            {},
            Sent(
                body=given({"id": id, "order_id": order_id, "invoice_id": invoice_id, "amount": amount}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )
