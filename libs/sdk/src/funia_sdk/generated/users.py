"""Methods of users. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("users.list", "GET", "/v1/users")
_CREATE = Operation("users.create", "POST", "/v1/users", keyed=True)
_GET = Operation("users.get", "GET", "/v1/users/{id}")
_UPDATE = Operation("users.update", "PATCH", "/v1/users/{id}", keyed=True)
_PSEUDONYMIZE = Operation("users.pseudonymize", "POST", "/v1/users/{id}:pseudonymize", keyed=True)
_EXPLAIN_ACCESS = Operation("users.explain_access", "GET", "/v1/users/{user_id}/access/{record_id}")
_END_SESSIONS = Operation("users.end_sessions", "POST", "/v1/users/{user_id}:endSessions", keyed=True)


class UsersApi:
    """The company itself, its users, roles and apps."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None, timeout_s: float | None = None
    ) -> Pages[models.User, models.ListUsersResponse]:
        """Lists the people of the company, oldest first.

        page_size: Records a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListUsersResponse:
            return self._transport.call(
                _LIST,
                models.ListUsersResponse,
                {},
                Sent(query={"page_size": page_size, "page_token": token or None}, timeout_s=timeout_s),
            )

        return Pages(fetch, lambda page: page.users, page_token or "")

    def create(
        self,
        *,
        email: str,
        full_name: str,
        role: str,
        password: str | None = None,
        locale: Literal["en", "ru", "bg"] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.User:
        """Adds a person to the company with a role; an account that exists already becomes a member.

        email: E-mail, the log-in name.
        full_name: Full name.
        role: Role.
        password: First password, for a person who has no account yet.
        locale: Language of the console.
        """
        return self._transport.call(
            _CREATE,
            models.User,
            {},
            Sent(
                body=given(
                    {"email": email, "full_name": full_name, "role": role, "password": password, "locale": locale}
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.User:
        """Returns one person of the company.

        id: Person.
        """
        return self._transport.call(_GET, models.User, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.UserPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.User:
        """Changes role or status of a person of the company.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.User,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )

    def pseudonymize(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.User:
        """Replaces name and e-mail address of a colleague who was removed, wherever they stand; what the colleague
        did stays, as done by "Former colleague 3" and the like. Nothing brings the name back. A second time
        changes nothing.

        id: Person, whose state is deactivated.
        """
        return self._transport.call(
            _PSEUDONYMIZE,
            models.User,
            {"id": id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def explain_access(
        self, user_id: str, record_id: str, *, timeout_s: float | None = None
    ) -> models.AccessExplanation:
        """Explains whether and why a person of the company sees and changes a record that the caller sees.

        user_id: Person.
        record_id: Contact, account, deal or lead.
        """
        return self._transport.call(
            _EXPLAIN_ACCESS,
            models.AccessExplanation,
            {"user_id": user_id, "record_id": record_id},
            Sent(timeout_s=timeout_s),
        )

    def end_sessions(
        self, user_id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.EndUserSessionsResponse:
        """Ends everything a person holds in the company: sessions, and the grants of apps that work in the
        person's name. Access tokens issued before are refused within ten seconds.

        user_id: Person.
        """
        return self._transport.call(
            _END_SESSIONS,
            models.EndUserSessionsResponse,
            {"user_id": user_id},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
