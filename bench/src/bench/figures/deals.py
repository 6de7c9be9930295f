"""Deals: the board and the lists among few rows and among all, and how soon a move is seen in another browser."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from uuid import UUID, uuid4

import httpx
import nats
import orjson
import psycopg

from bench.companies import Company
from bench.copying import copy_rows
from bench.figure import Figure, Goal, percentile
from bench.load import raw_request
from bench.rig import Rig

MANY_GOAL = Goal("ratio", "<=", 1.5)
MOVE_GOAL = Goal("value", "<", 300, "ms")
_STAGES = 6
_ARRIVES_WITHIN_S = 10.0
_SETTLED_S = 0.05
_CHANGED = {
    "id": "uuidv7()",
    "tenant_id": "owner.id",
    "name": "'Deal ' || number",
    "name_key": "'deal ' || number",
    "stage_id": "(%(stages)s::uuid[])[1 + number %% cardinality(%(stages)s::uuid[])]",
    "amount_minor": "100 * number",
    "home_amount_minor": "100 * number",
    "stage_entered_at": "now() - interval '1 hour' * number",
    "created_at": "now() - interval '2 hours' * number",
    "expected_close_date": "current_date + number %% 90",
}


def measure(rig: Rig) -> list[Figure]:
    """The figures on a company's thousand deals, first alone and then with those of all others."""
    rig.say("deals")
    company = rig.companies[0]
    with company.http() as http:
        pipeline, stages = _pipeline(http)
        template = _create(http, pipeline, stages[0])
    paths = {
        "board": f"/v1/pipelines/{pipeline}/board",
        "list 50 deals": "/v1/deals?page_size=50",
        "list 50 deals by amount": "/v1/deals?page_size=50&order_by=amount%20desc",
    }
    _seed(rig, [company.tenant_id], template, stages)
    few = {name: _p95(rig, company, path) for name, path in paths.items()}
    move = _move_figure(rig, company, template, stages)
    others = [uuid4() for _ in range(rig.sizes.deal_tenants - 1)]
    _seed(rig, others, template, stages)
    figures = [move]
    for name, path in paths.items():
        floor, value = _p95(rig, company, path)
        # What it took among few rows, had the machine been as fast as it was among all.
        expected = few[name][1] * floor / few[name][0]
        figures.append(Figure(f"{name} p95, all rows against few", value, "ms", expected, value / expected, MANY_GOAL))
    return figures


def _pipeline(http: httpx.Client) -> tuple[str, list[str]]:
    """A pipeline of open stages that ask for nothing, and these stages."""
    pipeline = http.post("/v1/pipelines", json={"name": "Bench"}).raise_for_status().json()["id"]
    stages = []
    for number in range(_STAGES):
        stage = {"pipeline_id": pipeline, "name": f"Stage {number}", "position": number, "probability": 10 * number}
        stages.append(http.post("/v1/stages", json=stage).raise_for_status().json()["id"])
    return pipeline, stages


def _create(http: httpx.Client, pipeline: str, stage: str) -> str:
    amount = {"currency_code": "EUR", "amount_minor": "1250000"}
    deal = {"name": "Template", "pipeline_id": pipeline, "stage_id": stage, "amount": amount}
    return str(http.post("/v1/deals", json=deal).raise_for_status().json()["id"])


def _seed(rig: Rig, tenants: list[UUID], template: str, stages: list[str]) -> None:
    """Gives each tenant its deals, mixed as years of daily work leave them."""
    rig.say(f"seeding {len(tenants) * rig.sizes.deals_per_tenant:,} deals")
    source = (
        "deal, generate_series(1, %(each)s) AS number, unnest(%(tenants)s::uuid[]) AS owner(id)"
        " WHERE deal.id = %(template)s ORDER BY number"
    )
    arguments = {"each": rig.sizes.deals_per_tenant, "tenants": tenants, "template": template, "stages": stages}
    with psycopg.connect(rig.admin_url("sales"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        copy_rows(connection, "deal", _CHANGED, source, arguments)
        connection.execute("VACUUM (ANALYZE) deal")


def _p95(rig: Rig, company: Company, path: str) -> tuple[float, float]:
    """p95 of the floor and of the path in ms; the median of the rounds by ratio."""
    requests = [raw_request(rig.stack.url, path, headers=company.headers)]
    rig.warm_up(requests)
    pairs = [(rig.floor().p95_ms, rig.load(requests).p95_ms) for _ in range(rig.sizes.rounds)]
    middle = sorted(pairs, key=lambda pair: pair[1] / pair[0])[len(pairs) // 2]
    return middle[0], middle[1]


def _move_figure(rig: Rig, company: Company, deal: str, stages: list[str]) -> Figure:
    """From the request that moves a card until another browser was told and has read the card anew; p95.

    The floor is a message over the plain bus, there and back, and the card's own GET.
    """
    rig.say("board move")
    with company.http() as mover, company.http() as watcher, _events(rig, company) as arrived:
        seen = []
        for number in range(1, rig.sizes.deal_moves + 1):
            started = time.monotonic()
            moved = {"stage_id": stages[number % len(stages)]}
            mover.post(f"/v1/deals/{deal}:move", json=moved).raise_for_status()
            while arrived.get(timeout=_ARRIVES_WITHIN_S) != deal:
                pass
            card = watcher.get(f"/v1/deals/{deal}").raise_for_status().json()
            seen.append((time.monotonic() - started) * 1000)
            if card["stage_id"] != moved["stage_id"]:
                raise RuntimeError("the card was told of before it could be read")
            time.sleep(_SETTLED_S)
        plain = asyncio.run(_plain_times(rig, watcher, f"/v1/deals/{deal}"))
    value, floor = percentile(seen, 95), percentile(plain, 95)
    return Figure("board move seen by others p95", value, "ms", floor, value / floor, MOVE_GOAL)


@contextmanager
def _events(rig: Rig, company: Company) -> Iterator[Queue[str]]:
    """Ids of the deals that the company's live stream tells of, as they arrive."""
    arrived: Queue[str] = Queue()
    opened = threading.Event()
    ended = threading.Event()

    def listen() -> None:
        timeout = httpx.Timeout(_ARRIVES_WITHIN_S, read=None)
        # The stack may go away before the stream has said its last.
        with (
            contextlib.suppress(httpx.TransportError),
            httpx.Client(headers=company.headers, timeout=timeout, trust_env=False) as http,
        ):
            address = f"{rig.stack.live_url}/live/events"
            with http.stream("GET", address, params={"types": "sales.deal."}) as answer:
                answer.raise_for_status()
                opened.set()
                for line in answer.iter_lines():
                    if ended.is_set():
                        return
                    if line.startswith("data:"):
                        arrived.put(orjson.loads(line[5:]).get("subject_id", ""))

    threading.Thread(target=listen, daemon=True).start()
    if not opened.wait(_ARRIVES_WITHIN_S):
        raise TimeoutError("the live stream does not open")
    try:
        yield arrived
    finally:
        ended.set()


async def _plain_times(rig: Rig, http: httpx.Client, path: str) -> list[float]:
    client = await nats.connect(rig.stack.nats_url)
    times = []
    try:
        inbox = await client.subscribe("bench.board")
        for _ in range(rig.sizes.deal_moves):
            started = time.monotonic()
            await client.publish("bench.board", b"moved")
            await inbox.next_msg(timeout=_ARRIVES_WITHIN_S)
            http.get(path).raise_for_status()
            times.append((time.monotonic() - started) * 1000)
    finally:
        await client.close()
    return times
