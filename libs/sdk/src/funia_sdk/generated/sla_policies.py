"""Methods of sla policies. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("sla_policies.list", "GET", "/v1/sla-policies")
_CREATE = Operation("sla_policies.create", "POST", "/v1/sla-policies", keyed=True)
_DELETE = Operation("sla_policies.delete", "DELETE", "/v1/sla-policies/{id}", keyed=True)
_GET = Operation("sla_policies.get", "GET", "/v1/sla-policies/{id}")
_UPDATE = Operation("sla_policies.update", "PATCH", "/v1/sla-policies/{id}", keyed=True)
_UNDELETE = Operation("sla_policies.undelete", "POST", "/v1/sla-policies/{id}:undelete", keyed=True)


class SlaPoliciesApi:
    """What is promised for some tickets: the methods."""

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
    ) -> Pages[models.SlaPolicy, models.ListSlaPoliciesResponse]:
        """Lists policies.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListSlaPoliciesResponse:
            return self._transport.call(
                _LIST,
                models.ListSlaPoliciesResponse,
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

        return Pages(fetch, lambda page: page.sla_policies, page_token or "")

    def create(
        self, body: inputs.SlaPolicyInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.SlaPolicy:
        """Creates a policy."""
        return self._transport.call(
            _CREATE, models.SlaPolicy, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SlaPolicy:
        """Moves a policy to the bin; it can be undeleted.

        id: Policy.
        """
        return self._transport.call(
            _DELETE,
            models.SlaPolicy,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.SlaPolicy:
        """Returns one policy.

        id: Policy.
        """
        return self._transport.call(_GET, models.SlaPolicy, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.SlaPolicyPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SlaPolicy:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.SlaPolicy,
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
    ) -> models.SlaPolicy:
        """Takes a policy back out of the bin.

        id: Policy.
        """
        return self._transport.call(
            _UNDELETE,
            models.SlaPolicy,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
