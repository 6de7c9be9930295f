"""What sales keeps of a company, as far as its archive, its restore and its erasure are concerned."""

from __future__ import annotations

from chassis.tenancy.part import METERED_TABLES, Carried, Declared, Left, TenantPart
from customer_projection.tables import TENANT_TABLES

_IDENTITYS = "identity's; it comes by its events"
TABLES: Declared = {
    **TENANT_TABLES,
    **METERED_TABLES,
    "product_category": Carried(),
    "product": Carried(),
    "product_variant": Carried(),
    "barcode": Carried(),
    "tax_rate": Carried(),
    "currency_rate": Carried(),
    "price_book": Carried(),
    "price_book_entry": Carried(),
    "price_rule": Carried(),
    "coupon": Carried(),
    "discount_policy": Carried(),
    "pricing_version": Carried(),
    "sales_setting": Carried(),
    "pipeline": Carried(),
    "stage": Carried(),
    "deal": Carried(),
    "deal_contact": Carried(),
    "deal_line": Carried(),
    "document_number": Carried(),
    "sales_order": Carried(),
    "order_line": Carried(),
    "fulfilment": Carried(),
    "fulfilment_line": Carried(),
    "coupon_use": Carried(),
    "stock": Carried(),
    "invoice": Carried(),
    "invoice_line": Carried(),
    "payment": Carried(),
    "refund": Carried(),
    "return_order": Carried(),
    "return_line": Carried(),
    "card_account": Left("secrets sealed for this installation; the company enters them anew"),
    "provider_event": Left("webhooks of some days; a repeated one finds its payment as it is"),
    "stage_step": Carried(),
    "store": Carried(),
    "register": Carried(),
    "pos_session": Carried(),
    "cash_movement": Carried(),
    "till_receipt": Carried(),
    "z_report": Carried(),
    "lead": Carried(),
    "need": Carried(),
    "sales_activity": Carried(),
    "goal": Carried(not_restored="it is of people and teams, and people are invited anew"),
    "forecast_snapshot": Carried(),
    "forecast_turn": Left("until when snapshots were taken; the first deal begins anew"),
    "lead_rule": Carried(not_restored="it names people and teams, and people are invited anew"),
    "lead_turn": Carried(not_restored="how far rules have come that are not restored"),
    "colleague": Left(_IDENTITYS),
    "quote": Carried(),
    "quote_line": Carried(),
    "quote_paper": Carried(),
    "sales_profile": Left(_IDENTITYS),
    "custom_field": Left(_IDENTITYS),
    "custom_text": Carried(),
    "custom_number": Carried(),
    "custom_time": Carried(),
    "custom_boolean": Carried(),
    "custom_reference": Carried(),
}


def sales_part() -> TenantPart:
    """The part of sales: its tables."""
    return TenantPart(TABLES)
