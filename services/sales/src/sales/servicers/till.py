"""TillService at the edge: what a till calls, so that it can sell without a network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.paging import Pager
from chassis.records.mapping import timestamp
from chassis.work import Row, Work
from funia.sales.v1 import till_pb2 as pb

from sales.queries import tills
from sales.servicers.pos_session import PosSessionServicer
from sales.servicers.pricing import PriceRuleServicer
from sales.servicers.store import RegisterServicer, StoreServicer
from sales.servicers.suggestion import WHOLE_BASIS_POINTS
from sales.usecases import till_sync as rules
from sales.usecases.prices import discount_limit, rules_for, tax_rates
from sales.usecases.suggestions import Companion, companions
from sales.usecases.till_sync import Cursor, Shelf

ITEMS_A_PAGE = 500
_ITEM = ("product_id", "name", "variant_name", "sku", "unit", "kind", "tax_code")


class TillServicer:
    """What a till calls."""

    service = pb.DESCRIPTOR.services_by_name["TillService"]

    def __init__(self, pager: Pager) -> None:
        self._pager = pager
        self._stores, self._registers = StoreServicer(pager), RegisterServicer(pager)
        self._sessions, self._price_rules = PosSessionServicer(pager), PriceRuleServicer(pager)

    def SyncTill(self, work: Work, request: pb.SyncTillRequest) -> pb.SyncTillResponse:
        register_id = UUID(request.register_id)
        binding = ("SyncTill", request.register_id)
        cursor = self._read(work, binding, request.cursor) if request.cursor else None
        shelf = rules.read_shelf(work, register_id, cursor, limit=request.page_size or ITEMS_A_PAGE)
        sold = [row.product_id for row in shelf.rows if row.sold]
        beside = companions(work, sold, shelf.register.store_id)
        answer = pb.SyncTillResponse(
            reset=shelf.reset,
            store=self._stores.message(work, self._stores.found(work, shelf.register.store_id)),
            register=self._registers.message(work, self._registers.found(work, register_id)),
            day=shelf.buyer.on.isoformat(),
            server_time=timestamp(work.now),
            max_discount_basis_points=discount_limit(work, shelf.buyer),
            items=[_item(row, shelf, beside.get(row.product_id, ())) for row in shelf.rows],
            branches=[_branch(row) for row in shelf.branches],
            next_cursor=self._written(work, binding, shelf.cursor),
            complete=shelf.complete,
        )
        session = tills.session_of(work, register_id)
        if session is not None:
            answer.session.CopyFrom(self._sessions.message(work, self._sessions.found(work, session.id)))
        if shelf.reset:
            rates = tax_rates(work)
            answer.tax_rates.extend(pb.TillTaxRate(code=code, rate_basis_points=rates[code]) for code in sorted(rates))
            found = self._price_rules.store.batch(work, rules_for(work, shelf.buyer))
            answer.price_rules.extend(self._price_rules.messages(work, found))
        return answer

    def _written(self, work: Work, binding: tuple[str, str], cursor: Cursor) -> str:
        return self._pager.token(work.tenant_id, binding, [cursor.state, cursor.began, cursor.since, cursor.after])

    def _read(self, work: Work, binding: tuple[str, str], token: str) -> Cursor:
        state, began, since, after = (
            None if one is None else str(one) for one in self._pager.key(work.tenant_id, binding, token)
        )
        return Cursor(
            str(state),
            datetime.fromisoformat(str(began)),
            None if since is None else datetime.fromisoformat(since),
            UUID(str(after)),
        )


def _item(row: Row, shelf: Shelf, beside: Sequence[Companion]) -> pb.TillItem:
    if not row.sold:
        return pb.TillItem(product_variant_id=str(row.id), gone=True)
    known: dict[str, Any] = {name: str(getattr(row, name)) for name in _ITEM}
    return pb.TillItem(
        product_variant_id=str(row.id),
        category_id=str(row.category_id or ""),
        barcodes=row.barcodes,
        prices=[
            pb.TillPrice(
                min_quantity_milli=one.min_quantity_milli, unit_micros=one.unit_micros, tax_included=one.tax_included
            )
            for one in shelf.prices.get(row.id, ())
        ],
        companions=[
            pb.TillCompanion(
                product_id=str(one.product_id),
                suggestion_id=str(one.suggestion_id),
                share_basis_points=round(one.share * WHOLE_BASIS_POINTS),
            )
            for one in beside
        ],
        **known,
    )


def _branch(row: Row) -> pb.TillBranch:
    return pb.TillBranch(id=str(row.id), parent_id=str(row.parent_id or ""), name=row.name, position=row.position)
