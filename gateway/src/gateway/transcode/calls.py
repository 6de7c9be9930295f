"""What a public request hands on to a service: token, ids, idempotency key, deadline.

Shared with the views written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from chassis.client import credentials
from chassis.errors import InvalidArgument, TooLarge, Unauthenticated, Violation

from gateway.problems import HttpError

Environ = dict[str, Any]
SessionToken = Callable[[Environ], str | None]
Metadata = tuple[tuple[str, str | bytes], ...]

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?", re.ASCII)
_ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"', re.ASCII)
_JSON_TYPES = frozenset({"application/json", "application/merge-patch+json"})
PROOF = "funia.proof"
"""Key of the environment under which a DPoP proof is found that was held against this request."""
_NO_TOKEN = 'This needs an access token. Send it as "Authorization: Bearer ..."; /docs says how to get one.'


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """Limits of one public request. Anything over is refused with its name and the limit."""

    body_bytes: int = 1024 * 1024
    bulk_body_bytes: int = 6 * 1024 * 1024
    """Of methods that take many records in one request."""
    json_depth: int = 16
    query_bytes: int = 16 * 1024
    query_parameters: int = 500
    token_bytes: int = 8 * 1024
    idempotency_key_bytes: int = 200
    call_timeout_s: float = 10.0
    call_patience_s: float = 4.0
    bulk_call_timeout_s: float = 60.0


def token_of(environ: Environ, session_token: SessionToken, limits: RequestLimits) -> str:
    """The caller's access token, else that of the console session. Raises Unauthenticated without.

    One that is bound to a key counts only where its proof was held against this request before (`gateway.dpop.door`).
    """
    given = environ.get("HTTP_AUTHORIZATION")
    if given:
        scheme, _, token = given.partition(" ")
        token = token.strip()
        printable = token.isascii() and token.isprintable()
        known = scheme.lower() == "bearer" or PROOF in environ
        if known and printable and 0 < len(token) <= limits.token_bytes:
            return str(token)
    else:
        session = session_token(environ)
        if session:
            return session
    raise Unauthenticated(_NO_TOKEN, reason="TOKEN_MISSING" if not given else "TOKEN_INVALID")


def is_bound(credential: str) -> bool:
    """Whether an Authorization header shows a token that is bound to a key."""
    return credential[:5].lower() == "dpop "


def proof_of(environ: Environ) -> str:
    """The proof that came with the caller's token, "" for a bearer token and a session."""
    return str(environ.get(PROOF, ""))


def call_metadata(environ: Environ, request_id: str, token: str, limits: RequestLimits) -> Metadata:
    """gRPC metadata of the call. Raises InvalidArgument for an Idempotency-Key that cannot be kept."""
    pairs: list[tuple[str, str | bytes]] = [("x-request-id", request_id)]
    if token:
        pairs += credentials(token, proof_of(environ))
    traceparent = environ.get("HTTP_TRACEPARENT")
    if traceparent and _TRACEPARENT.fullmatch(traceparent):
        pairs.append(("traceparent", traceparent))
    key = environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None:
        if not key or len(key) > limits.idempotency_key_bytes or not (key.isascii() and key.isprintable()):
            raise _bad_header(
                "Idempotency-Key",
                f"Give 1 to {limits.idempotency_key_bytes} printable ASCII characters, such as a UUID.",
            )
        pairs.append(("idempotency-key", key))
    return tuple(pairs)


def timeout_of(environ: Environ, limits: RequestLimits) -> float:
    """Seconds the call may take: the caller's X-Request-Timeout where it is shorter than our own limit."""
    given = environ.get("HTTP_X_REQUEST_TIMEOUT")
    if given is None:
        return limits.call_timeout_s
    if not _SECONDS.fullmatch(given) or float(given) == 0:
        raise _bad_header("X-Request-Timeout", "Give seconds as a number above 0, such as 2.5.")
    return min(float(given), limits.call_timeout_s)


def if_match_of(environ: Environ) -> str:
    """The etag of If-Match without quotes; "" where there is none or any will do."""
    given = environ.get("HTTP_IF_MATCH", "").strip()
    if given in ("", "*"):
        return ""
    etag = _ETAG.fullmatch(given)
    if etag is None:
        raise _bad_header("If-Match", 'Give one etag in double quotes as it came in ETag, such as "a1b2", or *.')
    return str(etag[1])


def json_body(environ: Environ, limits: RequestLimits) -> bytes:
    """The body, checked for size and type but not parsed; empty where there is none."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length:
        if not length.isdecimal():
            raise _bad_header("Content-Length", "Give the number of bytes.")
        size = int(length)
        if not size:
            return b""
        if size > limits.body_bytes:
            raise _too_large(limits)
    elif "HTTP_TRANSFER_ENCODING" not in environ:
        return b""
    else:
        size = limits.body_bytes + 1
    _check_type(environ)
    body: bytes = environ["wsgi.input"].read(size)
    if len(body) > limits.body_bytes:
        raise _too_large(limits)
    return body


def _check_type(environ: Environ) -> None:
    kind, _, parameters = environ.get("CONTENT_TYPE", "").partition(";")
    charset = parameters.replace(" ", "").lower()
    if kind.strip().lower() not in _JSON_TYPES or charset not in ("", "charset=utf-8", 'charset="utf-8"'):
        raise HttpError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            'Send the body as JSON in UTF-8, with "Content-Type: application/json".',
            [("Accept-Post", "application/json")],
        )
    if environ.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
        raise HttpError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_CONTENT_ENCODING",
            "Send the body uncompressed.",
            [("Accept-Encoding", "identity")],
        )


def _too_large(limits: RequestLimits) -> TooLarge:
    return TooLarge(f"The body is too large: {limits.body_bytes} bytes at most.", reason="BODY_TOO_LARGE")


def _bad_header(name: str, remedy: str) -> InvalidArgument:
    return InvalidArgument(
        f"{name}: {remedy}", reason="INVALID_HEADER", violations=[Violation(name, remedy, "INVALID_HEADER")]
    )
