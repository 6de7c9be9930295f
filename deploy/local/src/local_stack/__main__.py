"""`python -m local_stack up | down | status | run`: the whole of Funia on one machine. `make run` calls `up`.

`secrets` and `databases` prepare a deployment by containers.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from local_stack import backups, tenants
from local_stack.borrowed import environment_of
from local_stack.child import StackError
from local_stack.databases import ensure_roles
from local_stack.secret_files import ROLE_PASSWORDS, Engines, read_role_passwords, write_secret_files
from local_stack.settings import StackSettings, read_settings
from local_stack.stack import ENGINES, LocalStack
from local_stack.state_folder import StateFolder
from local_stack.supervisor import ROLL_SIGNAL

_STOP_WAIT_S = 60.0
_ROLL_WAIT_S = 600.0
_POLL_S = 0.1
_NOT_RUNNING = 3
_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local_stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything and stay until Ctrl-C (a second Ctrl-C kills)")
    commands.add_parser("down", help="stop what `up` started")
    commands.add_parser("status", help="say what runs; exit code 3 where nothing does")
    commands.add_parser("roll", help="replace every process by the installed code, one by one, while they are in use")
    run = commands.add_parser("run", help="run a command of a running program, in its environment")
    run.add_argument("program", help="such as contacts-work or gateway-work")
    run.add_argument("words", nargs=argparse.REMAINDER, help="the command and its options, such as rebuild-search")
    tenants.add_commands(commands)
    whole = commands.add_parser("backup", help="write the whole stopped installation into one new file")
    whole.add_argument("file", type=Path)
    back = commands.add_parser("restore", help="bring such a file into an empty FUNIA_STATE_DIR")
    back.add_argument("file", type=Path)
    secrets = commands.add_parser("secrets", help="make the secrets of a deployment by containers, in a folder")
    secrets.add_argument("folder", type=Path)
    commands.add_parser(
        "databases", help=f"make the databases and roles on FUNIA_POSTGRES_URL, with the passwords of {ROLE_PASSWORDS}"
    )
    options = parser.parse_args(arguments)
    try:
        settings = read_settings(os.environ)
        match options.command:
            case "up":
                LocalStack(settings, say=_say).up()
                return 0
            case "down":
                return _down(settings)
            case "status":
                return _status(settings)
            case "roll":
                return _roll(settings)
            case "move" | "backup-tenant" | "restore-tenant":
                tenants.run(settings, options, say=_say)
                return 0
            case "backup":
                _say(f"{backups.backup(settings, options.file)} files are backed up in {options.file}.")
                return 0
            case "restore":
                _say(f"{backups.restore(settings, options.file)} files are restored. Start Funia with `up`.")
                return 0
            case "secrets":
                write_secret_files(options.folder, Engines(), settings.placements)
                return 0
            case "databases":
                passwords = read_role_passwords(os.environ.get(ROLE_PASSWORDS, ""))
                ensure_roles(settings.postgres_url, passwords, settings.placements)
                return 0
            case _:
                return _run(settings, options.program, options.words)
    except (StackError, OSError, psycopg.Error) as error:
        print(f"Error: {error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _say(line: str) -> None:
    print(line, flush=True)


def _down(settings: StackSettings) -> int:
    folder = StateFolder(settings.state_dir)
    if not folder.is_locked():
        _say(f"Nothing runs from {folder.path}.")
        return 0
    holder = folder.holder
    if not holder:
        raise StackError(f"The stack in {folder.path} is only just starting. Try again in a second.")
    os.kill(holder, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_WAIT_S
    while folder.is_locked():
        if time.monotonic() > deadline:
            raise StackError(
                f"Process {holder} has not stopped within {_STOP_WAIT_S:.0f} s. "
                f"End it with kill -9 {holder}; the next start cleans up."
            )
        time.sleep(_POLL_S)
    _say("Funia is stopped.")
    return 0


def _status(settings: StackSettings) -> int:
    folder = StateFolder(settings.state_dir)
    record = folder.record() if folder.is_locked() else None
    if record is None:
        _say(f"Nothing runs from {folder.path}.")
        return _NOT_RUNNING
    _say(f"{record.phase} {record.url} (process {record.pid})")
    for name, state in record.processes.items():
        word = "ready" if state.ready else "starting" if state.pid else "down"
        _say(f"  {name:<14} {word:<9} pid {state.pid:<8} restarts {state.restarts:<4} {folder.logs / name}.log")
    return 0


def _roll(settings: StackSettings) -> int:
    folder = StateFolder(settings.state_dir)
    record = folder.record() if folder.is_locked() else None
    if record is None or record.phase != "ready":
        raise StackError(f"Nothing runs from {folder.path}, so there is nothing to replace. Start it with `make run`.")
    before = {name: state.restarts for name, state in record.processes.items() if name not in ENGINES}
    os.kill(record.pid, ROLL_SIGNAL)
    deadline = time.monotonic() + _ROLL_WAIT_S
    while True:
        now = folder.record()
        if now and all(
            now.processes[name].restarts > count and now.processes[name].ready for name, count in before.items()
        ):
            return 0
        if time.monotonic() > deadline or not folder.is_locked():
            raise StackError("Not every process was replaced. `python -m local_stack status` tells which runs.")
        time.sleep(_POLL_S)


def _run(settings: StackSettings, program: str, words: list[str]) -> int:
    environment = environment_of(StateFolder(settings.state_dir), program)
    package = program.partition("-")[0]
    return subprocess.run([sys.executable, "-m", package, *words], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
