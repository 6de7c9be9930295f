"""SQLAlchemy statements compiled once, at import, to the text that psycopg runs.

The statement is written and checked as SQLAlchemy Core; the hot path pays neither its compiler nor its result layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler


@dataclass(frozen=True, slots=True)
class Prepared:
    """SQL text with named parameters, the constants compiled into it, and the names that callers must give."""

    text: str
    constants: dict[str, Any]
    names: frozenset[str]


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
