"""Methods of record mails. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_SEND = Operation("record_mails.send", "POST", "/v1/record-mails", keyed=True)
_GET = Operation("record_mails.get", "GET", "/v1/record-mails/{id}")
_RESEND = Operation("record_mails.resend", "POST", "/v1/record-mails/{id}:resend", keyed=True)
_DRAFT = Operation("record_mails.draft", "POST", "/v1/record-mails:draft", keyed=True)


class RecordMailsApi:
    """One mail to one person. It is kept as an activity of kind "email", under the same id."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(
        self,
        *,
        record_kind: Literal["contact", "deal", "lead", "quote"],
        record_id: str,
        subject: str,
        body: str,
        contact_id: str | None = None,
        quote_ids: Sequence[str] | None = None,
        document_ids: Sequence[str] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.RecordMail:
        """Sends a mail as it is given, in the name of the person who asks; answers to it reach that person.
        Nothing is sent to somebody who is not to be contacted.

        record_kind: Kind of the record.
        record_id: The record.
        contact_id: Person it goes to; the record's first where not given.
        subject: Subject as it is sent.
        body: Text as it is sent.
        quote_ids: Quotes whose papers are attached; each must have been sent.
        document_ids: Documents of the library that are attached in their newest version; none may be withdrawn or out of date. One that is withdrawn before the mail has left is not sent: the mail fails with DOCUMENT_WITHDRAWN.
        """
        return self._transport.call(
            _SEND,
            models.RecordMail,
            {},
            Sent(
                body=given(
                    {
                        "record_kind": record_kind,
                        "record_id": record_id,
                        "contact_id": contact_id,
                        "subject": subject,
                        "body": body,
                        "quote_ids": quote_ids,
                        "document_ids": document_ids,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.RecordMail:
        """Returns what became of a mail.

        id: Mail.
        """
        return self._transport.call(_GET, models.RecordMail, {"id": id}, Sent(timeout_s=timeout_s))

    def resend(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.RecordMail:
        """Sends a mail again that failed, or of which nobody knows whether it arrived.

        id: Mail.
        """
        return self._transport.call(
            _RESEND,
            models.RecordMail,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def draft(
        self,
        *,
        record_kind: Literal["contact", "deal", "lead", "quote"],
        record_id: str,
        contact_id: str | None = None,
        template_id: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.RecordMailDraft:
        """Shows whom a mail from a record would go to, and what a template says with the record's values.

        record_kind: Kind of the record.
        record_id: The record.
        contact_id: Person it goes to; the record's first where not given.
        template_id: Template; none for an empty mail.
        """
        return self._transport.call(
            _DRAFT,
            models.RecordMailDraft,
            {},
            Sent(
                body=given(
                    {
                        "record_kind": record_kind,
                        "record_id": record_id,
                        "contact_id": contact_id,
                        "template_id": template_id,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )
