"""``python -m gateway tenant <id> status | placed <placement> | noted <what> | plan <name>``: the operator's word.

`local_stack` and the jobs of a cluster call it around what they do with the company's rows in the services.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import FuniaError, invalid_field
from chassis.ids import uuid7

from gateway.composition import build_identity
from gateway.identity.audited import IdentityWork
from gateway.identity.usecases import placement, plans
from gateway.settings import GatewaySettings, read_settings


def run(argv: Sequence[str]) -> int:
    """Runs the command, prints the company's state and placement, and returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m gateway tenant")
    parser.add_argument("tenant", type=UUID)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="tell the company's state and placement")
    commands.add_parser("placed", help="write where the company lives now").add_argument("placement")
    noted = commands.add_parser("noted", help="enter in the company's audit log what was done with its rows")
    noted.add_argument("what", choices=placement.NOTED)
    noted.add_argument("detail", nargs="?", default="")
    planned = commands.add_parser("plan", help="give the company a plan, with limits of its own over it")
    planned.add_argument("plan", help='name of the plan; "" for none')
    planned.add_argument("limits", nargs="*", metavar="limit=most", help='such as contacts=5000; "contacts=" lifts it')
    options = parser.parse_args(argv)
    identity = build_identity(read_settings())
    caller = Caller.system(options.tenant, request_id=str(uuid7()))
    try:
        with identity.database.open_work(caller, read_only=options.command == "status") as work:
            sys.stdout.write(f"{_do(work, options, identity.settings)}\n")
    except FuniaError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    finally:
        identity.database.close()
    return 0


def _do(work: IdentityWork, options: argparse.Namespace, settings: GatewaySettings) -> str:
    if options.command == "placed":
        placement.place(work, options.placement)
    elif options.command == "noted":
        placement.note(work, options.what, options.detail)
    row = placement.company(work)
    if options.command == "plan":
        plans.give(work, settings, options.plan, dict(_limit(one) for one in options.limits))
    return f"{row.status} {row.placement}"


def _limit(said: str) -> tuple[str, int | None]:
    name, _, most = said.partition("=")
    if most and not most.isdecimal():
        raise invalid_field(name, "write a whole number after =, or nothing", reason="INVALID_LIMIT")
    return name, int(most) if most else None
