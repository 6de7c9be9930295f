"""The rules of a quote: drafted and priced, sent on paper, looked at, decided, and made an order.

Prices and texts stand from when it is sent. Whether it can still be accepted is asked of its last day and not of its
state alone, so a timer that comes late lets nobody in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.approvals import About
from chassis.errors import Conflict, FailedPrecondition, NotFound, invalid_field
from chassis.ids import uuid7
from chassis.jobs import set_timer
from chassis.work import Row, Work

from sales.events import quote_event
from sales.operations import SEND_QUOTE
from sales.paper.content import PaperLine, QuoteContent
from sales.pricing.discounts import Discount
from sales.queries import company, quote_documents
from sales.queries import quotes as queries
from sales.queries.quotes import QUOTE_LINES
from sales.records import QUOTES
from sales.usecases import numbering, orders
from sales.usecases.agreement import check_agreed, document_facts
from sales.usecases.enclosures import sendable
from sales.usecases.lines import LineGiven, PricedLines, asked_again, buyer, frozen, price_lines
from sales.usecases.prices import today
from sales.usecases.states import QUOTE

Values = dict[str, Any]
EXPIRY = "sales.quote_expiry"
"""The timer that ends a quote after its last day."""
LINK_BYTES = 24
NEW: Values = {
    "number": "",
    "revision": 1,
    "previous_id": None,
    "status": "draft",
    "deal_id": None,
    "account_id": None,
    "contact_id": None,
    "coupon_codes": [],
    "document_discount_basis_points": 0,
    "document_discount_minor": 0,
    "sent_at": None,
    "first_viewed_at": None,
    "last_viewed_at": None,
    "view_count": 0,
    "decided_at": None,
    "accepted_by": "",
    "decline_reason": "",
    "evidence": {},
    "paper_digest": "",
    "link_hash": "",
    "order_id": None,
    "deleted_at": None,
    "custom": {},
    "external_ids": {},
    "owner_id": None,
    "team_id": None,
}
_CARRIED = (
    "number",
    "title",
    "deal_id",
    "account_id",
    "contact_id",
    "recipient",
    "language",
    "introduction",
    "terms",
    "currency_code",
    "coupon_codes",
    "document_discount_basis_points",
    "document_discount_minor",
    "owner_id",
    "team_id",
    "external_ids",
    "custom",
    "coupons",
)
"""What the next version takes over."""
PRICED_BY = frozenset(
    {
        "currency_code",
        "account_id",
        "contact_id",
        "coupon_codes",
        "document_discount_basis_points",
        "document_discount_minor",
    }
)

DOCUMENT = "quote.documents[{}].document_id"
"""Field that names a document, with its place."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How a customer said yes. `by` is "customer" on the page, or "seller" who recorded it."""

    name: str
    by: str
    actor_id: str = ""
    address: str = ""
    user_agent: str = ""
    note: str = ""


def draft(
    work: Work,
    given: Mapping[str, Any],
    lines: Sequence[LineGiven],
    deal: Row | None,
    document_ids: Sequence[str] = (),
) -> Row:
    """A new draft, priced by what holds now; what its deal says stands in for what is left out."""
    documents = sendable(work, document_ids, DOCUMENT)
    values = NEW | dict(given)
    home = company.company(work)
    if deal is not None:
        first = next(
            (one["contact_id"] for one in sorted(deal.contacts, key=lambda one: not one.get("is_primary"))), None
        )
        values["account_id"] = values["account_id"] or deal.account_id
        values["contact_id"] = values["contact_id"] or (UUID(first) if first else None)
        values["owner_id"], values["team_id"] = values["owner_id"] or deal.owner_id, values["team_id"] or deal.team_id
    if values["owner_id"] is None and work.caller.actor_type == "user":
        values["owner_id"] = work.caller.actor_id
        values["team_id"] = values["team_id"] or next(iter(work.caller.team_ids), None)
    values["language"] = values["language"] or "en"
    values["currency_code"] = values["currency_code"] or (deal.lines_currency if deal is not None else "")
    values["currency_code"] = values["currency_code"] or home.currency_code
    if not values["currency_code"]:
        raise invalid_field("quote.currency_code", "say in which currency", reason="REQUIRED")
    values["valid_until"] = values["valid_until"] or today(work) + timedelta(days=home.quote_valid_days)
    quote_id = uuid7()
    priced = _price(work, values, lines)
    values |= {"series_id": quote_id, "document_count": len(documents)}
    row = QUOTES.insert(work, quote_id, values | priced.totals)
    QUOTE_LINES.put(work, row.id, priced.lines)
    quote_documents.put(work, row.id, [(one.id, one.file_version) for one in documents])
    work.record(quote_event("created", row))
    return row


def change(
    work: Work,
    row: Row,
    given: Values,
    lines: Sequence[LineGiven] | None,
    document_ids: Sequence[str] | None = None,
) -> Row:
    """Changes a locked draft; priced anew where lines are given, or what prices depend on. A document that stays keeps
    its version, a new one gets its newest."""
    QUOTE.after("change", row.status)
    values = {name: value for name, value in given.items() if getattr(row, name) != value}
    if values.get("valid_until", row.valid_until) is None:
        raise invalid_field("quote.valid_until", "say until when it holds", reason="REQUIRED")
    if lines is not None or not PRICED_BY.isdisjoint(values):
        after = {name: getattr(row, name) for name in PRICED_BY} | values
        priced = _price(work, after, asked_again(lines_of(work, row)) if lines is None else lines)
        QUOTE_LINES.put(work, row.id, priced.lines)
        values |= priced.totals
    if document_ids is not None:
        values |= _enclose(work, row, document_ids)
    if not values:
        return row
    written = QUOTES.update(work, row.id, values)
    work.record(quote_event("updated", written, tuple(sorted(values))))
    return written


def _enclose(work: Work, row: Row, document_ids: Sequence[str]) -> Values:
    """Makes these the documents of a locked draft; the columns of the quote that change with it."""
    before = {one.document_id: one.number for one in quote_documents.of_quote(work, row.id)}
    asked = [UUID(one) for one in dict.fromkeys(document_ids)]
    if asked == list(before):
        return {}
    newest = {one.id: one.file_version for one in sendable(work, document_ids, DOCUMENT)}
    quote_documents.put(work, row.id, [(one, before.get(one, newest[one])) for one in asked])
    return {"document_count": len(asked)}


def revise(work: Work, row: Row) -> Row:
    """The next version of a locked quote, with its lines at its prices; this one is superseded."""
    status = QUOTE.after("revise", row.status)
    if queries.has_later(work, row):
        raise Conflict("There is a later version of this quote. Go on with that one.", reason="LATER_VERSION")
    old = QUOTES.update(work, row.id, {"status": status, "link_hash": ""})
    priced = frozen(lines_of(work, row))
    values = NEW | {name: getattr(row, name) for name in _CARRIED}
    values |= {"series_id": row.series_id, "previous_id": row.id, "revision": row.revision + 1}
    values["valid_until"] = max(row.valid_until, today(work) + timedelta(days=company.company(work).quote_valid_days))
    carried = [(one.document_id, one.number) for one in quote_documents.of_quote(work, row.id)]
    new = QUOTES.insert(work, uuid7(), priced.totals | values | {"document_count": len(carried)})
    QUOTE_LINES.put(work, new.id, priced.lines)
    quote_documents.put(work, new.id, carried)
    work.record_all([quote_event("superseded", old), quote_event("created", new)])
    return new


def send(work: Work, row: Row) -> tuple[Row, str]:
    """Sends a locked draft, or a sent quote again; the row and the secret of its link. `keep_paper` comes after it.

    Raises Conflict where it holds nothing, FailedPrecondition after its last day.
    """
    again = row.status != "draft"
    status = QUOTE.after("send again" if again else "send", row.status)
    lines = lines_of(work, row)
    if not again and not lines:
        raise Conflict("This quote has no lines. Add what is offered first.", reason="QUOTE_EMPTY")
    check_day(work, row)
    if not again:
        sendable(work, [str(one.document_id) for one in quote_documents.of_quote(work, row.id)], DOCUMENT)
        about = About("quote", row.id, row.version)
        check_agreed(work, SEND_QUOTE, document_facts(work, row, lines), about, row.breaches)
    secret = secrets.token_urlsafe(LINK_BYTES)
    values: Values = {"status": row.status if again else status, "link_hash": hashed(secret), "sent_at": work.now}
    if not again:
        set_timer(work, EXPIRY, row.id, end_of(work, row.valid_until))
    if not row.number:
        values["number"] = numbering.take(work, "quote", today(work))
    written = QUOTES.update(work, row.id, values)
    work.record(quote_event("sent", written))
    return written, secret


def keep_paper(work: Work, row: Row, paper: bytes) -> Row:
    """Keeps the paper of a quote that is being sent."""
    digest = hashlib.sha256(paper).hexdigest()
    queries.put_paper(work, row.id, digest, paper, work.now)
    return QUOTES.update(work, row.id, {"paper_digest": digest})


def viewed(work: Work, row: Row) -> Row:
    """Counts a look of the customer at a locked quote; the first one makes it viewed."""
    if row.status != "sent":
        queries.seen_again(work, row.id)
        return row
    values = {"status": QUOTE.after("view", row.status), "first_viewed_at": row.first_viewed_at or work.now}
    values |= {"last_viewed_at": work.now, "view_count": row.view_count + 1}
    written = QUOTES.update(work, row.id, values)
    work.record(quote_event("viewed", written))
    return written


def accept(work: Work, row: Row, acceptance: Acceptance) -> Row:
    """Accepts a locked quote. Raises FailedPrecondition after its last day, Conflict where it is not open."""
    status = QUOTE.after("accept", row.status)
    check_day(work, row)
    evidence = {
        "name": acceptance.name,
        "accepted_at": work.now.isoformat(),
        "by": acceptance.by,
        "actor_id": acceptance.actor_id,
        "address": acceptance.address,
        "user_agent": acceptance.user_agent,
        "paper_digest": row.paper_digest,
        "note": acceptance.note,
    }
    values = {"status": status, "decided_at": work.now, "accepted_by": acceptance.name, "evidence": evidence}
    written = QUOTES.update(work, row.id, values)
    work.record(quote_event("accepted", written))
    return written


def decline(work: Work, row: Row, reason: str) -> Row:
    """Declines a locked quote."""
    values = {"status": QUOTE.after("decline", row.status), "decided_at": work.now, "decline_reason": reason}
    written = QUOTES.update(work, row.id, values)
    work.record(quote_event("declined", written))
    return written


def expire(work: Work, row: Row) -> datetime | None:
    """Ends a locked quote whose last day is over; when to look again, where it is not."""
    if row.status not in QUOTE.steps["expire"].sources:
        return None
    end = end_of(work, row.valid_until)
    if end > work.now:
        return end
    written = QUOTES.update(work, row.id, {"status": QUOTE.after("expire", row.status)})
    work.record(quote_event("expired", written))
    return None


def make_order(work: Work, row: Row) -> UUID:
    """The order of a locked quote that was accepted: a draft at its prices, made once."""
    if row.order_id is not None:
        found: UUID = row.order_id
        return found
    status = QUOTE.after("order", row.status)
    given = {
        name: getattr(row, name)
        for name in (
            "deal_id",
            "account_id",
            "contact_id",
            "currency_code",
            "coupon_codes",
            "document_discount_basis_points",
            "document_discount_minor",
            "owner_id",
            "team_id",
        )
    }
    priced = frozen(lines_of(work, row))
    # Somebody agreed to these prices when the quote was sent, or they would not have been offered.
    totals = {**priced.totals, "coupons": row.coupons, "breaches": []}
    order = orders.put_draft(work, given | {"quote_id": row.id}, PricedLines(priced.lines, totals, []))
    written = QUOTES.update(work, row.id, {"status": status, "order_id": order.id})
    work.record(quote_event("ordered", written))
    order_id: UUID = order.id
    return order_id


def of_link(work: Work, secret: str, *, lock: bool = True) -> Row:
    """The quote of a link, locked where nothing else is said. Raises NotFound where the link leads nowhere."""
    quote_id = queries.of_link(work, hashed(secret))
    row = None if quote_id is None else QUOTES.get(work, quote_id, lock=lock)
    if row is None:
        raise NotFound(
            "This link leads to no offer, or no longer. Ask who sent it for a new one.", reason="LINK_NOT_FOUND"
        )
    return row


def is_open(work: Work, row: Row) -> bool:
    """Whether the customer can accept it now."""
    return row.status in QUOTE.steps["accept"].sources and today(work) <= row.valid_until


def check_day(work: Work, row: Row) -> None:
    """Raises FailedPrecondition after the last day of a quote."""
    if today(work) > row.valid_until:
        raise FailedPrecondition(
            f"This quote held until {row.valid_until.isoformat()}. Make a new version of it.",
            reason="QUOTE_EXPIRED",
            metadata={"valid_until": row.valid_until.isoformat()},
        )


def content(work: Work, row: Row) -> QuoteContent:
    """What the paper of a quote says."""
    seller, lines = company.company(work), lines_of(work, row)
    included = any(line.tax_included for line in lines)
    return QuoteContent(
        language=row.language,
        draft=row.status == "draft",
        title=row.title,
        number=row.number,
        revision=row.revision,
        on=(row.sent_at or work.now).astimezone(ZoneInfo(seller.time_zone)).date(),
        valid_until=row.valid_until,
        made_at=row.sent_at or work.now,
        currency=row.currency_code,
        tax_included=included,
        seller_name=seller.seller_name,
        seller_address=seller.seller_address,
        seller_tax_number=seller.seller_tax_number,
        recipient=row.recipient,
        introduction=row.introduction,
        terms=row.terms,
        footer=seller.paper_footer,
        lines=[
            PaperLine(
                line.name,
                line.description,
                line.quantity_milli,
                line.unit,
                line.list_minor,
                line.gross_minor if included else line.net_minor,
            )
            for line in lines
        ],
        list_minor=row.list_amount_minor,
        off_minor=row.rule_amount_minor + row.discount_amount_minor,
        net_minor=row.net_amount_minor,
        gross_minor=row.gross_amount_minor,
        taxes=[(one["rate_basis_points"], one["tax_minor"]) for one in row.taxes],
        documents=[(one.name, one.file_name) for one in quote_documents.of_quote(work, row.id)],
    )


def end_of(work: Work, day: date) -> datetime:
    """When a day ends at the company's place."""
    zone = ZoneInfo(company.company(work).time_zone)
    return datetime.combine(day + timedelta(days=1), time(), zone)


def lines_of(work: Work, row: Row) -> list[Row]:
    """The lines of a quote."""
    return QUOTE_LINES.of(work, [row.id])[row.id]


def hashed(secret: str) -> str:
    """How the secret of a link is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _price(work: Work, quote: Mapping[str, Any], lines: Sequence[LineGiven]) -> PricedLines:
    asking = buyer(work, quote["currency_code"], account_id=quote["account_id"], contact_id=quote["contact_id"])
    discount = Discount(quote["document_discount_basis_points"], quote["document_discount_minor"])
    return price_lines(work, asking, lines, coupon_codes=quote["coupon_codes"], discount=discount)
