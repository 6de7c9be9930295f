"""Operations that wait until somebody agrees: policies that ask for it, and requests that are kept until then.

Who agrees, and when, is identity's affair. A service asks `given` with the facts before it does what may need an
approval; `chassis.server` keeps the request where a policy fits, and `chassis.approved_runs` runs it later.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

from funia.events.v1.approval_pb2 import ApprovalEnded, ApprovalSubmitted
from funia.type.v1 import options_pb2
from funia.type.v1.approval_pb2 import ApprovalPending
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from chassis.caller import Caller
from chassis.envelope import Event
from chassis.errors import Conflict, FailedPrecondition, FuniaError, InvalidArgument, TooLarge, Unprocessable
from chassis.filtering import Schema, matches, parse, schema_of
from chassis.ids import uuid7
from chassis.schema import Roles, protect
from chassis.statements import text
from chassis.work import Database, Work

Facts = Mapping[str, Any]
"""What a policy judges an operation by: numbers, texts, ids and booleans by name; None for what is not known."""
CACHE_S = 1.0
"""How long policies are believed without asking."""
CACHE_MAX = 10_000
"""Companies whose policies are kept."""
REQUEST_MAX_BYTES = 262_144
"""Largest request that can wait."""
PENDING = "APPROVAL_PENDING"
NEEDED = "APPROVAL_NEEDED"

_POLICIES = text(
    """
    SELECT id, operation, condition FROM approval_policy WHERE tenant_id = %(tenant_id)s AND active
     ORDER BY priority, id
    """,
    "tenant_id",
)
_KEEP_POLICY = text(
    """
    INSERT INTO approval_policy (tenant_id, id, operation, condition, priority, active, version)
    VALUES (%(tenant_id)s, %(id)s, %(operation)s, %(condition)s, %(priority)s, %(active)s, %(version)s)
    ON CONFLICT (tenant_id, id) DO UPDATE SET condition = excluded.condition, priority = excluded.priority,
        active = excluded.active, version = excluded.version
     WHERE approval_policy.version < excluded.version
    """,
    "tenant_id",
)
_SUBMIT = text(
    """
    INSERT INTO pending_operation (tenant_id, id, operation, method, request, digest, idempotency_key, actor_type,
        actor_id, client_id, locale, scopes, record_kind, record_id, record_version, facts, policy_id, status, reason,
        message, rights, approved_by, created_at, updated_at)
    VALUES (%(tenant_id)s, %(id)s, %(operation)s, %(method)s, %(request)s, %(digest)s, %(idempotency_key)s,
        %(actor_type)s, %(actor_id)s, %(client_id)s, %(locale)s, %(scopes)s, %(record_kind)s, %(record_id)s,
        %(record_version)s, %(facts)s, %(policy_id)s, 'waiting', '', '', '{}', '{}', %(now)s, %(now)s)
    ON CONFLICT (tenant_id, actor_id, digest) WHERE status IN ('waiting', 'approved') DO NOTHING
    """,
    "tenant_id",
    "actor_id",
)
_WAITING = text(
    """
    SELECT id, digest FROM pending_operation
     WHERE tenant_id = %(tenant_id)s AND actor_id = %(actor_id)s AND status IN ('waiting', 'approved')
       AND (digest = %(digest)s OR idempotency_key = %(idempotency_key)s AND idempotency_key <> '')
     ORDER BY id LIMIT 1
    """,
    "tenant_id",
    "actor_id",
)


def approval_tables(roles: Roles) -> list[str]:
    """DDL of the policies as identity tells them, and of the requests that wait."""
    return [
        """
        CREATE TABLE approval_policy (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            operation text NOT NULL,
            condition text NOT NULL,
            priority bigint NOT NULL,
            active boolean NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
        """,
        *protect("approval_policy", roles),
        """
        CREATE TABLE pending_operation (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            operation text NOT NULL,
            method text NOT NULL,
            request bytea NOT NULL,
            digest bytea NOT NULL,
            idempotency_key text NOT NULL,
            actor_type text NOT NULL,
            actor_id uuid NOT NULL,
            client_id text NOT NULL,
            locale text NOT NULL,
            scopes text[] NOT NULL,
            record_kind text NOT NULL,
            record_id uuid,
            record_version bigint NOT NULL,
            facts jsonb NOT NULL,
            policy_id uuid NOT NULL,
            status text NOT NULL CHECK (status IN ('waiting', 'approved', 'done', 'failed', 'rejected', 'recalled',
                'expired')),
            reason text NOT NULL,
            message text NOT NULL,
            rights jsonb NOT NULL,
            approved_by uuid[] NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
        """,
        """
        CREATE UNIQUE INDEX ux_pending_operation_waiting ON pending_operation (tenant_id, actor_id, digest)
         WHERE status IN ('waiting', 'approved')
        """,
        *protect("pending_operation", roles),
    ]


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that may have to wait, and which facts it is judged by."""

    name: str
    schema: Schema

    @staticmethod
    def of(facts: Any) -> Operation:
        """The operation of a message (or its descriptor) of facts, by its option. Raises LookupError without one."""
        descriptor: Descriptor = getattr(facts, "DESCRIPTOR", facts)
        name = descriptor.GetOptions().Extensions[options_pb2.operation]
        if not name:
            raise LookupError(f"{descriptor.full_name} names no operation")
        return Operation(name, schema_of(descriptor))


@dataclass(frozen=True, slots=True)
class About:
    """The record that an operation changes, as it was seen. Without an id it is made by the operation itself."""

    kind: str
    id: UUID | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy, as a service knows it."""

    id: UUID
    operation: str
    condition: str


class NeedsApproval(FailedPrecondition):
    """A policy asks for an approval. Only where the method may wait is the request kept; else this is the answer."""

    def __init__(self, operation: Operation, facts: Facts, about: About, policy_id: UUID) -> None:
        super().__init__(
            "Somebody must approve this first, and it cannot wait here. Do it one by one, or ask somebody who may.",
            reason=NEEDED,
            metadata={"operation": operation.name},
        )
        self.operation = operation.name
        self.facts = {name: _text(value) for name, value in facts.items() if value is not None}
        self.about = about
        self.policy_id = policy_id


def given(work: Work, operation: Operation, facts: Facts, about: About, *, same_facts: bool = False) -> bool:
    """Whether what runs now was approved; False where no policy asks for that.

    Call it with the record locked, before anything is written that other requests would see. `same_facts` holds what
    runs against the facts that were approved too, where they come from more than the record. Raises NeedsApproval
    where a policy fits, and Conflict where what was approved is not what is there any more.
    """
    approved = work.caller.approval
    if approved is not None and approved.operation == operation.name:
        if approved.record_id != about.id or approved.version != about.version:
            raise _changed()
        judged = same_facts or about.id is None
        if judged and approved.facts != {n: _text(value) for n, value in facts.items() if value is not None}:
            raise _changed()
        return True
    for policy in policies(work):
        if policy.operation == operation.name and _fits(policy, operation, facts):
            raise NeedsApproval(operation, facts, about, policy.id)
    return False


def policies(work: Work) -> Sequence[Policy]:
    """The company's active policies, the one that asks first in front; at most `CACHE_S` old."""
    known = _CACHE.get(work.tenant_id)
    if known is None:
        known = [Policy(row.id, row.operation, row.condition) for row in work.rows(_POLICIES)]
        _CACHE.put(work.tenant_id, known)
    return known


def keep_policy(work: Work, policy: Policy, *, priority: int, active: bool, version: int) -> None:
    """Keeps a policy, unless a newer version of it is known."""
    work.execute(
        _KEEP_POLICY,
        id=policy.id,
        operation=policy.operation,
        condition=policy.condition,
        priority=priority,
        active=active,
        version=version,
    )
    _CACHE.forget(work.tenant_id)


def submit(
    database: Database, caller: Caller, method: str, request: Message, needed: NeedsApproval, key: str
) -> FuniaError:
    """Keeps a request until it is approved, and says so: the error to answer with.

    The same request of the same caller, or one under the same Idempotency-Key, finds the approval that waits already.
    Raises Unprocessable where the key was used for another request, TooLarge for one that is too large to be kept.
    """
    body = request.SerializeToString(deterministic=True)
    if len(body) > REQUEST_MAX_BYTES:
        raise TooLarge(
            f"This needs an approval, and a request of more than {REQUEST_MAX_BYTES} bytes cannot wait. Split it.",
            reason="TOO_LARGE_TO_WAIT",
        )
    digest = digest_of(method, body)
    approval_id = uuid7()
    with database.open_work(caller) as work:
        added = work.execute(
            _SUBMIT,
            id=approval_id,
            operation=needed.operation,
            method=method,
            request=body,
            digest=digest,
            idempotency_key=key,
            actor_type=caller.actor_type,
            client_id=caller.client_id or "",
            locale=caller.locale,
            scopes=sorted(caller.scopes),
            record_kind=needed.about.kind,
            record_id=needed.about.id,
            record_version=needed.about.version,
            facts=needed.facts,
            policy_id=needed.policy_id,
            now=work.now,
        )
        first = work.row(_WAITING, digest=digest, idempotency_key=key)
        if first is not None and bytes(first.digest) != digest:
            raise Unprocessable(
                "This Idempotency-Key was used for another request. Use a new key for a new request.",
                reason="IDEMPOTENCY_KEY_REUSED",
            )
        if added:
            work.record(_submitted(caller, method, digest, approval_id, needed))
        elif first is not None:
            approval_id = first.id
    return FailedPrecondition(
        "This waits for an approval. It runs by itself once that is given; nothing has changed yet.",
        reason=PENDING,
        metadata={"approval_id": str(approval_id), "operation": needed.operation},
        details=[ApprovalPending(approval_id=str(approval_id), operation=needed.operation)],
    )


def digest_of(method: str, body: bytes) -> bytes:
    """What is approved, in 32 bytes: the method and the request."""
    return hashlib.sha256(method.encode() + b"\0" + body).digest()


def ended(service: str, approval_id: UUID, reason: str = "") -> Event:
    """``<service>.approval.done``, or ``failed`` where there is a reason."""
    payload = ApprovalEnded(approval_id=str(approval_id), reason=reason)
    return Event(f"{service}.approval.{'failed' if reason else 'done'}", approval_id, 2, payload)


def _submitted(caller: Caller, method: str, digest: bytes, approval_id: UUID, needed: NeedsApproval) -> Event:
    payload = ApprovalSubmitted(
        approval_id=str(approval_id),
        operation=needed.operation,
        method=method,
        digest=digest.hex(),
        policy_id=str(needed.policy_id),
        record_kind=needed.about.kind,
        record_id=str(needed.about.id or ""),
        facts=needed.facts,
        scopes=sorted(caller.scopes),
    )
    return Event(f"{needed.operation.partition('.')[0]}.approval.submitted", approval_id, 1, payload)


def _fits(policy: Policy, operation: Operation, facts: Facts) -> bool:
    try:
        node = parse(policy.condition, operation.schema)
    except InvalidArgument:
        # Written for facts that this version does not know: better asked once too often than not at all.
        return True
    return matches(node, facts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _changed() -> Conflict:
    return Conflict(
        "The record has changed since this was asked for, so it did not run. Look at it, and ask again.",
        reason="RECORD_CHANGED",
    )


class _Cache:
    """Policies by company, each believed for a moment."""

    def __init__(self) -> None:
        self._entries: dict[UUID, tuple[float, Sequence[Policy]]] = {}
        self._lock = Lock()

    def get(self, tenant_id: UUID) -> Sequence[Policy] | None:
        entry = self._entries.get(tenant_id)
        return entry[1] if entry is not None and entry[0] > time.monotonic() else None

    def put(self, tenant_id: UUID, known: Sequence[Policy]) -> None:
        with self._lock:
            if len(self._entries) >= CACHE_MAX:
                self._entries.clear()
            self._entries[tenant_id] = (time.monotonic() + CACHE_S, known)

    def forget(self, tenant_id: UUID) -> None:
        with self._lock:
            self._entries.pop(tenant_id, None)


_CACHE = _Cache()
