"""What support keeps of a company, as far as its archive, its restore and its erasure are concerned."""

from __future__ import annotations

from chassis.tenancy.part import Carried, Declared, Left, TenantPart
from customer_projection.tables import TENANT_TABLES

TABLES: Declared = {
    **TENANT_TABLES,
    "business_calendar": Carried(),
    "queue": Carried(),
    "sla_policy": Carried(),
    "sla_clock": Carried(not_restored="it says when the promise of that day was to be kept; a change begins it anew"),
    "ticket": Carried(),
    "ticket_comment": Carried(),
    "ticket_external": Carried(),
    "ticket_number": Carried(),
    "custom_field": Left("identity's; it comes by its events"),
    "custom_text": Carried(),
    "custom_number": Carried(),
    "custom_time": Carried(),
    "custom_boolean": Carried(),
    "custom_reference": Carried(),
}


def support_part() -> TenantPart:
    """The part of support: its tables."""
    return TenantPart(TABLES)
