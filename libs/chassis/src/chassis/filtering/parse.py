"""Text of a filter to a checked tree. Whatever is wrong is told with its column and the fields that may be used.

Grammar by lark (LALR). AND and OR never mix without parentheses, since AIP-160 and SQL disagree on which binds first.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from lark import Lark, Token, Tree, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from chassis.errors import InvalidArgument, Violation
from chassis.filtering.nodes import And, Node, Not, Or
from chassis.filtering.schema import Schema
from chassis.filtering.terms import Literal, Problem, term

REASON = "INVALID_FILTER"
_CACHED_FILTERS = 1024

_GRAMMAR = r"""
?start: expression
?expression: factor
    | factor ("AND" factor)+ -> conjunction
    | factor ("OR" factor)+ -> disjunction
?factor: "NOT" factor -> negation
    | "(" expression ")" -> group
    | term
term: FIELD OPERATOR value -> comparison
    | FIELD ":" ANY -> presence
    | FIELD ":" value -> having
    | FIELD "IN" "(" value ("," value)* ")" -> one_of
value: STRING | NUMBER | TIME | WORD

OPERATOR: "!=" | "<=" | ">=" | "=" | "<" | ">"
ANY: "*"
STRING: /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/
TIME.3: /\d{4}-\d\d-\d\d([Tt][0-9:.]+([Zz]|[+-]\d\d:\d\d)?)?/
NUMBER.2: /[+-]?\d+(\.\d+)?([eE][+-]?\d+)?/
WORD.1: /(true|false|null)\b/
FIELD: /(?!(?:AND|OR|NOT|IN|true|false|null)\b)[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*/
%ignore /[ \t\r\n]+/
"""

_EXPECTED = {
    "FIELD": "a field name",
    "OPERATOR": "an operator (=, !=, <, <=, >, >=)",
    "STRING": "a text in quotes",
    "NUMBER": "a number",
    "TIME": "a time",
    "WORD": "true, false or null",
    "AND": "AND",
    "OR": "OR",
    "NOT": "NOT",
    "IN": "IN",
    "LPAR": '"("',
    "RPAR": '")"',
    "COMMA": '","',
    "COLON": '":"',
    "ANY": '"*"',
    "$END": "the end",
}


@dataclass(frozen=True, slots=True)
class FilterLimits:
    """Limits of one filter: characters, levels of parentheses and NOT, comparisons, values of one IN."""

    length: int = 4000
    depth: int = 10
    terms: int = 100
    values: int = 200


def parse(text: str, schema: Schema, *, limits: FilterLimits | None = None, field: str = "filter") -> Node | None:
    """The checked tree, or None for an empty filter, which everything fits.

    Raises InvalidArgument, reason INVALID_FILTER, with the 1-based column; `field` is the name of the parameter.
    """
    if not text.strip():
        return None
    try:
        return _parse(text, schema, limits or FilterLimits())
    except Problem as problem:
        where = f"column {problem.column}: " if problem.column else ""
        message = f"{where}{problem.text}"
        raise InvalidArgument(
            f"{field}: {message}",
            reason=REASON,
            violations=[Violation(field, message, REASON)],
            metadata={"column": str(problem.column), "allowed_fields": ", ".join(schema.fields)},
        ) from None


@lru_cache(_CACHED_FILTERS)
def _parse(text: str, schema: Schema, limits: FilterLimits) -> Node:
    if len(text) > limits.length:
        raise Problem(0, f"The filter has {len(text)} characters: {limits.length} at most.")
    if "\0" in text:
        raise Problem(text.index("\0") + 1, "Leave out the NUL character.")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _syntax_problem(error, text) from None
    return _Builder(schema, limits).build(tree, 1)


class _Builder:
    """Turns the syntax tree into checked nodes, counting as it goes."""

    def __init__(self, schema: Schema, limits: FilterLimits) -> None:
        self._schema = schema
        self._limits = limits
        self._terms = 0

    def build(self, tree: Tree[Token], depth: int) -> Node:
        """The node of a subtree that stands `depth` levels deep."""
        if depth > self._limits.depth:
            raise Problem(_column(tree), f"The filter is nested too deep: {self._limits.depth} levels at most.")
        kind = tree.data
        if kind == "group":
            return self.build(_subtrees(tree)[0], depth + 1)
        if kind == "negation":
            return Not(self.build(_subtrees(tree)[0], depth + 1))
        if kind in ("conjunction", "disjunction"):
            items = tuple(self.build(item, depth) for item in _subtrees(tree))
            return And(items) if kind == "conjunction" else Or(items)
        return self._term(tree)

    def _term(self, tree: Tree[Token]) -> Node:
        field, operator, literals = _term_parts(tree)
        self._terms += 1
        if self._terms > self._limits.terms:
            raise Problem(_start(field), f"The filter has too many comparisons: {self._limits.terms} at most.")
        if len(literals) > self._limits.values:
            raise Problem(_start(field), f"IN has {len(literals)} values: {self._limits.values} at most.")
        known = self._schema.fields.get(str(field))
        if known is None:
            near = get_close_matches(str(field), self._schema.fields, n=1, cutoff=0.7)
            hint = f'Did you mean "{near[0]}"? ' if near else ""
            allowed = ", ".join(self._schema.fields)
            raise Problem(_start(field), f'"{field}" cannot be filtered by. {hint}Allowed fields: {allowed}.')
        return term(str(field), known, operator, literals, _start(field))


def _term_parts(tree: Tree[Token]) -> tuple[Token, str, list[Literal]]:
    field = tree.children[0]
    assert isinstance(field, Token)
    if tree.data == "presence":
        return field, ":*", []
    literals = [
        Literal(token.type, str(token), _start(token))
        for value in _subtrees(tree)
        for token in value.children
        if isinstance(token, Token)
    ]
    if tree.data == "comparison":
        return field, str(tree.children[1]), literals
    return field, ":" if tree.data == "having" else "IN", literals


def _subtrees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _start(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _column(tree: Tree[Token]) -> int:
    for token in tree.scan_values(lambda _: True):
        return _start(token)
    return 1


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


def _syntax_problem(error: UnexpectedInput, text: str) -> Problem:
    if isinstance(error, UnexpectedCharacters):
        column = (error.pos_in_stream or 0) + 1
        if text[column - 1] in "\"'":
            return Problem(column, "This text does not end. Close the quote.")
        return Problem(column, f"Unexpected {text[column - 1 : column + 20]!r}. Expected {_names(error.allowed)}.")
    if isinstance(error, UnexpectedToken):
        if error.token.type == "$END":
            return Problem(len(text) + 1, f"The filter ends too early. Expected {_names(error.accepts)}.")
        column = _start(error.token)
        if error.token.type in ("AND", "OR"):
            return Problem(column, "Put parentheses around AND or OR: they do not mix without.")
        return Problem(column, f"Unexpected {str(error.token)[:40]!r}. Expected {_names(error.accepts)}.")
    return Problem(1, "This is no filter. See the filter language in /docs.")


def _names(terminals: object) -> str:
    names = [_EXPECTED[name] for name in _EXPECTED if isinstance(terminals, set | frozenset) and name in terminals]
    return " or ".join(names) or "something else"
