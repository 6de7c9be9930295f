"""The first step of ``python -m <service>``: loads no more than the command needs.

Migrations run before every start, of every service at once; none of them needs the service itself.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from chassis.settings import Settings

log = logging.getLogger(__name__)


def main(package: str, argv: Sequence[str] | None = None) -> int:
    """Runs the command named in `argv` for the service whose `app.py` has `build`; returns the exit code."""
    words = list(argv) if argv is not None else sys.argv[1:]
    if words == ["migrate"]:
        return migrate(package, migrations_of(package))
    from chassis import process

    return process.main(import_module(f"{package}.app").build, words)


def migrations_of(package: str) -> Path:
    """The folder of a service's migrations."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ValueError(f"{package} is not an installed package")
    return Path(found.submodule_search_locations[0]) / "migrations"


def migrate(name: str, migrations: Path) -> int:
    """Brings every database of the service to the newest revision, with the environment's settings; returns 0."""
    from chassis import migrate as alembic
    from chassis.placements import owner_urls
    from chassis.telemetry import configure_logs

    settings = Settings()
    configure_logs(name, level=settings.log_level, as_json=settings.log_json)
    for placement, url in owner_urls(settings):
        changed = alembic.migrate(migrations, url)
        log.info("%s is at the newest revision%s", placement, "" if changed else "; nothing to do")
    return 0
