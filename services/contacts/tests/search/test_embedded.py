"""What only the embedded engine promises: one writer, readers in other processes, crash safety, bounded pools."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest
from contacts.search.embedded import EmbeddedSearch
from contacts.search.errors import SearchDocumentInvalid, SearchLocked, SearchUnavailable
from contacts.search.generation import GenerationWriter
from contacts.search.limits import EmbeddedLimits, SearchLimits
from contacts.search.port import Tombstone
from contacts.search.prepared import prepare
from contacts.search.tantivy_query import build_schema

from .documents import OTHER, TENANT, contact, elsewhere, found

_SEGMENTS_PER_MERGE = 8
"""tantivy's own: so many small segments are merged into one, in the background of the commit that made the last."""


def run_python(code: str, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def test_a_second_writer_is_told_who_may_write(tmp_path: Path) -> None:
    first = EmbeddedSearch(tmp_path)
    with pytest.raises(SearchLocked, match="another process"):
        EmbeddedSearch(tmp_path)
    first.close()
    EmbeddedSearch(tmp_path).close()


def test_a_reader_refuses_to_write(tmp_path: Path) -> None:
    reader = EmbeddedSearch(tmp_path, writable=False)
    for write in (
        lambda: reader.index([contact("x", "X")]),
        lambda: reader.start_rebuild(TENANT),
        lambda: reader.drop(TENANT),
    ):
        with pytest.raises(SearchLocked, match="only reads"):
            write()
    reader.close()


def test_a_reading_process_sees_every_commit_rebuild_and_drop(tmp_path: Path) -> None:
    writer = EmbeddedSearch(tmp_path)
    with run_python(
        """
        import sys
        from pathlib import Path
        from contacts.search.embedded import EmbeddedSearch
        from contacts.search.port import SearchRequest, Visibility
        search = EmbeddedSearch(Path(sys.argv[1]), writable=False)
        for query in sys.stdin:
            hits = search.search(SearchRequest(sys.argv[2], query.strip(), visibility=Visibility.everything()))
            print(",".join(sorted(hit.id for hit in hits)), flush=True)
        """,
        tmp_path,
        TENANT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(query: str) -> str:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(query + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        assert ask("vera") == ""
        writer.index([contact("x", "Vera Wang"), *elsewhere([contact("x", "Vera Wang")])])
        assert ask("vera") == "x"
        writer.index([contact("y", "Vera Ling")])
        assert ask("vera") == "x,y"
        for _ in range(3):
            writer.rebuild(writer.start_rebuild(TENANT), [contact("z", "Vera Zed", version=9)])
            assert ask("vera") == "z"
        writer.drop(TENANT)
        assert ask("vera") == ""
        process.stdin.close()
    writer.close()
    assert process.returncode == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path, seed: int) -> None:
    with run_python(
        """
        import itertools, sys
        from pathlib import Path
        from contacts.search.embedded import EmbeddedSearch
        from contacts.search.port import CustomerDocument
        search = EmbeddedSearch(Path(sys.argv[1]))
        search.start_rebuild(sys.argv[2])
        for batch in itertools.count():
            search.index([
                CustomerDocument(sys.argv[2], "contact", f"c{n}", batch + 1, f"Batch {9000 + batch} Row {1000 + n}")
                for n in range(batch % 7, 60)
            ])
            print(batch, flush=True)
        """,
        tmp_path,
        TENANT,
    ) as process:
        assert process.stdout is not None
        acknowledged = -1
        while acknowledged < 5:
            acknowledged = int(process.stdout.readline())
        time.sleep(0.013 * seed)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        acknowledged = int(rest[-1]) if rest else acknowledged
    search = EmbeddedSearch(tmp_path)
    assert search.document_count(TENANT) == 60
    # The unacknowledged batch may be there as well; applying it again must not matter.
    for batch in (acknowledged, acknowledged + 1):
        again = [
            contact(f"c{n}", f"Batch {9000 + batch} Row {1000 + n}", version=batch + 1) for n in range(batch % 7, 60)
        ]
        search.index(again)
        assert found(search, "1059") == ["c59"]
        assert len(found(search, f"{9000 + batch}", limit=100)) == 60 - batch % 7
    assert search.document_count(TENANT) == 60
    assert len(list((tmp_path / "tenants" / TENANT).glob("generation-*"))) == 1
    search.close()


def test_many_tenants_keep_few_indexes_open(tmp_path: Path) -> None:
    search = EmbeddedSearch(tmp_path, embedded=EmbeddedLimits(open_writers=2, open_readers=3, commit_threads=2))
    before = threads()
    tenants = [f"tenant-{number}" for number in range(40)]
    for round_ in range(2):
        row = contact("c", f"Round {1000 + round_}", version=round_ + 1)
        search.index([replace(row, tenant_id=tenant) for tenant in tenants])
    for tenant in tenants:
        assert found(search, "1001", tenant) == ["c"]
        assert found(search, "1000", tenant) == []
    assert len(search._readers._open) == 3
    assert len(search._writers._idle) == 2
    # tantivy's file watchers need half a second to notice that their index is closed.
    deadline = time.monotonic() + 10
    while threads() - before > 2 + 3 + 2 * 8 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert threads() - before <= 2 + 3 + 2 * 8
    search.close()


def test_a_small_tenant_written_one_by_one_does_not_gather_segments(tmp_path: Path) -> None:
    search = EmbeddedSearch(tmp_path, embedded=EmbeddedLimits(open_writers=1))
    for number in range(60):
        search.index([contact(f"c{number}", "Drop by Drop"), *elsewhere([contact("o", "Other", version=number)])])
    with search._readers.searcher(search._folder(TENANT)) as searcher:
        assert searcher is not None
        assert searcher.num_segments <= 16
    assert search.document_count(TENANT) == 60
    search.close()


def test_closing_a_writer_waits_for_its_merges(tmp_path: Path) -> None:
    writer = GenerationWriter(tmp_path, build_schema(), SearchLimits(), EmbeddedLimits().writer_heap_bytes)
    for commit in range(_SEGMENTS_PER_MERGE):
        batch = [contact(f"c{commit}-{number}", "Drop by Drop") for number in range(20)]
        writer.apply(prepare(batch, SearchLimits())[TENANT])
    writer.close()
    assert len(json.loads((tmp_path / "meta.json").read_text())["segments"]) == 1


def test_a_broken_index_is_reported_as_unavailable(tmp_path: Path) -> None:
    search = EmbeddedSearch(tmp_path)
    search.index([contact("x", "Vera Wang"), *elsewhere([contact("x", "Vera Wang")])])
    search.close()
    (meta,) = (tmp_path / "tenants" / TENANT).glob("generation-*/meta.json")
    meta.write_text("{")
    search = EmbeddedSearch(tmp_path)
    with pytest.raises(SearchUnavailable):
        found(search, "vera")
    with pytest.raises(SearchUnavailable):
        search.index([contact("y", "Vera Ling")])
    assert found(search, "vera", OTHER) == ["other-x"]
    search.close()


def test_an_index_of_older_analysis_asks_to_be_rebuilt(tmp_path: Path) -> None:
    search = EmbeddedSearch(tmp_path)
    search.index([contact("x", "Vera Wang")])
    assert not search.needs_rebuild(TENANT)
    state = tmp_path / "tenants" / TENANT / "state.json"
    state.write_text(state.read_text().replace('"analysis": 1', '"analysis": 0'))
    assert search.needs_rebuild(TENANT)
    search.rebuild(search.start_rebuild(TENANT), [contact("x", "Vera Wang")])
    assert not search.needs_rebuild(TENANT)
    search.close()


def test_an_oversize_batch_is_refused_whole(tmp_path: Path) -> None:
    search = EmbeddedSearch(tmp_path, SearchLimits(batch_max_changes=2))
    with pytest.raises(SearchDocumentInvalid, match="at most 2"):
        search.index([Tombstone(TENANT, "contact", str(n), 1) for n in range(3)])
    search.close()
