"""A person's calendar at a secret address: read by a foreign program, with what the person may see at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from chassis.client import channel
from chassis.errors import NotFound, ResourceExhausted
from chassis.server import Served, Server
from chassis.testing.databases import TestDatabase
from chassis.work import Work
from flask import Flask
from flask.testing import FlaskClient
from funia.sales.v1 import sales_activity_pb2 as pb
from gateway.calendars import Calendars
from gateway.composition import Identity
from gateway.console.blueprint import console_blueprint
from gateway.console.ports import ConsoleServices
from gateway.identity.usecases import people
from gateway.identity.usecases.calendar_feeds import CalendarFeeds
from gateway.identity.usecases.people import NewUser
from icalendar import Calendar
from psycopg import connect

BEGINS = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


class Diaries:
    """Activities of sales, as far as a calendar asks for them: each person's own."""

    service = pb.DESCRIPTOR.services_by_name["SalesActivityService"]

    def __init__(self) -> None:
        self.asked: list[tuple[UUID, frozenset[str], str]] = []

    def __getattr__(self, method: str) -> Callable[[Work, Any], Any]:
        """The other methods of the service, which no calendar calls."""
        if not method[0].isupper():
            raise AttributeError(method)

        def refused(work: Work, request: Any) -> Any:
            raise AssertionError(f"a calendar does not call {method}")

        return refused

    def ListSalesActivities(self, work: Work, request: pb.ListSalesActivitiesRequest) -> pb.ListSalesActivitiesResponse:
        self.asked.append((work.caller.actor_id, frozenset(work.caller.scopes), request.filter))
        who = work.caller.actor_id
        if not request.page_token:
            page = pb.ListSalesActivitiesResponse(sales_activities=[_activity("meeting", who)], next_page_token="2")
        else:
            page = pb.ListSalesActivitiesResponse(sales_activities=[_activity("task", who)])
        return page


def _activity(kind: str, owner: UUID) -> pb.SalesActivity:
    made = pb.SalesActivity(id=str(uuid4()), etag="3", kind=kind, title=f"{kind}, for {owner}", body="A secret text")
    made.status = "planned" if kind == "meeting" else "completed"
    made.minutes, made.location = (45, "Sofia; room 2") if kind == "meeting" else (0, "")
    made.due_at.FromDatetime(BEGINS)
    made.updated_at.FromDatetime(BEGINS - timedelta(days=3))
    return made


@pytest.fixture(scope="module")
def diaries() -> Diaries:
    return Diaries()


@pytest.fixture(scope="module")
def calendars(identity: Identity, diaries: Diaries) -> Iterator[Calendars]:
    settings = identity.settings.model_copy(update={"listen": "127.0.0.1:0", "rate_quote_link_burst": 50})
    server = Server(settings, identity.database, identity.verifier, [Served(Diaries.service, diaries)])
    with channel(f"127.0.0.1:{server.start()}") as opened:
        yield Calendars(CalendarFeeds(identity.database, identity.tokens), opened, settings)
    server.stop()


@pytest.fixture
def seller(identity: Identity, acme: Any) -> UUID:
    with identity.database.open_work(acme.caller()) as work:
        new = NewUser(f"seller-{uuid4().hex[:8]}@a.example", "Sam Seller", "seller", "a first password to change", "en")
        user_id: UUID = people.add_user(work, new, identity.passwords).user_id
    return user_id


@pytest.fixture
def browser(calendars: Calendars) -> FlaskClient:
    """A foreign program, without a log-in."""
    app = Flask("calendar_site", static_folder=None)
    services = ConsoleServices(_Nobody(), lambda: pytest.fail("no call"), calendars=calendars)  # type: ignore[arg-type]
    app.register_blueprint(console_blueprint(services))
    return app.test_client()


class _Nobody:
    def session(self, cookie: str) -> None:
        return None


def path_of(address: str) -> str:
    return address[address.index("/calendar/") :]


def test_a_foreign_program_reads_the_calendar_of_the_person(
    calendars: Calendars, diaries: Diaries, browser: FlaskClient, acme: Any, seller: UUID
) -> None:
    address = calendars.reset(acme.tenant_id, seller)
    answer = browser.get(path_of(address))
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert browser.get(path_of(address), headers={"If-None-Match": '"other"'}).status_code == 200
    calendar = Calendar.from_ical(answer.data)
    assert (calendar["version"], calendar["refresh-interval"].dt) == ("2.0", timedelta(hours=1))
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.data
    meeting, task = calendar.walk("VEVENT")
    assert (meeting["summary"], meeting["location"]) == (f"meeting, for {seller}", "Sofia; room 2")
    assert (meeting["dtstart"].dt, meeting["dtend"].dt) == (BEGINS, BEGINS + timedelta(minutes=45))
    assert (task["summary"], str(task["transp"])) == (f"✓ task, for {seller}", "TRANSPARENT")
    assert b"A secret text" not in answer.data
    who, scopes, narrowed = diaries.asked[-1]
    assert (who, scopes) == (seller, frozenset({"sales.read"}))
    assert narrowed.startswith(f'owner_id = "{seller}" AND due_at >= ')


def test_another_address_takes_the_place_of_the_former(
    calendars: Calendars, browser: FlaskClient, acme: Any, seller: UUID, identity_database: TestDatabase
) -> None:
    first = calendars.reset(acme.tenant_id, seller)
    second = calendars.reset(acme.tenant_id, seller)
    assert browser.get(path_of(first)).status_code == 404
    assert browser.get(path_of(second)).status_code == 200
    with connect(identity_database.admin_url) as admin:
        kept = str(admin.execute("SELECT * FROM calendar_feed").fetchall())
    assert second.rpartition("/")[2].removesuffix(".ics") not in kept
    calendars.drop(acme.tenant_id, seller)
    assert browser.get(path_of(second)).status_code == 404
    assert calendars.made_at(acme.tenant_id, seller) is None


def test_a_suspended_person_and_another_company_find_nothing(
    identity: Identity,
    calendars: Calendars,
    browser: FlaskClient,
    acme: Any,
    other: Any,
    seller: UUID,
) -> None:
    address = path_of(calendars.reset(acme.tenant_id, seller))
    elsewhere = address.replace(str(acme.tenant_id), str(other.tenant_id))
    assert browser.get(elsewhere).status_code == 404
    assert browser.get(address.replace(str(acme.tenant_id), str(uuid4()))).status_code == 404
    with identity.database.open_work(acme.caller()) as work:
        people.change_user(work, seller, {"status": "suspended"}, etag="")
    assert browser.get(address).status_code == 404


def test_secrets_cannot_be_tried_without_end(calendars: Calendars, acme: Any) -> None:
    def guess() -> None:
        calendars.read(acme.tenant_id, "wrong", address="10.9.9.9")

    refused: list[type[Exception]] = []
    for _ in range(60):
        try:
            guess()
        except (NotFound, ResourceExhausted) as error:
            refused.append(type(error))
    assert refused[0] is NotFound
    assert ResourceExhausted in refused
