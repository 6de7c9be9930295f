"""What a receipt of a till says on paper."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from chassis.work import Row, Work

from sales.paper.receipt_content import ReceiptContent, ReceiptLine, ReceiptPayment
from sales.paper.words import LANGUAGES
from sales.queries import company, gift_cards, till_receipts


def content_of(
    work: Work, receipt: Row, lines: Iterable[ReceiptLine], language: str, *, tax_on_top: bool
) -> ReceiptContent:
    """The content of a receipt with these lines."""
    cards = gift_cards.of_order(work, receipt.order_id) if receipt.kind == "sale" else []
    seller, head = company.company(work), till_receipts.head(work, receipt.register_id)
    return ReceiptContent(
        language=language if language in LANGUAGES else "en",
        kind=receipt.kind,
        seller_name=seller.seller_name,
        tax_number=seller.seller_tax_number,
        store_name=head.store_name,
        address=head.address,
        phone=head.phone,
        register=head.register_name,
        number=f"{receipt.prefix}-{receipt.sequence:06}",
        at=receipt.sold_at.astimezone(ZoneInfo(head.time_zone)),
        currency=receipt.currency_code,
        lines=list(lines),
        gross_minor=receipt.gross_minor,
        taxes=[(one["rate_basis_points"], one["net_minor"], one["tax_minor"]) for one in receipt.taxes],
        tax_on_top=tax_on_top,
        payments=[
            ReceiptPayment(
                one["method"],
                one["amount_minor"],
                one["tendered_minor"],
                one.get("left_minor"),
                one.get("gift_card_last_digits", ""),
            )
            for one in receipt.payments
        ],
        gift_cards=[(one.last_digits, one.issued_amount_minor) for one in cards],
        points=receipt.points,
        footer=head.receipt_footer,
    )
