"""The few calls of the public REST API the demo needs, as any partner would make them. Nothing else talks HTTP.

Every write carries an Idempotency-Key, so a call repeated after a lost answer has its effect once.
"""

import base64
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

_SCOPES = (
    "contacts.read", "contacts.write", "contacts.import", "contacts.export",
    "sales.read", "sales.write", "sales.import", "sales.admin",
    "marketing.read", "support.read", "analytics.read", "identity.read",
)  # fmt: skip
_TIMEOUT_S = 30.0
_ATTEMPTS = 6
_RETRY_DELAY_S = 0.5
_RETRIED = frozenset(
    {
        httpx.codes.TOO_MANY_REQUESTS,
        httpx.codes.BAD_GATEWAY,
        httpx.codes.SERVICE_UNAVAILABLE,
        httpx.codes.GATEWAY_TIMEOUT,
    }
)
_STILL_RUNNING = "IDEMPOTENCY_KEY_IN_USE"
"""Why a repetition is refused while the first call, whose answer came too late, is still at work."""
_PAGE_SIZE = 200


class ApiError(Exception):
    """The API refused a call; the message is its problem document."""


@dataclass(frozen=True)
class Client:
    """An OAuth client of the tenant."""

    client_id: str
    client_secret: str


class PublicApi:
    """One tenant's view of the API. Safe to use from several threads once `authorize` was called."""

    def __init__(self, url: str, *, connections: int) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._http = httpx.Client(base_url=url, timeout=_TIMEOUT_S, limits=limits, trust_env=False)
        self._client: Client | None = None
        self._headers: dict[str, str] = {}

    def close(self) -> None:
        self._http.close()

    def sign_up(self, *, company_name: str, email: str, password: str, full_name: str, locale: str) -> str:
        """Makes the company and its first person; returns the company's name in addresses."""
        form = {"company_name": company_name, "full_name": full_name, "locale": locale}
        answer = self._call("POST", "/v1/sign-up", body={**form, "email": email, "password": password})
        slug: str = answer["tenant"]["slug"]
        return slug

    def open_session(self, email: str, password: str) -> None:
        """Logs the person in: calls carry the session's cookie and CSRF token until `close_session`."""
        answer = self._call("POST", "/v1/log-in", body={"email": email, "password": password})
        self._headers = {"X-CSRF-Token": answer["csrf_token"]}

    def close_session(self) -> None:
        self._call("POST", "/v1/log-out", body={})
        self._http.cookies.clear()
        self._headers = {}

    def create_person(self, email: str, password: str, *, full_name: str, role: str) -> None:
        """Makes somebody a colleague. Takes a session of an admin."""
        person = {"email": email, "password": password, "full_name": full_name, "role": role}
        self._call("POST", "/v1/users", body=person)

    def create_client(self, name: str) -> Client:
        """Registers an OAuth client of the company. Takes a session of an admin."""
        answer = self._call(
            "POST",
            "/v1/oauth-clients",
            body={"name": name, "scopes": list(_SCOPES), "grant_types": ["client_credentials"]},
        )
        return Client(answer["client_id"], answer["client_secret"])

    def authorize(self, client: Client) -> None:
        """Gets an access token by client credentials; a later 401 gets the next one by itself."""
        secret = base64.b64encode(f"{client.client_id}:{client.client_secret}".encode()).decode("ascii")
        answer = self._http.post(
            "/oauth/token",
            data={"grant_type": "client_credentials", "scope": " ".join(_SCOPES)},
            headers={"Authorization": f"Basic {secret}"},
        )
        if answer.status_code != httpx.codes.OK:
            raise ApiError(f"POST /oauth/token answered {answer.status_code}: {answer.text}")
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        self._client = client

    def create_account(self, account: Mapping[str, Any]) -> str:
        """Returns the id."""
        created: str = self._call("POST", "/v1/accounts", body=account, query={"allow_duplicate": "true"})["id"]
        return created

    def create_contact(self, contact: Mapping[str, Any], *, account_id: str = "") -> str:
        """Returns the id. With an account the person is put into it at once, as the main one."""
        query = {"allow_duplicate": "true", **({"account_id": account_id} if account_id else {})}
        created: str = self._call("POST", "/v1/contacts", body=contact, query=query)["id"]
        return created

    def link_contact(self, account_id: str, contact_id: str, *, role: str, primary: bool) -> None:
        self._call("PUT", f"/v1/accounts/{account_id}/contacts/{contact_id}", body={"role": role, "primary": primary})

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The document at a path."""
        return self._call("GET", path, query=query)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What a write answers."""
        return self._call("POST", path, body=body)

    def patch(self, path: str, body: Mapping[str, Any], **query: str) -> dict[str, Any]:
        """What a change answers."""
        return self._call("PATCH", path, body=body, query=query)

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What setting answers."""
        return self._call("PUT", path, body=body)

    def upload(self, path: str, *, kind: str, file_name: str, content: bytes) -> dict[str, Any]:
        """What taking in a file answers."""
        return self._call("POST", path, form={"kind": kind}, file=(file_name, content))

    def accounts(self) -> Iterator[dict[str, Any]]:
        return self.pages("/v1/accounts", "accounts", view="VIEW_FULL")

    def contacts(self) -> Iterator[dict[str, Any]]:
        return self.pages("/v1/contacts", "contacts", view="VIEW_FULL")

    def pages(self, path: str, name: str, **asked: str) -> Iterator[dict[str, Any]]:
        """The records of a list, page by page."""
        page_token = ""
        while True:
            query = {**asked, "page_size": str(_PAGE_SIZE), "page_token": page_token}
            page = self._call("GET", path, query={key: value for key, value in query.items() if value})
            yield from page.get(name, [])
            page_token = page.get("next_page_token", "")
            if not page_token:
                return

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> dict[str, Any]:
        files = None if file is None else {"file": file}
        key = str(uuid.uuid4())
        for attempt in range(_ATTEMPTS):
            headers = self._headers if method == "GET" else {**self._headers, "Idempotency-Key": key}
            try:
                answer = self._http.request(
                    method, path, json=body, data=form, files=files, params=query or None, headers=headers
                )
            except httpx.TransportError:
                if attempt == _ATTEMPTS - 1:
                    raise
                time.sleep(_RETRY_DELAY_S * 2**attempt)
                continue
            if answer.is_success:
                document: dict[str, Any] = answer.json()
                return document
            if answer.status_code == httpx.codes.UNAUTHORIZED and self._client and attempt == 0:
                self.authorize(self._client)
            elif (answer.status_code in _RETRIED or _STILL_RUNNING in answer.text) and attempt < _ATTEMPTS - 1:
                time.sleep(float(answer.headers.get("Retry-After", _RETRY_DELAY_S * 2**attempt)))
            else:
                raise ApiError(f"{method} {path} answered {answer.status_code}: {answer.text}")
        raise ApiError(f"{method} {path} was refused {_ATTEMPTS} times.")
