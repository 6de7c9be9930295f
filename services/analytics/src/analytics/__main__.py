"""``python -m analytics migrate | serve | work | all | rebuild``."""

from __future__ import annotations

import asyncio
import sys

from chassis.errors import FuniaError
from chassis.launch import migrate, migrations_of

from analytics.errors import StoreInUse
from analytics.jobs.rebuild_request import print_progress, rebuild_here, request_rebuild
from analytics.settings import Settings
from analytics.store.opening import open_store


def main() -> int:
    """Runs the command; returns the exit code."""
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    try:
        if command == "rebuild":
            asyncio.run(_rebuild(Settings()))
            return 0
        if command == "migrate":
            return _migrate()
        from chassis import process

        from analytics.app import build

        return process.main(lambda: build(command))
    except (StoreInUse, FuniaError, RuntimeError) as error:
        sys.stderr.write(f"analytics: {error}\n")
        return 1


def _migrate() -> int:
    """The service's own database, and the store where it is a server's: an embedded one is made at its opening."""
    code = migrate("analytics", migrations_of("analytics"))
    settings = Settings()
    if settings.clickhouse_url:
        open_store(settings).close()
    return code


async def _rebuild(settings: Settings) -> None:
    if await request_rebuild(settings, print_progress):
        return
    store = open_store(settings)
    try:
        await rebuild_here(store, settings, print_progress)
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
