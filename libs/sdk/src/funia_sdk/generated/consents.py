"""Methods of consents. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport, given

_BATCH_CAN_CONTACT = Operation("consents.batch_can_contact", "POST", "/v1/consents:batchCanContact")
_CAN_CONTACT = Operation("consents.can_contact", "POST", "/v1/consents:canContact")
_RECORD = Operation("consents.record", "POST", "/v1/consents:record", keyed=True)


class ConsentsApi:
    """Consents of people, and the question that every sender asks before it sends."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def batch_can_contact(
        self,
        *,
        purpose_id: str,
        channel: Literal["email", "sms", "phone", "messenger", "post"],
        items: Sequence[inputs.ContactAskedInput],
        timeout_s: float | None = None,
    ) -> models.BatchCanContactResponse:
        """The same for up to 5,000 people at once, in the order asked for.

        purpose_id: Purpose of the message.
        channel: Channel of the message.
        items: People, 5,000 at most.
        """
        return self._transport.call(
            _BATCH_CAN_CONTACT,
            models.BatchCanContactResponse,
            {},
            Sent(body=given({"purpose_id": purpose_id, "channel": channel, "items": items}), timeout_s=timeout_s),
        )

    def can_contact(
        self,
        *,
        purpose_id: str,
        channel: Literal["email", "sms", "phone", "messenger", "post"],
        contact_id: str | None = None,
        address: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ContactDecision:
        """Says whether a person may be written to for a purpose on a channel, and why. Asked before each message.

        purpose_id: Purpose of the message.
        channel: Channel of the message.
        contact_id: Person. Empty for an address of nobody who is known: what needs consent is then refused.
        address: E-mail address, number or postal address. Without it, suppressed addresses cannot be told.
        """
        return self._transport.call(
            _CAN_CONTACT,
            models.ContactDecision,
            {},
            Sent(
                body=given(
                    {"purpose_id": purpose_id, "channel": channel, "contact_id": contact_id, "address": address}
                ),
                timeout_s=timeout_s,
            ),
        )

    def record(
        self,
        *,
        statements: Sequence[inputs.ConsentStatementInput],
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.RecordConsentsResponse:
        """Records what people said, with its evidence: up to 1,000 statements, all or none. What is older than
        what is known of the same person, purpose and channel goes into the history and changes nothing else.

        statements: Statements, 1,000 at most.
        """
        return self._transport.call(
            _RECORD,
            models.RecordConsentsResponse,
            {},
            Sent(body=given({"statements": statements}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
