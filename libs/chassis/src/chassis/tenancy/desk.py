"""The worker's desk for a tenant's life: identity's worker asks over the bus, and every service does its part.

Requests are sealed under the installation's secret and end within seconds, so nobody who merely reaches the bus can
erase a company. A request starts the work or joins it; the answer says how it stands. After a crash the asker asks
again, and all that is done here may be repeated.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal
from uuid import UUID, uuid4

import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg

from chassis.caller import Caller
from chassis.errors import FuniaError, Unavailable
from chassis.files import open_files
from chassis.placements import placed_urls, relay_urls
from chassis.settings import Settings
from chassis.streams import PASSING_ERRORS, connect
from chassis.tenancy.cut import CutTable, write_cut
from chassis.tenancy.erasing import BESIDE, count_tenant, erase_tenant
from chassis.tenancy.part import TenantPart
from chassis.tenancy.restoring import restore_tables
from chassis.tenancy.usage import hand_over
from chassis.work import Database

log = logging.getLogger(__name__)

Task = Literal["count", "erase", "cut", "restore", "usage"]
ARCHIVES = "archives"
"""Prefix, in the store of files, of what services and identity hand to each other."""

_SUBJECT = "funia-control.{service}.tenant"
_GOOD_FOR_S = 30
_LONG_POLL_S = 2.0
_ASK_TIMEOUT_S = 8.0
_PAUSE_S = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done, for whom; `key` names the export or erasure it belongs to."""

    task: Task
    tenant_id: UUID
    key: str
    arguments: dict[str, Any]


class TenantDesk:
    """Carries requests out, for one service. Give `listen` to the worker as a background."""

    def __init__(self, service: str, settings: Settings, database: Database, part: TenantPart) -> None:
        self._service = service
        self._settings = settings
        self._database = database
        self._part = part
        self._running: dict[tuple[Task, UUID, str], asyncio.Task[dict[str, Any]]] = {}

    async def listen(self) -> None:
        """Serves until cancelled."""
        client = await connect(self._settings, f"{self._service}-tenants")
        own = f"{_SUBJECT.format(service=self._service)}.{uuid4().hex}"

        async def answer(message: Msg) -> None:
            await message.respond(orjson.dumps(await self._answer(message.data, own)))

        try:
            await client.subscribe(_SUBJECT.format(service=self._service), queue="tenants", cb=_apart(answer))
            await client.subscribe(own, cb=_apart(answer))
            await asyncio.Event().wait()
        finally:
            await client.close()

    async def _answer(self, body: bytes, own: str) -> dict[str, Any]:
        asked = opened(body, self._settings)
        if asked is None:
            log.warning("a request about a tenant was refused: its seal does not hold")
            return {"refused": "the seal does not hold, or is too old"}
        key = (asked.task, asked.tenant_id, asked.key)
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = asyncio.create_task(asyncio.to_thread(self._carry_out, asked))
        done, _ = await asyncio.wait([running], timeout=_LONG_POLL_S)
        if not done:
            return {"running": own}
        self._running.pop(key, None)
        error = running.exception()
        if isinstance(error, FuniaError):
            return {"failed": error.message}
        if error is not None:
            log.error("%s of a tenant failed", asked.task, exc_info=error)
            return {"failed": f"{type(error).__name__} in {self._service}; its log says why"}
        return {"done": running.result()}

    def _carry_out(self, asked: Asked) -> dict[str, Any]:
        settings, part, tenant_id = self._settings, self._part, asked.tenant_id
        if asked.task == "count":
            return dict(self._count(tenant_id))
        if asked.task == "erase":
            # Everywhere: a move may have left a copy.
            for url in relay_urls(settings).values():
                erase_tenant(url, tenant_id, part, batch_rows=settings.tenant_batch_rows)
            return {}
        if asked.task == "usage":
            urls = relay_urls(settings).values()
            return {"counted": hand_over(urls, asked.arguments["told"], most=asked.arguments["most"])}
        store = open_files(settings, ARCHIVES)
        if asked.task == "cut":
            home = self._database.home_of(tenant_id)
            cut = write_cut(
                self._service, home.url, tenant_id, part, store, asked.key, max_bytes=settings.archive_max_bytes
            )
            return asdict(cut)
        tables = [CutTable(**one) for one in asked.arguments["tables"]]
        caller = Caller.system(tenant_id)
        batch_rows = settings.tenant_batch_rows
        return dict(restore_tables(self._database, caller, part, store, tables, batch_rows=batch_rows))

    def _count(self, tenant_id: UUID) -> Counter[str]:
        """Of all placements together; files and views there are once."""
        found: Counter[str] = Counter()
        for app_url, relay_url in placed_urls(self._settings):
            counted = count_tenant(app_url, relay_url, tenant_id, self._part)
            found.update({name: count for name, count in counted.items() if name not in BESIDE or name not in found})
        return found


async def carry_out(
    client: Client, settings: Settings, service: str, asked: Asked, *, patience_s: float
) -> dict[str, Any]:
    """Has a service do its part and waits for the end, however long it works.

    Raises Unavailable where nobody answers for `patience_s`, and where the service says that it failed.
    """
    to = first = _SUBJECT.format(service=service)
    silent_since = time.monotonic()
    while True:
        try:
            reply = await client.request(to, sealed(asked, settings), timeout=_ASK_TIMEOUT_S)
        except PASSING_ERRORS as error:
            if time.monotonic() - silent_since > patience_s:
                raise Unavailable(f"{service} does not answer", reason="SERVICE_AWAY") from error
            to = first
            await asyncio.sleep(_PAUSE_S)
            continue
        silent_since = time.monotonic()
        answer = orjson.loads(reply.data)
        if "done" in answer:
            result: dict[str, Any] = answer["done"]
            return result
        if "running" not in answer:
            raise Unavailable(str(answer.get("failed") or answer.get("refused")), reason="TENANT_TASK_FAILED")
        to = answer["running"]


def sealed(asked: Asked, settings: Settings, *, now: float | None = None) -> bytes:
    """The request as it goes over the bus."""
    body = orjson.dumps(
        {
            "task": asked.task,
            "tenant_id": str(asked.tenant_id),
            "key": asked.key,
            "arguments": asked.arguments,
            "until": (time.time() if now is None else now) + _GOOD_FOR_S,
        }
    )
    return orjson.dumps({"body": body.decode(), "seal": _seal(body, settings)})


def opened(message: bytes, settings: Settings) -> Asked | None:
    """The request inside, or None where the seal does not hold or its time is over."""
    try:
        outer = orjson.loads(message)
        body = str(outer["body"]).encode()
        if not hmac.compare_digest(str(outer["seal"]), _seal(body, settings)):
            return None
        inner = orjson.loads(body)
        if float(inner["until"]) < time.time():
            return None
        return Asked(inner["task"], UUID(inner["tenant_id"]), inner["key"], inner["arguments"])
    except (ValueError, KeyError, TypeError):
        return None


def _seal(body: bytes, settings: Settings) -> str:
    secret = settings.secret.get_secret_value()
    if not secret:
        raise ValueError("FUNIA_SECRET must be set")
    key = hmac.new(secret.encode(), b"funia:tenant-desk", hashlib.sha256).digest()
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def _apart(answer: Callable[[Msg], Any]) -> Callable[[Msg], Any]:
    """Answers in a task of its own: one request may wait without holding the next."""
    tasks: set[asyncio.Task[None]] = set()

    async def start(message: Msg) -> None:
        task = asyncio.create_task(answer(message))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return start
