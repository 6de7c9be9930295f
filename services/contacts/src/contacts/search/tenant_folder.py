"""The files of one tenant of the embedded engine: which generation serves, which one is being built.

`state.json` is replaced atomically and is the only truth; a folder it does not name is rubbish of a crash.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from contacts.search.analysis import ANALYSIS_VERSION

_STATE = "state.json"


@dataclass(frozen=True, slots=True)
class TenantState:
    serving: int
    building: int | None
    analysis: int
    """ANALYSIS_VERSION of the serving generation."""


@dataclass(frozen=True, slots=True)
class TenantFolder:
    path: Path

    def generation(self, number: int) -> Path:
        return self.path / f"generation-{number}"

    def stamp(self) -> tuple[int, int] | None:
        """Changes with every new state; None for a tenant that was never indexed."""
        return file_stamp(self.path / _STATE)

    def read(self) -> TenantState | None:
        try:
            return TenantState(**json.loads((self.path / _STATE).read_text()))
        except FileNotFoundError:
            return None

    def create(self) -> TenantState:
        self.path.mkdir(parents=True, exist_ok=True)
        state = TenantState(serving=1, building=None, analysis=ANALYSIS_VERSION)
        self.write(state)
        return state

    def write(self, state: TenantState) -> None:
        fresh = self.path / f"{_STATE}.new"
        with fresh.open("w") as file:
            json.dump({"serving": state.serving, "building": state.building, "analysis": state.analysis}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path / _STATE)
        directory = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def sweep(self, state: TenantState) -> None:
        """Remove every generation the state does not name."""
        kept = {self.generation(state.serving).name}
        if state.building is not None:
            kept.add(self.generation(state.building).name)
        for entry in self.path.iterdir():
            if entry.is_dir() and entry.name not in kept:
                shutil.rmtree(entry)

    def remove(self) -> None:
        """The state goes first, so a crash half-way leaves a tenant that finds nothing, not a broken one."""
        (self.path / _STATE).unlink(missing_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)


def file_stamp(path: Path) -> tuple[int, int] | None:
    """Tells one written version of an atomically replaced file from the next."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_ino
