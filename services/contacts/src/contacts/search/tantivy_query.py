"""Turns a plan and a visibility into tantivy queries, and holds the schema they run on."""

from collections.abc import Sequence

import tantivy

from contacts.search.plan import AnyOf, Best, Clause, EveryTerm, Leaf, Match, Scored, Sum, Token
from contacts.search.port import SearchRequest

TOKEN_FIELDS = ("exact", "name", "any", "sound", "bones", "gram", "phone")
FILTER_FIELDS = ("kind", "owner", "team", "state")
LIVE, DEAD = "live", "dead"

_NOTHING = 0.0


def build_schema() -> tantivy.Schema:
    """Token fields keep neither positions nor frequencies: scores are ours. A tombstone has no tokens."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("uid", stored=True, tokenizer_name="raw", index_option="basic")
    for field in TOKEN_FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    for field in FILTER_FIELDS:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("key", fast=True)
    builder.add_unsigned_field("version", fast=True)
    builder.add_float_field("recency", fast=True)
    return builder.build()


class QueryBuilder:
    """Builds queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def request(self, clause: Clause, request: SearchRequest) -> tantivy.Query:
        """The clause within what this request may see."""
        parts = [(tantivy.Occur.Must, self.clause(clause))]
        if request.kinds:
            parts.append((tantivy.Occur.Must, self._one_of([("kind", kind) for kind in request.kinds])))
        seen = request.visibility
        if not seen.unrestricted:
            allowed = [("team", team) for team in sorted(seen.team_ids)]
            allowed += [("owner", owner) for owner in sorted(seen.owner_ids)]
            if seen.owner_id is not None:
                allowed.append(("owner", seen.owner_id))
            parts.append((tantivy.Occur.Must, self._one_of(allowed, sorted(seen.uids))))
        return parts[0][1] if len(parts) == 1 else tantivy.Query.boolean_query(parts)

    def clause(self, clause: Clause) -> tantivy.Query:
        match clause:
            case Leaf():
                return tantivy.Query.const_score_query(self._leaf(clause), clause.weight)
            case EveryTerm(field, values, weight):
                terms = [(tantivy.Occur.Must, self.term(field, value)) for value in values]
                return tantivy.Query.const_score_query(tantivy.Query.boolean_query(terms), weight)
            case Token(field, prefixes, values, weight):
                # One automaton gives one set of documents; a union of look-ups would cost ten times as much.
                pattern = "|".join([*(f"{prefix}.*" for prefix in prefixes), *values])
                return tantivy.Query.const_score_query(tantivy.Query.regex_query(self._schema, field, pattern), weight)
            case AnyOf(parts, weight):
                return tantivy.Query.const_score_query(self._union([self.clause(part) for part in parts]), weight)
            case Scored(required, bonus):
                extra = [(tantivy.Occur.Should, self.clause(part)) for part in bonus]
                return tantivy.Query.boolean_query([(tantivy.Occur.Must, self.clause(required)), *extra])
            case Best(parts):
                return tantivy.Query.disjunction_max_query([self.clause(part) for part in parts])
            case Sum(parts, at_least) if at_least == len(parts):
                return tantivy.Query.boolean_query([(tantivy.Occur.Must, self.clause(part)) for part in parts])
            case Sum(parts, at_least):
                return tantivy.Query.boolean_query(
                    [(tantivy.Occur.Should, self.clause(part)) for part in parts],
                    minimum_number_should_match=at_least,
                )

    def term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, index_option="basic")

    def uids(self, uids: list[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, "uid", uids)

    def _leaf(self, leaf: Leaf) -> tantivy.Query:
        match leaf.match:
            case Match.TERM:
                return self.term(leaf.field, leaf.value)
            case Match.PREFIX:
                return self._near(leaf, distance=0, prefix=True)
            case Match.FUZZY_1:
                return self._near(leaf, distance=1)
            case Match.FUZZY_2:
                return self._near(leaf, distance=2)

    def _near(self, leaf: Leaf, *, distance: int, prefix: bool = False) -> tantivy.Query:
        return tantivy.Query.fuzzy_term_query(self._schema, leaf.field, leaf.value, distance=distance, prefix=prefix)

    def _one_of(self, allowed: list[tuple[str, str]], uids: Sequence[str] = ()) -> tantivy.Query:
        if not allowed and not uids:
            return tantivy.Query.empty_query()
        terms = [self.term(field, value) for field, value in allowed]
        any_of = self._union([*terms, self.uids(list(uids))] if uids else terms)
        return tantivy.Query.const_score_query(any_of, _NOTHING)

    def _union(self, queries: list[tantivy.Query]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
