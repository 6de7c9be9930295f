"""One request of the API: token, idempotency key, retries, problems. Every method of the library ends here.

A write carries an Idempotency-Key, the same in each try, so that repeating it after a broken connection is safe.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx2

from funia_sdk.auth import Authorization, TokenServer
from funia_sdk.decoding import decode, encode, text_of
from funia_sdk.deprecations import warn_of
from funia_sdk.errors import ApiError, ConnectionFailed, error_of
from funia_sdk.files import Download
from funia_sdk.proofs import ProofKey
from funia_sdk.retrying import Retries, asked_pause_s

T = TypeVar("T")
_AWAY = frozenset({502, 503, 504})
_STILL_RUNNING = "IDEMPOTENCY_KEY_IN_USE"
_NONCE_ASKED = "PROOF_NEEDS_NONCE"
_DROPPED_TOKEN = frozenset({"TOKEN_EXPIRED", "TOKEN_INVALID", "TOKEN_REVOKED"})


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of the API, as the generated code knows it."""

    name: str
    verb: str
    path: str
    keyed: bool = False
    """Whether it takes an Idempotency-Key."""
    public: bool = False
    """Whether it needs no token."""
    deprecated: bool = False
    """Whether calling it is warned of already by its definition."""

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        return self.keyed or self.verb in ("GET", "PUT")


@dataclass(frozen=True, slots=True)
class Sent:
    """What one call sends besides its path."""

    query: Mapping[str, object] | None = None
    body: object = None
    """Sent as JSON."""
    content: bytes | None = None
    """Sent as it is, with `content_type`."""
    content_type: str = "application/json"
    files: Mapping[str, tuple[str, bytes]] | None = None
    fields: Mapping[str, object] | None = None
    """Beside files, in a form."""
    idempotency_key: str | None = None
    if_match: str | None = None
    timeout_s: float | None = None


class Transport:
    """Sends requests. Safe to share between threads."""

    def __init__(
        self, http: httpx2.Client, base_url: str, authorization: Authorization, retries: Retries, timeout_s: float
    ) -> None:
        self._http = http
        self.base_url = base_url.rstrip("/")
        self._authorization = authorization
        self.retries = retries
        self._timeout_s = timeout_s
        self._server = TokenServer(http, self.base_url, retries)

    def call(self, operation: Operation, answer: type[T], path: Mapping[str, str], sent: Sent) -> T:
        """The answer, read as a model. Raises ApiError, ConnectionFailed and TokenRefused."""
        response = self.send(operation, path, sent)
        return decode(answer, response.json() if response.content else {})

    def download(self, operation: Operation, path: Mapping[str, str], sent: Sent) -> Download:
        """The answer as a file that is read while it arrives."""
        return Download(self.send(operation, path, sent, stream=True))

    def send(
        self, operation: Operation, path: Mapping[str, str], sent: Sent, *, stream: bool = False
    ) -> httpx2.Response:
        """A successful answer; of a stream, the head of it."""
        url = self.base_url + _filled(operation.path, path)
        headers, content = _headers_and_content(operation, sent)
        request = self._http.build_request(
            operation.verb,
            url,
            params=_parameters(sent.query),
            content=content,
            files=dict(sent.files) if sent.files else None,
            data={name: text_of(value) for name, value in (sent.fields or {}).items() if value is not None},
            headers=headers,
            timeout=self._timeout_s if sent.timeout_s is None else sent.timeout_s,
        )
        response = self.exchange(request, repeatable=operation.repeatable, public=operation.public, stream=stream)
        if not operation.deprecated:
            warn_of(operation.name, response.headers)
        return response

    def exchange(
        self, request: httpx2.Request, *, repeatable: bool, public: bool = False, stream: bool = False
    ) -> httpx2.Response:
        """Sends a request as often as it takes, with a token. Redirects are answers, not followed."""
        attempt, renewed, proven = 0, False, False
        # Authorizations that the caller wrote may have none.
        key: ProofKey | None = getattr(self._authorization, "key", None)
        while True:
            attempt += 1
            learned = False
            token = "" if public else self._authorization.token(self._server)
            if token:
                request.headers.update(_credentials(request, token, key))
            try:
                response = self._http.send(request, stream=stream)
                if token and key is not None:
                    learned = key.learn(str(request.url), response.headers)
                if response.is_success or response.is_redirect:
                    return response
                problem = _problem_of(response)
            except httpx2.TransportError as error:
                # A connection that never stood has carried nothing; one that broke may have carried all of it.
                pause = self.retries.pause_s(attempt, None)
                if pause is None or not (repeatable or isinstance(error, httpx2.ConnectError)):
                    raise ConnectionFailed(f"{request.method} {request.url.path}: {error or 'broken off'}") from error
            else:
                if problem.status == 401 and token and not renewed and problem.reason in _DROPPED_TOKEN:
                    renewed = True
                    self._authorization.drop(token)
                    continue
                if problem.reason == _NONCE_ASKED and learned and not proven:
                    proven = True
                    continue
                again = self.retries.pause_s(attempt, problem.retry_after_s)
                if again is None or not _may_repeat(problem, repeatable=repeatable):
                    raise problem
                pause = again
            self.retries.sleep(pause)
            proven = False


def given(values: Mapping[str, object]) -> dict[str, object]:
    """The fields that the caller gave a value."""
    return {name: value for name, value in values.items() if value is not None}


def new_key() -> str:
    """A fresh Idempotency-Key."""
    return str(uuid4())


def _credentials(request: httpx2.Request, token: str, key: ProofKey | None) -> dict[str, str]:
    """The token's headers: with the proof of its key, which is good once, or as what whoever holds it may use."""
    if key is None:
        return {"Authorization": f"Bearer {token}"}
    return key.headers(request.method, str(request.url), token)


def _may_repeat(problem: ApiError, *, repeatable: bool) -> bool:
    # Over a limit nothing was done; of the rest only what may be done twice is repeated.
    if problem.status == 429:
        return True
    return repeatable and (problem.status in _AWAY or problem.reason == _STILL_RUNNING)


def _filled(template: str, values: Mapping[str, str]) -> str:
    path = template
    for name, value in values.items():
        if not value:
            raise ValueError(f"{name} is empty; the address would be that of something else.")
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path


def _headers_and_content(operation: Operation, sent: Sent) -> tuple[dict[str, str], bytes | None]:
    headers: dict[str, str] = {}
    content = sent.content
    if content is None and sent.body is not None:
        content = encode(sent.body)
    if content is not None:
        headers["Content-Type"] = sent.content_type
    if operation.keyed:
        headers["Idempotency-Key"] = sent.idempotency_key or new_key()
    if sent.if_match:
        headers["If-Match"] = sent.if_match if sent.if_match == "*" else f'"{sent.if_match}"'
    return headers, content


def _parameters(query: Mapping[str, object] | None) -> httpx2.QueryParams:
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in (query or {}).items():
        if value is None:
            continue
        many = value if isinstance(value, Iterable) and not isinstance(value, str | bytes) else [value]
        pairs.extend((name, text_of(one)) for one in many)
    return httpx2.QueryParams(pairs)


def _problem_of(response: httpx2.Response) -> ApiError:
    try:
        response.read()
        problem: Any = response.json()
    except ValueError:
        problem = None
    finally:
        response.close()
    return error_of(
        response.status_code,
        problem,
        request_id=response.headers.get("x-request-id", ""),
        retry_after_s=asked_pause_s(response.headers),
    )


def environment(name: str) -> str:
    """A setting of the caller's environment, for what the client was not given."""
    return os.environ.get(name, "").strip()
