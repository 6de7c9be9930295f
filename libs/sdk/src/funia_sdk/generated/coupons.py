"""Methods of coupons. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("coupons.list", "GET", "/v1/coupons")
_CREATE = Operation("coupons.create", "POST", "/v1/coupons", keyed=True)
_DELETE = Operation("coupons.delete", "DELETE", "/v1/coupons/{id}", keyed=True)
_GET = Operation("coupons.get", "GET", "/v1/coupons/{id}")
_UPDATE = Operation("coupons.update", "PATCH", "/v1/coupons/{id}", keyed=True)
_UNDELETE = Operation("coupons.undelete", "POST", "/v1/coupons/{id}:undelete", keyed=True)
_BATCH_GET = Operation("coupons.batch_get", "GET", "/v1/coupons:batchGet")


class CouponsApi:
    """A code that takes something off a document: the methods."""

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
    ) -> Pages[models.Coupon, models.ListCouponsResponse]:
        """Lists coupons.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListCouponsResponse:
            return self._transport.call(
                _LIST,
                models.ListCouponsResponse,
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

        return Pages(fetch, lambda page: page.coupons, page_token or "")

    def create(
        self, body: inputs.CouponInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Coupon:
        """Creates a coupon."""
        return self._transport.call(
            _CREATE, models.Coupon, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Coupon:
        """Moves a coupon to the bin; it can be undeleted.

        id: Coupon.
        """
        return self._transport.call(
            _DELETE,
            models.Coupon,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Coupon:
        """Returns one coupon.

        id: Coupon.
        """
        return self._transport.call(_GET, models.Coupon, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.CouponPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Coupon:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Coupon,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Coupon:
        """Takes a coupon back out of the bin.

        id: Coupon.
        """
        return self._transport.call(
            _UNDELETE,
            models.Coupon,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetCouponsResponse:
        """Returns up to 200 coupons by id; ids that are unknown or not visible are left out.

        ids: Coupons, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetCouponsResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
