"""What sales knows of companies and their customers before a test begins."""

from __future__ import annotations

from uuid import UUID

from chassis.caller import Caller
from chassis.envelope import Event
from chassis.ids import uuid7
from chassis.statements import text
from chassis.testing.events import received
from chassis.work import Database
from funia.identity.v1.events_pb2 import TenantChanged
from sales.consumers.companies import keep_profiles

_KNOW = text(
    """
    INSERT INTO customer (tenant_id, id, kind, version, stage, owner_id, team_id, language, country_code,
           do_not_contact, deleted, updated_at)
    VALUES (%(tenant_id)s, %(id)s, %(kind)s, 1, '', %(owner_id)s, NULL, 'en', 'BG', false, false, now())
    """,
    "tenant_id",
)


def settle(database: Database, tenant_id: UUID, *, locale: str = "en", currency: str = "EUR") -> None:
    """Tells sales of a company, as identity does."""
    profile = TenantChanged(country_code="BG", currency_code=currency, time_zone="Europe/Sofia", locale=locale)
    event = Event("identity.tenant.created", tenant_id, 1, profile)
    with database.open_work(Caller.system(tenant_id)) as work:
        keep_profiles(work, [received(event, tenant_id)])


def customer(database: Database, tenant_id: UUID, kind: str, *, owner_id: UUID | None = None) -> str:
    """A person or company that sales knows; its id."""
    record_id = uuid7()
    with database.open_work(Caller.system(tenant_id)) as work:
        work.execute(_KNOW, id=record_id, kind=kind, owner_id=owner_id)
    return str(record_id)
