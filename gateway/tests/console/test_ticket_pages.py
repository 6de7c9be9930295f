"""Tickets in the console: written down, answered, solved and opened again; and how a promise is told."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from console_site import ALL_SCOPES, AURORA, SECOND
from flask import Flask, g
from funia.support.v1.ticket_pb2 import SlaClock, Ticket
from gateway.console.views.tickets import MOVES, clocks_of, moves_of
from page_rules import overflowing, violations
from playwright.sync_api import expect

AGENT = ALL_SCOPES | {"support.read", "support.write"}
MARIA = "maria@aurora.example"


@pytest.mark.browser
def test_a_ticket_is_written_down_answered_solved_and_opened_again(site, visitor, keep_picture):
    company, stranger = site.peer.companies[AURORA], site.peer.companies[SECOND]
    person = list(company.contacts.values())[4]
    page = visitor.open(site, "/log-in")
    page.context.add_cookies(
        [
            {
                "name": "funia_session",
                "value": site.identity.start(MARIA, AURORA, scopes=AGENT).cookie,
                "url": site.url,
            }
        ]
    )
    page.goto(f"{site.url}/tickets")
    expect(page.get_by_text("No ticket is here yet")).to_be_visible()
    page.goto(f"{site.url}/tickets/new?contact_id={person.id}")
    page.get_by_role("button", name="Add the ticket").click()
    expect(page.get_by_text("This cannot be empty.")).to_be_visible()
    assert not company.tickets
    page.get_by_label("Subject").fill("Two plates are broken")
    page.get_by_label("What is asked").fill("Please send new ones.")
    page.get_by_role("button", name="Add the ticket").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("#1 · Two plates are broken")
    [ticket] = company.tickets.values()
    assert (ticket.contact_id, ticket.channel, ticket.type, ticket.status) == (person.id, "console", "question", "new")
    expect(page.get_by_role("region", name="The customer and what was promised")).to_contain_text(person.display_name)

    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_text("This cannot be empty.")).to_be_visible()
    assert not company.comments
    page.get_by_label("Text").fill("They come tomorrow.")
    page.get_by_role("button", name="Write it").click()
    expect(page.locator(".selling-state")).to_contain_text("In work")
    page.get_by_text("Note among colleagues").click()
    page.get_by_label("Text").fill("Ask the warehouse.")
    page.get_by_role("button", name="Write it").click()
    expect(page.locator(".is-internal")).to_have_text("Ask the warehouse.")
    assert [(one.body, one.public) for one in company.comments[ticket.id]] == [
        ("Ask the warehouse.", False),
        ("They come tomorrow.", True),
    ]
    keep_picture(page, "ticket")
    assert violations(page) == []
    page.get_by_role("button", name="Assign to me").click()
    expect(page.locator(".selling-state")).to_contain_text("Assigned to Maria Petrova")
    assert ticket.owner_id == company.users[0].id
    page.get_by_role("button", name="Solve").click()
    expect(page.locator("#toasts")).to_contain_text("Ticket #1: Solved")
    assert ticket.status == "solved"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".selling-state")).to_contain_text("In work")
    assert ticket.status == "open"
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflowing(page) == []

    page.goto(f"{site.url}/tickets")
    expect(page.get_by_role("link", name="#1 · Two plates are broken")).to_be_visible()
    assert violations(page) == []
    assert overflowing(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_label("Change the chosen").select_option(label="Urgent")
    keep_picture(page, "tickets-chosen")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("1 ticket is changed.")
    assert ticket.priority == "urgent"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("cell", name="Normal")).to_be_visible()
    assert ticket.priority == "normal"
    expect(page.get_by_role("link", name="My team")).to_have_count(0)
    company.users[0].team_id = "0192aaaa-0000-7000-8000-000000000001"
    page.reload()
    href = page.get_by_role("link", name="My team").get_attribute("href")
    assert "0192aaaa-0000-7000-8000-000000000001" in href
    page.get_by_label("Find by name, or write a filter").fill("#1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=%231"))
    expect(page.get_by_role("link", name="#1 · Two plates are broken")).to_be_visible()
    page.goto(f"{site.url}/people/{person.id}")
    expect(page.get_by_role("link", name="#1 · Two plates are broken")).to_be_visible()
    assert not stranger.tickets
    other = site.identity.start(MARIA, SECOND, scopes=AGENT).cookie
    page.context.add_cookies([{"name": "funia_session", "value": other, "url": site.url}])
    assert page.goto(f"{site.url}/tickets/{ticket.id}").status == 404
    nobody = site.identity.start(MARIA, AURORA).cookie
    page.context.add_cookies([{"name": "funia_session", "value": nobody, "url": site.url}])
    assert page.goto(f"{site.url}/tickets").status == 403


@pytest.mark.parametrize(
    ("state", "passed", "given", "said"),
    [
        ("running", {}, {"due_at": 61}, ("running", "due in 1 hour")),
        ("running", {}, {"due_at": 10, "warned_at": -1}, ("warned", "due soon: in 10 minutes")),
        ("breached", {}, {"breached_at": -30}, ("breached", "too late since 30 minutes ago")),
        ("met", {}, {"met_at": -5}, ("met", "kept 5 minutes ago")),
        ("met", {}, {"met_at": -5, "breached_at": -30}, ("breached", "done too late, 5 minutes ago")),
        ("paused", {"target_s": 3600, "elapsed_s": 1800}, {}, ("paused", "paused; 30 minutes of working time left")),
    ],
)
def test_how_a_promise_stands_is_said_in_words(state, passed, given, said):
    clock = SlaClock(kind="resolution", state=state, **passed)
    for name, minutes in given.items():
        getattr(clock, name).FromDatetime(dt.datetime.now(tz=dt.UTC) + dt.timedelta(minutes=minutes, seconds=1))
    with Flask(__name__).test_request_context():
        g.console_locale = "en"
        [line] = clocks_of(Ticket(sla_clocks=[clock]))
        assert (line.label, line.state, line.words) == ("Solution", *said)


def test_a_ticket_that_is_over_has_no_way_on():
    with Flask(__name__).test_request_context():
        g.console_locale = "en"
        assert {status: [one.status for one in moves_of(status)] for status in ("closed", "merged")} == {
            "closed": [],
            "merged": [],
        }
        assert moves_of("solved")[0].label == "Open again"
        assert all(moves_of(status) for status in MOVES)
