"""Records shared by rules and by hand: who finds them by which path, what each level allows, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from chassis import record_shares
from chassis.caller import Caller, Glass, Sharing
from chassis.errors import FuniaError
from chassis.ids import uuid7
from chassis.record_sharing import Share, ShareBounds
from chassis.tables import HOLDS
from chassis.work import Database, Work
from contacts.model.drafts import AccountDraft, ContactDraft, Email
from contacts.queries import account as account_queries
from contacts.queries import contact as contact_queries
from contacts.search.embedded import EmbeddedSearch
from contacts.usecases import account, activity, contact, contact_merge
from contacts.usecases.bulk import Bulk, BulkItem
from contacts.usecases.bulk_contacts import BulkContacts
from contacts.usecases.customer_search import contact_document, find_customers
from contacts.usecases.record_sharing import SHARING
from funia.events.v1.envelope_pb2 import Envelope

BOUNDS = ShareBounds(of_record=3, of_grantee=2)


class World:
    """A company with an owner of a record and somebody who does not see it, and another company."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.anna = Caller(uuid7(), "user", uuid7(), frozenset(), "own")
        self.boris = replace(self.anna, actor_id=uuid7())
        self.stranger = replace(self.boris, tenant_id=uuid7())
        with database.open_work(self.anna) as work:
            draft = ContactDraft(given_name="Vera", family_name="Kolarova", emails=(Email("vera@example.com"),))
            row, _ = contact.create(work, draft, allow_duplicate=True, account_id=None)
            assert row is not None
            company, _ = account.create(work, AccountDraft(name="Kolarova Ltd"), allow_duplicate=True)
            assert company is not None
        self.person, self.company = row.id, company.id

    def share(self, record_id: UUID, grantee: UUID, level: str = "read", until: datetime | None = None) -> None:
        with self.database.open_work(self.anna) as work:
            SHARING.share(work, record_id, Share("user", grantee, level, until), BOUNDS)

    def paths(self, caller: Caller) -> dict[str, bool]:
        """Whether each way of reading shows the person to the caller."""
        with self.database.open_work(caller, read_only=True) as work:
            return {
                "get": contact_queries.get(work, self.person) is not None,
                "batch": contact_queries.batch(work, [self.person], full=True) != [],
                "list": [row.id for row in listed(work)] == [self.person],
                "filtered": [row.id for row in listed(work, 'family_name = "Kolarova"')] == [self.person],
                "lookup": not refused(lambda: contact.lookup(work, email="vera@example.com", phone="", external_id="")),
                "duplicates": contact.duplicates_of(work, ContactDraft(emails=(Email("vera@example.com"),))) != [],
                "timeline": not refused(
                    lambda: activity.timeline(work, self.person, type_prefix="", limit=9, key=None)
                ),
            }


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def listed(work: Work, filter_text: str = "") -> list[contact.Row]:
    return contact_queries.page(
        work,
        order=contact_queries.NEWEST,
        filter_text=filter_text,
        full=False,
        deleted=False,
        limit=9,
        key=None,
    )


def refused(act: object) -> str:
    try:
        act()  # type: ignore[operator]
    except FuniaError as error:
        return error.reason
    return ""


def by_rule(world: World, *, changes: bool = False) -> Caller:
    owners = (world.anna.actor_id,)
    return replace(world.boris, sharing=Sharing(owner_ids=owners, changed_owner_ids=owners if changes else ()))


def test_a_rule_opens_every_path_to_those_it_is_for_and_to_nobody_else(world: World) -> None:
    assert set(world.paths(by_rule(world)).values()) == {True}
    assert set(world.paths(world.boris).values()) == {False}
    foreign = replace(by_rule(world), tenant_id=world.stranger.tenant_id)
    assert set(world.paths(foreign).values()) == {False}


def test_a_break_glass_of_one_record_opens_every_path_to_it_and_to_no_other(world: World) -> None:
    opened = replace(world.boris, glass=Glass(uuid7(), 2**31, world.person))
    assert set(world.paths(opened).values()) == {True}
    assert set(world.paths(replace(opened, tenant_id=world.stranger.tenant_id)).values()) == {False}
    another = replace(world.boris, glass=Glass(uuid7(), 2**31, world.company))
    assert set(world.paths(another).values()) == {False}
    with world.database.open_work(opened) as work:
        row = contact_queries.get(work, world.person)
        assert (row.access_level, work.caller.sight) == (HOLDS, "own+rules")


def test_a_share_opens_every_path_until_it_ends(world: World) -> None:
    world.share(world.person, world.boris.actor_id)
    assert set(world.paths(world.boris).values()) == {True}
    assert set(world.paths(replace(world.boris, tenant_id=world.stranger.tenant_id)).values()) == {False}
    with world.database.open_work(world.anna) as work:
        SHARING.unshare(work, world.person, world.boris.actor_id)
    assert set(world.paths(world.boris).values()) == {False}


def test_a_share_ends_by_itself(world: World) -> None:
    with world.database.open_work(world.anna) as work:
        for number, moment in enumerate((-1, 60)):
            record_shares.put(
                work,
                "contact",
                world.person,
                grantee_kind="user",
                grantee_id=(world.boris.actor_id, world.stranger.actor_id)[number % 1],
                level="write",
                until=datetime.now(UTC) + timedelta(seconds=moment),
            )
            shown = set(world.paths(world.boris).values()) if moment < 0 else None
            assert shown in (None, {False})
    assert set(world.paths(world.boris).values()) == {True}
    late = datetime.now(UTC) - timedelta(seconds=1)
    assert refused(lambda: world.share(world.person, world.boris.actor_id, until=late)) == "IN_THE_PAST"


def test_what_is_shared_with_a_team_is_seen_in_the_team_and_below_it(world: World) -> None:
    above, team = uuid7(), uuid7()
    with world.database.open_work(world.anna) as work:
        SHARING.share(work, world.person, Share("team", above, "read", None), BOUNDS)
    inside = replace(world.boris, team_ids=(team,), sharing=Sharing(above=(above,)))
    assert set(world.paths(inside).values()) == {True}
    assert set(world.paths(replace(world.boris, team_ids=(team,))).values()) == {False}


@pytest.mark.parametrize("way", ["rule", "share"])
def test_reading_is_not_writing_and_writing_is_not_owning(world: World, way: str) -> None:
    def asks(level: str) -> dict[str, str]:
        caller = by_rule(world, changes=level == "write") if way == "rule" else world.boris
        if way == "share":
            world.share(world.person, world.boris.actor_id, level)
            world.share(world.company, world.boris.actor_id, level)

        def tried(act: object) -> str:
            def run() -> None:
                with world.database.open_work(caller) as work:
                    act(work)  # type: ignore[operator]

            return refused(run)

        def bulk(operation: str, **fields: object) -> object:
            def run(work: Work) -> None:
                item = BulkItem(ContactDraft(**fields), tuple(fields), record_id=world.person)  # type: ignore[arg-type]
                [result] = Bulk(work, BulkContacts(work)).run(operation, [item])  # type: ignore[arg-type]
                if result.error is not None:
                    raise result.error

            return run

        person, company, me = world.person, world.company, caller.actor_id
        titled, mine = ContactDraft(job_title=f"Buyer by {level}"), ContactDraft(owner_id=me)
        acts = {
            "update": lambda work: contact.update(work, person, titled, ("job_title",), etag="", reason=""),
            "bulk update": bulk("update", description=f"by {level}"),
            "account": lambda work: account.update(work, company, AccountDraft(tier=level), ("tier",), etag=""),
            "note": lambda work: activity.create(
                work, kind="note", subject_id=person, title="x", body="", due_at=None, assignee_id=None
            ),
            "link": lambda work: contact.link(work, company, person, role=level, primary=False),
            "unlink": lambda work: contact.unlink(work, company, person),
            "give away": lambda work: contact.update(work, person, mine, ("owner_id",), etag="", reason=""),
            "bulk give away": bulk("update", owner_id=me),
            "delete": lambda work: contact.delete(work, person, etag=""),
            "bulk delete": bulk("delete"),
            "delete account": lambda work: account.delete(work, company, etag=""),
            "share on": lambda work: SHARING.share(work, person, Share("user", uuid7(), "read", None), BOUNDS),
            "unshare": lambda work: SHARING.unshare(work, person, me),
        }
        return {name: tried(act) for name, act in acts.items()}

    owning = {"give away", "bulk give away", "delete", "bulk delete", "delete account", "share on", "unshare"}
    looked = asks("read")
    assert {name for name, reason in looked.items() if name not in owning} == {
        name for name, reason in looked.items() if name not in owning and reason == "RECORD_READ_ONLY"
    }
    assert {looked[name] for name in owning} <= {"RECORD_READ_ONLY", "RECORD_SHARED_WITH_YOU"}
    written = asks("write")
    assert {name: reason for name, reason in written.items() if reason} == dict.fromkeys(
        owning, "RECORD_SHARED_WITH_YOU"
    )
    with world.database.open_work(world.anna) as work:
        row = contact_queries.get(work, world.person)
        assert row is not None
        assert (row.job_title, row.owner_id) == ("Buyer by write", world.anna.actor_id)


def test_what_is_seen_by_a_share_is_not_merged_and_a_merge_carries_shares_over(world: World) -> None:
    with world.database.open_work(world.boris) as work:
        own, _ = contact.create(work, ContactDraft(given_name="Vera"), allow_duplicate=True, account_id=None)
        assert own is not None
    world.share(world.person, world.boris.actor_id, "write")
    with world.database.open_work(world.boris) as work:
        assert refused(lambda: contact_merge.merge(work, own.id, world.person, (), etag="")) == "RECORD_SHARED_WITH_YOU"
    with world.database.open_work(world.anna) as work:
        twin, _ = contact.create(work, ContactDraft(given_name="Vera K."), allow_duplicate=True, account_id=None)
        assert twin is not None
        contact_merge.merge(work, twin.id, world.person, (), etag="")
    with world.database.open_work(world.boris) as work:
        assert contact.get(work, twin.id).access_level == 1


def test_search_finds_what_is_shared_and_nothing_else(world: World, tmp_path: object) -> None:
    engine = EmbeddedSearch(tmp_path)  # type: ignore[arg-type]
    try:
        with world.database.open_work(Caller.system(world.anna.tenant_id), read_only=True) as work:
            row = contact_queries.get(work, world.person)
            assert row is not None
            engine.index([contact_document(work.tenant_id, row, 0, {})])

        def found(caller: Caller) -> list[UUID]:
            return [one.id for one in find_customers(world.database, caller, engine, "kolarova", (), 9)]

        assert (found(world.anna), found(world.boris)) == ([world.person], [])
        assert found(by_rule(world)) == [world.person]
        world.share(world.person, world.boris.actor_id)
        assert found(world.boris) == [world.person]
        assert found(replace(world.boris, tenant_id=world.stranger.tenant_id)) == []
    finally:
        engine.close()


def test_shares_are_bounded_told_of_and_new_versions_of_the_record(world: World) -> None:
    people = [uuid7() for _ in range(4)]
    for one in people[:3]:
        world.share(world.person, one)
    world.share(world.person, people[0])
    assert refused(lambda: world.share(world.person, people[3])) == "TOO_MANY_SHARES"
    world.share(world.company, people[0])
    with world.database.open_work(world.anna) as work:
        other, _ = account.create(work, AccountDraft(name="Third"), allow_duplicate=True)
        assert other is not None
    assert refused(lambda: world.share(other.id, people[0])) == "TOO_MANY_SHARED_RECORDS"
    with world.database.open_work(world.anna) as work:
        SHARING.unshare(work, world.person, people[2])
        SHARING.unshare(work, world.person, people[2])
        rows, level = SHARING.every(work, world.person)
        version = contact.get(work, world.person).version
    with world.database.open_work(world.anna, read_only=True) as work:
        rows_told = work.raw.execute("SELECT envelope FROM outbox ORDER BY id").fetchall()
    told = [Envelope.FromString(row.envelope) for row in rows_told]
    assert ([row.grantee_id for row in rows], level) == (people[:2], "hold")
    assert version == 5
    shared = [(one.type, one.aggregate_version) for one in told if one.type.startswith("contacts.contact.")]
    verbs = ("created", "shared", "shared", "shared", "unshared")
    assert shared == [(f"contacts.contact.{verb}", version) for version, verb in enumerate(verbs, start=1)]
    with world.database.open_work(world.stranger) as work:
        assert refused(lambda: SHARING.every(work, world.person)) == "CUSTOMER_NOT_FOUND"
        assert refused(lambda: SHARING.unshare(work, world.person, people[0])) == "CUSTOMER_NOT_FOUND"
    with world.database.open_work(replace(world.anna, actor_id=people[0])) as work:
        assert account_queries.get(work, world.company) is not None
        assert SHARING.every(work, world.company)[1] == "read"
