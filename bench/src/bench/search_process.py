"""Fills the embedded engine and times a mix of queries beside a bare tantivy query, in a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.queues import Queue
from pathlib import Path
from random import Random
from typing import TypeVar

import tantivy
from contacts.search.embedded import EmbeddedSearch
from contacts.search.port import CustomerDocument, SearchRequest, Visibility

from bench.people import Person, people

_TENANT = "bench"
_BATCH = 5_000
_SAMPLED = 20_000
_SEED = 3
_HITS = 20
_FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)

_Asked = TypeVar("_Asked")


def time_queries(folder: str, documents: int, queries: int, taken: Queue[tuple[list[float], list[float]]]) -> None:
    """Gives the milliseconds of each query, and of each bare query."""
    root = Path(folder)
    search = EmbeddedSearch(root / "engine")
    floor = _FloorIndex(root / "floor")
    batch: list[Person] = []
    sample: list[Person] = []
    for person in people(documents, seed=_SEED):
        batch.append(person)
        if len(sample) < _SAMPLED:
            sample.append(person)
        if len(batch) == _BATCH:
            _index(search, floor, batch)
            batch = []
    _index(search, floor, batch)
    bare = floor.searcher()
    times: list[float] = []
    bare_times: list[float] = []
    for number, query in zip(range(queries), _queries(sample), strict=False):
        word = sample[number % len(sample)].family_name.lower()
        bare_times.append(_timed(bare, word))
        request = SearchRequest(_TENANT, query, visibility=Visibility.everything())
        times.append(_timed(search.search, request))
    search.close()
    taken.put((times, bare_times))


class _FloorIndex:
    """The names alone, as tantivy itself would index them."""

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("name", stored=False)
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        schema = builder.build()
        folder.mkdir(parents=True)
        self._index = tantivy.Index(schema, path=str(folder))
        self._schema = schema

    def add(self, batch: list[Person]) -> None:
        writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        for person in batch:
            writer.add_document(tantivy.Document(name=person.name, id=str(person.number)))
        writer.commit()
        writer.wait_merging_threads()

    def searcher(self) -> Callable[[str], object]:
        self._index.reload()
        searcher = self._index.searcher()
        return lambda word: searcher.search(tantivy.Query.term_query(self._schema, "name", word), _HITS)


def _index(search: EmbeddedSearch, floor: _FloorIndex, batch: list[Person]) -> None:
    if batch:
        search.index([_document(person) for person in batch])
        floor.add(batch)


def _document(person: Person) -> CustomerDocument:
    return CustomerDocument(
        _TENANT,
        "contact",
        f"{person.number:032x}",
        1,
        person.name,
        emails=(person.email,),
        phones=(person.phone,),
        text=(f"{person.company} GmbH", person.city, person.job_title),
        owner_id=f"user{person.number % 50}",
        team_id=f"team{person.number % 5}",
        updated_at=_FIRST_DAY + timedelta(days=person.number % 2000),
    )


def _queries(sample: list[Person]) -> Iterator[str]:
    """What people type: letters, prefixes, names with a typo, parts of addresses and numbers, several words."""
    pick = Random(_SEED)
    while True:
        one = pick.choice(sample)
        first, last = one.given_name, one.family_name
        typo = last[:1] + last[2:] if len(last) > 4 else last[::-1]
        yield pick.choice("abdgklmnoprst")
        yield last[:3]
        yield f"{last[:3]} {first[:2]}"
        yield one.name
        yield f"{first} {typo}"
        yield f"{typo}qx {first}zv"
        yield one.email
        yield one.email[3:9]
        yield one.email.partition("@")[2]
        yield one.phone[-4:]
        yield one.phone
        yield f"{last} {one.company}"
        yield f"{one.company} {one.city} {one.job_title}"
        yield f"{typo} {first}x {one.company} {one.job_title}"


def _timed(run: Callable[[_Asked], object], asked: _Asked) -> float:
    started = time.perf_counter()
    run(asked)
    return (time.perf_counter() - started) * 1000
