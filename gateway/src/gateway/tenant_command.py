"""``python -m gateway tenant <id> status | placed <placement> | noted <what>``: the operator's word on a company.

`local_stack` and the jobs of a cluster call it around what they do with the company's rows in the services.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.ids import uuid7

from gateway.composition import build_identity
from gateway.identity.audited import IdentityWork
from gateway.identity.usecases import placement
from gateway.settings import read_settings


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
    options = parser.parse_args(argv)
    identity = build_identity(read_settings())
    caller = Caller.system(options.tenant, request_id=str(uuid7()))
    try:
        with identity.database.open_work(caller, read_only=options.command == "status") as work:
            sys.stdout.write(f"{_do(work, options)}\n")
    except FuniaError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    finally:
        identity.database.close()
    return 0


def _do(work: IdentityWork, options: argparse.Namespace) -> str:
    if options.command == "placed":
        placement.place(work, options.placement)
    elif options.command == "noted":
        placement.note(work, options.what, options.detail)
    row = placement.company(work)
    return f"{row.status} {row.placement}"
