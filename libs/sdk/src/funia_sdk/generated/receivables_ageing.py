"""Methods of receivables ageing. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_GET = Operation("receivables_ageing.get", "GET", "/v1/receivables-ageing")


class ReceivablesAgeingApi:
    """An invoice or a credit note. From when it is issued nothing of what it says changes: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.CustomerAgeing, models.ReceivablesAgeing]:
        """What is open, by customer and by how late it is.

        page_size: Customers a page, 50 where unset.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ReceivablesAgeing:
            return self._transport.call(
                _GET,
                models.ReceivablesAgeing,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.customers, page_token or "")
