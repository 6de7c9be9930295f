"""Methods of discount policies. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("discount_policies.list", "GET", "/v1/discount-policies")
_CREATE = Operation("discount_policies.create", "POST", "/v1/discount-policies", keyed=True)
_DELETE = Operation("discount_policies.delete", "DELETE", "/v1/discount-policies/{id}", keyed=True)
_GET = Operation("discount_policies.get", "GET", "/v1/discount-policies/{id}")
_UPDATE = Operation("discount_policies.update", "PATCH", "/v1/discount-policies/{id}", keyed=True)
_UNDELETE = Operation("discount_policies.undelete", "POST", "/v1/discount-policies/{id}:undelete", keyed=True)
_BATCH_GET = Operation("discount_policies.batch_get", "GET", "/v1/discount-policies:batchGet")


class DiscountPoliciesApi:
    """How much may be taken off by hand before somebody must agree; the highest that holds counts: the
    methods.
    """

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
    ) -> Pages[models.DiscountPolicy, models.ListDiscountPoliciesResponse]:
        """Lists discount policies.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListDiscountPoliciesResponse:
            return self._transport.call(
                _LIST,
                models.ListDiscountPoliciesResponse,
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

        return Pages(fetch, lambda page: page.discount_policies, page_token or "")

    def create(
        self, body: inputs.DiscountPolicyInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DiscountPolicy:
        """Creates a discount policy."""
        return self._transport.call(
            _CREATE, models.DiscountPolicy, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.DiscountPolicy:
        """Moves a discount policy to the bin; it can be undeleted.

        id: Discount policy.
        """
        return self._transport.call(
            _DELETE,
            models.DiscountPolicy,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.DiscountPolicy:
        """Returns one discount policy.

        id: Discount policy.
        """
        return self._transport.call(_GET, models.DiscountPolicy, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.DiscountPolicyPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.DiscountPolicy:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.DiscountPolicy,
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
    ) -> models.DiscountPolicy:
        """Takes a discount policy back out of the bin.

        id: Discount policy.
        """
        return self._transport.call(
            _UNDELETE,
            models.DiscountPolicy,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_get(
        self, *, ids: Sequence[str], timeout_s: float | None = None
    ) -> models.BatchGetDiscountPoliciesResponse:
        """Returns up to 200 discount policies by id; ids that are unknown or not visible are left out.

        ids: Discount policies, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetDiscountPoliciesResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
