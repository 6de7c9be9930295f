"""Asking for a rebuild: the command reaches the process that owns the store over the bus, and follows its progress."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import orjson
from chassis.errors import FuniaError
from chassis.streams import connect
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeoutError

from analytics.consumers.events import EventWriter
from analytics.jobs.rebuild import Rebuild, RebuildProgress
from analytics.settings import Settings
from analytics.store.port import ColumnStore

SUBJECT = "funia-control.analytics.rebuild"
"""Outside of every stream: a request nobody hears must fail, not wait."""

_ANSWER_WAIT_S = 5.0
_REPORT_INTERVAL_S = 0.5


def rebuild_listener(store: ColumnStore, writer: EventWriter, settings: Settings) -> Callable[[], Awaitable[None]]:
    """The endless task that carries requests out, one at a time. Several workers share the requests."""

    async def listen() -> None:
        client = await connect(settings, "analytics-rebuild")
        running = asyncio.Lock()

        async def carry_out(message: Msg) -> None:
            if running.locked():
                await message.respond(orjson.dumps({"error": "A rebuild is running already; wait for its end."}))
                return
            async with running:
                await message.respond(b"{}")
                await _run(Rebuild(store, writer, settings, client), client, message.data.decode())

        try:
            subscription = await client.subscribe(SUBJECT, queue="analytics")
            tasks: set[asyncio.Task[None]] = set()
            async for message in subscription.messages:
                task = asyncio.create_task(carry_out(message))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        finally:
            await client.close()

    return listen


async def request_rebuild(settings: Settings, say: Callable[[str], None]) -> bool:
    """Asks the running process and follows it to the end. False where no process answers.

    Raises RuntimeError with what to do where the rebuild is refused, fails or falls silent.
    """
    client = await connect(settings, "analytics-rebuild-request")
    try:
        inbox = client.new_inbox()
        progress = await client.subscribe(inbox)
        try:
            answer = await client.request(SUBJECT, inbox.encode(), timeout=_ANSWER_WAIT_S)
        except NoRespondersError:
            return False
        _raise_refusal(orjson.loads(answer.data))
        while True:
            try:
                message = await progress.next_msg(timeout=settings.analytics_rebuild_silence_s)
            except NatsTimeoutError as error:
                raise RuntimeError("The rebuild has fallen silent; look at the log of analytics.") from error
            report = orjson.loads(message.data)
            _raise_refusal(report)
            say(f"{report['events']} of {report['expected']} events")
            if report["done"]:
                return True
    finally:
        await client.close()


async def rebuild_here(store: ColumnStore, settings: Settings, say: Callable[[str], None]) -> None:
    """Rebuilds in this process, which owns the store."""
    client = await connect(settings, "analytics-rebuild")
    writer = EventWriter(store, max_rows=1, interval_s=0, timeout_s=settings.analytics_insert_timeout_s)
    try:
        await Rebuild(store, writer, settings, client).run(
            lambda progress: say(f"{progress.events} of {progress.expected} events")
        )
    finally:
        await client.close()


def print_progress(line: str) -> None:
    """Shows one line of progress to the operator."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _run(rebuild: Rebuild, client: Client, inbox: str) -> None:
    loop = asyncio.get_running_loop()
    said = 0.0
    sending: list[Awaitable[None]] = []

    def report(progress: RebuildProgress) -> None:
        nonlocal said
        now = time.monotonic()
        if progress.done or now - said >= _REPORT_INTERVAL_S:
            said = now
            sending.append(loop.create_task(client.publish(inbox, orjson.dumps(progress))))

    try:
        await rebuild.run(report)
    except FuniaError as error:
        await client.publish(inbox, orjson.dumps({"error": error.message}))
    await asyncio.gather(*sending)


def _raise_refusal(report: dict[str, str]) -> None:
    if "error" in report:
        raise RuntimeError(report["error"])
