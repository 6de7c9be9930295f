"""Whether a document matches a query by itself, without an engine: for those who must not find by all that is indexed.

Runs the same plan on the tokens of one document. What fits in no stage of it was found by something left out.
"""

from __future__ import annotations

from contacts.search.analysis import Tokens, tokens_of
from contacts.search.limits import SearchLimits
from contacts.search.plan import AnyOf, Best, Clause, EveryTerm, Leaf, Match, Scored, Sum, Token, plan
from contacts.search.port import CustomerDocument

_EDITS = {Match.TERM: 0, Match.FUZZY_1: 1, Match.FUZZY_2: 2}


def matches(query: str, document: CustomerDocument, limits: SearchLimits) -> bool:
    """Whether the query finds this document, read as tolerantly as it may be."""
    tokens = tokens_of(document, limits)
    return any(_fits(stage.clause, tokens) for stage in plan(query, limits))


def _fits(clause: Clause, tokens: Tokens) -> bool:
    match clause:
        case Leaf():
            return any(_like(clause, token) for token in _field(tokens, clause.field))
        case EveryTerm(field, values, _):
            return set(values) <= set(_field(tokens, field))
        case Token(field, prefixes, values, _):
            return any(token in values or token.startswith(prefixes) for token in _field(tokens, field))
        case AnyOf(parts, _) | Best(parts):
            return any(_fits(part, tokens) for part in parts)
        case Scored(required, _):
            return _fits(required, tokens)
        case Sum(parts, at_least):
            return sum(_fits(part, tokens) for part in parts) >= at_least


def _field(tokens: Tokens, name: str) -> list[str]:
    found: list[str] = getattr(tokens, name)
    return found


def _like(leaf: Leaf, token: str) -> bool:
    if leaf.match is Match.PREFIX:
        return token.startswith(leaf.value)
    return _within(leaf.value, token, _EDITS[leaf.match])


def _within(one: str, other: str, edits: int) -> bool:
    """Whether a few insertions, deletions, replacements and exchanges of neighbours make one word the other."""
    if edits == 0 or one == other:
        return one == other
    if abs(len(one) - len(other)) > edits:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != wanted))
            if last and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1] <= edits
