"""What marketing keeps of a company, as far as its archive, its restore and its erasure are concerned."""

from __future__ import annotations

from chassis.tenancy.part import Carried, Declared, Left, TenantPart
from customer_projection.tables import TENANT_TABLES

_OWN_KEY = "hashes under the company's own key; in another company they would say nothing"
TABLES: Declared = {
    **TENANT_TABLES,
    "consent_purpose": Carried(),
    "consent_entry": Carried(),
    "consent": Carried(),
    "consent_request": Left("links that wait to be confirmed; they lead to the company they were made in"),
    "suppression": Left(_OWN_KEY),
}


def marketing_part() -> TenantPart:
    """The part of marketing."""
    return TenantPart(TABLES)
