"""Events of single sign-on: ids and states, never names or addresses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.envelope import Event
from funia.identity.v1.sso_events_pb2 import SsoChanged, SsoDomainChanged


def sso_changed(verb: str, row: Any, *, changed_fields: tuple[str, ...] = ()) -> Event:
    """``identity.sso.connected``, ``updated`` or ``disconnected``, from the connection's row."""
    return Event(
        f"identity.sso.{verb}",
        row.tenant_id,
        row.version,
        SsoChanged(issuer=row.issuer, default_role=row.default_role, sso_only=row.sso_only),
        changed_fields,
    )


def sso_domain_changed(verb: str, tenant_id: UUID, version: int, domain: str) -> Event:
    """``identity.sso_domain.added``, ``verified`` or ``removed``."""
    return Event(f"identity.sso_domain.{verb}", tenant_id, version, SsoDomainChanged(domain=domain))
