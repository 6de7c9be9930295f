"""Methods of loyalty members. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("loyalty_members.list", "GET", "/v1/loyalty-members")
_ENROL = Operation("loyalty_members.enrol", "POST", "/v1/loyalty-members", keyed=True)
_GET = Operation("loyalty_members.get", "GET", "/v1/loyalty-members/{id}")
_UPDATE = Operation("loyalty_members.update", "PATCH", "/v1/loyalty-members/{id}", keyed=True)
_MOVE = Operation("loyalty_members.move", "POST", "/v1/loyalty-members/{id}:move", keyed=True)
_ADJUST_POINTS = Operation(
    "loyalty_members.adjust_points", "POST", "/v1/loyalty-members/{member_id}/adjustments", keyed=True
)
_LIST_POINT_POSTINGS = Operation(
    "loyalty_members.list_point_postings", "GET", "/v1/loyalty-members/{member_id}/postings"
)
_BATCH_GET = Operation("loyalty_members.batch_get", "GET", "/v1/loyalty-members:batchGet")


class LoyaltyMembersApi:
    """A member: the methods."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.LoyaltyMember, models.ListLoyaltyMembersResponse]:
        """Lists members.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        """

        def fetch(token: str) -> models.ListLoyaltyMembersResponse:
            return self._transport.call(
                _LIST,
                models.ListLoyaltyMembersResponse,
                {},
                Sent(
                    query={"page_size": page_size, "page_token": token or None, "filter": filter, "order_by": order_by},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.loyalty_members, page_token or "")

    def enrol(
        self,
        *,
        contact_id: str | None = None,
        account_id: str | None = None,
        card_number: str | None = None,
        name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.LoyaltyMember:
        """Makes somebody a member, with a card number of their own or a new one. Who is a member already stays the
        same one.

        contact_id: Person, or
        account_id: company, or nobody: then a phone number or a card number is enough.
        card_number: Number of a card that the member has; a new one is made where not given.
        name: Name, for a member who is no contact.
        phone: Phone number, a national one read in the company's country.
        email: E-mail address.
        """
        return self._transport.call(
            _ENROL,
            models.LoyaltyMember,
            {},
            Sent(
                body=given(
                    {
                        "contact_id": contact_id,
                        "account_id": account_id,
                        "card_number": card_number,
                        "name": name,
                        "phone": phone,
                        "email": email,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.LoyaltyMember:
        """Returns one member.

        id: Member.
        """
        return self._transport.call(_GET, models.LoyaltyMember, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.LoyaltyMemberPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.LoyaltyMember:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.LoyaltyMember,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def move(
        self,
        id: str,
        *,
        step: Literal["suspend", "resume", "close"],
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.LoyaltyMember:
        """Suspends, resumes or closes a membership.

        id: Member.
        step: What to do.
        etag: Etag last seen. Over HTTP: If-Match.
        """
        return self._transport.call(
            _MOVE,
            models.LoyaltyMember,
            {"id": id},
            Sent(
                body=given({"step": step, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def adjust_points(
        self,
        member_id: str,
        *,
        id: str,
        points: int,
        reason: str,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PointPosting:
        """Adds or takes points by hand. Under the same id it happens once.

        member_id: Member.
        id: Id made by the caller.
        points: Points to add, below zero to take.
        reason: Why.
        """
        return self._transport.call(
            _ADJUST_POINTS,
            models.PointPosting,
            {"member_id": member_id},
            Sent(
                body=given({"id": id, "points": points, "reason": reason}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def list_point_postings(
        self,
        member_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.PointPosting, models.ListPointPostingsResponse]:
        """Lists what happened to the points of a member, the newest first.

        member_id: Member.
        page_size: Postings a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListPointPostingsResponse:
            return self._transport.call(
                _LIST_POINT_POSTINGS,
                models.ListPointPostingsResponse,
                {"member_id": member_id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.postings, page_token or "")

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetLoyaltyMembersResponse:
        """Returns up to 200 members by id; ids that are unknown are left out.

        ids: Members, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetLoyaltyMembersResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )
