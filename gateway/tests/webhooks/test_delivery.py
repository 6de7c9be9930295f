"""From the bus to a receiver: fan-out, signatures, retries, dead letters, hanging receivers, kills and floods."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from chassis.caller import Caller
from chassis.testing.bus import wait_until
from chassis.testing.events import recorded
from gateway.identity.usecases.webhooks import TESTED
from gateway.webhooks.fan_out import FanOut
from standardwebhooks import Webhook

from .conftest import Desk
from .receiving import Message, Receiver

MakeReceiver = Callable[..., Receiver]


def events_of(desk: Desk, company: Any) -> list[str]:
    """Types of webhook events that a company's outbox holds."""
    found = recorded(desk.database, company.tenant_id)
    return [event.type for event in found if event.type.startswith("identity.webhook_endpoint.")]


def test_an_event_reaches_the_endpoint_signed_once_and_no_other_company(
    desk: Desk, receiver: MakeReceiver, acme: Any, other: Any
) -> None:
    mine, theirs = receiver(), receiver()
    keyed = desk.endpoint(acme, mine.url, "contacts.contact.created")
    desk.endpoint(other, theirs.url, "*")
    with desk.sending() as sender, desk.queueing(sender.wake):
        desk.publish(acme, verb="updated")
        (event,) = desk.publish(acme)
        (message,) = mine.wait_for(1)
        time.sleep(0.5)
    assert len(mine.messages) == 1
    assert theirs.messages == []
    body = Webhook(keyed.pair.secret_text).verify(message.body, message.headers)
    assert (body["id"], body["type"], body["subject"]) == (str(event.id), event.type, str(event.subject_id))
    assert body["data"]["lifecycle_stage"] == "lead"
    assert message.headers["webhook-id"] == f"{event.id}_{keyed.row.id}"
    assert message.headers["content-type"] == "application/json"
    (line,) = desk.log(acme, keyed.row.id)
    assert (line.status, line.attempts, line.response_status) == ("delivered", 1, 204)
    assert desk.get(acme, keyed.row.id).waiting == 0


def test_an_event_that_comes_twice_is_queued_once(desk: Desk, receiver: MakeReceiver, acme: Any) -> None:
    from chassis.envelope import enclose

    keyed = desk.endpoint(acme, receiver().url)
    (event,) = desk.publish(acme)
    assert event.occurred_at is not None
    envelope = enclose(event, Caller.system(acme.tenant_id), now=event.occurred_at)
    fan_out = FanOut(desk.database, desk.settings, lambda: None)
    for _ in range(3):
        fan_out([(envelope, 1), (envelope, 1)])
    assert len(desk.log(acme, keyed.row.id)) == 1
    assert desk.get(acme, keyed.row.id).waiting == 1


def test_a_failing_receiver_gets_it_again_under_the_same_id_until_it_takes_it(
    desk: Desk, receiver: MakeReceiver, acme: Any
) -> None:
    answers = iter([500, 429, 302])
    failing = receiver(lambda _message: next(answers, 200))
    keyed = desk.endpoint(acme, failing.url)
    with desk.sending() as sender, desk.queueing(sender.wake):
        desk.publish(acme)
        failing.wait_for(4)
        wait_until(lambda: desk.log(acme, keyed.row.id)[0].status == "delivered")
    assert len(set(failing.ids())) == 1
    (line,) = desk.log(acme, keyed.row.id)
    assert (line.attempts, line.response_status, line.error) == (4, 200, "")
    assert desk.get(acme, keyed.row.id).failing_since is None


def test_what_nobody_takes_in_time_is_given_up_and_comes_back_by_replay(
    desk: Desk, receiver: MakeReceiver, acme: Any, other: Any, admin: Any
) -> None:
    state = {"status": 500}
    failing = receiver(lambda _message: state["status"])
    keyed = desk.endpoint(acme, failing.url)
    with desk.sending() as sender, desk.queueing(sender.wake):
        desk.publish(acme)
        failing.wait_for(2)
        # Three days pass.
        admin.execute(
            "UPDATE webhook_delivery SET expires_at = now() WHERE tenant_id = %s AND endpoint_id = %s",
            [acme.tenant_id, keyed.row.id],
        )
        wait_until(lambda: desk.log(acme, keyed.row.id, "dead"))
        assert desk.get(acme, keyed.row.id).waiting == 0
        count = len(failing.messages)
        time.sleep(0.6)
        assert len(failing.messages) == count, "what is given up is not sent any more"
        (line,) = desk.log(acme, keyed.row.id)
        assert line.error == "answered 500"
        state["status"] = 200
        with pytest.raises(Exception, match="no webhook delivery"), desk.database.open_work(other.caller()) as work:
            desk.webhooks.replay(work, line.id)
        with desk.database.open_work(acme.caller()) as work:
            assert desk.webhooks.replay_dead(work, keyed.row.id) == 1
        wait_until(lambda: desk.log(acme, keyed.row.id, "delivered"))
    assert len(set(failing.ids())) == 1


def test_a_receiver_that_is_gone_is_disabled_at_once_and_goes_on_once_enabled(
    desk: Desk, receiver: MakeReceiver, acme: Any
) -> None:
    state = {"status": 410}
    gone = receiver(lambda _message: state["status"])
    keyed = desk.endpoint(acme, gone.url)
    with desk.sending() as sender, desk.queueing(sender.wake):
        desk.publish(acme)
        wait_until(lambda: desk.get(acme, keyed.row.id).disabled_reason == "gone")
        time.sleep(0.5)
        assert len(gone.messages) == 1
        assert "identity.webhook_endpoint.disabled" in events_of(desk, acme)
        state["status"] = 200
        with desk.database.open_work(acme.caller()) as work:
            desk.webhooks.change(work, keyed.row.id, {"disabled": False}, etag="")
        wait_until(lambda: desk.log(acme, keyed.row.id, "delivered"))


def test_an_endpoint_that_fails_for_days_is_disabled_with_an_event(
    desk: Desk, receiver: MakeReceiver, acme: Any, admin: Any
) -> None:
    failing = receiver(lambda _message: 503)
    keyed = desk.endpoint(acme, failing.url)
    with desk.sending() as sender, desk.queueing(sender.wake):
        desk.publish(acme)
        wait_until(lambda: desk.get(acme, keyed.row.id).failing_since is not None)
        assert desk.get(acme, keyed.row.id).disabled_reason == ""
        long_ago = timedelta(hours=desk.settings.webhook_disable_after_hours + 1)
        admin.execute(
            "UPDATE webhook_queue SET failing_since = now() - %s, due_at = now() WHERE endpoint_id = %s",
            [long_ago, keyed.row.id],
        )
        wait_until(lambda: desk.get(acme, keyed.row.id).disabled_reason == "failing")
    assert events_of(desk, acme) == ["identity.webhook_endpoint.created", "identity.webhook_endpoint.disabled"]


def test_one_receiver_that_hangs_holds_up_nobody_else(
    desk: Desk, receiver: MakeReceiver, acme: Any, other: Any
) -> None:
    hanging, quick = receiver(), receiver()
    hanging.answer = hanging.hang
    slow = desk.endpoint(acme, hanging.url)
    beside = desk.endpoint(acme, quick.url)
    neighbour = receiver()
    desk.endpoint(other, neighbour.url)
    with desk.sending() as sender, desk.queueing(sender.wake):
        desk.publish(acme, 60)
        desk.publish(other, 5)
        hanging.wait_for(1)
        started = time.monotonic()
        quick.wait_for(60)
        neighbour.wait_for(5)
        assert time.monotonic() - started < desk.settings.webhook_timeout_s, "nobody waited for the time-out"
        most = desk.settings.webhook_endpoint_concurrency
        assert len(hanging.messages) <= most
        assert desk.get(acme, slow.row.id).waiting == 60
        wait_until(lambda: desk.get(acme, beside.row.id).waiting == 0)
        hanging.let_go.set()


def test_a_company_whose_receivers_all_hang_leaves_room_for_another(
    desk: Desk, receiver: MakeReceiver, acme: Any, other: Any
) -> None:
    desk = desk.with_settings(
        webhook_concurrency=4, webhook_company_concurrency=2, webhook_endpoint_concurrency=2, webhook_timeout_s=60.0
    )
    hanging = [receiver(), receiver(), receiver()]
    quick = receiver()
    for one in hanging:
        one.answer = one.hang
        desk.endpoint(acme, one.url)
    desk.endpoint(other, quick.url)
    with desk.queueing(), desk.sending():
        desk.publish(acme, count=6)
        while sum(len(one.messages) for one in hanging) < 2:
            time.sleep(0.02)
        desk.publish(other, count=5)
        quick.wait_for(5)
        assert sum(len(one.messages) for one in hanging) == 2
        for one in hanging:
            one.let_go.set()


def test_what_a_killed_sender_had_claimed_is_sent_again_under_its_id(
    desk: Desk, receiver: MakeReceiver, acme: Any, admin: Any
) -> None:
    good = receiver()
    keyed = desk.endpoint(acme, good.url)
    with desk.queueing():
        (event,) = desk.publish(acme)
        wait_until(lambda: desk.get(acme, keyed.row.id).waiting == 1)
    # A sender that claims and is killed before it settles.
    claimed = desk.with_settings(webhook_lease_s=1.0).sender()._claim(acme.tenant_id, keyed.row.id)
    assert claimed is not None
    assert [row.event_id for row in claimed.rows] == [event.id]
    with desk.sending():
        time.sleep(0.4)
        assert good.messages == [], "the lease holds"
        good.wait_for(1)
        wait_until(lambda: desk.log(acme, keyed.row.id, "delivered"))
    assert desk.log(acme, keyed.row.id)[0].attempts == 2


def test_two_senders_send_nothing_twice(desk: Desk, receiver: MakeReceiver, acme: Any) -> None:
    good = receiver()
    keyed = desk.endpoint(acme, good.url)
    with desk.queueing():
        desk.publish(acme, 200)
        wait_until(lambda: desk.get(acme, keyed.row.id).waiting == 200)
    with desk.sending(), desk.sending():
        wait_until(lambda: desk.get(acme, keyed.row.id).waiting == 0, timeout_s=60)
    # Where an answer came too late its message went again; nothing goes twice for having two senders.
    attempts = {str(line.event_id): line.attempts for line in desk.log(acme, keyed.row.id)}
    assert Counter(one.partition("_")[0] for one in good.ids()) == attempts
    assert len(attempts) == 200


def test_a_full_queue_counts_what_it_leaves_out_and_says_so_once(
    desk: Desk, receiver: MakeReceiver, acme: Any, other: Any
) -> None:
    small = desk.with_settings(webhook_queue_max=10)
    keyed = small.endpoint(acme, receiver().url)
    theirs = small.endpoint(other, receiver().url)
    with small.queueing():
        small.publish(acme, 25)
        wait_until(lambda: small.get(acme, keyed.row.id).skipped == 15)
        small.publish(acme, 5)
        wait_until(lambda: small.get(acme, keyed.row.id).skipped == 20)
        small.publish(other, 3)
        wait_until(lambda: small.get(other, theirs.row.id).waiting == 3)
    row = small.get(acme, keyed.row.id)
    assert (row.waiting, row.overflowed_at is not None) == (10, True)
    assert events_of(desk, acme).count("identity.webhook_endpoint.overflowed") == 1
    assert small.get(other, theirs.row.id).skipped == 0


def test_during_a_rotation_old_and_new_secret_verify_and_after_it_only_the_new_one(
    desk: Desk, receiver: MakeReceiver, acme: Any, admin: Any
) -> None:
    good = receiver()
    former = desk.endpoint(acme, good.url)
    with desk.database.open_work(acme.caller()) as work:
        new = desk.webhooks.rotate(work, former.row.id)
    assert new.pair.secret_text != former.pair.secret_text
    with desk.sending() as sender, desk.queueing(sender.wake):
        desk.publish(acme)
        (message,) = good.wait_for(1)
        for keyed in (former, new):
            Webhook(keyed.pair.secret_text).verify(message.body, message.headers)
        admin.execute("UPDATE webhook_endpoint SET former_keys_until = now() WHERE id = %s", [former.row.id])
        desk.publish(acme)
        later = good.wait_for(2)[1]
    Webhook(new.pair.secret_text).verify(later.body, later.headers)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(former.pair.secret_text).verify(later.body, later.headers)


def test_a_test_event_goes_the_same_way_and_a_disabled_endpoint_refuses_it(
    desk: Desk, receiver: MakeReceiver, acme: Any
) -> None:
    good = receiver()
    keyed = desk.endpoint(acme, good.url, "sales.*")
    with desk.sending():
        with desk.database.open_work(acme.caller()) as work:
            line = desk.webhooks.send_test(work, keyed.row.id)
        (message,) = good.wait_for(1)
        wait_until(lambda: desk.log(acme, keyed.row.id)[0].status == "delivered")
    assert (line.event_type, orjson.loads(message.body)["type"]) == (TESTED, TESTED)
    Webhook(keyed.pair.secret_text).verify(message.body, message.headers)
    with desk.database.open_work(acme.caller()) as work:
        desk.webhooks.change(work, keyed.row.id, {"disabled": True}, etag="")
        with pytest.raises(Exception, match="Enable it first"):
            desk.webhooks.send_test(work, keyed.row.id)


def test_a_removed_endpoint_gets_nothing_more(desk: Desk, receiver: MakeReceiver, acme: Any) -> None:
    good = receiver()
    keyed = desk.endpoint(acme, good.url)
    with desk.queueing():
        desk.publish(acme)
        wait_until(lambda: desk.get(acme, keyed.row.id).waiting == 1)
        with desk.database.open_work(acme.caller()) as work:
            desk.webhooks.remove(work, keyed.row.id)
        desk.publish(acme)
        with desk.sending():
            time.sleep(0.6)
    assert good.messages == []


def test_a_suspended_company_gets_nothing_until_it_is_active_again(
    desk: Desk, receiver: MakeReceiver, acme: Any, admin: Any
) -> None:
    good = receiver()
    keyed = desk.endpoint(acme, good.url)
    with desk.queueing():
        desk.publish(acme)
        wait_until(lambda: desk.get(acme, keyed.row.id).waiting == 1)
    admin.execute("UPDATE tenant SET status = 'suspended' WHERE tenant_id = %s", [acme.tenant_id])
    with desk.sending():
        time.sleep(0.6)
        assert good.messages == []
        admin.execute("UPDATE tenant SET status = 'active' WHERE tenant_id = %s", [acme.tenant_id])
        admin.execute("UPDATE webhook_queue SET due_at = now() WHERE endpoint_id = %s", [keyed.row.id])
        good.wait_for(1)


def test_a_secret_of_another_installation_is_said_and_sends_nothing(
    desk: Desk, receiver: MakeReceiver, acme: Any, admin: Any
) -> None:
    good = receiver()
    keyed = desk.endpoint(acme, good.url)
    admin.execute("UPDATE webhook_endpoint SET sealed_keys = 'a.b.c.d.e' WHERE id = %s", [keyed.row.id])
    with desk.sending() as sender, desk.queueing(sender.wake):
        desk.publish(acme)
        count = "SELECT error FROM webhook_delivery WHERE endpoint_id = %s AND error <> ''"
        wait_until(lambda: admin.execute(count, [keyed.row.id]).fetchall())
        (error,) = admin.execute(count, [keyed.row.id]).fetchone()
    assert "rotate the secret" in error
    assert good.messages == []


def test_nothing_is_lost_where_a_receiver_fails_now_and_then(desk: Desk, receiver: MakeReceiver, acme: Any) -> None:
    seen: set[str] = set()

    def moody(message: Message) -> int:
        first = message.headers["webhook-id"] not in seen
        seen.add(message.headers["webhook-id"])
        return 500 if first and len(seen) % 3 == 0 else 200

    flaky = receiver(moody)
    keyed = desk.endpoint(acme, flaky.url)
    with desk.sending() as sender, desk.queueing(sender.wake):
        sent = desk.publish(acme, 90)
        wait_until(lambda: len(desk.log(acme, keyed.row.id, "delivered")) == 90, timeout_s=60)
    assert {orjson.loads(message.body)["id"] for message in flaky.messages} == {str(event.id) for event in sent}
