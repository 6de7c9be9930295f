"""Methods of credit limits. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport, given

_GET = Operation("credit_limits.get", "GET", "/v1/credit-limits/{account_id}")
_SET = Operation("credit_limits.set", "PUT", "/v1/credit-limits/{account_id}", keyed=True)


class CreditLimitsApi:
    """Credit limits of companies: the methods. An order that would go beyond one is refused, or waits for an
    approval where a policy says so.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, account_id: str, *, timeout_s: float | None = None) -> models.CreditLimit:
        """Returns the credit limit of a company that has one.

        account_id: Company.
        """
        return self._transport.call(_GET, models.CreditLimit, {"account_id": account_id}, Sent(timeout_s=timeout_s))

    def set(
        self,
        account_id: str,
        *,
        amount: inputs.MoneyInput | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.CreditLimit:
        """Sets the credit limit of a company, or takes it away where no amount is given.

        account_id: Company.
        amount: The most it may owe; no limit where not given.
        """
        return self._transport.call(
            _SET,
            models.CreditLimit,
            {"account_id": account_id},
            Sent(body=given({"amount": amount}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
