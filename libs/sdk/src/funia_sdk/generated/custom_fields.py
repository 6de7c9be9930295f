"""Methods of custom fields. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("custom_fields.list", "GET", "/v1/custom-fields")
_CREATE = Operation("custom_fields.create", "POST", "/v1/custom-fields", keyed=True)
_GET = Operation("custom_fields.get", "GET", "/v1/custom-fields/{id}")
_UPDATE = Operation("custom_fields.update", "PATCH", "/v1/custom-fields/{id}", keyed=True)


class CustomFieldsApi:
    """Custom fields of the company. A change reaches every service within some seconds."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        object: Literal["", "contact", "account", "lead", "deal", "quote", "order", "invoice"] | None = None,
        archived: bool | None = None,
        timeout_s: float | None = None,
    ) -> models.ListCustomFieldsResponse:
        """Lists the custom fields of one kind of record, or of all, in the order they are shown in. It is never
        paged: there are 200 fields of an object at most, archived ones included.

        object: Kind of record; all where empty.
        archived: Archived fields too.
        """
        return self._transport.call(
            _LIST,
            models.ListCustomFieldsResponse,
            {},
            Sent(query={"object": object, "archived": archived}, timeout_s=timeout_s),
        )

    def create(
        self, body: inputs.CustomFieldInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.CustomField:
        """Adds a custom field, up to 100 living ones an object. Object, key, type and reference stay as they are
        for ever.
        """
        return self._transport.call(
            _CREATE, models.CustomField, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.CustomField:
        """Returns one custom field.

        id: Field.
        """
        return self._transport.call(_GET, models.CustomField, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.CustomFieldPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.CustomField:
        """Changes label, options, required, searchable, position, or archives a field. Values of archived fields
        and of options taken away stay in the records; they cannot be written again.

        id: UUIDv7.
        update_mask: What to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.CustomField,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )
