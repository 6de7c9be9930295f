"""The projection on real NATS and PostgreSQL: order, repetition, poison, merges, visibility, rebuild."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from chassis.caller import Caller
from chassis.envelope import Event, enclose
from chassis.errors import NotFound
from chassis.ids import uuid7
from chassis.process import Service
from chassis.settings import Settings
from chassis.subscriptions import Received
from chassis.testing.bus import TestBus, wait_until
from chassis.testing.databases import TestDatabase
from chassis.work import Database
from customer_projection.projection import CustomerProjection, customer_fields
from customer_projection.rebuild import rebuild_command
from customer_projection.testing import account, contact, link
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

OURS = Caller.system(uuid7())
THEIRS = Caller.system(uuid7())


def test_a_customer_is_kept_from_events_and_stays_with_its_tenant(
    bus: TestBus, database: Database, customers: CustomerProjection
) -> None:
    person, company, owner, team = uuid7(), uuid7(), uuid7(), uuid7()
    with bus.consuming(customers.subscription(), database):
        bus.publish(
            OURS,
            account(company, 1, "created", type="customer", country_code="BG"),
            contact(
                person, 1, "created", lifecycle_stage="lead", language="bg", country_code="BG", owner_id=owner,
                team_id=team, do_not_contact=True, account_id=company,
            ),
            link(person, company, 2, primary=True),
        )  # fmt: skip
        wait_until(lambda: version(database, customers, OURS, person) == 2)
    fields = read(database, customers, OURS, person)
    del fields["updated_at"]
    assert fields == {
        "id": str(person),
        "kind": "contact",
        "stage": "lead",
        "owner_id": str(owner),
        "team_id": str(team),
        "account_id": str(company),
        "language": "bg",
        "country_code": "BG",
        "do_not_contact": True,
        "version": 2,
    }
    assert read(database, customers, OURS, company)["kind"] == "account"
    with pytest.raises(NotFound):
        read(database, customers, THEIRS, person)


def test_an_older_event_after_a_newer_one_changes_nothing(
    bus: TestBus, database: Database, customers: CustomerProjection
) -> None:
    person = uuid7()
    with bus.consuming(customers.subscription(), database):
        bus.publish(OURS, contact(person, 3, lifecycle_stage="customer"))
        wait_until(lambda: version(database, customers, OURS, person) == 3)
        bus.publish(OURS, contact(person, 2, lifecycle_stage="lead"), contact(marker := uuid7(), 1))
        wait_until(lambda: version(database, customers, OURS, marker) == 1)
    assert read(database, customers, OURS, person)["stage"] == "customer"


def test_an_event_that_comes_twice_is_handled_once(
    bus: TestBus, database: Database, customers: CustomerProjection, stored: TestDatabase
) -> None:
    person, handled = uuid7(), []

    def count(work: Any, events: Sequence[Received]) -> None:
        handled.extend(event.id for event in events)
        customers.apply(work, events)

    subscription = replace(customers.subscription(), name="sample-counted", handler=count)
    event = contact(person, 1, "created", lifecycle_stage="lead")
    body = enclose(event, OURS, now=datetime.now(UTC)).SerializeToString()
    with bus.consuming(subscription, database):
        # Without a message id the stream keeps all three, as after the end of its duplicate window.
        repeat = f"funia.{OURS.tenant_id}.contacts.contact.created"
        bus.publish_raw(repeat, body)
        bus.publish_raw(repeat, body)
        wait_until(lambda: version(database, customers, OURS, person) == 1)
        bus.publish_raw(repeat, body)
        bus.publish(OURS, contact(marker := uuid7(), 1))
        wait_until(lambda: version(database, customers, OURS, marker) == 1)
    assert handled.count(event.id) == 1
    with psycopg.connect(stored.admin_url) as admin:
        claimed = admin.execute("SELECT count(*) FROM inbox WHERE event_id = %s", [event.id]).fetchone()
    assert claimed == (1,)


def test_a_poison_message_goes_to_the_dead_letters_and_holds_nobody_up(
    bus: TestBus, database: Database, customers: CustomerProjection
) -> None:
    good, late = uuid7(), uuid7()
    with bus.consuming(customers.subscription(), database):
        bus.publish(
            OURS, contact(uuid7(), 1, "created", owner_id="nobody's id"), contact(good, 1, lifecycle_stage="lead")
        )
        bus.publish_raw(f"funia.{OURS.tenant_id}.contacts.contact.created", b"\xff no envelope")
        bus.publish(THEIRS, contact(late, 1, lifecycle_stage="mql"))
        wait_until(lambda: version(database, customers, OURS, good) == 1)
        wait_until(lambda: version(database, customers, THEIRS, late) == 1)
        wait_until(lambda: len(bus.dead_letters()) == 2)
    letters = bus.dead_letters()
    assert {letter.subject for letter in letters} == {f"funia-dead.{OURS.tenant_id}.sample-customers"}
    assert {(letter.headers or {})["Funia-Subject"] for letter in letters} == {
        f"funia.{OURS.tenant_id}.contacts.contact.created"
    }
    assert any("ValueError" in (letter.headers or {})["Funia-Error"] for letter in letters)


def test_a_deleted_customer_is_not_found_until_it_is_taken_out_of_the_bin(
    database: Database, customers: CustomerProjection
) -> None:
    person = uuid7()
    write(database, customers, contact(person, 1, "created"), contact(person, 2, "deleted", deleted=True))
    with pytest.raises(NotFound):
        read(database, customers, OURS, person)
    write(database, customers, contact(person, 1, "created"))
    with pytest.raises(NotFound):
        read(database, customers, OURS, person)
    write(database, customers, contact(person, 3, "undeleted"))
    assert read(database, customers, OURS, person)["version"] == 3


def test_an_erased_customer_does_not_come_back(database: Database, customers: CustomerProjection) -> None:
    person = uuid7()
    write(database, customers, contact(person, 4, "erased"))
    write(database, customers, contact(person, 3, lifecycle_stage="lead"))
    with pytest.raises(NotFound):
        read(database, customers, OURS, person)


def test_a_merged_customer_is_found_as_the_one_that_stayed(database: Database, customers: CustomerProjection) -> None:
    first, second, third = uuid7(), uuid7(), uuid7()
    write(
        database,
        customers,
        contact(first, 1, "created"),
        contact(second, 1, "created"),
        contact(third, 1, "created", lifecycle_stage="customer"),
        contact(first, 3, "merged", deleted=True, merged_into_id=second),
        contact(second, 3, "merged", deleted=True, merged_into_id=third),
    )
    assert read(database, customers, OURS, first)["id"] == str(third)
    with pytest.raises(NotFound):
        read(database, customers, THEIRS, first)


def test_the_main_company_follows_links_and_a_deleted_company_is_none(
    database: Database, customers: CustomerProjection
) -> None:
    person, one, two = uuid7(), uuid7(), uuid7()
    write(
        database,
        customers,
        account(one, 1, "created"),
        account(two, 1, "created"),
        contact(person, 1, "created"),
        link(person, one, 2, primary=True),
        link(person, two, 3),
    )
    assert read(database, customers, OURS, person)["account_id"] == str(one)
    write(database, customers, link(person, two, 4, primary=True))
    assert read(database, customers, OURS, person)["account_id"] == str(two)
    write(database, customers, account(two, 2, "deleted", deleted=True))
    assert read(database, customers, OURS, person)["account_id"] == str(one)
    write(database, customers, link(person, one, 5, "unlinked"))
    assert read(database, customers, OURS, person)["account_id"] == ""


def test_people_see_the_customers_that_their_visibility_allows(
    database: Database, customers: CustomerProjection
) -> None:
    me, colleague, my_team = uuid7(), uuid7(), uuid7()
    mine, teams, strangers = uuid7(), uuid7(), uuid7()
    write(
        database,
        customers,
        contact(mine, 1, owner_id=me),
        contact(teams, 1, owner_id=colleague, team_id=my_team),
        contact(strangers, 1, owner_id=colleague, team_id=uuid7()),
    )
    seen = {
        visibility: [
            one
            for one in (mine, teams, strangers)
            if can_read(
                database, customers, replace(OURS, actor_id=me, visibility=visibility, team_ids=(my_team,)), one
            )
        ]
        for visibility in ("own", "team", "all")
    }
    assert seen == {"own": [mine], "team": [mine, teams], "all": [mine, teams, strangers]}


PERSON, ONE, TWO = uuid7(), uuid7(), uuid7()
HISTORY = [
    account(ONE, 1, "created", type="prospect"),
    account(TWO, 1, "created", type="partner"),
    contact(PERSON, 1, "created", lifecycle_stage="lead", account_id=ONE),
    link(PERSON, ONE, 2, primary=True),
    contact(PERSON, 3, lifecycle_stage="customer", account_id=ONE),
    link(PERSON, TWO, 4),
    link(PERSON, ONE, 5, "unlinked"),
    contact(PERSON, 6, "deleted", lifecycle_stage="customer", deleted=True),
    contact(PERSON, 7, "undeleted", lifecycle_stage="evangelist"),
    account(TWO, 2, type="customer"),
]


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from(range(len(HISTORY))), max_size=15), seed=st.integers(0, 2**16))
def test_any_order_and_repetition_of_events_ends_in_the_same_picture(
    database: Database, customers: CustomerProjection, order: list[int], seed: int
) -> None:
    chance = random.Random(seed)
    whole = [*order, *chance.sample(range(len(HISTORY)), len(HISTORY))]
    tenant = Caller.system(uuid7())
    while whole:
        size = chance.randint(1, 4)
        batch, whole = whole[:size], whole[size:]
        write(database, customers, *(HISTORY[index] for index in batch), caller=tenant)
    found = read(database, customers, tenant, PERSON)
    assert (found["stage"], found["account_id"], found["version"]) == ("evangelist", str(TWO), 7)
    assert read(database, customers, tenant, TWO)["stage"] == "customer"


def test_a_rebuild_repairs_the_projection_while_events_go_on(
    bus: TestBus, database: Database, customers: CustomerProjection, stored: TestDatabase, settings: Settings
) -> None:
    people = [uuid7() for _ in range(300)]
    service = Service("sample", settings, database, subscriptions=[customers.subscription()])
    with bus.consuming(customers.subscription(), database):
        for caller in (OURS, THEIRS):
            bus.publish(caller, *(contact(one, 1, "created", lifecycle_stage="lead") for one in people))
            bus.publish(caller, *(contact(one, 2, lifecycle_stage="customer") for one in people))
        wait_until(lambda: version(database, customers, THEIRS, people[-1]) == 2)
        with psycopg.connect(stored.admin_url) as admin:
            admin.execute("DELETE FROM customer WHERE tenant_id = %s AND id = ANY(%s)", [OURS.tenant_id, people[:100]])
            admin.execute("UPDATE customer SET stage = 'wrong' WHERE tenant_id = %s", [THEIRS.tenant_id])
        bus.publish(OURS, contact(people[0], 3, lifecycle_stage="churned"))
        assert rebuild_command(customers)(service) == 0
        wait_until(lambda: version(database, customers, OURS, people[0]) == 3)
    stages = {
        caller.tenant_id: [read(database, customers, caller, one)["stage"] for one in people]
        for caller in (OURS, THEIRS)
    }
    assert stages == {
        OURS.tenant_id: ["churned", *["customer"] * 299],
        THEIRS.tenant_id: ["customer"] * 300,
    }


def write(database: Database, customers: CustomerProjection, *events: Event, caller: Caller = OURS) -> None:
    received = []
    for event in events:
        assert event.occurred_at is not None
        envelope = enclose(event, caller, now=event.occurred_at)
        received.append(Received(envelope, event.payload, event.id, event.subject_id))
    with database.open_work(caller) as work:
        customers.apply(work, received)


def read(database: Database, customers: CustomerProjection, caller: Caller, customer_id: UUID) -> dict[str, Any]:
    with database.open_work(caller, read_only=True) as work:
        return customer_fields(customers.get(work, customer_id))


def can_read(database: Database, customers: CustomerProjection, caller: Caller, customer_id: UUID) -> bool:
    try:
        read(database, customers, caller, customer_id)
    except NotFound:
        return False
    return True


def version(database: Database, customers: CustomerProjection, caller: Caller, customer_id: UUID) -> int:
    return (
        int(read(database, customers, caller, customer_id)["version"])
        if can_read(database, customers, caller, customer_id)
        else 0
    )
