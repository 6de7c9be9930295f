"""On what terms the demo company sells: price books, rules, coupons, how far sellers may go, and its usual mails."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from local_stack.demo.articles import PRICES
from local_stack.demo.public_api import PublicApi

_MICROS = 1_000_000
_WHOLESALE = {"BRASIL-1": 0.88, "SIDAMO-1": 0.88, "DECAF-1": 0.9, "CAPS": 0.92, "CUPS": 0.9}
"""Share of the catalogue's price that is paid from twenty pieces."""
_MANY_MILLI = 20_000
_TEMPLATES = (
    (
        "First answer",
        "Coffee for {{ lead.company_name | default: 'you' }}",
        "Hello {{ contact.given_name }},\n\nthank you for writing to us. When may we call you?\n\n{{ me.name }}",
    ),
    (
        "After the tasting",
        "{{ deal.name }}",
        "Hello {{ contact.given_name }},\n\nhow did everybody like the tasting? Our offer follows.\n\n{{ me.name }}",
    ),
)
"""Name, subject and text."""


def fill_terms(api: PublicApi, variants: Mapping[str, str]) -> None:
    """Adds all of it. What the till of the demo sold before had none of it in its prices."""
    today = datetime.now(UTC).date()
    book = api.post("/v1/price-books", {"name": "Wholesale", "currency_code": "EUR", "priority": 10, "active": True})
    for sku, share in _WHOLESALE.items():
        api.post("/v1/price-book-entries", {
            "price_book_id": book["id"], "product_variant_id": variants[sku], "min_quantity_milli": _MANY_MILLI,
            "unit_micros": round(PRICES[sku] * share * 100) * (_MICROS // 100),
        })  # fmt: skip
    for rule in _rules(variants, (today + timedelta(days=60)).isoformat()):
        api.post("/v1/price-rules", {**rule, "active": True})
    for coupon in (
        {"code": "WELCOME10", "name": "A tenth off the first order", "discount_basis_points": 1_000,
         "max_uses_per_customer": 1},
        {"code": "FIVE", "name": "Five off from fifty", "discount_amount": _euros(500), "min_amount": _euros(5_000),
         "max_uses": 200, "valid_to": (today + timedelta(days=90)).isoformat()},
    ):  # fmt: skip
        api.post("/v1/coupons", {**coupon, "active": True})
    limit = {
        "name": "What a seller may give alone",
        "max_discount_basis_points": 1_500,
        "min_margin_basis_points": 1_000,
    }
    api.post("/v1/discount-policies", {**limit, "active": True})
    for name, subject, body in _TEMPLATES:
        template = {"name": name, "subject": subject, "body": body, "language": "en", "shared": True}
        api.post("/v1/mail-templates", template)


def _rules(variants: Mapping[str, str], until: str) -> Sequence[dict[str, Any]]:
    """A rule of each kind that people know from shops."""
    return (
        {"name": "Three jugs for two", "effect": "buy_get", "buy_quantity": 2, "get_quantity": 1,
         "variant_ids": [variants["JUG"]], "channel": "pos"},
        {"name": "Installation with a machine", "effect": "amount_off", "value": 30 * _MICROS, "currency_code": "EUR",
         "variant_ids": [variants["INSTALL"]], "valid_to": until},
        {"name": "Capsules by the dozen", "effect": "percent_off", "value": 500, "min_quantity_milli": 12_000,
         "variant_ids": [variants["CAPS"]]},
    )  # fmt: skip


def _euros(minor: int) -> dict[str, Any]:
    return {"currency_code": "EUR", "amount_minor": minor}
