"""Methods of till receipts. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("till_receipts.get", "GET", "/v1/till-receipts/{id}")
_GET_PAPER = Operation("till_receipts.get_paper", "GET", "/v1/till-receipts/{id}/paper")
_FIND = Operation("till_receipts.find", "GET", "/v1/till-receipts:find")


class TillReceiptsApi:
    """Sales and returns at tills: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, id: str, *, timeout_s: float | None = None) -> models.TillReceipt:
        """Returns one receipt with its lines.

        id: Receipt.
        """
        return self._transport.call(_GET, models.TillReceipt, {"id": id}, Sent(timeout_s=timeout_s))

    def get_paper(
        self, id: str, *, language: Literal["en", "ru", "bg"] | None = None, timeout_s: float | None = None
    ) -> models.TillReceiptPaper:
        """A receipt as a PDF for paper of 80 mm.

        id: Receipt.
        language: Language of the words: en, ru or bg; the company's own where not given.
        """
        return self._transport.call(
            _GET_PAPER, models.TillReceiptPaper, {"id": id}, Sent(query={"language": language}, timeout_s=timeout_s)
        )

    def find(self, *, number: str, timeout_s: float | None = None) -> models.TillReceipt:
        """Finds a receipt by the number that is printed on it, with its lines.

        number: Number as printed.
        """
        return self._transport.call(_FIND, models.TillReceipt, {}, Sent(query={"number": number}, timeout_s=timeout_s))
