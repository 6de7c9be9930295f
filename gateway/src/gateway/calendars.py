"""People's activities as a calendar that other programs subscribe to: RFC 5545, with the refresh interval of RFC 7986.

Whoever has the secret address reads it; what it holds is what the person may see at that moment. Titles, times and
places leave the house with it, texts do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import grpc
from chassis.client import credentials
from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.server import REQUEST_ID
from chassis.status import from_rpc_error
from funia.sales.v1 import sales_activity_pb2 as pb
from funia.sales.v1.sales_activity_pb2_grpc import SalesActivityServiceStub
from icalendar import Calendar, Event, vDuration

from gateway.identity.usecases.calendar_feeds import CalendarFeeds, Reader
from gateway.link_calls import AddressQuota
from gateway.settings import GatewaySettings

_CANCELED = frozenset({"canceled", "not_held", "deferred"})
_DONE = frozenset({"completed", "held"})
_PAGE = 200
_USUAL_MINUTES = 30


class Calendars:
    """The calendars of people.

    Raises NotFound where an address leads nowhere, ResourceExhausted where somebody asks too often, and what sales
    says.
    """

    def __init__(self, feeds: CalendarFeeds, channel: grpc.Channel, settings: GatewaySettings) -> None:
        self._feeds = feeds
        self._stub = SalesActivityServiceStub(channel)
        self._settings = settings
        self._quota = AddressQuota(settings)

    def made_at(self, tenant_id: UUID, user_id: UUID) -> datetime | None:
        """When the person's address was made; None where there is none."""
        return self._feeds.made_at(tenant_id, user_id)

    def reset(self, tenant_id: UUID, user_id: UUID) -> str:
        """A new address, which is told this once."""
        return f"{self._settings.issuer}/calendar/{tenant_id}/{self._feeds.reset(tenant_id, user_id)}.ics"

    def drop(self, tenant_id: UUID, user_id: UUID) -> None:
        """Takes the address away."""
        self._feeds.drop(tenant_id, user_id)

    def read(self, tenant_id: UUID, secret: str, *, address: str) -> bytes:
        """The calendar behind a secret."""
        self._quota.count(address)
        reader = self._feeds.reader(tenant_id, secret)
        if reader is None:
            raise NotFound("There is no calendar at this address.", reason="CALENDAR_NOT_FOUND")
        activities = self._activities(reader) if reader.token else []
        return self._written(reader, activities)

    def _activities(self, reader: Reader) -> list[pb.SalesActivity]:
        now = datetime.now(UTC)
        since = now - timedelta(days=self._settings.calendar_past_days)
        until = now + timedelta(days=self._settings.calendar_future_days)
        request = pb.ListSalesActivitiesRequest(
            filter=f'owner_id = "{reader.user_id}" AND due_at >= "{since:%Y-%m-%dT%H:%M:%SZ}"'
            f' AND due_at < "{until:%Y-%m-%dT%H:%M:%SZ}"',
            page_size=_PAGE,
        )
        found: list[pb.SalesActivity] = []
        metadata = (*credentials(reader.token, ""), (REQUEST_ID, str(uuid7())))
        while len(found) <= self._settings.calendar_events_max:
            try:
                page = self._stub.ListSalesActivities(
                    request, timeout=self._settings.call_deadline_s, metadata=metadata
                )
            except grpc.RpcError as error:
                raise from_rpc_error(error) from None
            found += page.sales_activities
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token
        return found

    def _written(self, reader: Reader, activities: Sequence[pb.SalesActivity]) -> bytes:
        most, every = self._settings.calendar_events_max, timedelta(seconds=self._settings.calendar_refresh_s)
        calendar = Calendar()
        calendar.add("prodid", "-//Funia//Calendar//EN")
        calendar.add("version", "2.0")
        for name in ("name", "x-wr-calname"):
            calendar.add(name, f"Funia: {reader.company_name}")
        calendar.add("refresh-interval", vDuration(every), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(every))
        if len(activities) > most:
            calendar.add("description", f"The {most} newest entries; there are more.")
        for one in activities[:most]:
            calendar.add_component(_event(one, self._settings.issuer))
        return bytes(calendar.to_ical())


def _event(one: pb.SalesActivity, issuer: str) -> Event:
    begins = one.due_at.ToDatetime(tzinfo=UTC)
    changed = one.updated_at.ToDatetime(tzinfo=UTC).replace(microsecond=0)
    values: dict[str, Any] = {
        "uid": f"{one.id}@{urlsplit(issuer).hostname}",
        "dtstamp": changed,
        "last-modified": changed,
        "sequence": int(one.etag) if one.etag.isdecimal() else 0,
        "dtstart": begins,
        "dtend": begins + timedelta(minutes=one.minutes or _USUAL_MINUTES),
        "summary": f"✓ {one.title}" if one.status in _DONE else one.title,
        "status": "CANCELLED" if one.status in _CANCELED else "CONFIRMED",
        # A task may be done beside other things; a meeting or a call takes its time.
        "transp": "TRANSPARENT" if one.kind == "task" else "OPAQUE",
        "url": f"{issuer}/activities/{one.id}",
    }
    event = Event()
    for name, value in values.items():
        event.add(name, value)
    if one.location:
        event.add("location", one.location)
    return event
