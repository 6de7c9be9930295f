"""Requests a second through the gateway: get, list and create beside a Flask route with one empty gRPC call."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import orjson

from bench.figure import Figure, Goal, beside
from bench.load import raw_request
from bench.people import people
from bench.rig import Rig
from bench.seeding import contact_ids

LIST_PATHS = {"summary": "/v1/contacts?page_size=50", "full": "/v1/contacts?page_size=50&view=VIEW_FULL"}
GET_GOAL = Goal("ratio", ">=", 0.55)
LIST_GOALS = {"summary": Goal("ratio", ">=", 0.35), "full": Goal("ratio", ">=", 0.20)}
CREATE_GOAL = Goal("ratio", ">=", 0.35)
P95_GOAL = Goal("ratio", "<=", 1.5)
_IDS_ASKED = 200
_CREATE_SEED = 5


def measure(rig: Rig) -> list[Figure]:
    """All of them; seeds the million contacts between the small list and the large one."""
    rig.seed_first()
    small = _list_p95(rig, _list_requests(rig, "summary", companies=1))
    rig.seed_all()
    large = _list_p95(rig, _list_requests(rig, "summary"))
    figures = [get_figure(rig), *(list_figure(rig, view) for view in LIST_PATHS)]
    # What the same list took among few rows, had the machine been as fast as it was for the large one.
    expected = small[1] * large[0] / small[0]
    figures.append(Figure("list 50 p95, all rows against few", large[1], "ms", expected, large[1] / expected, P95_GOAL))
    figures.append(create_figure(rig))
    return figures


def get_figure(rig: Rig) -> Figure:
    """GET of one contact."""
    requests = [
        raw_request(rig.stack.url, f"/v1/contacts/{contact}", headers=company.headers)
        for company in rig.companies
        for contact in contact_ids(rig.admin_url(), company.tenant_id, _IDS_ASKED)
    ]
    return _rate(rig, "get contact", lambda: requests, GET_GOAL)


def list_figure(rig: Rig, view: str) -> Figure:
    """The first page of 50, newest first."""
    requests = _list_requests(rig, view)
    return _rate(rig, f"list 50 contacts, {view}", lambda: requests, LIST_GOALS[view])


def create_figure(rig: Rig) -> Figure:
    """POST of a contact, checked for duplicates, committed to disk with its event."""
    rounds = _creates(rig)
    figure = _rate(rig, "create contact", lambda: next(rounds), CREATE_GOAL)
    rig.settle()
    return figure


def _rate(rig: Rig, name: str, requests: Callable[[], list[bytes]], goal: Goal) -> Figure:
    rig.say(name)
    rig.warm_up(requests())
    pairs = []
    for _ in range(rig.sizes.rounds):
        rig.settle()
        pairs.append((rig.floor().per_s, rig.load(requests()).per_s))
    return beside(name, "requests/s", pairs, goal)


def _list_requests(rig: Rig, view: str, *, companies: int = 0) -> list[bytes]:
    asked = rig.companies[: companies or None]
    return [raw_request(rig.stack.url, LIST_PATHS[view], headers=company.headers) for company in asked]


def _list_p95(rig: Rig, requests: list[bytes]) -> tuple[float, float]:
    """p95 of the floor and of the list, in ms; the median of the rounds."""
    rig.warm_up(requests)
    pairs = [(rig.floor().p95_ms, rig.load(requests).p95_ms) for _ in range(rig.sizes.rounds)]
    middle = sorted(pairs, key=lambda pair: pair[1] / pair[0])[len(pairs) // 2]
    return middle[0], middle[1]


def _creates(rig: Rig) -> Iterator[list[bytes]]:
    """Requests for one round after another; no person comes twice."""
    while True:
        first = rig.next_numbers(rig.sizes.creates_prepared)
        yield [
            raw_request(
                rig.stack.url,
                "/v1/contacts",
                method="POST",
                headers=rig.companies[person.number % len(rig.companies)].headers,
                body=orjson.dumps(person.as_contact()),
            )
            for person in people(rig.sizes.creates_prepared, seed=_CREATE_SEED, first=first)
        ]
