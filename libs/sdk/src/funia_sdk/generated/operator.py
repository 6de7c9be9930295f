"""Methods of operator. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST_PLACEMENTS = Operation("operator.list_placements", "GET", "/v1/operator/placements")
_LIST_OPERATED_TENANTS = Operation("operator.list_operated_tenants", "GET", "/v1/operator/tenants")
_GET_OPERATED_PLAN = Operation("operator.get_operated_plan", "GET", "/v1/operator/tenants/{tenant_id}/plan")
_GIVE_PLAN = Operation("operator.give_plan", "PUT", "/v1/operator/tenants/{tenant_id}/plan", keyed=True)


class OperatorApi:
    """For people whose confirmed address stands in FUNIA_OPERATORS, in the console's session: no app gets the
    scope.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_placements(self, *, timeout_s: float | None = None) -> models.ListPlacementsResponse:
        """Lists the databases that companies live in, with how many live there and which services reach them."""
        return self._transport.call(_LIST_PLACEMENTS, models.ListPlacementsResponse, {}, Sent(timeout_s=timeout_s))

    def list_operated_tenants(
        self,
        *,
        placement: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.OperatedTenant, models.ListOperatedTenantsResponse]:
        """Lists companies by id, all of them or those of one placement.

        placement: Only companies of this placement.
        page_size: Companies a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListOperatedTenantsResponse:
            return self._transport.call(
                _LIST_OPERATED_TENANTS,
                models.ListOperatedTenantsResponse,
                {},
                Sent(
                    query={"placement": placement, "page_size": page_size, "page_token": token or None},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.tenants, page_token or "")

    def get_operated_plan(self, tenant_id: str, *, timeout_s: float | None = None) -> models.OperatedPlan:
        """Returns the plan of a company, and what it uses of it.

        tenant_id: Company.
        """
        return self._transport.call(
            _GET_OPERATED_PLAN, models.OperatedPlan, {"tenant_id": tenant_id}, Sent(timeout_s=timeout_s)
        )

    def give_plan(
        self,
        tenant_id: str,
        *,
        plan: str | None = None,
        own_limits: Sequence[inputs.OwnLimitInput] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.OperatedPlan:
        """Gives a company a plan, with limits of its own over it; it holds within seconds.

        tenant_id: Company.
        plan: Plan, by its name in FUNIA_PLANS; empty for none.
        own_limits: Limits of the company's own, in the place of those it had.
        """
        return self._transport.call(
            _GIVE_PLAN,
            models.OperatedPlan,
            {"tenant_id": tenant_id},
            Sent(
                body=given({"plan": plan, "own_limits": own_limits}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )
