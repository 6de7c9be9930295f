"""What is on hand of the articles whose stock is counted, place by place, and its correction by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.errors import FuniaError
from flask import Blueprint, Response, make_response, render_template, request
from funia.sales.v1 import settings_pb2, stock_pb2, stock_pb2_grpc

from gateway.console.amounts import SCALES
from gateway.console.backend import call, form_key, stubs
from gateway.console.formats import format_decimal_places
from gateway.console.guard import needs
from gateway.console.i18n import gettext
from gateway.console.kind import Listed, ListQuery
from gateway.console.kinds import KINDS
from gateway.console.page import HTTP_STATUS
from gateway.console.values import Record
from gateway.console.views import selling
from gateway.console.views.record_lines import number
from gateway.console.words import say, violations

ARTICLES_A_PAGE = 50
STORES_MAX = 200


@dataclass(frozen=True, slots=True)
class Place:
    """How much of an article is at a place; `store_id` is empty for the company's own storehouse. From `low_milli` down
    it is little."""

    store_id: str
    name: str
    milli: int
    low_milli: int

    @property
    def is_low(self) -> bool:
        return self.milli <= max(self.low_milli, 0)

    @property
    def shown(self) -> str:
        return format_decimal_places(self.milli, SCALES["quantity"])


@dataclass(frozen=True, slots=True)
class Article:
    """A variant and where it is."""

    variant: Record
    name: str
    places: Sequence[Place]


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/stock", "stock_levels", stock_levels)
    blueprint.add_url_rule("/stock/<uuid:variant_id>", "stock_adjust", stock_adjust, methods=["POST"])


@needs("sales.read")
def stock_levels() -> Response:
    """A page of articles with what is on hand of each."""
    kind, text = KINDS["variants"], request.args.get("q", "").strip()
    query = ListQuery(page_token=request.args.get("token", ""), page_size=ARTICLES_A_PAGE)
    listed: Listed = kind.find(text, query) if text else kind.list(query)
    stores = _stores()
    page = render_template(
        "console/stock.html",
        articles=_articles(listed.records, stores),
        stores=stores,
        text=text,
        token=listed.next_page_token,
    )
    return make_response(page)


@needs("sales.write")
def stock_adjust(variant_id: object) -> Response:
    """Adds to what is on hand at a place, or takes from it; shows the article anew."""
    form, problem, status = request.form, "", 200
    try:
        message = stock_pb2.AdjustStockRequest(
            product_variant_id=str(variant_id),
            store_id=form.get("store_id", ""),
            change_milli=number(form.get("change", ""), SCALES["quantity"], "change_milli"),
            reason=form.get("reason", "").strip(),
        )
        call(_service().AdjustStock, message, idempotency_key=form_key())
    except FuniaError as error:
        problem = " ".join(violations(error).values()) if error.violations else say(error)
        status = HTTP_STATUS[error.kind]
    stores = _stores()
    article = _articles([KINDS["variants"].get(str(variant_id))], stores, counted=True)[0]
    shown = render_template("console/stock_article.html", article=article, stores=stores, problem=problem)
    return make_response(shown, status)


def _articles(variants: Sequence[Record], stores: Mapping[str, str], *, counted: bool = False) -> list[Article]:
    """Those of the variants whose stock is counted, in their order, with their places."""
    if not variants:
        return []
    products = {one.id: one for one in KINDS["products"].batch_get(list({one.product_id for one in variants}))}
    kept = [one for one in variants if counted or (one.product_id in products and products[one.product_id].track_stock)]
    if not kept:
        return []
    usual = call(selling.service().GetSalesSettings, settings_pb2.GetSalesSettingsRequest()).low_stock_milli
    levels: dict[str, dict[str, int]] = {}
    wanted = stock_pb2.ListStockRequest(product_variant_ids=[one.id for one in kept])
    for level in call(_service().ListStock, wanted).levels:
        levels.setdefault(level.product_variant_id, {})[level.store_id] = level.on_hand_milli
    return [
        Article(
            one,
            _name(products.get(one.product_id), one),
            [Place(key, name, found[key], low) for key, name in stores.items() if key in found],
        )
        for one in kept
        for found in (levels.get(one.id, {}),)
        for low in (getattr(products.get(one.product_id), "low_stock_milli", 0) or usual,)
    ]


def _name(product: Any, variant: Record) -> str:
    return ", ".join(part for part in (product.name if product else "", variant.name) if part)


def _stores() -> dict[str, str]:
    """Names of the places by their ids, the company's own storehouse first."""
    stores = KINDS["stores"].list(ListQuery(page_size=STORES_MAX)).records
    return {"": gettext("Storehouse"), **{one.id: one.name for one in stores}}


def _service() -> stock_pb2_grpc.StockServiceStub:
    return stubs().sales(stock_pb2_grpc.StockServiceStub)
