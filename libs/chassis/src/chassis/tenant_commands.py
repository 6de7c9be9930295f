"""``python -m <service> move | clean | backup | restore``: what an operator does with one tenant's rows in a service.

Needs the owner's URLs, as `migrate` does. ``python -m local_stack`` runs them for all services.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import psycopg

from chassis.errors import FuniaError
from chassis.moving import Mover
from chassis.settings import Settings

log = logging.getLogger(__name__)

COMMANDS = ("move", "clean", "backup", "restore")


def run(service: str, settings: Settings, argv: Sequence[str], *, follows: Sequence[str] = ()) -> int:
    """Runs the command; returns the exit code. What went wrong is logged."""
    options = _parser(service).parse_args(argv)
    try:
        if options.command in ("backup", "restore"):
            _keep(service, settings, options, follows)
        elif options.command == "move":
            _move(service, settings, options.tenant, options.placement)
        if options.command == "clean" or (options.command == "move" and not options.keep):
            _clean(service, settings, options.tenant)
    except FuniaError as error:
        log.error("%s: %s", error.reason, error.message)
        return 1
    except (psycopg.Error, OSError) as error:
        log.error("it stopped (%s: %s); nothing is lost, start it again", type(error).__name__, error)
        return 1
    return 0


def _parser(service: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {service}")
    commands = parser.add_subparsers(dest="command", required=True)
    move = commands.add_parser("move", help="move a company to another placement while it is in use")
    clean = commands.add_parser("clean", help="delete the copies of a company that a move has left behind")
    backup = commands.add_parser("backup", help="write the rows of a company into a new folder")
    restore = commands.add_parser("restore", help="put a backup in the place of a company's rows")
    for command in (move, clean, backup, restore):
        command.add_argument("tenant", type=UUID)
    move.add_argument("placement")
    move.add_argument("--keep", action="store_true", help="leave the old copy, which nobody reads; `clean` deletes it")
    for command in (backup, restore):
        command.add_argument("folder", type=Path)
    restore.add_argument("--replace", action="store_true", help="over the rows that are there")
    restore.add_argument("--check", action="store_true", help="only read the backup and compare it with its manifest")
    return parser


def _move(service: str, settings: Settings, tenant_id: UUID, placement: str) -> None:
    mover = Mover(settings, on_step=lambda step: log.info("%s: %s", service, step))
    done = mover.move(tenant_id, placement)
    log.info(
        "%s: %d rows of %d tables in %d rounds; writes waited %.0f ms",
        service,
        done.rows,
        done.tables,
        done.rounds,
        done.pause_s * 1000,
    )


def _clean(service: str, settings: Settings, tenant_id: UUID) -> None:
    for placement, rows in Mover(settings).clean(tenant_id).items():
        log.info("%s: %d rows deleted from %s", service, rows, placement)


def _keep(service: str, settings: Settings, options: argparse.Namespace, follows: Sequence[str]) -> None:
    # Here, not above: no start of a service needs what encrypts backups.
    from chassis.tenant_backup import TenantBackups

    backups = TenantBackups(service, settings, follows=follows)
    if options.command == "backup":
        rows = backups.back_up(options.tenant, options.folder).rows
        log.info("%s: %d rows are in %s", service, rows, options.folder)
    elif options.check:
        backups.check(options.tenant, options.folder)
        log.info("%s: %s is whole", service, options.folder)
    else:
        rows = backups.restore(options.tenant, options.folder, replace=options.replace).rows
        log.info("%s: %d rows are restored", service, rows)
