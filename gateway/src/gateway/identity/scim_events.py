"""Events of provisioning by SCIM: ids and states, never names or addresses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.envelope import Event
from funia.identity.v1.scim_events_pb2 import ScimGroupChanged, ScimTokenChanged


def scim_token_changed(verb: str, token_id: UUID, version: int) -> Event:
    """``identity.scim_token.created`` or ``revoked``."""
    return Event(f"identity.scim_token.{verb}", token_id, version, ScimTokenChanged(token_id=str(token_id)))


def scim_group_changed(
    verb: str, row: Any, *, version: int = 0, added: int = 0, removed: int = 0, changed_fields: tuple[str, ...] = ()
) -> Event:
    """``identity.scim_group.created``, ``updated``, ``mapped`` or ``deleted``, from the group's row."""
    payload = ScimGroupChanged(
        group_id=str(row.id),
        role=row.role,
        team_id="" if row.team_id is None else str(row.team_id),
        added=added,
        removed=removed,
    )
    return Event(f"identity.scim_group.{verb}", row.id, version or row.version, payload, changed_fields)
