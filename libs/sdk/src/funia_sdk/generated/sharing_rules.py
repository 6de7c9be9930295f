"""Methods of sharing rules. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("sharing_rules.list", "GET", "/v1/sharing-rules")
_CREATE = Operation("sharing_rules.create", "POST", "/v1/sharing-rules", keyed=True)
_DELETE = Operation("sharing_rules.delete", "DELETE", "/v1/sharing-rules/{id}", keyed=True)
_GET = Operation("sharing_rules.get", "GET", "/v1/sharing-rules/{id}")
_UPDATE = Operation("sharing_rules.update", "PATCH", "/v1/sharing-rules/{id}", keyed=True)


class SharingRulesApi:
    """Rules that add to what roles show. A change takes effect within ten seconds."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListSharingRulesResponse:
        """Lists every rule of the company, by name."""
        return self._transport.call(_LIST, models.ListSharingRulesResponse, {}, Sent(timeout_s=timeout_s))

    def create(
        self, body: inputs.SharingRuleInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.SharingRule:
        """Makes a rule."""
        return self._transport.call(
            _CREATE, models.SharingRule, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteSharingRuleResponse:
        """Deletes a rule.

        id: Rule.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteSharingRuleResponse,
            {"id": id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.SharingRule:
        """Returns one rule.

        id: Rule.
        """
        return self._transport.call(_GET, models.SharingRule, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.SharingRulePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SharingRule:
        """Changes the name or the level of a rule.

        id: UUIDv7.
        update_mask: Fields to change: name, level. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.SharingRule,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )
