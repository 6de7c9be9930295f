"""Connections that run prepared statements several at a time: one round trip for all that is sent together.

libpq's pipeline mode without the cursor's work per statement (docs/adr/0007). Whoever uses a line holds it alone.
"""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import psycopg
from psycopg import generators
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from chassis.statements import Prepared

Call = tuple[Prepared, Mapping[str, Any]]
_Key = tuple[bytes, tuple[int, ...]]
_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)
_STATEMENTS_KEPT = 200
"""Statements a connection keeps prepared on the server; the one used longest ago makes room."""


class Line(psycopg.Connection[Any]):
    """A connection with its own cache of statements prepared on the server."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # A statement is sent whole the first time and prepared the second: most filters come once.
        self._names: OrderedDict[_Key, bytes] = OrderedDict()
        self._named = 0
        self._unused: list[bytes] = []

    def exchange(self, calls: Sequence[Call]) -> list[PGresult]:
        """Runs the calls in order, in one round trip, and returns a result for each.

        Raises the error of the first that fails; those after it did not run. Outside of a transaction block all of
        them are one transaction.
        """
        pgconn = self.pgconn
        pgconn.enter_pipeline_mode()
        try:
            asked: list[tuple[_Key, bytes] | None] = []
            closing, self._unused = len(self._unused), self._close(self._unused)
            for prepared, parameters in calls:
                self._send(prepared, parameters, asked)
            pgconn.pipeline_sync()
            answers = self.wait(_answers(pgconn, closing + len(asked)))
            pgconn.exit_pipeline_mode()
        except BaseException:
            # Nobody knows any longer what the server is answering to; only a fresh connection is sure.
            self.close()
            raise
        results = []
        for one, result in zip(asked, answers[closing:], strict=True):
            if result.status in _FAILED:
                raise psycopg.errors.error_from_result(result, encoding="utf-8")
            if one is None:
                results.append(result)
            else:
                self._names[one[0]] = one[1]
        return results

    def rows(self, result: PGresult, *, most: int | None = None) -> list[Any]:
        """The rows of a result as named tuples, `most` of them where it is given."""
        self._transformer.set_pgresult(result)
        count = result.ntuples if most is None else min(most, result.ntuples)
        names = tuple([result.fname(index) for index in range(result.nfields)])
        made: list[Any] = self._transformer.load_rows(0, count, _maker(names))
        return made

    @cached_property
    def _transformer(self) -> Any:  # psycopg chooses its class at import, in C or in Python
        return Transformer(self)

    def _close(self, names: Sequence[bytes]) -> list[bytes]:
        for name in names:
            self.pgconn.send_close_prepared(name)
        return []

    def _send(self, prepared: Prepared, parameters: Mapping[str, Any], asked: list[tuple[_Key, bytes] | None]) -> None:
        transformer = self._transformer
        values = transformer.dump_sequence([parameters[name] for name in prepared.order], prepared.formats)
        types = tuple(transformer.types or ())
        key = (prepared.query, types)
        name = self._names.get(key)
        if name is None:
            self._make_room()
            self._names[key] = b""
            self.pgconn.send_query_params(prepared.query, values, types, transformer.formats, Format.TEXT)
        else:
            self._names.move_to_end(key)
            if not name:
                self._named += 1
                name = b"funia_%d" % self._named
                self.pgconn.send_prepare(name, prepared.query, types)
                asked.append((key, name))
            self.pgconn.send_query_prepared(name, values, transformer.formats, Format.TEXT)
        asked.append(None)

    def _make_room(self) -> None:
        while len(self._names) >= _STATEMENTS_KEPT:
            _, name = self._names.popitem(last=False)
            if name:
                self._unused.append(name)


def _answers(pgconn: PGconn, count: int) -> Generator[Any, Any, list[PGresult]]:
    """Sends what is buffered and reads that many answers and the end of the pipeline."""
    yield from generators.send(pgconn)
    answers = []
    for _ in range(count):
        answers += yield from generators.fetch_many(pgconn)
    yield from generators.fetch_many(pgconn)
    return answers


@lru_cache(maxsize=2048)
def _maker(names: tuple[bytes, ...]) -> Callable[[Sequence[Any]], Any]:
    """The named tuple of these columns, made once."""
    columns = [name.decode() for name in names]
    row: Any = namedtuple("Row", columns, rename=True)  # type: ignore[misc]
    made: Callable[[Sequence[Any]], Any] = row._make
    return made
