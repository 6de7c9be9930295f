"""`python -m local_stack up | down | status`: the whole of Funia on one machine. `make run` calls `up`."""

import argparse
import os
import signal
import sys
import time

from local_stack.child import StackError
from local_stack.settings import StackSettings, read_settings
from local_stack.stack import LocalStack
from local_stack.state_folder import StateFolder

_STOP_WAIT_S = 60.0
_POLL_S = 0.1
_NOT_RUNNING = 3
_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m local_stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything and stay until Ctrl-C (a second Ctrl-C kills)")
    commands.add_parser("down", help="stop what `up` started")
    commands.add_parser("status", help="say what runs; exit code 3 where nothing does")
    command = parser.parse_args(arguments).command
    try:
        settings = read_settings(os.environ)
        if command == "up":
            LocalStack(settings, say=_say).up()
            return 0
        return _down(settings) if command == "down" else _status(settings)
    except StackError as error:
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


if __name__ == "__main__":
    sys.exit(main())
