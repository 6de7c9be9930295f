"""A change made ready for an engine: checked, tokenised and keyed once, whatever the generations it goes to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from contacts.search.analysis import check_bounds, check_identifier
from contacts.search.errors import SearchDocumentInvalid
from contacts.search.limits import SearchLimits
from contacts.search.port import Change, CustomerDocument

_VERSION_MAX = 2**63 - 1
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Prepared:
    """`document` is absent for a tombstone. Tokens are made while writing, or a batch would hold them all."""

    uid: str
    """`kind:id`, unique within the tenant."""
    version: int
    document: CustomerDocument | None


def prepare(changes: Iterable[Change], limits: SearchLimits) -> dict[str, list[Prepared]]:
    """By tenant, the newest change of each document only. Raises SearchDocumentInvalid before anything is kept."""
    by_tenant: dict[str, dict[str, Prepared]] = {}
    checked: str | None = None
    newest: dict[str, Prepared] = {}
    for change in changes:
        _check_identity(change)
        document = None
        if isinstance(change, CustomerDocument):
            check_bounds(change, limits)
            document = change
        if change.tenant_id != checked:
            check_identifier("tenant_id", change.tenant_id)
            checked = change.tenant_id
            newest = by_tenant.setdefault(change.tenant_id, {})
        uid = uid_of(change.kind, change.id)
        kept = newest.get(uid)
        if kept is None or change.version > kept.version:
            newest[uid] = Prepared(uid, change.version, document)
    return {tenant_id: list(newest.values()) for tenant_id, newest in by_tenant.items()}


def uid_of(kind: str, id_: str) -> str:
    """What names a document within its tenant."""
    return f"{kind}:{id_}"


def split_uid(uid: str) -> tuple[str, str]:
    """`(kind, id)`; a kind holds no colon."""
    kind, _, id_ = uid.partition(":")
    return kind, id_


def key_of(uid: str) -> int:
    return int.from_bytes(hashlib.blake2b(uid.encode(), digest_size=8).digest())


def days_since_2000(moment: datetime | None) -> int:
    if moment is None:
        return 0
    return max(0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).toordinal() - _EPOCH.toordinal())


def _check_identity(change: Change) -> None:
    check_identifier("kind", change.kind)
    check_identifier("id", change.id)
    if not 0 <= change.version <= _VERSION_MAX:
        raise SearchDocumentInvalid("version", f"must be 0 to {_VERSION_MAX}")
    if isinstance(change, CustomerDocument):
        for field, value in (("owner_id", change.owner_id), ("team_id", change.team_id)):
            if value is not None:
                check_identifier(field, value)
