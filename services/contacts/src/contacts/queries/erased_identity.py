"""What is kept to keep erased people away: hashes of their identities, under a key that the database does not have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from chassis.statements import text
from chassis.work import Work

Key = tuple[str, str]
"""Kind and value of an identity: "email", "phone" or "external"."""
_PURPOSE = "erased-people"

_ANY = text("SELECT FROM erased_identity WHERE tenant_id = %(tenant_id)s LIMIT 1", "tenant_id")
_KNOWN = text(
    """
    SELECT DISTINCT digest FROM erased_identity
     WHERE tenant_id = %(tenant_id)s AND digest = ANY(%(digests)b::bytea[])
    """,
    "tenant_id",
)
_SHARED = text(
    """
    SELECT DISTINCT identity_key.kind, identity_key.value FROM identity_key
      JOIN unnest(%(kinds)b::text[], %(values)b::text[]) AS key(kind, value)
        ON key.kind = identity_key.kind AND key.value = identity_key.value
     WHERE identity_key.tenant_id = %(tenant_id)s AND identity_key.record_kind = 'contact'
       AND identity_key.record_id <> ALL(%(ids)b::uuid[])
    """,
    "tenant_id",
)
_ADD = text(
    """
    INSERT INTO erased_identity (tenant_id, digest, erasure_id)
    SELECT %(tenant_id)s, digest, %(erasure_id)s FROM unnest(%(digests)b::bytea[]) AS digest ON CONFLICT DO NOTHING
    """,
    "tenant_id",
)
_DROP = text("DELETE FROM erased_identity WHERE tenant_id = %(tenant_id)s AND erasure_id = %(erasure_id)s", "tenant_id")


def of_erased(work: Work, keys: Iterable[Key]) -> set[Key]:
    """Those of these identities that belonged to people who were erased and are to stay away."""
    wanted = list(dict.fromkeys(key for key in keys if key[0] != "name"))
    # Most companies have erased nobody; they need not hash anything.
    if not wanted or work.row(_ANY) is None:
        return set()
    by_digest = {_digest(work, key): key for key in wanted}
    return {by_digest[bytes(row.digest)] for row in work.rows(_KNOWN, digests=list(by_digest))}


def own(work: Work, keys: Sequence[Key], ids: Sequence[UUID]) -> list[Key]:
    """These identities of the contacts `ids`, without those that somebody else has too."""
    kinds, values = [kind for kind, _ in keys], [value for _, value in keys]
    given = {"kinds": kinds, "values": values, "ids": list(ids)}
    shared = {(row.kind, row.value) for row in work.rows(_SHARED, **given)} if keys else set()
    return [key for key in dict.fromkeys(keys) if key not in shared]


def keep_away(work: Work, erasure_id: UUID, keys: Sequence[Key]) -> int:
    """Keeps hashes of the identities; returns how many."""
    digests = [_digest(work, key) for key in keys]
    if digests:
        work.execute(_ADD, erasure_id=erasure_id, digests=digests)
    return len(digests)


def let_back(work: Work, erasure_id: UUID) -> int:
    """Forgets the hashes of an erasure; returns how many there were."""
    return work.execute(_DROP, erasure_id=erasure_id)


def _digest(work: Work, key: Key) -> bytes:
    return work.keyed_hash(_PURPOSE, f"{key[0]}:{key[1]}")
