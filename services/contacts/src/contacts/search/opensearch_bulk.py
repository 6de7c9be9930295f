"""Writes changes in bulk with external versions; a version conflict means somebody newer was here: success."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from opensearchpy import OpenSearch

from contacts.search.analysis import tokens_of
from contacts.search.errors import SearchUnavailable
from contacts.search.limits import OpenSearchLimits, SearchLimits
from contacts.search.opensearch_placement import Home
from contacts.search.opensearch_query import TOKEN_FIELDS, Json
from contacts.search.prepared import Prepared

_CONFLICT = 409
_BUSY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Write:
    tenant_id: str
    home: Home
    change: Prepared


class BulkWriter:
    """Requests are bounded in actions and bytes. What the engine was too busy for is sent again, then given up."""

    def __init__(self, client: OpenSearch, limits: SearchLimits, engine: OpenSearchLimits) -> None:
        self._client = client
        self._limits = limits
        self._engine = engine

    def write(self, writes: Sequence[Write]) -> tuple[int, int]:
        """`(applied, shortened)`. Raises SearchUnavailable when part of it could not be written."""
        applied = shortened = 0
        for lines, cut in self._requests(writes):
            applied += self._send(lines)
            shortened += cut
        return applied, shortened

    def _requests(self, writes: Sequence[Write]) -> Iterator[tuple[list[str], int]]:
        """Bodies of action and source lines by turns, each with how many of its documents were shortened."""
        lines: list[str] = []
        size = cut = 0
        for write in writes:
            source, shortened = self._source(write)
            pair = [_line(_action(write)), _line(source)]
            length = len(pair[0]) + len(pair[1])
            full = len(lines) >= 2 * self._engine.bulk_max_actions or size + length > self._engine.bulk_max_bytes
            if lines and full:
                yield lines, cut
                lines, size, cut = [], 0, 0
            lines += pair
            size += length
            cut += shortened
        if lines:
            yield lines, cut

    def _send(self, lines: list[str]) -> int:
        applied = 0
        for attempt in range(self._engine.retries + 1):
            if attempt:
                time.sleep(self._engine.retry_pause_s * 2 ** (attempt - 1))
            answer = self._client.bulk(body="\n".join(lines) + "\n")
            busy: list[str] = []
            for number, item in enumerate(answer["items"]):
                result = item["index"]
                status = int(result["status"])
                if status < 300:
                    applied += 1
                elif status == _BUSY or status >= _SERVER_ERROR:
                    busy += lines[2 * number : 2 * number + 2]
                elif status != _CONFLICT:
                    raise SearchUnavailable(f"the search engine refused a document: {_reason(result)}")
            if not busy:
                return applied
            lines = busy
        raise SearchUnavailable(f"the search engine is too busy: {len(lines) // 2} changes not written; try again")

    def _source(self, write: Write) -> tuple[Json, bool]:
        change, document = write.change, write.change.document
        source: Json = {
            "tenant": write.tenant_id,
            "generation": write.home.generation,
            "uid": change.uid,
            "version": change.version,
            "live": document is not None,
        }
        if document is None:
            return source, False
        source["kind"] = document.kind
        if document.owner_id is not None:
            source["owner"] = document.owner_id
        if document.team_id is not None:
            source["team"] = document.team_id
        if document.updated_at is not None:
            moment = document.updated_at
            source["updated_at"] = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
        tokens = tokens_of(document, self._limits)
        for field in TOKEN_FIELDS:
            values = getattr(tokens, field)
            if values:
                source[field] = values
        return source, tokens.shortened


def _action(write: Write) -> Json:
    return {
        "index": {
            "_index": write.home.index,
            "_id": f"{write.tenant_id}:{write.home.generation}:{write.change.uid}",
            "routing": write.tenant_id,
            "version": write.change.version,
            "version_type": "external",
        }
    }


def _line(value: Json) -> str:
    return json.dumps(value, separators=(",", ":"))


def _reason(result: dict[str, Any]) -> str:
    """The kind of the error only: the engine's own words may quote the document."""
    error = result.get("error")
    return str(error.get("type") if isinstance(error, dict) else error)
