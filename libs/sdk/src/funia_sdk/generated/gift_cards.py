"""Methods of gift cards. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("gift_cards.list", "GET", "/v1/gift-cards")
_ISSUE = Operation("gift_cards.issue", "POST", "/v1/gift-cards", keyed=True)
_LIST_POSTINGS = Operation("gift_cards.list_postings", "GET", "/v1/gift-cards/{gift_card_id}/postings")
_GET = Operation("gift_cards.get", "GET", "/v1/gift-cards/{id}")
_BLOCK = Operation("gift_cards.block", "POST", "/v1/gift-cards/{id}:block", keyed=True)
_UNBLOCK = Operation("gift_cards.unblock", "POST", "/v1/gift-cards/{id}:unblock", keyed=True)
_FIND = Operation("gift_cards.find", "POST", "/v1/gift-cards:find")


class GiftCardsApi:
    """A gift card: the methods."""

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
    ) -> Pages[models.GiftCard, models.ListGiftCardsResponse]:
        """Lists gift cards.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        """

        def fetch(token: str) -> models.ListGiftCardsResponse:
            return self._transport.call(
                _LIST,
                models.ListGiftCardsResponse,
                {},
                Sent(
                    query={"page_size": page_size, "page_token": token or None, "filter": filter, "order_by": order_by},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.gift_cards, page_token or "")

    def issue(
        self,
        *,
        id: str,
        amount: inputs.MoneyInput,
        order_id: str | None = None,
        reason: str | None = None,
        expires_on: str | None = None,
        contact_id: str | None = None,
        member_id: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.IssuedGiftCard:
        """Issues a card for an order that is paid, or as a gift (sales.admin). Only this answer has the code.

        id: Id made by the caller. Sent again within ten minutes by the same caller it answers the same code.
        amount: Amount.
        order_id: Order in which it was sold. Its cards are worth what it cost at most.
        reason: Why it is given, where it is not sold.
        expires_on: Last day on which it can be spent, such as 2027-12-31; without end where not given.
        contact_id: Person who holds it.
        member_id: Member who holds it.
        """
        return self._transport.call(
            _ISSUE,
            models.IssuedGiftCard,
            {},
            Sent(
                body=given(
                    {
                        "id": id,
                        "amount": amount,
                        "order_id": order_id,
                        "reason": reason,
                        "expires_on": expires_on,
                        "contact_id": contact_id,
                        "member_id": member_id,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def list_postings(
        self,
        gift_card_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.GiftCardPosting, models.ListGiftCardPostingsResponse]:
        """Lists what happened to the money of a card, the newest first.

        gift_card_id: Card.
        page_size: Postings a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListGiftCardPostingsResponse:
            return self._transport.call(
                _LIST_POSTINGS,
                models.ListGiftCardPostingsResponse,
                {"gift_card_id": gift_card_id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.postings, page_token or "")

    def get(self, id: str, *, timeout_s: float | None = None) -> models.GiftCard:
        """Returns one gift card.

        id: Gift card.
        """
        return self._transport.call(_GET, models.GiftCard, {"id": id}, Sent(timeout_s=timeout_s))

    def block(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.GiftCard:
        """Blocks a card, such as a lost one; its money stays on it.

        id: Card.
        """
        return self._transport.call(
            _BLOCK,
            models.GiftCard,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def unblock(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.GiftCard:
        """Lets a blocked card be spent again.

        id: Card.
        """
        return self._transport.call(
            _UNBLOCK,
            models.GiftCard,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def find(self, *, code: str, timeout_s: float | None = None) -> models.GiftCard:
        """Finds a card by its code.

        code: Code; spaces and hyphens do not count.
        """
        return self._transport.call(_FIND, models.GiftCard, {}, Sent(body=given({"code": code}), timeout_s=timeout_s))
