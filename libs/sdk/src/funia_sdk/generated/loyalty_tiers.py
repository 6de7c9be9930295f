"""Methods of loyalty tiers. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("loyalty_tiers.list", "GET", "/v1/loyalty-tiers")
_CREATE = Operation("loyalty_tiers.create", "POST", "/v1/loyalty-tiers", keyed=True)
_DELETE = Operation("loyalty_tiers.delete", "DELETE", "/v1/loyalty-tiers/{id}", keyed=True)
_GET = Operation("loyalty_tiers.get", "GET", "/v1/loyalty-tiers/{id}")
_UPDATE = Operation("loyalty_tiers.update", "PATCH", "/v1/loyalty-tiers/{id}", keyed=True)
_UNDELETE = Operation("loyalty_tiers.undelete", "POST", "/v1/loyalty-tiers/{id}:undelete", keyed=True)


class LoyaltyTiersApi:
    """A tier of members: the methods."""

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
    ) -> Pages[models.LoyaltyTier, models.ListLoyaltyTiersResponse]:
        """Lists tiers.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListLoyaltyTiersResponse:
            return self._transport.call(
                _LIST,
                models.ListLoyaltyTiersResponse,
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

        return Pages(fetch, lambda page: page.loyalty_tiers, page_token or "")

    def create(
        self, body: inputs.LoyaltyTierInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.LoyaltyTier:
        """Creates a tier."""
        return self._transport.call(
            _CREATE, models.LoyaltyTier, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.LoyaltyTier:
        """Moves a tier to the bin; it can be undeleted.

        id: Tier.
        """
        return self._transport.call(
            _DELETE,
            models.LoyaltyTier,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.LoyaltyTier:
        """Returns one tier.

        id: Tier.
        """
        return self._transport.call(_GET, models.LoyaltyTier, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.LoyaltyTierPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.LoyaltyTier:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.LoyaltyTier,
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
    ) -> models.LoyaltyTier:
        """Takes a tier back out of the bin.

        id: Tier.
        """
        return self._transport.call(
            _UNDELETE,
            models.LoyaltyTier,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
