"""What support keeps of a company, as far as its archive, its restore and its erasure are concerned."""

from __future__ import annotations

from chassis.tenancy.part import Carried, Declared, TenantPart
from customer_projection.tables import TENANT_TABLES

TABLES: Declared = {
    **TENANT_TABLES,
    "business_calendar": Carried(),
}


def support_part() -> TenantPart:
    """The part of support: its tables."""
    return TenantPart(TABLES)
