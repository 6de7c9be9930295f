"""Reading, proving and signing the audit log of a company. Writes no entries: `identity.audited` does."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from chassis.caller import Caller
from chassis.errors import invalid_field
from chassis.vault import Vault
from chassis.work import Database, Row, Work
from joserfc import jws
from joserfc.errors import JoseError

from gateway.identity import events
from gateway.identity.keys import SigningKeys
from gateway.identity.model.audit import GENESIS, digest_of_origin, hash_of
from gateway.identity.platform import NOBODY, open_platform_work
from gateway.identity.queries import audit as queries
from gateway.identity.queries.audit import Narrowing
from gateway.settings import GatewaySettings

_PURPOSE = "audit-checkpoint"
_STATEMENT_TYPE = "audit-checkpoint+jwt"
_BATCH = 1000
_DUE_PAGE = 500

_SENTENCES = {
    "ALTERED": "The content of this entry is not what was written.",
    "BROKEN_LINK": "This entry does not follow the one before it.",
    "MISSING": "This entry is missing.",
    "TRUNCATED": "The log ends before its recorded end: this entry and those after it are missing.",
    "CHECKPOINT_MISMATCH": "A signed checkpoint says that another entry stood here.",
    "FORGED_CHECKPOINT": "The checkpoint of this entry was not signed here.",
    "ORIGIN_ALTERED": "The address or the browser of this entry is not what was written.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is not as it was written."""

    sequence: int
    reason: str

    @property
    def message(self) -> str:
        """One sentence for a person."""
        return _SENTENCES[self.reason]


@dataclass(frozen=True, slots=True)
class Position:
    """How far a walk has come: the last proven entry and its hash."""

    sequence: int = 0
    hash: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class Proof:
    """What a walk found. `is_whole` says that the end of the chain was reached."""

    position: Position
    fault: Fault | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint says."""

    tenant_id: UUID
    sequence: int
    hash: bytes


class AuditLog:
    """Verifies and signs. Thread-safe."""

    def __init__(self, database: Database, keys: SigningKeys, vault: Vault, settings: GatewaySettings) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault
        self._settings = settings

    def verify(self, work: Work, position: Position, *, statement: str = "") -> Proof:
        """Walks on from a position, at most `audit_verify_entries`.

        Raises InvalidArgument where the statement is none of this company's log.
        """
        # Read before the entries: those that are added meanwhile lie beyond it and are another walk's.
        head = queries.head(work)
        end = 0 if head is None else head.sequence
        if statement and (fault := self._compare(work, self._read(statement, work.tenant_id), end)):
            return Proof(position, fault, is_whole=False)
        stop = position.sequence + self._settings.audit_verify_entries
        while position.sequence < stop:
            rows = queries.chain(work, after=position.sequence, limit=_BATCH)
            signed = {
                row.sequence: row for row in queries.checkpoints_after(work, position.sequence - 1, limit=_BATCH + 1)
            }
            for row in rows:
                if reason := self._wrong(row, position, signed.get(row.sequence)):
                    return Proof(position, Fault(min(row.sequence, position.sequence + 1), reason), is_whole=False)
                position = Position(row.sequence, bytes(row.hash))
                if row.sequence == end and head is not None and bytes(head.hash) != position.hash:
                    return Proof(position, Fault(end, "CHECKPOINT_MISMATCH"), is_whole=False)
            if len(rows) < _BATCH:
                beyond = [sequence for sequence in signed if sequence > position.sequence]
                cut = position.sequence < end or bool(beyond) or (head is None and position.sequence > 0)
                fault = Fault(position.sequence + 1, "TRUNCATED") if cut else None
                return Proof(position, fault, is_whole=not cut)
        return Proof(position, None, is_whole=False)

    def checkpoint(self, work: Work) -> Row:
        """Signs the end of the chain, or returns the checkpoint that stands there already."""
        head = queries.locked_head(work)
        before = queries.checkpoints_after(work, head.sequence - 1, limit=1)
        if not before:
            statement = self._sign(work.tenant_id, head.sequence, bytes(head.hash), work.now)
            queries.add_checkpoint(work, sequence=head.sequence, hash_=bytes(head.hash), statement=statement)
            work.record(events.audit_checkpointed(work.tenant_id, head.sequence, bytes(head.hash).hex(), statement))
            before = queries.checkpoints_after(work, head.sequence - 1, limit=1)
        return before[0]

    def export(self, caller: Caller, narrowing: Narrowing) -> Iterator[list[Row]]:
        """Entries up to now in order, page by page: no transaction is open longer than one page takes to read."""
        with self._database.open_work(caller, read_only=True) as work:
            head = queries.head(work)
        last = min(narrowing.last, 0 if head is None else head.sequence)
        first = narrowing.first
        while first <= last:
            part = Narrowing(narrowing.actor_id, narrowing.action, narrowing.target_id, first, last)
            with self._database.open_work(caller, read_only=True) as work:
                rows = queries.page(work, part, limit=_BATCH, newest_first=False)
            if rows:
                yield rows
            if len(rows) < _BATCH:
                return
            first = rows[-1].sequence + 1

    def tend(self, *, now: datetime) -> int:
        """Signs what grew since yesterday and forgets origins that are too old; returns how many companies had any."""
        checkpoint_before = now - timedelta(seconds=self._settings.audit_checkpoint_every_s)
        origins_before = now - timedelta(days=self._settings.audit_origin_keep_days)
        tended = 0
        after = NOBODY
        while True:
            with open_platform_work(self._database) as platform:
                due = queries.due(
                    platform,
                    after=after,
                    checkpoint_before=checkpoint_before,
                    origins_before=origins_before,
                    limit=_DUE_PAGE,
                )
            for row in due:
                with self._database.open_work(Caller.system(row.tenant_id)) as work:
                    self.checkpoint(work)
                    queries.forget_origins(work, before=origins_before)
                tended += 1
            if len(due) < _DUE_PAGE:
                return tended
            after = due[-1].tenant_id

    def _wrong(self, row: Row, position: Position, checkpoint: Row | None) -> str:
        if row.sequence != position.sequence + 1:
            return "MISSING"
        if bytes(row.previous_hash) != position.hash:
            return "BROKEN_LINK"
        if hash_of(position.hash, row) != bytes(row.hash):
            return "ALTERED"
        if row.salt is not None and (
            row.origin_digest is None or digest_of_origin(row, bytes(row.salt)) != bytes(row.origin_digest)
        ):
            return "ORIGIN_ALTERED"
        if checkpoint is not None:
            said = self._opened(checkpoint.statement)
            if said is None or said.tenant_id != row.tenant_id or said.sequence != row.sequence:
                return "FORGED_CHECKPOINT"
            if said.hash != bytes(row.hash) or bytes(checkpoint.hash) != bytes(row.hash):
                return "CHECKPOINT_MISMATCH"
        return ""

    def _compare(self, work: Work, said: Statement, end: int) -> Fault | None:
        """What a statement that was kept outside shows."""
        if said.sequence == 0:
            return None
        if said.sequence > end:
            return Fault(end + 1, "TRUNCATED")
        rows = queries.chain(work, after=said.sequence - 1, limit=1)
        if not rows or rows[0].sequence != said.sequence:
            return Fault(said.sequence, "MISSING")
        return None if bytes(rows[0].hash) == said.hash else Fault(said.sequence, "CHECKPOINT_MISMATCH")

    def _read(self, statement: str, tenant_id: UUID) -> Statement:
        said = self._opened(statement.strip())
        if said is None or said.tenant_id != tenant_id:
            raise invalid_field(
                "statement", "this is no checkpoint of your company's audit log", reason="INVALID_CHECKPOINT"
            )
        return said

    def _sign(self, tenant_id: UUID, sequence: int, hash_: bytes, at: datetime) -> str:
        """A JWS for those who keep it outside; the seal inside outlives the signing key, which is rotated."""
        claims = {
            "iss": self._settings.issuer,
            "tid": str(tenant_id),
            "seq": sequence,
            "hash": hash_.hex(),
            "iat": int(at.timestamp()),
        }
        key = self._keys.signing_key()
        header = {"alg": "ES256", "typ": _STATEMENT_TYPE, "kid": key.kid}
        body = orjson.dumps({**claims, "seal": self._seal(claims)})
        return jws.serialize_compact(header, body, key, algorithms=["ES256"])

    def _opened(self, statement: str) -> Statement | None:
        """What a statement says, None where its seal is not ours."""
        try:
            claims = orjson.loads(jws.extract_compact(statement.encode()).payload)
            seal = claims.pop("seal")
            if not hmac.compare_digest(seal.encode(), self._seal(claims).encode()):
                return None
            return Statement(UUID(claims["tid"]), int(claims["seq"]), bytes.fromhex(claims["hash"]))
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def _seal(self, claims: dict[str, object]) -> str:
        message = orjson.dumps(claims, option=orjson.OPT_SORT_KEYS)
        return base64.urlsafe_b64encode(self._vault.sign(_PURPOSE, message)).decode()


def narrowed(
    work: Work, *, actor_id: str, action: str, target_id: str, since: datetime | None, until: datetime | None
) -> Narrowing:
    """A list's filter, its times turned into places in the chain, which is in order of time."""
    first, last = 1, 2**62
    if since is not None:
        first = queries.first_since(work, since) or last
    if until is not None and (beyond := queries.first_since(work, until)) is not None:
        last = beyond - 1
    return Narrowing(UUID(actor_id) if actor_id else None, action, target_id, first, last)
