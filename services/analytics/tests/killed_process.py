"""The worker of analytics in a process of its own, to be killed: consumes every stream into the embedded store.

Run as ``python killed_process.py <state folder> <NATS URL>``; prints the ids of every batch stored, in a line.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from analytics.consumers.events import Batch, EventWriter, subscriptions
from analytics.settings import Settings
from analytics.store.opening import open_store
from chassis.consumer import Consumer
from chassis.streams import connect
from chassis.subscriptions import RawSubscription


async def consume(settings: Settings) -> None:
    store = open_store(settings)
    writer = EventWriter(store, max_rows=300, interval_s=0.02, timeout_s=10)

    def write(batch: Batch) -> None:
        writer.write(batch)
        sys.stdout.write(f"{' '.join(envelope.id for envelope, _ in batch)}\n")
        sys.stdout.flush()

    contacts = next(entry for entry in subscriptions(writer) if entry.service == "contacts")
    told = RawSubscription(contacts.name, contacts.service, contacts.subjects, write)
    client = await connect(settings, "killed")
    await Consumer(told, settings, client).run()


if __name__ == "__main__":
    asyncio.run(
        consume(
            Settings(
                state_dir=Path(sys.argv[1]),
                nats_url=sys.argv[2],
                consumer_batch_size=100,
                consumer_ack_wait_s=1.0,
                consumer_fetch_wait_s=0.5,
            )
        )
    )
