"""Methods of contacts. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from funia_sdk.batching import ITEMS_MAX, Outcome, in_batches
from funia_sdk.files import Download
from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("contacts.list", "GET", "/v1/contacts")
_CREATE = Operation("contacts.create", "POST", "/v1/contacts", keyed=True)
_LIST_CONSENT_ENTRIES = Operation("contacts.list_consent_entries", "GET", "/v1/contacts/{contact_id}/consent-entries")
_LIST_CONSENTS = Operation("contacts.list_consents", "GET", "/v1/contacts/{contact_id}/consents")
_PREFERENCE_LINK = Operation("contacts.preference_link", "POST", "/v1/contacts/{contact_id}:preferenceLink")
_REQUEST_CONSENT = Operation("contacts.request_consent", "POST", "/v1/contacts/{contact_id}:requestConsent", keyed=True)
_DELETE = Operation("contacts.delete", "DELETE", "/v1/contacts/{id}", keyed=True)
_GET = Operation("contacts.get", "GET", "/v1/contacts/{id}")
_UPDATE = Operation("contacts.update", "PATCH", "/v1/contacts/{id}", keyed=True)
_GET_PERSONAL_DATA = Operation("contacts.get_personal_data", "GET", "/v1/contacts/{id}/personal-data")
_ERASE = Operation("contacts.erase", "POST", "/v1/contacts/{id}:erase", keyed=True)
_MERGE = Operation("contacts.merge", "POST", "/v1/contacts/{id}:merge", keyed=True)
_UNDELETE = Operation("contacts.undelete", "POST", "/v1/contacts/{id}:undelete", keyed=True)
_BATCH_CREATE = Operation("contacts.batch_create", "POST", "/v1/contacts:batchCreate", keyed=True)
_BATCH_DELETE = Operation("contacts.batch_delete", "POST", "/v1/contacts:batchDelete", keyed=True)
_BATCH_GET = Operation("contacts.batch_get", "GET", "/v1/contacts:batchGet")
_BATCH_UPDATE = Operation("contacts.batch_update", "POST", "/v1/contacts:batchUpdate", keyed=True)
_BATCH_UPSERT = Operation("contacts.batch_upsert", "POST", "/v1/contacts:batchUpsert", keyed=True)
_EXPORT = Operation("contacts.export", "GET", "/v1/contacts:export")
_FIND_DUPLICATES = Operation("contacts.find_duplicates", "POST", "/v1/contacts:findDuplicates")
_LOOKUP = Operation("contacts.lookup", "GET", "/v1/contacts:lookup")


class ContactsApi:
    """Contacts of the tenant."""

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
    ) -> Pages[models.Contact, models.ListContactsResponse]:
        """Lists contacts, newest first unless ordered otherwise.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language, such as: lifecycle_stage = "lead" AND score >= 50.
        order_by: Field to order by, "desc" after it for descending. Default: "created_at desc".
        view: How much of each record to return; in a summary, fields that are empty or not part of it are left out.
        deleted: Only contacts in the bin.
        """

        def fetch(token: str) -> models.ListContactsResponse:
            return self._transport.call(
                _LIST,
                models.ListContactsResponse,
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

        return Pages(fetch, lambda page: page.contacts, page_token or "")

    def create(
        self,
        body: inputs.ContactInput,
        *,
        allow_duplicate: bool | None = None,
        account_id: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Contact:
        """Creates a contact. A likely duplicate is refused with the candidates unless allow_duplicate is set.

        allow_duplicate: Create it even where it looks like a duplicate.
        account_id: Company to link the person to at once.
        """
        return self._transport.call(
            _CREATE,
            models.Contact,
            {},
            Sent(
                query={"allow_duplicate": allow_duplicate, "account_id": account_id},
                body=body,
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def list_consent_entries(
        self,
        contact_id: str,
        *,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.ConsentEntry, models.ListConsentEntriesResponse]:
        """Returns everything that was ever recorded of a person, the newest first. Nothing of it is changed or
        removed.

        contact_id: Person.
        page_size: Entries a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListConsentEntriesResponse:
            return self._transport.call(
                _LIST_CONSENT_ENTRIES,
                models.ListConsentEntriesResponse,
                {"contact_id": contact_id},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.entries, page_token or "")

    def list_consents(self, contact_id: str, *, timeout_s: float | None = None) -> models.ListContactConsentsResponse:
        """Returns where a person stands on every purpose and channel.

        contact_id: Person.
        """
        return self._transport.call(
            _LIST_CONSENTS, models.ListContactConsentsResponse, {"contact_id": contact_id}, Sent(timeout_s=timeout_s)
        )

    def preference_link(
        self,
        contact_id: str,
        *,
        channel: Literal["email", "sms", "phone", "messenger", "post"],
        address: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PreferenceLink:
        """Returns the link to a person's preference centre, for the foot of a message to this address.

        contact_id: Person.
        channel: Channel of the message.
        address: Address of the message: whoever wants nothing any more has it suppressed, too.
        """
        return self._transport.call(
            _PREFERENCE_LINK,
            models.PreferenceLink,
            {"contact_id": contact_id},
            Sent(body=given({"channel": channel, "address": address}), timeout_s=timeout_s),
        )

    def request_consent(
        self,
        contact_id: str,
        *,
        purpose_ids: Sequence[str],
        channel: Literal["email", "sms", "phone", "messenger", "post"],
        source: str,
        text_version: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.RequestConsentResponse:
        """Asks a person to confirm consents: they wait, and count once the link is opened and confirmed. Returns
        the link; who asks sends it. The link works once, and until it expires.

        contact_id: Person.
        purpose_ids: Purposes to confirm, 20 at most.
        channel: Channel.
        source: Where the person asked for it.
        text_version: Version of the text that the person was shown.
        """
        return self._transport.call(
            _REQUEST_CONSENT,
            models.RequestConsentResponse,
            {"contact_id": contact_id},
            Sent(
                body=given(
                    {"purpose_ids": purpose_ids, "channel": channel, "source": source, "text_version": text_version}
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Contact:
        """Moves a contact to the bin; it can be undeleted.

        id: Contact.
        """
        return self._transport.call(
            _DELETE,
            models.Contact,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Contact:
        """Returns one contact.

        id: Contact.
        """
        return self._transport.call(_GET, models.Contact, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.ContactPatch,
        *,
        update_mask: str | None = None,
        reason: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Contact:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        reason: Why the lifecycle stage goes backward; required then.
        """
        return self._transport.call(
            _UPDATE,
            models.Contact,
            {"id": id},
            Sent(
                query={"update_mask": update_mask, "reason": reason},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def get_personal_data(self, id: str, *, timeout_s: float | None = None) -> models.PersonalData:
        """Returns everything that is held about a person: the contact, those merged into it, all that belongs to
        them, and what sales and marketing hold.

        id: Contact.
        """
        return self._transport.call(_GET_PERSONAL_DATA, models.PersonalData, {"id": id}, Sent(timeout_s=timeout_s))

    def erase(
        self,
        id: str,
        *,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.PersonErasure:
        """Erases a person for good: the contact, those merged into it, and all that belongs to them. Nothing
        brings it back.

        id: Contact.
        etag: Etag of the contact as it was looked at; erases it whatever happened since where empty.
        """
        return self._transport.call(
            _ERASE,
            models.PersonErasure,
            {"id": id},
            Sent(body=given({"etag": etag}), idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def merge(
        self,
        id: str,
        *,
        other_id: str,
        take_from_other: str | None = None,
        etag: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Contact:
        """Merges another contact into this one, field by field as chosen; the other becomes an alias.

        id: Contact that stays.
        other_id: Contact that becomes an alias of it.
        take_from_other: Fields whose value is taken from the other; the rest stays. E-mails, phones, tags, companies and ids are united.
        etag: Etag of the contact that stays.
        """
        return self._transport.call(
            _MERGE,
            models.Contact,
            {"id": id},
            Sent(
                body=given({"other_id": other_id, "take_from_other": take_from_other, "etag": etag}),
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def undelete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Contact:
        """Takes a contact back out of the bin.

        id: Contact.
        """
        return self._transport.call(
            _UNDELETE,
            models.Contact,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def batch_create(
        self,
        *,
        requests: Sequence[inputs.CreateContactRequestInput],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchResults:
        """Creates contacts. Likely duplicates, also among the items, fail as they do in CreateContact.

        requests: Items as CreateContact takes them, 1,000 at most.
        """
        return self._transport.call(
            _BATCH_CREATE,
            models.BatchResults,
            {},
            Sent(body=given({"requests": requests}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def create_many(
        self,
        requests: Iterable[inputs.CreateContactRequestInput],
        *,
        items_max: int = ITEMS_MAX,
        timeout_s: float | None = None,
    ) -> Iterator[Outcome[inputs.CreateContactRequestInput, models.BatchResult]]:
        """Creates contacts. Likely duplicates, also among the items, fail as they do in CreateContact. Any number
        of them: sent by batch_create, at most `items_max` at once, and each given back with what became of it.
        """

        def send(batch: builtins.list[inputs.CreateContactRequestInput]) -> models.BatchResults:
            return self.batch_create(requests=batch, timeout_s=timeout_s)

        return in_batches(requests, send, items_max=items_max)

    def batch_delete(
        self,
        *,
        requests: Sequence[inputs.DeleteContactRequestInput],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchResults:
        """Moves contacts to the bin.

        requests: Items as DeleteContact takes them, 1,000 at most.
        """
        return self._transport.call(
            _BATCH_DELETE,
            models.BatchResults,
            {},
            Sent(body=given({"requests": requests}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def delete_many(
        self,
        requests: Iterable[inputs.DeleteContactRequestInput],
        *,
        items_max: int = ITEMS_MAX,
        timeout_s: float | None = None,
    ) -> Iterator[Outcome[inputs.DeleteContactRequestInput, models.BatchResult]]:
        """Moves contacts to the bin. Any number of them: sent by batch_delete, at most `items_max` at once, and
        each given back with what became of it.
        """

        def send(batch: builtins.list[inputs.DeleteContactRequestInput]) -> models.BatchResults:
            return self.batch_delete(requests=batch, timeout_s=timeout_s)

        return in_batches(requests, send, items_max=items_max)

    def batch_get(
        self, *, ids: Sequence[str], view: Literal["SUMMARY", "FULL"] | None = None, timeout_s: float | None = None
    ) -> models.BatchGetContactsResponse:
        """Returns up to 200 contacts by id; ids that are unknown or not visible are left out.

        ids: Contacts, 200 at most.
        view: How much of each record to return; the whole by default.
        """
        return self._transport.call(
            _BATCH_GET, models.BatchGetContactsResponse, {}, Sent(query={"ids": ids, "view": view}, timeout_s=timeout_s)
        )

    def batch_update(
        self,
        *,
        requests: Sequence[inputs.UpdateContactRequestInput],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchResults:
        """Changes contacts by id.

        requests: Items as UpdateContact takes them, 1,000 at most.
        """
        return self._transport.call(
            _BATCH_UPDATE,
            models.BatchResults,
            {},
            Sent(body=given({"requests": requests}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def update_many(
        self,
        requests: Iterable[inputs.UpdateContactRequestInput],
        *,
        items_max: int = ITEMS_MAX,
        timeout_s: float | None = None,
    ) -> Iterator[Outcome[inputs.UpdateContactRequestInput, models.BatchResult]]:
        """Changes contacts by id. Any number of them: sent by batch_update, at most `items_max` at once, and each
        given back with what became of it.
        """

        def send(batch: builtins.list[inputs.UpdateContactRequestInput]) -> models.BatchResults:
            return self.batch_update(requests=batch, timeout_s=timeout_s)

        return in_batches(requests, send, items_max=items_max)

    def batch_upsert(
        self,
        *,
        requests: Sequence[inputs.UpsertContactRequestInput],
        system: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BatchResults:
        """Creates contacts or changes those that are there, found by id or by their id in another system.

        requests: Items by id, or by external id in `system`, 1,000 at most.
        system: System by whose external ids contacts without an id are recognised, such as "erp".
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
        requests: Iterable[inputs.UpsertContactRequestInput],
        *,
        system: str | None = None,
        items_max: int = ITEMS_MAX,
        timeout_s: float | None = None,
    ) -> Iterator[Outcome[inputs.UpsertContactRequestInput, models.BatchResult]]:
        """Creates contacts or changes those that are there, found by id or by their id in another system. Any
        number of them: sent by batch_upsert, at most `items_max` at once, and each given back with what became
        of it.

        system: System by whose external ids contacts without an id are recognised, such as "erp".
        """

        def send(batch: builtins.list[inputs.UpsertContactRequestInput]) -> models.BatchResults:
            return self.batch_upsert(requests=batch, system=system, timeout_s=timeout_s)

        return in_batches(requests, send, items_max=items_max)

    def export(
        self,
        *,
        format: Literal["csv", "jsonl"] | None = None,
        filter: str | None = None,
        timeout_s: float | None = None,
    ) -> Download:
        """Every contact that matches, as a file.

        format: csv or jsonl; csv where not given.
        filter: Filter in the one filter language.
        """
        return self._transport.download(
            _EXPORT, {}, Sent(query={"format": format, "filter": filter}, timeout_s=timeout_s)
        )

    def find_duplicates(
        self, *, contact: inputs.ContactInput, timeout_s: float | None = None
    ) -> models.FindDuplicateContactsResponse:
        """Tells which existing contacts a new one would likely duplicate, and why.

        contact: Contact as it would be created.
        """
        return self._transport.call(
            _FIND_DUPLICATES,
            models.FindDuplicateContactsResponse,
            {},
            Sent(body=given({"contact": contact}), timeout_s=timeout_s),
        )

    def lookup(
        self,
        *,
        email: str | None = None,
        phone: str | None = None,
        external_id: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Contact:
        """Finds the contact that owns an identity: an e-mail, a phone or an external id.

        email: E-mail address.
        phone: Phone number, national or international.
        external_id: Id in another system, as "system:id".
        """
        return self._transport.call(
            _LOOKUP,
            models.Contact,
            {},
            Sent(query={"email": email, "phone": phone, "external_id": external_id}, timeout_s=timeout_s),
        )
