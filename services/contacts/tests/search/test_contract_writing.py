"""What every engine must keep when written to: versions, tombstones, tenants, rebuilds. The engine is not known."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from contacts.search.errors import RebuildNotStarted, SearchDocumentInvalid
from contacts.search.port import CustomerDocument, CustomerSearch, Tombstone

from .documents import OTHER, TENANT, contact, corpus, elsewhere, found

pytestmark = pytest.mark.timeout(600)


def test_a_bad_document_leaves_its_whole_batch_unwritten(search: CustomerSearch) -> None:
    bad = [
        contact("a:b", "Colon"),
        contact("x", "Negative", version=-1),
        contact("x", "Long", emails=("a" * 400,)),
        contact("x", "Many", phones=("1",) * 101),
        contact("x", "Owner", owner_id="a b"),
    ]
    for document in bad:
        with pytest.raises(SearchDocumentInvalid):
            search.index([contact("good", "Good One"), document])
    search.refresh()
    assert found(search, "good") == []
    assert search.document_count(TENANT) == 0


def test_odd_documents_are_indexed(search: CustomerSearch) -> None:
    odd = [
        contact("empty", ""),
        contact("emoji", "😀 Smiley", emails=("@", "", "a@b@c", "x y@z", "\x00"), phones=("", "+", "12", "abc")),
        contact("long", "word" * 200, text=("lorem ipsum " * 3_000,)),
    ]
    outcome = search.index(odd)
    search.refresh()
    assert (outcome.applied, outcome.shortened) == (3, 1)
    assert found(search, "smiley") == ["emoji"]
    assert found(search, "lorem") == ["long"]
    assert search.document_count(TENANT) == 3


def test_the_newest_version_wins_whatever_the_order(search: CustomerSearch) -> None:
    new, old = contact("x", "Newman", version=7), contact("x", "Oldman", version=3)
    assert search.index([new]).applied == 1
    assert (search.index([old]).applied, search.index([new]).ignored) == (0, 1)
    search.index([contact("y", "Oldman", version=1), contact("y", "Newman", version=2)])
    search.index([contact("z", "Newman", version=2), contact("z", "Oldman", version=1)])
    search.refresh()
    assert sorted(found(search, "newman")) == ["x", "y", "z"]
    assert found(search, "oldman") == []
    assert search.document_count(TENANT) == 3


def test_a_deleted_customer_stays_deleted(search: CustomerSearch) -> None:
    search.index([contact("x", "Ghost", version=1), *elsewhere([contact("x", "Ghost", version=1)])])
    search.index([Tombstone(TENANT, "contact", "x", 5)])
    search.index([contact("x", "Ghost", version=4)])
    search.index([Tombstone(TENANT, "contact", "x", 5)])
    search.refresh()
    assert found(search, "ghost") == []
    assert found(search, "ghost", OTHER) == ["other-x"]
    assert (search.document_count(TENANT), search.document_count(OTHER)) == (0, 1)


def test_a_deletion_that_comes_before_its_customer_holds(search: CustomerSearch) -> None:
    search.index([Tombstone(TENANT, "contact", "x", 2)])
    search.index([contact("x", "Ghost", version=1)])
    search.refresh()
    assert found(search, "ghost") == []


def test_an_undeleted_customer_is_found_again(search: CustomerSearch) -> None:
    search.index([contact("x", "Phoenix", version=1)])
    search.index([Tombstone(TENANT, "contact", "x", 2)])
    search.index([contact("x", "Phoenix", version=3)])
    search.refresh()
    assert found(search, "phoenix") == ["x"]


def test_a_change_replaces_every_old_word(search: CustomerSearch) -> None:
    search.index([contact("x", "Before", emails=("before@old.test",), phones=("+12025550147",), version=1)])
    search.index([contact("x", "After", emails=("after@new.test",), phones=("+12025550199",), version=2)])
    search.refresh()
    for gone in ("before", "old.test", "0147"):
        assert found(search, gone) == []
    for there in ("after", "new.test", "0199"):
        assert found(search, there) == ["x"]


def test_a_batch_may_hold_many_tenants(search: CustomerSearch) -> None:
    tenants = [f"tenant-{number}" for number in range(20)]
    batch = [replace(contact(f"c{n}", "Shared Name"), tenant_id=tenant) for tenant in tenants for n in range(3)]
    assert search.index(batch).applied == 60
    search.refresh()
    for tenant in tenants:
        assert search.document_count(tenant) == 3
        assert sorted(found(search, "shared", tenant)) == ["c0", "c1", "c2"]


def test_counts_are_per_kind_and_tenant(filled: CustomerSearch) -> None:
    assert filled.document_count(TENANT) == len(corpus())
    assert filled.document_count(TENANT, "account") == 3
    assert filled.document_count(OTHER, "deal") == 0
    assert filled.document_count("unknown") == 0


def test_a_dropped_tenant_is_forgotten_and_the_other_stays(search: CustomerSearch) -> None:
    search.index([contact("x", "Leaver", version=9), *elsewhere([contact("x", "Leaver")])])
    search.refresh()
    search.drop(TENANT)
    search.refresh()
    assert (found(search, "leaver"), found(search, "leaver", OTHER)) == ([], ["other-x"])
    search.index([contact("x", "Returner", version=1)])
    search.refresh()
    assert found(search, "returner") == ["x"]


def test_a_rebuild_swaps_in_what_the_rows_say(search: CustomerSearch) -> None:
    search.index([contact("stale", "Stale Row"), contact("kept", "Kept Row"), *elsewhere([contact("k", "Kept Row")])])
    ticket = search.start_rebuild(TENANT)
    assert search.rebuild(ticket, [contact("kept", "Kept Row"), contact("missed", "Missed Row")]) == 2
    search.refresh()
    assert sorted(found(search, "row")) == ["kept", "missed"]
    assert found(search, "row", OTHER) == ["other-k"]
    assert search.document_count(TENANT) == 2


def test_the_old_index_serves_while_the_new_one_is_built(search: CustomerSearch) -> None:
    search.index([contact("x", "Serving")])
    search.refresh()
    ticket = search.start_rebuild(TENANT)
    search.refresh()
    assert found(search, "serving") == ["x"]

    def rows() -> Iterator[CustomerDocument]:
        yield contact("x", "Serving")
        search.refresh()
        assert found(search, "serving") == ["x"]
        assert search.document_count(TENANT) == 1

    search.rebuild(ticket, rows())
    search.refresh()
    assert found(search, "serving") == ["x"]


def test_changes_during_a_rebuild_are_neither_lost_nor_overwritten(search: CustomerSearch) -> None:
    search.index([contact(id_, "Original Row", version=1) for id_ in ("changed", "deleted", "same")])
    ticket = search.start_rebuild(TENANT)
    search.index([contact("changed", "Fresh Row", version=2), Tombstone(TENANT, "contact", "deleted", 2)])

    def snapshot() -> Iterator[CustomerDocument]:
        for id_ in ("changed", "deleted", "same"):
            yield contact(id_, "Original Row", version=1)
        search.index([contact("created", "Fresh Row", version=1)])

    search.rebuild(ticket, snapshot())
    search.index([contact("deleted", "Original Row", version=1)])
    search.refresh()
    assert sorted(found(search, "fresh")) == ["changed", "created"]
    assert found(search, "original") == ["same"]


def test_a_rebuild_remembers_what_was_deleted_before_it(search: CustomerSearch) -> None:
    search.index([contact("gone", "Ghost", version=1)])
    search.index([Tombstone(TENANT, "contact", "gone", 2)])
    search.rebuild(search.start_rebuild(TENANT), [contact("here", "Present")])
    search.index([contact("gone", "Ghost", version=1)])
    search.refresh()
    assert found(search, "ghost") == []
    assert found(search, "present") == ["here"]


def test_a_rebuild_under_a_stream_of_changes_loses_none(search: CustomerSearch) -> None:
    """The writer plays the database: a row first, then its event; the snapshot is read late, as in life."""
    rows: dict[str, CustomerDocument] = {}
    guard, stop = threading.Lock(), threading.Event()
    failures: list[Exception] = []

    def change(number: int) -> None:
        id_ = f"r{number % 40}"
        with guard:
            version = rows[id_].version + 1 if id_ in rows else 1
            rows[id_] = contact(id_, f"Streamed v{version}", version=version)
        search.index([rows[id_]])

    def stream() -> None:
        number = 0
        try:
            while not stop.is_set():
                change(number)
                number += 1
        except Exception as error:  # noqa: BLE001 - a thread's error must reach the test
            failures.append(error)

    for number in range(40):
        change(number)
    writer = threading.Thread(target=stream)
    writer.start()
    try:
        for _ in range(3):
            ticket = search.start_rebuild(TENANT)
            with guard:
                snapshot = list(rows.values())
            search.rebuild(ticket, snapshot)
    finally:
        stop.set()
        writer.join()
    assert not failures
    search.refresh()
    assert search.document_count(TENANT) == len(rows) == 40
    for id_, row in rows.items():
        assert found(search, f"streamed v{row.version}", limit=40).count(id_) == 1
    assert found(search, "streamed v1", limit=40) == [id_ for id_, row in rows.items() if row.version == 1]


def test_a_failed_rebuild_leaves_the_old_index_serving(search: CustomerSearch) -> None:
    search.index([contact("x", "Survivor")])

    def breaking() -> Iterator[CustomerDocument]:
        yield contact("y", "Half Way")
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        search.rebuild(search.start_rebuild(TENANT), breaking())
    search.index([contact("z", "Later")])
    search.refresh()
    assert (found(search, "survivor"), found(search, "half"), found(search, "later")) == (["x"], [], ["z"])


def test_only_the_latest_ticket_rebuilds(search: CustomerSearch) -> None:
    search.index([contact("x", "Original")])
    superseded = search.start_rebuild(TENANT)
    latest = search.start_rebuild(TENANT)
    with pytest.raises(RebuildNotStarted):
        search.rebuild(superseded, [contact("y", "Wrong")])
    search.rebuild(latest, [contact("z", "Right")])
    with pytest.raises(RebuildNotStarted):
        search.rebuild(latest, [contact("y", "Wrong")])
    search.refresh()
    assert (found(search, "wrong"), found(search, "right"), found(search, "original")) == ([], ["z"], [])


def test_a_rebuild_takes_no_document_of_another_tenant(search: CustomerSearch) -> None:
    search.index([contact("x", "Original")])
    with pytest.raises(SearchDocumentInvalid, match="tenant_id"):
        search.rebuild(search.start_rebuild(TENANT), elsewhere([contact("y", "Stranger")]))
    search.refresh()
    assert (found(search, "stranger"), found(search, "stranger", OTHER), found(search, "original")) == (
        [],
        [],
        ["x"],
    )
