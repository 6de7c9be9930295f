"""The company's state: suspending it and opening it again. Its people are refused within seconds of a suspension."""

from __future__ import annotations

from chassis.errors import FailedPrecondition
from chassis.work import Row, Work

from gateway.identity import events
from gateway.identity.queries import tenant as tenants


def suspend(work: Work) -> Row:
    """Shuts the company's people and apps out; nothing is deleted. Raises FailedPrecondition where it is not open."""
    return _change(work, "suspended", "suspended", allowed=("trial", "active", "past_due"))


def activate(work: Work) -> Row:
    """Opens a suspended company, or one on trial or past due, for good."""
    return _change(work, "active", "activated", allowed=("trial", "past_due", "suspended"))


def _change(work: Work, status: str, verb: str, *, allowed: tuple[str, ...]) -> Row:
    row = tenants.get_for_update(work)
    assert row is not None
    if row.status not in allowed:
        raise FailedPrecondition(f"A company that is {row.status} cannot be made {status}.", reason="TENANT_STATE")
    row = tenants.set_status(work, status)
    work.record(events.tenant_changed(verb, row, placement=tenants.placement_of(work), changed_fields=("status",)))
    return row
