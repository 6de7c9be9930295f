"""Figures of the embedded engine, for people: `python bench_search.py [documents] [folder]`. Not a test.

Prints documents a second (CPU of the whole process, so one core's worth), then query times beside a bare
tantivy term query on the same index. A folder that is already filled is measured as it is.
"""

import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contacts.search.embedded import EmbeddedSearch
from contacts.search.port import CustomerDocument, SearchRequest, Visibility

TENANT = "bench"
OTHER = "bench-other"
BATCH = 5_000
QUERIES = 1_400
Took = tuple[float, float]

_SYLLABLES = [consonant + vowel for consonant in "bdghklmnprstvz" for vowel in "aeio"]
_FIRST = (
    *("James", "Mary", "John", "Patricia", "Robert", "Jennifer", "Michael", "Linda", "Peter", "Anna"),
    *("Иван", "Мария", "Александр", "Елена", "Георги", "Цветелина"),
)
_LAST = (
    *("Smith", "Johnson", "Brown", "Miller", "Davis", "Wilson", "Müller", "Schmidt", "García"),
    *("Иванов", "Петров", "Смирнов", "Щербаков", "Димитров"),
)
_CITIES = [
    start + end
    for start in ("Lon", "Ber", "Par", "Sof", "Mos", "Plov", "Ham", "Var")
    for end in ("don", "lin", "is", "ia", "cow")
]
_JOBS = [
    f"{level} {field}"
    for level in ("Head of", "Junior", "Senior", "Chief")
    for field in ("sales", "purchasing", "marketing", "finance", "engineering", "support", "logistics")
]
_LEGAL = ("Ltd", "Inc", "GmbH", "OOO", "AD", "SA")


class People:
    """A seeded crowd: a few very common names, a long tail of rare ones, as in life."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._rare = [self._invented() for _ in range(60_000)]
        self._companies = [self._invented() for _ in range(30_000)]

    def _invented(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.choice((2, 3, 3, 4)))).title()

    def name(self) -> tuple[str, str]:
        pick = self._random
        first = pick.choice(_FIRST) if pick.random() < 0.5 else pick.choice(self._rare)
        return first, pick.choice(_LAST) if pick.random() < 0.2 else pick.choice(self._rare)

    def document(self, number: int) -> CustomerDocument:
        pick = self._random
        first, last = self.name()
        company = self._companies[int(len(self._companies) * pick.random() ** 2)]
        return CustomerDocument(
            TENANT,
            "contact",
            f"{number:032x}",
            1,
            f"{first} {last}",
            emails=(f"{pick.choice(self._rare)}.{pick.choice(self._rare)}{number % 97}@{company}.com".lower(),),
            phones=(f"+{pick.choice((1, 44, 7, 359))}{pick.randrange(10**9, 10**10)}",),
            text=(f"{company} {pick.choice(_LEGAL)}", pick.choice(_CITIES), pick.choice(_JOBS)),
            owner_id=f"user{number % 50}",
            team_id=f"team{number % 5}",
            updated_at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=number % 2000),
        )

    def queries(self, sample: list[CustomerDocument]) -> Iterator[tuple[str, str]]:
        pick = self._random
        while True:
            one = pick.choice(sample)
            first, last = one.title.split()
            typo = last[:1] + last[2:] if len(last) > 4 else last[::-1]
            yield "one letter", pick.choice("abdgklmnoprst")
            yield "prefix", last[:3]
            yield "two prefixes", f"{last[:3]} {first[:2]}"
            yield "full name", f"{first} {last}"
            yield "typo", f"{first} {typo}"
            yield "nobody", f"{typo}qx {first}zv"
            yield "e-mail", one.emails[0]
            yield "middle of e-mail", one.emails[0][3:9]
            yield "domain", one.emails[0].partition("@")[2]
            yield "last four digits", one.phones[0][-4:]
            yield "phone", one.phones[0]
            yield "name and company", f"{last} {one.text[0]}"
            yield "company, city and job", f"{one.text[0]} {one.text[1]} {one.text[2]}"
            yield "six words, two typos", f"{typo} {first}x {one.text[0]} {one.text[2]}"


def fill(search: EmbeddedSearch, people: People, documents: int) -> None:
    spent = 0.0
    for start in range(0, documents, BATCH):
        batch = [people.document(number) for number in range(start, min(documents, start + BATCH))]
        before = time.process_time()
        search.index(batch)
        spent += time.process_time() - before
    print(f"indexed {documents:,} documents in batches of {BATCH:,}: {documents / spent:,.0f} documents/s of one core")
    search.index([replace(people.document(number), tenant_id=OTHER) for number in range(100)])


def timed(run: Callable[[], object]) -> Took:
    """Wall and processor time: only the latter means something on a machine that does other work as well."""
    wall, processor = time.perf_counter(), time.thread_time()
    run()
    return (time.perf_counter() - wall) * 1000, (time.thread_time() - processor) * 1000


def show(what: str, took: list[Took]) -> None:
    said = []
    for which, times in zip(("wall", "cpu"), zip(*took, strict=True), strict=True):
        p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        said.append(f"{which}: p50 {statistics.median(times):6.2f}  p95 {p95:6.2f}  max {max(times):7.2f} ms")
    print(f"{what:24} {'   '.join(said)}")


def main() -> None:
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        search = EmbeddedSearch(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch))
        people = People(seed=7)
        if not search.document_count(TENANT):
            fill(search, people, documents)
        people = People(seed=7)
        sample = [people.document(number) for number in range(min(documents, 20_000))]
        owner = Visibility.own("user7")
        by_kind: dict[str, list[Took]] = {}
        everyone: list[Took] = []
        own: list[Took] = []
        bare: list[Took] = []
        for number, (kind, query) in zip(range(QUERIES), people.queries(sample), strict=False):
            request = SearchRequest(TENANT, query, visibility=Visibility.everything())
            took = timed(lambda asked=request: search.search(asked))
            by_kind.setdefault(kind, []).append(took)
            everyone.append(took)
            restricted = replace(request, visibility=owner)
            own.append(timed(lambda asked=restricted: search.search(asked)))
            term = search._queries.term("name", sample[number].title.split()[1].lower())
            with search._readers.searcher(search._folder(TENANT)) as searcher:
                assert searcher is not None
                bare.append(timed(lambda term=term, searcher=searcher: searcher.search(term, 20)))
        for kind, times in by_kind.items():
            show(kind, times)
        show("ALL", everyone)
        show("ALL, own records only", own)
        show("bare tantivy term query", bare)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
        search.close()


if __name__ == "__main__":
    main()
