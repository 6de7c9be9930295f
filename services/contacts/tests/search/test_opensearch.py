"""What only the OpenSearch engine promises: clear errors, bounded bulks, indexes of their own, safe placements."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from contacts.search.errors import SearchUnavailable
from contacts.search.limits import OpenSearchLimits
from contacts.search.opensearch import OpenSearchSearch
from contacts.search.opensearch_placement import Home
from contacts.search.port import SearchRequest, Tombstone
from osmem_server import OsmemServer

from .documents import EVERYTHING, OTHER, TENANT, contact, elsewhere, found

LIMITS = OpenSearchLimits(placement_ttl_s=0.01, refresh_interval_ms=100, shards=2, retries=1, retry_pause_s=0.01)


@pytest.fixture(scope="module")
def server() -> Iterator[OsmemServer]:
    with OsmemServer.start() as started:
        yield started
        if started.process.stdout is not None:
            started.process.stdout.close()


@pytest.fixture
def search(server: OsmemServer, request: pytest.FixtureRequest) -> Iterator[OpenSearchSearch]:
    opened = OpenSearchSearch(server.url, prefix=f"t{abs(hash(request.node.name)):x}", engine=LIMITS)
    yield opened
    opened.close()


def indexes(search: OpenSearchSearch) -> list[str]:
    return sorted(search._client.indices.get(index=f"{search._prefix}-*"))


def test_an_engine_that_is_down_is_reported_as_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        search = OpenSearchSearch(f"http://127.0.0.1:{free.getsockname()[1]}", engine=replace(LIMITS, timeout_s=1.0))
        calls = (
            lambda: search.index([contact("x", "X")]),
            lambda: search.search(SearchRequest(TENANT, "x", visibility=EVERYTHING)),
            lambda: search.document_count(TENANT),
            lambda: search.start_rebuild(TENANT),
            lambda: search.drop(TENANT),
            search.refresh,
        )
        for call in calls:
            with pytest.raises(SearchUnavailable):
                call()
        search.close()


def test_a_large_tenant_moves_to_its_own_index_and_back(search: OpenSearchSearch) -> None:
    search.index([contact("x", "Mover"), contact("gone", "Ghost"), *elsewhere([contact("x", "Mover")])])
    search.index([Tombstone(TENANT, "contact", "gone", 2)])
    shared = indexes(search)
    search.rebuild(search.start_rebuild(TENANT, own_index=True), [contact("x", "Mover")])
    search.index([contact("y", "Mover"), contact("gone", "Ghost", version=1)])
    search.refresh()
    (own,) = set(indexes(search)) - set(shared)
    assert f"-own-{TENANT}" in own
    assert sorted(found(search, "mover")) == ["x", "y"]
    assert (found(search, "mover", OTHER), found(search, "ghost")) == (["other-x"], [])
    search.rebuild(search.start_rebuild(TENANT), [contact("x", "Mover")])
    search.refresh()
    (own_again,) = set(indexes(search)) - set(shared)
    assert own_again != own
    search.rebuild(search.start_rebuild(TENANT, own_index=False), [contact("z", "Mover")])
    search.refresh()
    assert indexes(search) == shared
    assert (found(search, "mover"), found(search, "mover", OTHER)) == (["z"], ["other-x"])


def test_a_swapped_out_generation_leaves_nothing_behind(search: OpenSearchSearch) -> None:
    search.index([contact(f"c{n}", "Row") for n in range(30)])
    search.rebuild(search.start_rebuild(TENANT), [contact("c0", "Row")])
    search.start_rebuild(TENANT)
    search.rebuild(search.start_rebuild(TENANT), [contact("c0", "Row")])
    search.refresh()
    assert search._client.count(index=search._shared)["count"] == 1
    search.drop(TENANT)
    search.refresh()
    assert search._client.count(index=search._shared)["count"] == 0


def test_a_bulk_is_cut_by_actions_and_by_bytes(server: OsmemServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for bounds, most in ((replace(LIMITS, bulk_max_actions=7), 7), (replace(LIMITS, bulk_max_bytes=4_000), 10)):
        search = OpenSearchSearch(server.url, prefix=f"bulk{most}", engine=bounds)
        sent: list[str] = []
        bulk = search._client.bulk

        def recorded(*, body: str, send: Callable[..., object] = bulk, to: list[str] = sent) -> object:
            to.append(body)
            return send(body=body)

        monkeypatch.setattr(search._client, "bulk", recorded)
        assert search.index([contact(f"c{n}", f"Person {n}") for n in range(40)]).applied == 40
        assert len(sent) >= 40 // most
        assert all(len(body.splitlines()) <= 2 * most for body in sent)
        search.close()


def test_what_the_engine_was_too_busy_for_is_sent_again_and_then_reported(
    search: OpenSearchSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = search._client.bulk
    refusals = [1]

    def busy(*, body: str) -> object:
        answer = bulk(body=body)
        if refusals[0]:
            refusals[0] -= 1
            answer["items"][0]["index"] |= {"status": 429, "error": {"type": "rejected_execution_exception"}}
        return answer

    monkeypatch.setattr(search._client, "bulk", busy)
    search.index([contact("x", "Patient One"), contact("y", "Patient Two")])
    search.refresh()
    assert sorted(found(search, "patient")) == ["x", "y"]
    refusals[0] = 100
    with pytest.raises(SearchUnavailable, match="too busy"):
        search.index([contact("z", "Patient Three")])


def test_two_processes_cannot_both_change_a_placement(search: OpenSearchSearch) -> None:
    search.index([contact("x", "X")])
    seen = search._placements.read(TENANT)
    assert seen is not None
    assert search._placements.write(TENANT, replace(seen, building=Home("a", 1)))
    assert not search._placements.write(TENANT, replace(seen, building=Home("b", 2)))
    now = search._placements.read(TENANT)
    assert now is not None
    assert now.building == Home("a", 1)


def test_an_index_of_older_analysis_asks_to_be_rebuilt(
    search: OpenSearchSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    search.index([contact("x", "Vera Wang"), *elsewhere([contact("x", "Vera Wang")])])
    assert not search.needs_rebuild(TENANT)
    monkeypatch.setattr("contacts.search.opensearch.ANALYSIS_VERSION", 2)
    search._shared = f"{search._prefix}-shared-v2"
    search._ready = False
    assert search.needs_rebuild(TENANT)
    search.rebuild(search.start_rebuild(TENANT), [contact("x", "Vera Wang")])
    search.refresh()
    assert (search.needs_rebuild(TENANT), search.needs_rebuild(OTHER)) == (False, True)
    monkeypatch.setattr("contacts.search.opensearch.ANALYSIS_VERSION", 20)
    assert search.needs_rebuild(TENANT)
    assert (found(search, "vera"), found(search, "vera", OTHER)) == (["x"], ["other-x"])


def test_tenants_stay_apart_even_with_equal_generations_and_shards(
    server: OsmemServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contacts.search.opensearch_placement.next_generation", lambda: 1)
    search = OpenSearchSearch(server.url, prefix="equal", engine=replace(LIMITS, shards=1))
    search.index([contact("x", "Vera Wang"), *elsewhere([contact("x", "Vera Wang")])])
    search.refresh()
    assert (found(search, "vera"), found(search, "vera", OTHER)) == (["x"], ["other-x"])
    assert (search.document_count(TENANT), search.document_count(OTHER)) == (1, 1)
    search.drop(TENANT)
    search.refresh()
    assert (found(search, "vera"), found(search, "vera", OTHER)) == ([], ["other-x"])
    search.close()
