"""One tantivy index folder: a generation of one tenant, written in batches with external versions.

The version of every document and tombstone is a column of the index itself, so a crash can never leave
the index and its versions apart.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tantivy

from contacts.search.analysis import tokens_of
from contacts.search.errors import SearchUnavailable
from contacts.search.limits import SearchLimits
from contacts.search.prepared import Prepared, days_since_2000, key_of
from contacts.search.tantivy_query import DEAD, LIVE, TOKEN_FIELDS, QueryBuilder

_RECENCY_PER_DAY = 1e-6
_DEATHS_PER_READ = 10_000


@contextlib.contextmanager
def engine_errors(what: str) -> Iterator[None]:
    """tantivy reports everything as ValueError; a full disk or a broken folder is not the caller's fault."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise SearchUnavailable(f"the search index cannot be {what}: {error}") from error


@dataclass(frozen=True, slots=True)
class Applied:
    changes: int
    shortened: int


class GenerationWriter:
    """Holds the index's only writer. Not for concurrent use; the owner serialises per tenant."""

    def __init__(self, folder: Path, schema: tantivy.Schema, limits: SearchLimits, heap_bytes: int) -> None:
        with engine_errors("opened for writing"):
            folder.mkdir(parents=True, exist_ok=True)
            self._schema = schema
            self._limits = limits
            self._queries = QueryBuilder(schema)
            self._index = tantivy.Index(schema, path=str(folder), reuse=True)
            self._index.config_reader("manual", 0)
            self._writer = self._index.writer(heap_bytes, 1)
            self._index.reload()

    def apply(self, changes: Sequence[Prepared]) -> Applied:
        """Write those newer than what is there, in one commit. Distinct uids only.

        After an error the writer must be closed and the batch applied again.
        """
        with engine_errors("written"):
            known = self._versions([change.uid for change in changes])
            applied = shortened = 0
            for change in changes:
                version = known.get(change.uid)
                if version is not None:
                    if change.version <= version:
                        continue
                    self._writer.delete_documents_by_term("uid", change.uid)
                document, cut = self._document(change)
                self._writer.add_document(document)
                applied += 1
                shortened += cut
            if applied:
                self._writer.commit()
                self._index.reload()
            return Applied(applied, shortened)

    def tombstones(self) -> Iterator[list[tuple[str, int]]]:
        """Batches of `(uid, version)`."""
        searcher = self._index.searcher()
        dead = self._queries.term("state", DEAD)
        offset = 0
        while True:
            with engine_errors("read"):
                addresses = [
                    address for _, address in searcher.search(dead, _DEATHS_PER_READ, count=False, offset=offset).hits
                ]
                if not addresses:
                    return
                versions = searcher.fast_field_values("version", addresses)
                uids = [str(searcher.doc(address).get_first("uid")) for address in addresses]
            yield [(uid, int(version or 0)) for uid, version in zip(uids, versions, strict=True)]
            offset += len(addresses)

    def close(self) -> None:
        """Waits for running merges, or small tenants would gather segments for ever."""
        with engine_errors("closed"):
            self._writer.wait_merging_threads()

    def _versions(self, uids: list[str]) -> dict[str, int]:
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return {}
        by_key = {key_of(uid): uid for uid in uids}
        if len(by_key) < len(uids):
            # Two uids of one batch share a 64-bit key: split the batch until they are apart.
            middle = len(uids) // 2
            return self._versions(uids[:middle]) | self._versions(uids[middle:])
        hits = searcher.search(self._queries.uids(uids), len(uids), count=False).hits
        if not hits:
            return {}
        addresses = [address for _, address in hits]
        found = searcher.fast_field_values("key", addresses)
        versions = searcher.fast_field_values("version", addresses)
        return {by_key[int(key or 0)]: int(version or 0) for key, version in zip(found, versions, strict=True)}

    def _document(self, change: Prepared) -> tuple[tantivy.Document, bool]:
        document = tantivy.Document()
        document.add_text("uid", change.uid)
        document.add_unsigned("key", key_of(change.uid))
        document.add_unsigned("version", change.version)
        source = change.document
        if source is None:
            document.add_text("state", DEAD)
            return document, False
        document.add_text("state", LIVE)
        document.add_text("kind", source.kind)
        if source.owner_id is not None:
            document.add_text("owner", source.owner_id)
        if source.team_id is not None:
            document.add_text("team", source.team_id)
        tokens = tokens_of(source, self._limits)
        for field in TOKEN_FIELDS:
            values = getattr(tokens, field)
            if values:
                document.add_text(field, " ".join(values))
        document.add_float("recency", _recency(days_since_2000(source.updated_at)))
        return document, tokens.shortened


@lru_cache(maxsize=4_096)
def _recency(days: int) -> float:
    """tantivy multiplies a score by log2(2 + this): 1 plus a trifle, which only ever breaks ties."""
    return float(2.0 ** (1.0 + days * _RECENCY_PER_DAY) - 2.0)
