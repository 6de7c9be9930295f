"""Methods of prices. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport, given

_CALCULATE = Operation("prices.calculate", "POST", "/v1/prices:calculate")


class PricesApi:
    """A code that takes something off a document: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def calculate(
        self,
        *,
        currency_code: str,
        lines: Sequence[inputs.LineToPriceInput],
        account_id: str | None = None,
        contact_id: str | None = None,
        store_id: str | None = None,
        channel: Literal["sales", "pos", "web"] | None = None,
        day: str | None = None,
        coupon_codes: Sequence[str] | None = None,
        discount_basis_points: int | None = None,
        discount_minor: int | None = None,
        timeout_s: float | None = None,
    ) -> models.PricedDocument:
        """Prices lines as a quote, an order or a receipt would be, and says each step from list to what is paid.

        currency_code: Currency of the document.
        account_id: Company that buys.
        contact_id: Person who buys.
        store_id: Store it is sold in.
        channel: Channel; "sales" where not given.
        day: Day of the sale, such as 2026-11-22; today in the company's time zone where not given.
        lines: Lines.
        coupon_codes: Coupons.
        discount_basis_points: Discount on the whole document as a share, or
        discount_minor: as an amount.
        """
        return self._transport.call(
            _CALCULATE,
            models.PricedDocument,
            {},
            Sent(
                body=given(
                    {
                        "currency_code": currency_code,
                        "account_id": account_id,
                        "contact_id": contact_id,
                        "store_id": store_id,
                        "channel": channel,
                        "day": day,
                        "lines": lines,
                        "coupon_codes": coupon_codes,
                        "discount_basis_points": discount_basis_points,
                        "discount_minor": discount_minor,
                    }
                ),
                timeout_s=timeout_s,
            ),
        )
