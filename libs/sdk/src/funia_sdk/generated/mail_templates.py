"""Methods of mail templates. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("mail_templates.list", "GET", "/v1/mail-templates")
_CREATE = Operation("mail_templates.create", "POST", "/v1/mail-templates", keyed=True)
_DELETE = Operation("mail_templates.delete", "DELETE", "/v1/mail-templates/{id}", keyed=True)
_GET = Operation("mail_templates.get", "GET", "/v1/mail-templates/{id}")
_UPDATE = Operation("mail_templates.update", "PATCH", "/v1/mail-templates/{id}", keyed=True)
_UNDELETE = Operation("mail_templates.undelete", "POST", "/v1/mail-templates/{id}:undelete", keyed=True)


class MailTemplatesApi:
    """Templates: those that are shared, and the caller's own."""

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
    ) -> Pages[models.MailTemplate, models.ListMailTemplatesResponse]:
        """Lists templates.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        filter: Filter in the one filter language.
        order_by: Field to order by, "desc" after it for descending.
        deleted: Only those in the bin.
        """

        def fetch(token: str) -> models.ListMailTemplatesResponse:
            return self._transport.call(
                _LIST,
                models.ListMailTemplatesResponse,
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

        return Pages(fetch, lambda page: page.mail_templates, page_token or "")

    def create(
        self, body: inputs.MailTemplateInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.MailTemplate:
        """Creates a template."""
        return self._transport.call(
            _CREATE, models.MailTemplate, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        id: str,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.MailTemplate:
        """Moves a template to the bin; it can be undeleted.

        id: Template.
        """
        return self._transport.call(
            _DELETE,
            models.MailTemplate,
            {"id": id},
            Sent(idempotency_key=idempotency_key, if_match=if_match, timeout_s=timeout_s),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.MailTemplate:
        """Returns one template.

        id: Template.
        """
        return self._transport.call(_GET, models.MailTemplate, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.MailTemplatePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.MailTemplate:
        """Changes the fields named in update_mask, or every field present in the body where no mask is given. A
        shared template is changed by whoever made it, and by those who set up selling.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.MailTemplate,
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
    ) -> models.MailTemplate:
        """Takes a template back out of the bin.

        id: Template.
        """
        return self._transport.call(
            _UNDELETE,
            models.MailTemplate,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
