"""Methods of approval policies. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("approval_policies.list", "GET", "/v1/approval-policies")
_CREATE = Operation("approval_policies.create", "POST", "/v1/approval-policies", keyed=True)
_DELETE = Operation("approval_policies.delete", "DELETE", "/v1/approval-policies/{id}", keyed=True)
_GET = Operation("approval_policies.get", "GET", "/v1/approval-policies/{id}")
_UPDATE = Operation("approval_policies.update", "PATCH", "/v1/approval-policies/{id}", keyed=True)


class ApprovalPoliciesApi:
    """Policies of a company. A change reaches every service within seconds."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListApprovalPoliciesResponse:
        """Lists every policy, by operation and priority."""
        return self._transport.call(_LIST, models.ListApprovalPoliciesResponse, {}, Sent(timeout_s=timeout_s))

    def create(
        self, body: inputs.ApprovalPolicyInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.ApprovalPolicy:
        """Makes a policy."""
        return self._transport.call(
            _CREATE, models.ApprovalPolicy, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteApprovalPolicyResponse:
        """Deletes a policy. What waits by it goes on.

        id: Policy.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteApprovalPolicyResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.ApprovalPolicy:
        """Returns one policy.

        id: Policy.
        """
        return self._transport.call(_GET, models.ApprovalPolicy, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.ApprovalPolicyPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ApprovalPolicy:
        """Changes a policy. What waits already goes on by the steps it was submitted under.

        id: UUIDv7.
        update_mask: Fields to change: name, condition, steps, priority, paused. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.ApprovalPolicy,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )
