"""What an operator does with one company of a running stack: move it, back it up, restore it. All of it is audited.

Each service is asked in turn, as a program of its own that gets the owner's URLs, which no running process has.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from local_stack.borrowed import environment_of
from local_stack.child import StackError
from local_stack.databases import database_urls, kept_passwords
from local_stack.environment import SERVICES, WITH_WORKER, placements_value
from local_stack.settings import StackSettings
from local_stack.state_folder import StateFolder

_GATEWAY = "gateway-work"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The words of the command line."""
    move = commands.add_parser("move", help="move a company to another placement while it is in use")
    backup = commands.add_parser("backup-tenant", help="write a company's rows of all services into a new folder")
    restore = commands.add_parser("restore-tenant", help="put a backup in the place of a suspended company's rows")
    for command in (move, backup, restore):
        command.add_argument("tenant", type=UUID)
    move.add_argument("placement", help='"pooled" or a name of FUNIA_DEDICATED')
    for command in (backup, restore):
        command.add_argument("folder", type=Path)


def run(settings: StackSettings, options: argparse.Namespace, *, say: Callable[[str], None]) -> None:
    """Carries out a command of these. Raises StackError."""
    tenants = Tenants(settings, say=say)
    match options.command:
        case "move":
            tenants.move(options.tenant, options.placement)
        case "backup-tenant":
            tenants.back_up(options.tenant, options.folder)
        case _:
            tenants.restore(options.tenant, options.folder)


class Tenants:
    """The companies of the stack that runs from the settings' folder. `say` gets a line for the operator at a time."""

    def __init__(self, settings: StackSettings, *, say: Callable[[str], None]) -> None:
        self._folder = folder = StateFolder(settings.state_dir)
        record = folder.record() if folder.is_locked() else None
        if record is None or record.phase != "ready":
            raise StackError(f"Nothing runs from {folder.path}. Start it with `make run`.")
        self._urls = database_urls(record.admin_url, kept_passwords(folder.passwords_file), settings.placements)
        self._placements = ("pooled", *settings.placements)
        self._say = say

    def move(self, tenant: UUID, placement: str) -> None:
        """Moves the company in every service while it is in use. After an error the same again goes on with it."""
        if placement not in self._placements:
            raise StackError(f"There is no such placement. Known: {', '.join(self._placements)} (FUNIA_DEDICATED).")
        self._company(tenant)
        failed = self._services("move", str(tenant), placement)
        if failed:
            self._gateway(tenant, "noted", "move_failed", ", ".join(failed))
            raise StackError(
                f"Not moved: {', '.join(failed)}. The company works all the same; start the command again."
            )
        self._gateway(tenant, "placed", placement)
        self._say(f"The company lives in {placement} now.")

    def back_up(self, tenant: UUID, folder: Path) -> None:
        """Writes the company's rows of every service into a new folder, each service at one moment."""
        self._company(tenant)
        failed = self._services("backup", str(tenant), folder=folder)
        if failed:
            raise StackError(f"Not backed up: {', '.join(failed)}. Start again with another folder.")
        self._gateway(tenant, "noted", "backed_up", folder.name)
        self._say(f"The company is backed up in {folder}.")

    def restore(self, tenant: UUID, folder: Path) -> None:
        """Puts a backup in the place of the rows of a suspended company, after every file of it was compared.

        StackError, and an entry in the company's audit log, where the company is in use or the backup is spoilt.
        """
        state = self._company(tenant)
        if state != "suspended":
            self._gateway(tenant, "noted", "restore_refused", state)
            raise StackError(f"The company is {state}. Suspend it first: its people must not work on rows that go.")
        if failed := self._services("restore", str(tenant), "--check", folder=folder):
            self._gateway(tenant, "noted", "restore_refused", "the backup is spoilt")
            raise StackError(f"The backup is spoilt: {', '.join(failed)}. Nothing was changed.")
        if failed := self._services("restore", str(tenant), "--replace", folder=folder):
            self._gateway(tenant, "noted", "restore_refused", ", ".join(failed))
            raise StackError(f"Not restored: {', '.join(failed)}. These keep their rows; start the command again.")
        self._gateway(tenant, "noted", "restored", folder.name)
        self._say(
            "The company is restored. Build the search index anew (`run contacts-work rebuild`), then open it again."
        )

    def _company(self, tenant: UUID) -> str:
        """The company's state. StackError where there is no such company."""
        return self._gateway(tenant, "status").partition(" ")[0]

    def _services(self, *words: str, folder: Path | None = None) -> list[str]:
        """Runs the words of every service side by side, on its own part of the folder; returns those that failed."""
        running = {
            service: self._start(service, words if folder is None else (*words, str(folder.resolve() / service)))
            for service in SERVICES
        }
        return [service for service, process in running.items() if process.wait()]

    def _start(self, service: str, words: Sequence[str]) -> "subprocess.Popen[bytes]":
        own = self._urls[service]
        environment = {
            **environment_of(self._folder, f"{service}-work" if service in WITH_WORKER else service),
            "FUNIA_OWNER_DATABASE_URL": own.owner,
            "FUNIA_PLACEMENTS": placements_value(own, owner=True, relay=True),
        }
        return subprocess.Popen([sys.executable, "-m", service, *words], env=environment)

    def _gateway(self, tenant: UUID, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "gateway", "tenant", str(tenant), *words],
            env=environment_of(self._folder, _GATEWAY),
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise StackError(done.stderr.strip().rpartition("\n")[2] or "identity did not answer")
        return done.stdout.strip().rpartition("\n")[2]
