"""Methods of leads. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from funia_sdk.batching import ITEMS_MAX, Outcome, in_batches
from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("leads.list", "GET", "/v1/leads")
_CREATE = Operation("leads.create", "POST", "/v1/leads", keyed=True)
_DELETE = Operation("leads.delete", "DELETE", "/v1/leads/{id}", keyed=True)
_GET = Operation("leads.get", "GET", "/v1/leads/{id}")
_UPDATE = Operation("leads.update", "PATCH", "/v1/leads/{id}", keyed=True)
_LIST_DUPLICATES = Operation("leads.list_duplicates", "GET", "/v1/leads/{id}/duplicates")
_ASSIGN = Operation("leads.assign", "POST", "/v1/leads/{id}:assign", keyed=True)
_CONVERT = Operation("leads.convert", "POST", "/v1/leads/{id}:convert", keyed=True)
_DISQUALIFY = Operation("leads.disqualify", "POST", "/v1/leads/{id}:disqualify", keyed=True)
_MARK_CONTACTED = Operation("leads.mark_contacted", "POST", "/v1/leads/{id}:markContacted", keyed=True)
_QUALIFY = Operation("leads.qualify", "POST", "/v1/leads/{id}:qualify", keyed=True)
_RECYCLE = Operation("leads.recycle", "POST", "/v1/leads/{id}:recycle", keyed=True)
_UNDELETE = Operation("leads.undelete", "POST", "/v1/leads/{id}:undelete", keyed=True)
_BATCH_CREATE = Operation("leads.batch_create", "POST", "/v1/leads:batchCreate", keyed=True)
_BATCH_GET = Operation("leads.batch_get", "GET", "/v1/leads:batchGet")


class LeadsApi:
    """Somebody who may become a customer: the methods."""

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
    ) -> Pages[models.Lead, models.ListLeadsResponse]:
        """Lists leads.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListLeadsResponse:
            return self._transport.call(
                _LIST,
                models.ListLeadsResponse,
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

        return Pages(fetch, lambda page: page.leads, page_token or "")

    def create(
        self, body: inputs.LeadInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Lead:
        """Creates a lead."""
        return self._transport.call(
            _CREATE, models.Lead, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Lead:
        """Moves a lead to the bin; it can be undeleted.

        id: Lead.
        """
        return self._transport.call(
            _DELETE,
            models.Lead,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Lead:
        """Returns one lead.

        id: Lead.
        """
        return self._transport.call(_GET, models.Lead, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.LeadPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Lead:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Lead,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def list_duplicates(self, id: str, *, timeout_s: float | None = None) -> models.ListLeadDuplicatesResponse:
        """Other leads that are likely the same person, the newest first, ten at most.

        id: Lead.
        """
        return self._transport.call(
            _LIST_DUPLICATES, models.ListLeadDuplicatesResponse, {"id": id}, Sent(timeout_s=timeout_s)
        )

    def assign(
        self,
        id: str,
        *,
        owner_id: str | None = None,
        team_id: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Lead:
        """Gives a lead to a person, or lets the rules of assignment choose one.

        id: Lead.
        owner_id: Person to own it; the rules choose where not given.
        team_id: Team to own it, beside the person.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _ASSIGN,
            models.Lead,
            {"id": id},
            Sent(
                body=given({"owner_id": owner_id, "team_id": team_id, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def convert(
        self,
        id: str,
        *,
        contact_id: str | None = None,
        account_id: str | None = None,
        allow_duplicate: bool | None = None,
        no_deal: bool | None = None,
        deal_name: str | None = None,
        pipeline_id: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Lead:
        """Makes a contact, a company and a deal of a qualified lead. It may be repeated: what was made already is
        not made again.

        id: Lead.
        contact_id: Person who is known already; a new one is made where not given.
        account_id: Company that is known already; a new one is made where not given and the lead names a company.
        allow_duplicate: Make new ones even where they look like others.
        no_deal: Make no deal.
        deal_name: Name of the deal; the lead's company or person where not given.
        pipeline_id: Pipeline of the deal; the first where not given.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _CONVERT,
            models.Lead,
            {"id": id},
            Sent(
                body=given(
                    {
                        "contact_id": contact_id,
                        "account_id": account_id,
                        "allow_duplicate": allow_duplicate,
                        "no_deal": no_deal,
                        "deal_name": deal_name,
                        "pipeline_id": pipeline_id,
                        "etag": etag,
                    }
                ),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def disqualify(
        self,
        id: str,
        *,
        reason: str,
        note: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Lead:
        """Says that the lead is none, and why.

        id: Lead.
        reason: Why, such as "no budget".
        note: What is to be said about it.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _DISQUALIFY,
            models.Lead,
            {"id": id},
            Sent(
                body=given({"reason": reason, "note": note, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def mark_contacted(
        self,
        id: str,
        *,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Lead:
        """Says that somebody has talked with the lead.

        id: Lead.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _MARK_CONTACTED,
            models.Lead,
            {"id": id},
            Sent(body=given({"etag": etag}), idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def qualify(
        self,
        id: str,
        *,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Lead:
        """Says that the lead is worth a deal.

        id: Lead.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _QUALIFY,
            models.Lead,
            {"id": id},
            Sent(body=given({"etag": etag}), idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def recycle(
        self,
        id: str,
        *,
        until: str,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Lead:
        """Lays a lead aside until a day, on which it comes back to its owner by itself.

        id: Lead.
        until: Day on which it comes back, after today.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _RECYCLE,
            models.Lead,
            {"id": id},
            Sent(
                body=given({"until": until, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.Lead:
        """Takes a lead back out of the bin.

        id: Lead.
        """
        return self._transport.call(
            _UNDELETE,
            models.Lead,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_create(
        self,
        *,
        requests: Sequence[inputs.CreateLeadRequestInput],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchCreateLeadsResponse:
        """Creates up to 500 leads; each is written or refused by itself.

        requests: Items as CreateLead takes them, 500 at most.
        """
        return self._transport.call(
            _BATCH_CREATE,
            models.BatchCreateLeadsResponse,
            {},
            Sent(body=given({"requests": requests}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def create_many(
        self,
        requests: Iterable[inputs.CreateLeadRequestInput],
        *,
        items_max: int = ITEMS_MAX,
        timeout_s: float | None = None,
    ) -> Iterator[Outcome[inputs.CreateLeadRequestInput, models.LeadResult]]:
        """Creates up to 500 leads; each is written or refused by itself. Any number of them: sent by batch_create,
        at most `items_max` at once, and each given back with what became of it.
        """

        def send(batch: builtins.list[inputs.CreateLeadRequestInput]) -> models.BatchCreateLeadsResponse:
            return self.batch_create(requests=batch, timeout_s=timeout_s)

        return in_batches(requests, send, items_max=items_max)

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetLeadsResponse:
        """Returns up to 200 leads by id; ids that are unknown or not visible are left out.

        ids: Leads, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetLeadsResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
