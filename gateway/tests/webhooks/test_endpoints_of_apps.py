"""What is sent to webhooks that an app made ends with the app: suspended, removed, shut out, or let in for less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from chassis.errors import PermissionDenied
from chassis.testing.bus import wait_until
from chassis.testing.events import recorded
from gateway.identity.usecases import app_grants, app_review, clients
from gateway.identity.usecases.app_review import AppReview
from gateway.identity.usecases.webhooks import Keyed

from .conftest import Desk
from .receiving import Receiver

MakeReceiver = Callable[..., Receiver]
SCOPES = ["contacts.read", "identity.webhooks"]


@pytest.fixture
def app(desk: Desk, other: Any) -> clients.Registered:
    """A published app of the second company."""
    draft = clients.ClientDraft(
        "Sheep counter", ["https://sheep.example/callback"], SCOPES, ["authorization_code"], False,
        description="Counts sheep", homepage_url="https://sheep.example",
    )  # fmt: skip
    with desk.database.open_work(other.caller()) as work:
        made = clients.register(work, draft)
        app_review.submit(work, made.row.id)
    AppReview(desk.database).decide(made.row.id, "publish", operator=uuid4())
    return made


def let_in(desk: Desk, company: Any, app: clients.Registered, *scopes: str) -> Any:
    with desk.database.open_work(company.caller()) as work:
        return app_grants.let_in(work, app.row.client_id, scopes or SCOPES)[0]


def endpoint_of(desk: Desk, company: Any, app: clients.Registered, url: str) -> Keyed:
    """An endpoint that the app makes, with the rights it was given."""
    values = {"url": url, "description": "", "event_types": ["contacts.*"], "disabled": False}
    caller = replace(company.caller(), scopes=frozenset(SCOPES), client_id=app.row.client_id)
    with desk.database.open_work(caller) as work:
        return desk.webhooks.create(work, values)


def test_a_suspended_app_is_sent_nothing_until_the_operator_lets_it_back(
    desk: Desk, receiver: MakeReceiver, acme: Any, app: clients.Registered
) -> None:
    let_in(desk, acme, app)
    of_app, own = receiver(), receiver()
    keyed = endpoint_of(desk, acme, app, of_app.url)
    desk.endpoint(acme, own.url)
    review = AppReview(desk.database)
    with desk.queueing():
        desk.publish(acme)
        wait_until(lambda: desk.get(acme, keyed.row.id).waiting == 1)
        review.decide(app.row.id, "suspend", operator=uuid4())
        with desk.sending() as sender:
            desk.publish(acme)
            own.wait_for(1)
            wait_until(lambda: desk.get(acme, keyed.row.id).waiting == 1)
            wait_until(lambda: sender.wake() or len(own.messages) == 2)
            assert of_app.messages == []
            review.decide(app.row.id, "publish", operator=uuid4())
            with desk.database.open_work(acme.caller()) as work:
                desk.webhooks.replay(work, desk.log(acme, keyed.row.id)[0].id)
            of_app.wait_for(1)
    assert desk.get(acme, keyed.row.id).disabled_reason == ""


def test_an_app_that_is_shut_out_is_sent_nothing_and_other_endpoints_go_on(
    desk: Desk, receiver: MakeReceiver, acme: Any, other: Any, app: clients.Registered
) -> None:
    granted = let_in(desk, acme, app)
    of_app, own, theirs = receiver(), receiver(), receiver()
    keyed, kept = endpoint_of(desk, acme, app, of_app.url), desk.endpoint(acme, own.url)
    at_home = endpoint_of(desk, other, app, theirs.url)
    with desk.database.open_work(acme.caller()) as work:
        app_grants.shut_out(work, granted.id)
    assert desk.get(acme, keyed.row.id).disabled_reason == "app_out"
    with desk.sending() as sender, desk.queueing(sender.wake):
        desk.publish(acme)
        desk.publish(other)
        own.wait_for(1)
        theirs.wait_for(1)
    assert of_app.messages == []
    assert desk.get(acme, keyed.row.id).waiting == 0
    assert [desk.get(*one).disabled_reason for one in ((acme, kept.row.id), (other, at_home.row.id))] == ["", ""]
    told = [one.type for one in recorded(desk.database, acme.tenant_id)]
    assert told.count("identity.webhook_endpoint.disabled") == 1
    with desk.database.open_work(other.caller()) as work:
        clients.remove(work, app.row.id)
    assert desk.get(other, at_home.row.id).disabled_reason == "app_out"


def test_an_app_that_is_let_in_for_less_may_not_enable_what_it_may_no_longer_read(
    desk: Desk, receiver: MakeReceiver, acme: Any, app: clients.Registered
) -> None:
    let_in(desk, acme, app)
    keyed = endpoint_of(desk, acme, app, receiver().url)
    let_in(desk, acme, app, "identity.webhooks")
    assert desk.get(acme, keyed.row.id).disabled_reason == "app_out"
    caller = replace(acme.caller(), scopes=frozenset({"identity.webhooks"}), client_id=app.row.client_id)
    with pytest.raises(PermissionDenied, match=r"contacts\.read"), desk.database.open_work(caller) as work:
        desk.webhooks.change(work, keyed.row.id, {"disabled": False}, etag="")
    assert desk.get(acme, keyed.row.id).disabled_reason == "app_out"
