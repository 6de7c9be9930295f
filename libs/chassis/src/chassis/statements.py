"""SQLAlchemy statements compiled once, at import, to the text that psycopg runs.

The statement is written and checked as SQLAlchemy Core; the hot path pays neither its compiler nor its result layer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from psycopg.adapt import PyFormat
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler


@dataclass(frozen=True, slots=True)
class Prepared:
    """SQL text with named parameters, the constants compiled into it, and the names that callers must give."""

    text: str
    constants: dict[str, Any]
    names: frozenset[str]
    query: bytes = field(init=False)
    """The text as the server takes it, with ``$1`` for the first name of `order`."""
    order: tuple[str, ...] = field(init=False)
    formats: tuple[PyFormat, ...] = field(init=False)

    def __post_init__(self) -> None:
        query, order, formats = _numbered(self.text)
        for name, value in (("query", query), ("order", order), ("formats", formats)):
            object.__setattr__(self, name, value)


_PLACEHOLDER = re.compile(r"%(?:\((\w+)\)([stb])|%)")
_FORMATS = {"s": PyFormat.AUTO, "t": PyFormat.TEXT, "b": PyFormat.BINARY}


def _numbered(text: str) -> tuple[bytes, tuple[str, ...], tuple[PyFormat, ...]]:
    """psycopg's named parameters as numbers: the query, the names in their order, and how each is sent."""
    found: dict[str, PyFormat] = {}
    numbers: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        name, kind = match.groups()
        if name is None:
            return "%"
        found.setdefault(name, _FORMATS[kind])
        return f"${numbers.setdefault(name, len(numbers) + 1)}"

    query = _PLACEHOLDER.sub(number, text)
    return query.encode(), tuple(numbers), tuple(found.values())


@lru_cache(maxsize=1)
def _dialect() -> Any:
    return psycopg_dialect.dialect()  # type: ignore[no-untyped-call]


def prepare(statement: ClauseElement) -> Prepared:
    """Compiles a statement once. JSON parameters are given as psycopg `Jsonb`."""
    compiled = cast(SQLCompiler, statement.compile(dialect=_dialect(), compile_kwargs={"render_postcompile": True}))
    required = {name for name, bind in compiled.binds.items() if bind.required}
    constants = {name: value for name, value in compiled.params.items() if name not in required}
    return Prepared(str(compiled), constants, frozenset(compiled.params))


def text(sql: str, *names: str) -> Prepared:
    """Hand-written SQL with psycopg's named parameters, for what SQLAlchemy cannot say well."""
    return Prepared(sql, {}, frozenset(names))
