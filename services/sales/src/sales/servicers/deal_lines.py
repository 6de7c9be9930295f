"""DealLineService at the edge: what is sold in a deal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis import approvals
from chassis.approvals import About
from chassis.errors import invalid_field
from chassis.record_shares import check_writes
from chassis.work import Row, Work
from funia.sales.v1 import lines_pb2 as pb

from sales.operations import PRICE_DEAL
from sales.queries.lines import DEAL_LINES
from sales.servicers.deal import DealServicer
from sales.usecases.agreement import price_facts
from sales.usecases.deals import home_currency
from sales.usecases.lines import PricedLines, buyer, price_lines
from sales.wire import items, read_items


class DealLineServicer:
    """Lines of deals. A deal's amount is their sum without tax until somebody gives it another."""

    service = pb.DESCRIPTOR.services_by_name["DealLineService"]

    def __init__(self, deals: DealServicer) -> None:
        self._deals = deals

    def GetDealLines(self, work: Work, request: pb.GetDealLinesRequest) -> pb.DealLines:
        deal = self._deals.found(work, UUID(request.deal_id))
        return _message(deal, DEAL_LINES.of(work, [deal.id])[deal.id])

    def SetDealLines(self, work: Work, request: pb.SetDealLinesRequest) -> pb.DealLines:
        before = self._deals.locked(work, UUID(request.deal_id), request.etag)
        check_writes(before, "deal")
        currency = request.currency_code or before.lines_currency or before.amount_currency or home_currency(work)
        if not currency:
            raise invalid_field("currency_code", "say in which currency", reason="REQUIRED")
        asking = buyer(work, currency, account_id=before.account_id, contact_id=_first_contact(before))
        priced = price_lines(work, asking, read_items(request.lines))
        _ask(work, before, currency, priced)
        DEAL_LINES.put(work, before.id, priced.lines)
        values: dict[str, Any] = {
            "line_count": len(priced.lines),
            "lines_currency": currency if priced.lines else "",
            "lines_net_minor": priced.totals["net_amount_minor"],
        }
        if not (before.own_amount and before.amount_minor):
            values |= {"amount_minor": 0, "amount_currency": ""}
        deal = self._deals.write(work, before, values)
        return _message(deal, DEAL_LINES.of(work, [deal.id])[deal.id])


def _ask(work: Work, deal: Row, currency: str, priced: PricedLines) -> None:
    """Raises NeedsApproval where an approval policy fits the prices. Lines of a deal promise nothing to anybody yet, so
    where none fits the discount policy refuses nothing here: it does when a quote is sent or an order is placed."""
    facts = price_facts(work, priced.totals, [line["cost_minor"] for line in priced.lines])
    facts |= {"currency_code": currency, "account_id": deal.account_id, "team_id": deal.team_id}
    approvals.given(work, PRICE_DEAL, facts, About("deal", deal.id, deal.version), same_facts=True)


def _first_contact(deal: Row) -> UUID | None:
    """The person to talk to first."""
    people: Sequence[Any] = sorted(deal.contacts, key=lambda one: not one.get("is_primary"))
    return UUID(people[0]["contact_id"]) if people else None


def _message(deal: Row, rows: Sequence[Row]) -> pb.DealLines:
    return pb.DealLines(
        deal_id=str(deal.id),
        etag=str(deal.version),
        currency_code=deal.lines_currency,
        lines=items(rows),
        list_minor=sum(row.list_minor for row in rows),
        discount_minor=sum(row.rule_minor + row.discounted_minor for row in rows),
        net_minor=sum(row.net_minor for row in rows),
        tax_minor=sum(row.tax_minor for row in rows),
        gross_minor=sum(row.gross_minor for row in rows),
        amount_by_hand=deal.own_amount,
    )
