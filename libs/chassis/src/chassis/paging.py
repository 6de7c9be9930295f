"""Page tokens: opaque, signed keyset positions, bound to tenant, method and the list's other parameters.

A token grants nothing; it only says where a list goes on.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import orjson

from chassis.errors import InvalidArgument, Violation

_SIGNATURE_BYTES = 16
KeyPart = str | int | float | bool | None | UUID | datetime | date


class Pager:
    """Makes and reads page tokens."""

    def __init__(self, secret: str, *, default_size: int = 50, max_size: int = 200) -> None:
        if len(secret) < 16:
            raise ValueError("FUNIA_SECRET must be set, with 32 random bytes or more")
        self._key = hashlib.sha256(b"page-token:" + secret.encode()).digest()
        self.default_size = default_size
        self.max_size = max_size

    def size(self, asked: int) -> int:
        """Rows a page, from the request's page_size."""
        return min(asked, self.max_size) if asked > 0 else self.default_size

    def token(self, tenant_id: UUID, binding: Sequence[str], key: Sequence[KeyPart]) -> str:
        """Token of the page after the row with this key. `binding` names the method, filter and order."""
        body = orjson.dumps(list(key))
        return base64.urlsafe_b64encode(self._sign(tenant_id, binding, body) + body).decode().rstrip("=")

    def key(self, tenant_id: UUID, binding: Sequence[str], token: str) -> list[str | int | float | bool | None]:
        """The key inside a token. Raises InvalidArgument where it is not ours or belongs to another list."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError as error:
            raise _bad_token() from error
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(tenant_id, binding, body)):
            raise _bad_token()
        key: list[str | int | float | bool | None] = orjson.loads(body)
        return key

    def _sign(self, tenant_id: UUID, binding: Sequence[str], body: bytes) -> bytes:
        message = orjson.dumps([str(tenant_id), *binding]) + body
        return hmac.new(self._key, message, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _bad_token() -> InvalidArgument:
    message = "The page token does not belong to this list. Start again without it, and keep filter and order the same."
    return InvalidArgument(message, reason="INVALID_PAGE_TOKEN", violations=[Violation("page_token", message)])
