"""Methods of lead rules. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("lead_rules.list", "GET", "/v1/lead-rules")
_CREATE = Operation("lead_rules.create", "POST", "/v1/lead-rules", keyed=True)
_DELETE = Operation("lead_rules.delete", "DELETE", "/v1/lead-rules/{id}", keyed=True)
_GET = Operation("lead_rules.get", "GET", "/v1/lead-rules/{id}")
_UPDATE = Operation("lead_rules.update", "PATCH", "/v1/lead-rules/{id}", keyed=True)
_UNDELETE = Operation("lead_rules.undelete", "POST", "/v1/lead-rules/{id}:undelete", keyed=True)


class LeadRulesApi:
    """Who gets leads of a kind. The first rule that fits decides: the methods."""

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
    ) -> Pages[models.LeadRule, models.ListLeadRulesResponse]:
        """Lists lead rules.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListLeadRulesResponse:
            return self._transport.call(
                _LIST,
                models.ListLeadRulesResponse,
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

        return Pages(fetch, lambda page: page.lead_rules, page_token or "")

    def create(
        self, body: inputs.LeadRuleInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.LeadRule:
        """Creates a lead rule."""
        return self._transport.call(
            _CREATE, models.LeadRule, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.LeadRule:
        """Moves a lead rule to the bin; it can be undeleted.

        id: Lead rule.
        """
        return self._transport.call(
            _DELETE,
            models.LeadRule,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.LeadRule:
        """Returns one lead rule.

        id: Lead rule.
        """
        return self._transport.call(_GET, models.LeadRule, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.LeadRulePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.LeadRule:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.LeadRule,
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
    ) -> models.LeadRule:
        """Takes a lead rule back out of the bin.

        id: Lead rule.
        """
        return self._transport.call(
            _UNDELETE,
            models.LeadRule,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
