"""The catalogue of placements: where a company's rows live in the services, and what operators did with them.

The services' own databases decide where a company is served; the catalogue is what the operator sees and audits.
"""

from __future__ import annotations

from chassis.errors import NotFound
from chassis.settings import POOLED
from chassis.work import Row

from gateway.identity import events
from gateway.identity.audited import IdentityWork
from gateway.identity.model.audit import Act
from gateway.identity.queries import tenant as tenants

NOTED = ("backed_up", "restored", "restore_refused", "move_failed")
"""What is entered in the company's audit log without an event."""


def company(work: IdentityWork) -> Row:
    """The company with its placement. Raises NotFound."""
    row = tenants.get_placed(work)
    if row is None:
        raise NotFound("There is no such company.", reason="TENANT_NOT_FOUND")
    return row


def place(work: IdentityWork, placement: str) -> Row:
    """Writes where the company lives now, and records ``identity.tenant.placed`` where that is another place."""
    before = company(work)
    if before.placement == placement:
        return before
    row = tenants.bump(work)
    is_pooled = placement == POOLED
    tenants.place(work, kind="pooled" if is_pooled else "dedicated", name="" if is_pooled else placement)
    work.record(events.tenant_changed("placed", row, placement=placement, changed_fields=("placement",)))
    return company(work)


def note(work: IdentityWork, what: str, detail: str) -> None:
    """Enters what an operator did with the company's rows, one of NOTED."""
    row = company(work)
    work.note(Act(f"identity.tenant.{what}", str(row.tenant_id), {"detail": detail} if detail else {}))
