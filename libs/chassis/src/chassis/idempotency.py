"""Idempotency keys: a repeated write answers what the first one answered, and happens once.

The key, the effect and the answer commit in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

from google.protobuf.message import Message

from chassis.errors import Conflict, InvalidArgument, Unprocessable
from chassis.statements import text
from chassis.work import Work

KEY_MAX_LENGTH = 200

_LOCK = text(
    "SELECT pg_try_advisory_xact_lock("
    "hashtextextended(%(tenant_id)s::text || %(actor_id)s::text || %(key)s, 0)) AS held",
    "tenant_id",
    "actor_id",
    "key",
)
_FIND = text(
    """
    SELECT method, request_hash, response FROM idempotency_key
     WHERE tenant_id = %(tenant_id)s AND actor_id = %(actor_id)s AND key = %(key)s
    """,
    "tenant_id",
    "actor_id",
    "key",
)
_KEEP = text(
    """
    INSERT INTO idempotency_key (tenant_id, actor_id, key, method, request_hash, response)
    VALUES (%(tenant_id)s, %(actor_id)s, %(key)s, %(method)s, %(request_hash)s, %(response)s)
    """,
    "tenant_id",
    "actor_id",
    "key",
    "method",
    "request_hash",
    "response",
)
_FORGOTTEN = b"\0"
"""Stands for an answer that is not kept any more; no message is encoded so."""
_FORGET = text(
    """
      WITH told AS (
           DELETE FROM idempotency_key WHERE tenant_id = %(tenant_id)s
              AND EXISTS (SELECT FROM unnest(%(needles)b::bytea[]) AS needle WHERE position(needle IN response) > 0)
        RETURNING *
           )
    INSERT INTO idempotency_key (tenant_id, actor_id, key, method, request_hash, response, created_at)
    SELECT tenant_id, actor_id, key, method, request_hash, %(forgotten)s, created_at FROM told
    """,
    "tenant_id",
    "needles",
    "forgotten",
)


def earlier_answer(work: Work, key: str, method: str, request: Message) -> bytes | None:
    """The answer given under this key before, or None where the key is new and now held by this transaction.

    Raises Conflict while another request with the key runs, Unprocessable where the key served another request.
    """
    if not 1 <= len(key) <= KEY_MAX_LENGTH or not key.isprintable():
        raise InvalidArgument(
            f"Idempotency-Key must be 1 to {KEY_MAX_LENGTH} printable characters.", reason="INVALID_IDEMPOTENCY_KEY"
        )
    lock = work.row(_LOCK, key=key)
    if lock is None or not lock.held:
        raise Conflict(
            "A request with this Idempotency-Key is still running. Wait, then repeat it.",
            reason="IDEMPOTENCY_KEY_IN_USE",
        )
    earlier = work.row(_FIND, key=key)
    if earlier is None:
        return None
    if earlier.method != method or bytes(earlier.request_hash) != request_hash(request):
        raise Unprocessable(
            "This Idempotency-Key was used for another request. Use a new key for a new request.",
            reason="IDEMPOTENCY_KEY_REUSED",
        )
    answer = bytes(earlier.response)
    if answer == _FORGOTTEN:
        raise Conflict(
            "This request was carried out. Its answer told of a person who was erased since, so it is not kept: "
            "read the record to see how it is now.",
            reason="ANSWER_FORGOTTEN",
        )
    return answer


def keep_answer(work: Work, key: str, method: str, request: Message, response: Message) -> None:
    """Stores the answer with the effect."""
    work.execute(
        _KEEP, key=key, method=method, request_hash=request_hash(request), response=response.SerializeToString()
    )


def forget_answers(work: Work, ids: Iterable[UUID]) -> int:
    """Forgets answers that tell of these people or records; how many. The requests are still known, so that none of
    them happens a second time."""
    needles = sorted({str(one).encode() for one in ids})
    return work.execute(_FORGET, needles=needles, forgotten=_FORGOTTEN) if needles else 0


def request_hash(request: Message) -> bytes:
    """Hash of a request's content."""
    return hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
