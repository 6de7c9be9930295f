"""Binds every statement to one tenant: the one function all questions go through.

The engine cuts each fact table to the tenant wherever it stands in the statement (alias, join, subquery, CTE), by
`additional_table_filters`. What that cannot cut (other tables, table functions, a statement's own SETTINGS) is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

from analytics.errors import UnscopedQuery

_STRING_OR_COMMENT = re.compile(r"'(?:[^'\\]|\\.|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[^\sA-Za-z0-9_]|\d+")
_CTE = re.compile(r"\b([A-Za-z_][A-Za-z0-9_]*)\s+AS\s*\(\s*SELECT\b", re.IGNORECASE)
_REFUSED = frozenset({"settings", "format", "into", "outfile", "system", "information_schema"})
_HIDDEN_READS = re.compile(
    r"\b(?:dict\w*|joinGet\w*|file|url|remote|merge|cluster|executable|(?:global|null|not)\w*in\w*)\s*\(", re.IGNORECASE
)
_AFTER_TABLES = frozenset({
    "where", "prewhere", "group", "order", "limit", "having", "union", "on", "using", "join", "left", "right", "inner",
    "full", "cross", "any", "asof", "all", "semi", "anti", "window", "qualify", "intersect", "except", "offset",
})  # fmt: skip
_NO_OPERAND = frozenset(
    {"select", "where", "prewhere", "having", "and", "or", "not", "on", "when", "then", "else", "by"}
)
_SOURCES = frozenset({"numbers"})


def tenant_settings(sql: str, tenant_id: UUID, tables: Collection[str]) -> dict[str, str]:
    """Settings that cut every fact table to the tenant. Raises UnscopedQuery where they would not be enough."""
    _refuse_unscoped(sql, tables)
    condition = f"tenant_id = \\'{tenant_id}\\'"
    filters = ", ".join(f"'{table}': '{condition}'" for table in sorted(tables))
    return {"additional_table_filters": f"{{{filters}}}"}


def _refuse_unscoped(sql: str, tables: Collection[str]) -> None:
    bare = _STRING_OR_COMMENT.sub(" '' ", sql)
    if "`" in bare or '"' in bare or ";" in bare:
        raise UnscopedQuery("quoted names and several statements cannot be scoped")
    tokens = _TOKEN.findall(bare)
    words = [token.lower() for token in tokens]
    if not words or words[0] not in ("select", "with"):
        raise UnscopedQuery("only SELECT can be asked of the store")
    if refused := _REFUSED.intersection(words):
        raise UnscopedQuery(f"the statement may not say {min(refused).upper()}")
    if hidden := _HIDDEN_READS.search(bare):
        raise UnscopedQuery(f"{hidden.group()} reads past the tenant")
    allowed = {*tables, *(match.group(1) for match in _CTE.finditer(bare))}
    for index, word in enumerate(words):
        if word in ("from", "join"):
            _check_sources(tokens, index + 1, allowed)
        elif word == "in":
            _check_set(tokens, index)


def _check_set(tokens: list[str], index: int) -> None:
    """Refuses IN with a table for its set, and IN written as a function, which takes one too."""
    before = tokens[index - 2] if tokens[index - 1].lower() == "not" else tokens[index - 1]
    after = [*tokens[index + 1 : index + 4], "", "", ""]
    named = after[0] == "(" and after[1].isidentifier() and after[2] in (")", ".")
    if named or after[0] not in ("(", "{") or not (before.isalnum() or before.isidentifier() or before in ")]}'"):
        raise UnscopedQuery("IN takes a list, a parameter or a SELECT, never a table")
    if before.lower() in _NO_OPERAND:
        raise UnscopedQuery("IN is an operator here, not a function")


def _check_sources(tokens: list[str], index: int, allowed: set[str]) -> None:
    """Checks the list of tables that begins at `index`, up to the next clause or the closing parenthesis."""
    expects_source = True
    depth = 0
    while index < len(tokens):
        token = tokens[index]
        if token == "(":
            depth += 1
        elif token == ")":
            depth -= 1
            if depth < 0:
                return
        elif depth == 0 and token.lower() in _AFTER_TABLES:
            return
        elif depth == 0 and token == ",":
            expects_source = True
            index += 1
            continue
        elif depth == 0 and expects_source:
            following = tokens[index + 1] if index + 1 < len(tokens) else ""
            called = following == "("
            if following == "." or token not in (_SOURCES if called else allowed):
                raise UnscopedQuery(f"{token} is not a fact; a statement may read {', '.join(sorted(allowed))}")
        expects_source = False
        index += 1
