"""``python -m <service> rebuild``: reads the stream of contacts again and repairs the projection, while it is in use.

A row is only ever replaced by a statement of its own version or a newer one, so readers never see it go back, and
the live consumer may run beside it. What the stream no longer keeps stays as it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from chassis.process import Service
from chassis.replay import replay
from chassis.streams import PASSING_ERRORS, connect, declare_stream

from customer_projection.changes import SUBJECTS
from customer_projection.projection import CustomerProjection

log = logging.getLogger(__name__)


def rebuild_command(projection: CustomerProjection) -> Callable[[Service], int]:
    """The command for `Service.commands`."""

    def run(service: Service) -> int:
        try:
            asyncio.run(rebuild(service, projection))
        except PASSING_ERRORS as error:
            log.error("the rebuild stopped (%s); nothing is lost, start it again", error or type(error).__name__)
            return 1
        return 0

    return run


async def rebuild(service: Service, projection: CustomerProjection) -> int:
    """Reads every event of contacts again; returns how many there were."""
    client = await connect(service.settings, f"{service.name}-rebuild")
    try:
        await declare_stream(client, "contacts", service.settings)
        done = await replay(
            client,
            service.database,
            service.settings,
            service="contacts",
            subjects=SUBJECTS,
            handler=partial(projection.apply, rewrite=True),
            report=lambda done, left: log.info("rebuild: %d events read, %d to go", done, left),
        )
    finally:
        await client.close()
    log.info("the rebuild is done: %d events", done)
    return done
