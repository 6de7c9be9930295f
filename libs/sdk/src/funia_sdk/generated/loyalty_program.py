"""Methods of loyalty program. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("loyalty_program.get", "GET", "/v1/loyalty-program")
_UPDATE = Operation("loyalty_program.update", "PATCH", "/v1/loyalty-program", keyed=True)
_GET_LIABILITY_REPORT = Operation("loyalty_program.get_liability_report", "GET", "/v1/loyalty-program/liability")


class LoyaltyProgramApi:
    """The programme of a company: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, *, timeout_s: float | None = None) -> models.LoyaltyProgram:
        """Returns the programme."""
        return self._transport.call(_GET, models.LoyaltyProgram, {}, Sent(timeout_s=timeout_s))

    def update(
        self,
        body: inputs.LoyaltyProgramPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.LoyaltyProgram:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.LoyaltyProgram,
            {},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def get_liability_report(
        self, *, from_month: str | None = None, to_month: str | None = None, timeout_s: float | None = None
    ) -> models.LiabilityReport:
        """Returns what the company owes its members in points, and holders of gift cards in money, month by month.

        from_month: First month, such as 2026-01; eleven months before the last where not given.
        to_month: Last month; that of today where not given.
        """
        return self._transport.call(
            _GET_LIABILITY_REPORT,
            models.LiabilityReport,
            {},
            Sent(query={"from_month": from_month, "to_month": to_month}, timeout_s=timeout_s),
        )
