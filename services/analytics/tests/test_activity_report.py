"""The activity report as its callers see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from analytics.consumers.events import store_events
from analytics.servicers.activity import ActivityReportServicer
from analytics.settings import Settings
from analytics.store.port import ColumnStore
from chassis.caller import Caller
from chassis.errors import InvalidArgument
from chassis.paging import Pager
from chassis.server import Call
from funia.analytics.v1 import activity_pb2 as pb
from funia.events.v1.envelope_pb2 import Envelope
from google.protobuf.timestamp_pb2 import Timestamp

MakeEvent = Callable[..., Envelope]
DAY = datetime(2026, 3, 29, tzinfo=UTC)


@pytest.fixture
def servicer(embedded_store: ColumnStore) -> ActivityReportServicer:
    return ActivityReportServicer(embedded_store, Settings(), Pager("s" * 32))


def call(tenant: UUID) -> Call:
    return Call(Caller.system(tenant), cast(Any, None), cast(Any, None))


def stamp(value: datetime) -> Timestamp:
    made = Timestamp()
    made.FromDatetime(value)
    return made


def request(start: datetime, end: datetime, **fields: str) -> pb.GetActivityReportRequest:
    return pb.GetActivityReportRequest(**{"from": stamp(start), "to": stamp(end)}, **fields)  # type: ignore[arg-type]


def listing(start: datetime, end: datetime, **fields: Any) -> pb.ListActivityEventsRequest:
    period: dict[str, Any] = {"from": stamp(start), "to": stamp(end)}
    return pb.ListActivityEventsRequest(**period, **fields)


def test_each_type_is_counted_in_the_days_of_the_zone(
    servicer: ActivityReportServicer,
    embedded_store: ColumnStore,
    tenant: UUID,
    second_tenant: UUID,
    make_event: MakeEvent,
) -> None:
    sofia = ZoneInfo("Europe/Sofia")
    # 29 March 2026 has 23 hours in Sofia: 22:00 UTC the day before to 21:00 UTC.
    created = [
        DAY - timedelta(hours=2, microseconds=1),
        DAY - timedelta(hours=2),
        DAY + timedelta(hours=21, microseconds=-1),
    ]
    events = [make_event(at=at) for at in created] + [
        make_event("contacts.account.created", at=DAY + timedelta(hours=21))
    ]
    store_events(embedded_store, [*events, make_event(at=DAY, tenant_id=second_tenant)])
    report = servicer.GetActivityReport(
        call(tenant),
        request(DAY - timedelta(days=1), DAY + timedelta(days=2), step="day", time_zone="Europe/Sofia"),
    )
    days = [step.ToDatetime(UTC).astimezone(sofia).strftime("%d %H:%M") for step in report.steps]
    assert days == ["28 00:00", "29 00:00", "30 00:00", "31 00:00"]
    found = {series.type: (list(series.counts), series.total) for series in report.series}
    assert found == {
        "contacts.contact.created": ([1, 2, 0, 0], 3),
        "contacts.account.created": ([0, 0, 1, 0], 1),
    }
    assert [series.type for series in report.series] == ["contacts.contact.created", "contacts.account.created"]
    assert report.total == 4


def test_the_period_takes_its_first_moment_and_leaves_its_last(
    servicer: ActivityReportServicer, embedded_store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    store_events(embedded_store, [make_event(at=at) for at in (DAY, DAY + timedelta(hours=1))])
    report = servicer.GetActivityReport(call(tenant), request(DAY, DAY + timedelta(hours=1), step="hour"))
    assert (report.total, len(report.steps)) == (1, 1)


def test_the_report_is_true_as_of_the_newest_event_counted(
    servicer: ActivityReportServicer, embedded_store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    store_events(embedded_store, [make_event(at=DAY), make_event(at=DAY)])
    report = servicer.GetActivityReport(call(tenant), request(DAY, DAY + timedelta(days=1)))
    assert before <= report.as_of.ToDatetime(UTC) <= datetime.now(UTC)


def test_a_tenant_without_events_gets_empty_steps(servicer: ActivityReportServicer, tenant: UUID) -> None:
    report = servicer.GetActivityReport(call(tenant), pb.GetActivityReportRequest())
    assert (report.total, len(report.series), report.HasField("as_of")) == (0, 0, False)
    assert len(report.steps) == 31
    listed = servicer.ListActivityEvents(call(tenant), pb.ListActivityEventsRequest())
    assert (len(listed.events), listed.next_page_token) == (0, "")


def test_a_prefix_leaves_other_types_out(
    servicer: ActivityReportServicer, embedded_store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    store_events(
        embedded_store, [make_event(kind, at=DAY) for kind in ("sales.deal.won", "sales_x.deal.won", "support.a.b")]
    )
    report = servicer.GetActivityReport(call(tenant), request(DAY, DAY + timedelta(days=1), type_prefix="sales."))
    assert [series.type for series in report.series] == ["sales.deal.won"]


def test_events_of_1969_and_2099_are_counted_in_their_own_steps(
    servicer: ActivityReportServicer, embedded_store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    moments = [
        datetime(1969, 12, 31, 23, 30, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2099, 7, 1, tzinfo=UTC),
    ]
    store_events(embedded_store, [make_event(at=at) for at in moments])
    report = servicer.GetActivityReport(
        call(tenant), request(datetime(1969, 12, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), step="month")
    )
    counted = {
        step.ToDatetime(UTC).strftime("%Y-%m"): n
        for step, n in zip(report.steps, report.series[0].counts, strict=True)
        if n
    }
    assert counted == {"1969-12": 1, "1970-01": 1, "2099-07": 1}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (request(DAY, DAY), "from"),
        (request(DAY, DAY - timedelta(days=1)), "from"),
        (request(DAY, DAY + timedelta(days=1), step="fortnight"), "step"),
        (request(DAY, DAY + timedelta(days=1), time_zone="Sofia"), "time_zone"),
        (request(DAY, DAY + timedelta(days=2), step="minute"), "step"),
        (request(datetime(1800, 1, 1, tzinfo=UTC), DAY), "from"),
        (request(DAY, datetime(2500, 1, 1, tzinfo=UTC)), "to"),
    ],
)
def test_a_bad_request_names_its_field(
    servicer: ActivityReportServicer, tenant: UUID, asked: pb.GetActivityReportRequest, field: str
) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        servicer.GetActivityReport(call(tenant), asked)
    assert [violation.field for violation in refusal.value.violations] == [field]


def test_pages_list_every_event_once_newest_first_though_repeated_in_the_store(
    servicer: ActivityReportServicer,
    embedded_store: ColumnStore,
    tenant: UUID,
    second_tenant: UUID,
    make_event: MakeEvent,
) -> None:
    # Several events share one moment, so a page can end among them.
    events = [make_event(at=DAY + timedelta(minutes=n // 4)) for n in range(30)]
    for start, end in [(0, 30), (5, 20), (7, 30)]:
        store_events(embedded_store, events[start:end])
    store_events(embedded_store, [make_event(at=DAY, tenant_id=second_tenant)])
    asked = listing(DAY, DAY + timedelta(days=1), page_size=7, type="contacts.contact.created")
    pages = []
    while True:
        answer = servicer.ListActivityEvents(call(tenant), asked)
        pages.append([event.id for event in answer.events])
        if not answer.next_page_token:
            break
        asked.page_token = answer.next_page_token
    assert [len(page) for page in pages] == [7, 7, 7, 7, 2]
    listed = [event_id for page in pages for event_id in page]
    assert sorted(listed) == sorted(event.id for event in events)
    when = {event.id: event.occurred_at.ToNanoseconds() for event in events}
    assert [when[event_id] for event_id in listed] == sorted(when.values(), reverse=True)


def test_an_event_lists_who_did_what_to_what(
    servicer: ActivityReportServicer, embedded_store: ColumnStore, tenant: UUID, make_event: MakeEvent
) -> None:
    event = make_event(at=DAY)
    store_events(embedded_store, [event, make_event("sales.deal.won", at=DAY)])
    answer = servicer.ListActivityEvents(
        call(tenant), listing(DAY, DAY + timedelta(days=1), type="contacts.contact.created")
    )
    assert list(answer.events) == [
        pb.ActivityEvent(
            id=event.id,
            type=event.type,
            subject_id=event.subject_id,
            occurred_at=event.occurred_at,
            actor_type="user",
            actor_id=event.actor.id,
        )
    ]


def test_a_page_token_of_another_tenant_or_period_is_refused(
    servicer: ActivityReportServicer,
    embedded_store: ColumnStore,
    tenant: UUID,
    second_tenant: UUID,
    make_event: MakeEvent,
) -> None:
    store_events(embedded_store, [make_event(at=DAY) for _ in range(3)])
    period = (DAY, DAY + timedelta(days=1))
    token = servicer.ListActivityEvents(call(tenant), listing(*period, page_size=1)).next_page_token
    assert token
    with pytest.raises(InvalidArgument, match="page token"):
        servicer.ListActivityEvents(call(second_tenant), listing(*period, page_token=token))
    with pytest.raises(InvalidArgument, match="page token"):
        servicer.ListActivityEvents(call(tenant), listing(*period, page_token=token, type="sales.deal.won"))
