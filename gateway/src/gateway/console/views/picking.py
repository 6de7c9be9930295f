"""The picker that finds a record of any kind by a few letters."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from funia.contacts.v1.search_pb2 import SearchCustomersRequest

from gateway.console import references
from gateway.console.backend import call, stubs
from gateway.console.guard import check_scope
from gateway.console.kind import ListQuery
from gateway.console.kinds import KINDS, PLURALS
from gateway.console.values import Record, record_name, record_subtitle

FOUND_MAX = 8
SEARCHED = {"people": "contact", "companies": "account"}
"""Kinds that the search engine finds; others are found by the beginning of their name."""


@dataclass(frozen=True, slots=True)
class Option:
    """A record to choose."""

    id: str
    name: str
    subtitle: str = ""
    email: str = ""


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(f"/pick/<any({PLURALS}):plural>", "pick", pick)


def pick(plural: str) -> Response:
    """Options for a picker. The text stands in the control's own name, which ends in ``_query``."""
    check_scope(KINDS[plural].reads)
    text = next((value for name, value in request.args.items() if name.endswith("_query")), "").strip()
    skipped = request.args.get("except", "")
    options = [one for one in found(plural, text) if one.id != skipped] if text else []
    return make_response(render_template("console/picker_options.html", hits=options, text=text))


def found(plural: str, text: str) -> list[Option]:
    """Records that fit, best first."""
    if plural in SEARCHED:
        message = SearchCustomersRequest(query=text[:200], kinds=[SEARCHED[plural]], page_size=FOUND_MAX)
        hits = call(stubs().search.SearchCustomers, message).hits
        return [Option(hit.id, hit.name, hit.subtitle, hit.email) for hit in hits]
    records = (
        articles(text) if plural == "variants" else KINDS[plural].find(text, ListQuery(page_size=FOUND_MAX)).records
    )
    return [Option(one.id, record_name(one), record_subtitle(one)) for one in records]


def articles(text: str) -> list[Record]:
    """Articles by their number or name, then those of products that are called so."""
    page = ListQuery(page_size=FOUND_MAX)
    variants = list(KINDS["variants"].find(text, page).records)
    products = [one.id for one in KINDS["products"].find(text, page).records]
    if products and len(variants) < FOUND_MAX:
        named = ", ".join(f'"{one}"' for one in products)
        query = ListQuery(filter=f"product_id IN ({named})", page_size=FOUND_MAX)
        known = {one.id for one in variants}
        variants += [one for one in KINDS["variants"].list(query).records if one.id not in known]
    references.prefetch("products", [one.product_id for one in variants])
    return variants[:FOUND_MAX]
