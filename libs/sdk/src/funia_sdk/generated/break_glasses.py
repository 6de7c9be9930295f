"""Methods of break glasses. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("break_glasses.list", "GET", "/v1/break-glasses")
_OPEN = Operation("break_glasses.open", "POST", "/v1/break-glasses", keyed=True)
_GET = Operation("break_glasses.get", "GET", "/v1/break-glasses/{id}")
_END = Operation("break_glasses.end", "POST", "/v1/break-glasses/{id}:end", keyed=True)


class BreakGlassesApi:
    """Openings by break-glass."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.BreakGlass, models.ListBreakGlassesResponse]:
        """Lists openings, newest first. What was done under one is in the audit log, with the opening as target.

        page_size: Openings a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListBreakGlassesResponse:
            return self._transport.call(
                _LIST,
                models.ListBreakGlassesResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.break_glasses, page_token or "")

    def open(
        self,
        *,
        reason: str,
        password: str,
        minutes: int | None = None,
        record_id: str | None = None,
        code: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.BreakGlass:
        """Opens the whole company, or one record, to the owner who asks and proves himself anew. It holds where it
        was asked for, the console or one app, whose next token carries it; the other owners get a mail. Scopes
        stay as they are.

        reason: Why: a sentence that the other owners read.
        minutes: Minutes it stays open, as many as the platform allows (FUNIA_BREAK_GLASS_MINUTES_MAX); that many where unset.
        record_id: Contact or account to open; the whole company where empty.
        password: Password of the owner, once more.
        code: Code of the authenticator app, or a recovery code, where the owner has a second factor.
        """
        return self._transport.call(
            _OPEN,
            models.BreakGlass,
            {},
            Sent(
                body=given(
                    {"reason": reason, "minutes": minutes, "record_id": record_id, "password": password, "code": code}
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.BreakGlass:
        """Returns one opening.

        id: Opening.
        """
        return self._transport.call(_GET, models.BreakGlass, {"id": id}, Sent(timeout_s=timeout_s))

    def end(self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None) -> models.BreakGlass:
        """Ends an opening, the own one or that of another owner; tokens issued under it stop working within ten
        seconds.

        id: Opening.
        """
        return self._transport.call(
            _END,
            models.BreakGlass,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
