"""Turns a plan and a request into OpenSearch's query language, and holds the mapping it runs on."""

from typing import Any

from contacts.search.plan import AnyOf, Best, Clause, EveryTerm, Leaf, Match, Scored, Sum, Token
from contacts.search.port import SearchRequest

TOKEN_FIELDS = ("exact", "name", "any", "sound", "bones", "gram", "phone")

Json = dict[str, Any]

_EDITS = {Match.FUZZY_1: 1, Match.FUZZY_2: 2}


def mapping() -> Json:
    """Tokens come ready made: keywords without analysis, norms or columns. They are not kept in the source."""
    token = {"type": "keyword", "doc_values": False, "norms": False}
    keyword = {"type": "keyword"}
    return {
        "dynamic": "strict",
        "_routing": {"required": True},
        "_source": {"excludes": list(TOKEN_FIELDS)},
        "properties": dict.fromkeys(TOKEN_FIELDS, token)
        | dict.fromkeys(("tenant", "uid", "kind", "owner", "team"), keyword)
        | {
            "generation": {"type": "long"},
            "live": {"type": "boolean"},
            "version": {"type": "long"},
            "updated_at": {"type": "long"},
        },
    }


def within(tenant_id: str, generation: int, *filters: Json) -> list[Json]:
    """The filter every query carries: one tenant, one generation."""
    return [{"term": {"tenant": tenant_id}}, {"term": {"generation": generation}}, *filters]


def request_query(clause: Clause, request: SearchRequest, generation: int) -> Json:
    filters = within(request.tenant_id, generation)
    if request.kinds:
        filters.append({"terms": {"kind": list(request.kinds)}})
    seen = request.visibility
    if not seen.unrestricted:
        allowed: list[Json] = [{"terms": {"team": sorted(seen.team_ids)}}]
        if seen.owner_ids:
            allowed.append({"terms": {"owner": sorted(seen.owner_ids)}})
        if seen.owner_id is not None:
            allowed.append({"term": {"owner": seen.owner_id}})
        if seen.uids:
            allowed.append({"terms": {"uid": sorted(seen.uids)}})
        filters.append(_any_of(allowed))
    return {"bool": {"must": [clause_query(clause)], "filter": filters}}


def clause_query(clause: Clause) -> Json:
    match clause:
        case Leaf(_, _, _, weight):
            return {"constant_score": {"filter": _leaf(clause), "boost": weight}}
        case EveryTerm(field, values, weight):
            terms = [{"term": {field: {"value": value}}} for value in values]
            return {"constant_score": {"filter": {"bool": {"filter": terms}}, "boost": weight}}
        case Token(field, prefixes, values, weight):
            looks: list[Json] = [{"prefix": {field: {"value": prefix}}} for prefix in prefixes]
            looks += [{"term": {field: {"value": value}}} for value in values]
            return {"constant_score": {"filter": _any_of(looks), "boost": weight}}
        case AnyOf(parts, weight):
            return {"constant_score": {"filter": _any_of([clause_query(part) for part in parts]), "boost": weight}}
        case Scored(required, bonus):
            return {"bool": {"must": [clause_query(required)], "should": [clause_query(part) for part in bonus]}}
        case Best(parts):
            return {"dis_max": {"queries": [clause_query(part) for part in parts]}}
        case Sum(parts, at_least):
            return {
                "bool": {"should": [clause_query(part) for part in parts], "minimum_should_match": at_least},
            }


def _any_of(queries: list[Json]) -> Json:
    return {"bool": {"should": queries, "minimum_should_match": 1}}


def _leaf(leaf: Leaf) -> Json:
    match leaf.match:
        case Match.TERM:
            return {"term": {leaf.field: {"value": leaf.value}}}
        case Match.PREFIX:
            return {"prefix": {leaf.field: {"value": leaf.value}}}
        case Match.FUZZY_1 | Match.FUZZY_2:
            # Every spelling in reach counts: the usual first fifty may all belong to other tenants.
            return {
                "fuzzy": {
                    leaf.field: {
                        "value": leaf.value,
                        "fuzziness": _EDITS[leaf.match],
                        "transpositions": True,
                        "rewrite": "constant_score",
                    }
                }
            }
