"""Methods of accounts. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from funia_sdk.batching import ITEMS_MAX, Outcome, in_batches
from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("accounts.list", "GET", "/v1/accounts")
_CREATE = Operation("accounts.create", "POST", "/v1/accounts", keyed=True)
_LIST_CONTACTS = Operation("accounts.list_contacts", "GET", "/v1/accounts/{account_id}/contacts")
_UNLINK_CONTACT = Operation(
    "accounts.unlink_contact", "DELETE", "/v1/accounts/{account_id}/contacts/{contact_id}", keyed=True
)
_LINK_CONTACT = Operation("accounts.link_contact", "PUT", "/v1/accounts/{account_id}/contacts/{contact_id}", keyed=True)
_DELETE = Operation("accounts.delete", "DELETE", "/v1/accounts/{id}", keyed=True)
_GET = Operation("accounts.get", "GET", "/v1/accounts/{id}")
_UPDATE = Operation("accounts.update", "PATCH", "/v1/accounts/{id}", keyed=True)
_UNDELETE = Operation("accounts.undelete", "POST", "/v1/accounts/{id}:undelete", keyed=True)
_BATCH_CREATE = Operation("accounts.batch_create", "POST", "/v1/accounts:batchCreate", keyed=True)
_BATCH_DELETE = Operation("accounts.batch_delete", "POST", "/v1/accounts:batchDelete", keyed=True)
_BATCH_GET = Operation("accounts.batch_get", "GET", "/v1/accounts:batchGet")
_BATCH_UPDATE = Operation("accounts.batch_update", "POST", "/v1/accounts:batchUpdate", keyed=True)
_BATCH_UPSERT = Operation("accounts.batch_upsert", "POST", "/v1/accounts:batchUpsert", keyed=True)


class AccountsApi:
    """Companies of the tenant."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        filter: str | None = None,
        order_by: str | None = None,
        view: Literal["SUMMARY", "FULL"] | None = None,
        deleted: bool | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.Account, models.ListAccountsResponse]:
        """Lists accounts, newest first unless ordered otherwise.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending. Default: "created_at desc".
        view: How much of each record to return; in a summary, fields that are empty or not part of it are left out.
        deleted: Only accounts in the bin.
        """

        def fetch(token: str) -> models.ListAccountsResponse:
            return self._transport.call(
                _LIST,
                models.ListAccountsResponse,
                {},
                Sent(
                    query={
                        "page_size": page_size,
                        "page_token": token or None,
                        "filter": filter,
                        "order_by": order_by,
                        "view": view,
                        "deleted": deleted,
                    },
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.accounts, page_token or "")

    def create(
        self,
        body: inputs.AccountInput,
        *,
        allow_duplicate: bool | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Account:
        """Creates an account. One with the same name or domain is refused with the candidates unless
        allow_duplicate is set.

        allow_duplicate: Create it even where it looks like a duplicate.
        """
        return self._transport.call(
            _CREATE,
            models.Account,
            {},
            Sent(
                query={"allow_duplicate": allow_duplicate},
                body=body,
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def list_contacts(
        self,
        account_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.AccountContact, models.ListAccountContactsResponse]:
        """Lists the people of an account.

        account_id: Account.
        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListAccountContactsResponse:
            return self._transport.call(
                _LIST_CONTACTS,
                models.ListAccountContactsResponse,
                {"account_id": account_id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.contacts, page_token or "")

    def unlink_contact(
        self, account_id: str, contact_id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.UnlinkContactResponse:
        """Takes a person out of an account.

        account_id: Account.
        contact_id: Person.
        """
        return self._transport.call(
            _UNLINK_CONTACT,
            models.UnlinkContactResponse,
            {"account_id": account_id, "contact_id": contact_id},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def link_contact(
        self,
        account_id: str,
        contact_id: str,
        *,
        role: str | None = None,
        primary: bool | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.AccountContact:
        """Puts a person into an account with a role, or changes the role.

        account_id: Account.
        contact_id: Person.
        role: Role such as "buyer".
        primary: Make it the person's main company.
        """
        return self._transport.call(
            _LINK_CONTACT,
            models.AccountContact,
            {"account_id": account_id, "contact_id": contact_id},
            Sent(body=given({"role": role, "primary": primary}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Account:
        """Moves an account to the bin; it can be undeleted.

        id: Account.
        """
        return self._transport.call(
            _DELETE,
            models.Account,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Account:
        """Returns one account.

        id: Account.
        """
        return self._transport.call(_GET, models.Account, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.AccountPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Account:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Account,
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
    ) -> models.Account:
        """Takes an account back out of the bin.

        id: Account.
        """
        return self._transport.call(
            _UNDELETE,
            models.Account,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_create(
        self,
        *,
        requests: Sequence[inputs.CreateAccountRequestInput],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchResults:
        """Creates accounts. Likely duplicates, also among the items, fail as they do in CreateAccount.

        requests: Items as CreateAccount takes them, 1,000 at most.
        """
        return self._transport.call(
            _BATCH_CREATE,
            models.BatchResults,
            {},
            Sent(body=given({"requests": requests}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def create_many(
        self,
        requests: Iterable[inputs.CreateAccountRequestInput],
        *,
        items_max: int = ITEMS_MAX,
        timeout_s: float | None = None,
    ) -> Iterator[Outcome[inputs.CreateAccountRequestInput, models.BatchResult]]:
        """Creates accounts. Likely duplicates, also among the items, fail as they do in CreateAccount. Any number
        of them: sent by batch_create, at most `items_max` at once, and each given back with what became of it.
        """

        def send(batch: builtins.list[inputs.CreateAccountRequestInput]) -> models.BatchResults:
            return self.batch_create(requests=batch, timeout_s=timeout_s)

        return in_batches(requests, send, items_max=items_max)

    def batch_delete(
        self,
        *,
        requests: Sequence[inputs.DeleteAccountRequestInput],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchResults:
        """Moves accounts to the bin.

        requests: Items as DeleteAccount takes them, 1,000 at most.
        """
        return self._transport.call(
            _BATCH_DELETE,
            models.BatchResults,
            {},
            Sent(body=given({"requests": requests}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def delete_many(
        self,
        requests: Iterable[inputs.DeleteAccountRequestInput],
        *,
        items_max: int = ITEMS_MAX,
        timeout_s: float | None = None,
    ) -> Iterator[Outcome[inputs.DeleteAccountRequestInput, models.BatchResult]]:
        """Moves accounts to the bin. Any number of them: sent by batch_delete, at most `items_max` at once, and
        each given back with what became of it.
        """

        def send(batch: builtins.list[inputs.DeleteAccountRequestInput]) -> models.BatchResults:
            return self.batch_delete(requests=batch, timeout_s=timeout_s)

        return in_batches(requests, send, items_max=items_max)

    def batch_get(self, *, ids: Sequence[str], timeout_s: float | None = None) -> models.BatchGetAccountsResponse:
        """Returns up to 200 accounts by id; ids that are unknown or not visible are left out.

        ids: Accounts, 200 at most.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetAccountsResponse, {}, Sent(query={"ids": ids}, timeout_s=timeout_s)
        )

    def batch_update(
        self,
        *,
        requests: Sequence[inputs.UpdateAccountRequestInput],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchResults:
        """Changes accounts by id.

        requests: Items as UpdateAccount takes them, 1,000 at most.
        """
        return self._transport.call(
            _BATCH_UPDATE,
            models.BatchResults,
            {},
            Sent(body=given({"requests": requests}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def update_many(
        self,
        requests: Iterable[inputs.UpdateAccountRequestInput],
        *,
        items_max: int = ITEMS_MAX,
        timeout_s: float | None = None,
    ) -> Iterator[Outcome[inputs.UpdateAccountRequestInput, models.BatchResult]]:
        """Changes accounts by id. Any number of them: sent by batch_update, at most `items_max` at once, and each
        given back with what became of it.
        """

        def send(batch: builtins.list[inputs.UpdateAccountRequestInput]) -> models.BatchResults:
            return self.batch_update(requests=batch, timeout_s=timeout_s)

        return in_batches(requests, send, items_max=items_max)

    def batch_upsert(
        self,
        *,
        requests: Sequence[inputs.UpsertAccountRequestInput],
        system: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchResults:
        """Creates accounts or changes those that are there, found by id or by their id in another system.

        requests: Items by id, or by external id in `system`, 1,000 at most.
        system: System by whose external ids accounts without an id are recognised, such as "erp".
        """
        return self._transport.call(
            _BATCH_UPSERT,
            models.BatchResults,
            {},
            Sent(
                body=given({"requests": requests, "system": system}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def upsert_many(
        self,
        requests: Iterable[inputs.UpsertAccountRequestInput],
        *,
        system: str | None = None,
        items_max: int = ITEMS_MAX,
        timeout_s: float | None = None,
    ) -> Iterator[Outcome[inputs.UpsertAccountRequestInput, models.BatchResult]]:
        """Creates accounts or changes those that are there, found by id or by their id in another system. Any
        number of them: sent by batch_upsert, at most `items_max` at once, and each given back with what became
        of it.

        system: System by whose external ids accounts without an id are recognised, such as "erp".
        """

        def send(batch: builtins.list[inputs.UpsertAccountRequestInput]) -> models.BatchResults:
            return self.batch_upsert(requests=batch, system=system, timeout_s=timeout_s)

        return in_batches(requests, send, items_max=items_max)
