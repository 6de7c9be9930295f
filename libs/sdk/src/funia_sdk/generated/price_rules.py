"""Methods of price rules. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("price_rules.list", "GET", "/v1/price-rules")
_CREATE = Operation("price_rules.create", "POST", "/v1/price-rules", keyed=True)
_DELETE = Operation("price_rules.delete", "DELETE", "/v1/price-rules/{id}", keyed=True)
_GET = Operation("price_rules.get", "GET", "/v1/price-rules/{id}")
_UPDATE = Operation("price_rules.update", "PATCH", "/v1/price-rules/{id}", keyed=True)
_UNDELETE = Operation("price_rules.undelete", "POST", "/v1/price-rules/{id}:undelete", keyed=True)
_BATCH_GET = Operation("price_rules.batch_get", "GET", "/v1/price-rules:batchGet")


class PriceRulesApi:
    """What comes off the list price by itself: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        deleted: bool | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.PriceRule, models.ListPriceRulesResponse]:
        """Lists price rules.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListPriceRulesResponse:
            return self._transport.call(
                _LIST,
                models.ListPriceRulesResponse,
                {},
                Sent(
                    query={
                        "page_size": page_size,
                        "page_token": token or None,
                        "filter": filter,
                        "order_by": order_by,
                        "deleted": deleted,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.price_rules, page_token or "")

    def create(
        self, body: inputs.PriceRuleInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.PriceRule:
        """Creates a price rule."""
        return self._transport.call(
            _CREATE, models.PriceRule, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PriceRule:
        """Moves a price rule to the bin; it can be undeleted.

        id: Price rule.
        """
        return self._transport.call(
            _DELETE,
            models.PriceRule,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.PriceRule:
        """Returns one price rule.

        id: Price rule.
        """
        return self._transport.call(_GET, models.PriceRule, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.PriceRulePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PriceRule:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.PriceRule,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.PriceRule:
        """Takes a price rule back out of the bin.

        id: Price rule.
        """
        return self._transport.call(
            _UNDELETE,
            models.PriceRule,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetPriceRulesResponse:
        """Returns up to 200 price rules by id; ids that are unknown or not visible are left out.

        ids: Price rules, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetPriceRulesResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
