"""Methods of returns. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport, given

_GET = Operation("returns.get", "GET", "/v1/returns/{id}")
_AUTHORIZE = Operation("returns.authorize", "POST", "/v1/returns/{id}:authorize", keyed=True)
_EXCHANGE = Operation("returns.exchange", "POST", "/v1/returns/{id}:exchange", keyed=True)
_INSPECT = Operation("returns.inspect", "POST", "/v1/returns/{id}:inspect", keyed=True)
_RECEIVE = Operation("returns.receive", "POST", "/v1/returns/{id}:receive", keyed=True)
_REFUND = Operation("returns.refund", "POST", "/v1/returns/{id}:refund", keyed=True)
_REJECT = Operation("returns.reject", "POST", "/v1/returns/{id}:reject", keyed=True)


class ReturnsApi:
    """Returns: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, id: str, *, timeout_s: float | None = None) -> models.ReturnOrder:
        """Returns one return.

        id: Return.
        """
        return self._transport.call(_GET, models.ReturnOrder, {"id": id}, Sent(timeout_s=timeout_s))

    def authorize(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ReturnOrder:
        """Lets the customer send the goods.

        id: Return.
        """
        return self._transport.call(
            _AUTHORIZE,
            models.ReturnOrder,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def exchange(
        self, id: str, *, order: inputs.OrderInput, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ReturnOrder:
        """Places an order of other goods, worth at least as much, and pays it with what is to be given.

        id: Return.
        order: Order of the goods given in exchange.
        """
        return self._transport.call(
            _EXCHANGE,
            models.ReturnOrder,
            {"id": id},
            Sent(body=given({"order": order}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def inspect(
        self,
        id: str,
        *,
        lines: Sequence[inputs.ReturnLineInput] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ReturnOrder:
        """Says what of the goods is taken back, and what of that can be sold again; what is to be given for it
        follows.

        id: Return.
        lines: What is taken back, line by line; everything, to be sold again, where none is named.
        """
        return self._transport.call(
            _INSPECT,
            models.ReturnOrder,
            {"id": id},
            Sent(body=given({"lines": lines}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def receive(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ReturnOrder:
        """The goods have come.

        id: Return.
        """
        return self._transport.call(
            _RECEIVE,
            models.ReturnOrder,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def refund(
        self,
        id: str,
        *,
        payment_id: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ReturnOrder:
        """Gives the money back, on one payment of the order.

        id: Return.
        payment_id: Payment; the first that has enough left where not given.
        """
        return self._transport.call(
            _REFUND,
            models.ReturnOrder,
            {"id": id},
            Sent(body=given({"payment_id": payment_id}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def reject(
        self, id: str, *, note: str | None = None, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ReturnOrder:
        """Takes nothing back.

        id: Return.
        note: Why.
        """
        return self._transport.call(
            _REJECT,
            models.ReturnOrder,
            {"id": id},
            Sent(body=given({"note": note}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
