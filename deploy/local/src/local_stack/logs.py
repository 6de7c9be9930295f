"""One log file per program, bounded in size.

Programs write to the file themselves (so a dead supervisor never blocks them), which is why rotation copies and
truncates: lines written in between, a few microseconds, can be lost from the log.
"""

import shutil
from pathlib import Path
from typing import IO

_TAIL_BYTES = 4000


class LogFolder:
    def __init__(self, folder: Path, *, max_mb: int, keep: int) -> None:
        self._folder = folder
        self._max_bytes = max_mb * 1024 * 1024
        self._keep = keep

    def path(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def open(self, name: str) -> IO[bytes]:
        """The log opened for appending, so that every writer always writes at its end."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self.path(name).open("ab", buffering=0)

    def tail(self, name: str) -> str:
        """The end of the log, for an error message."""
        try:
            text = self.path(name).read_bytes()[-_TAIL_BYTES:].decode("utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return text.strip()

    def rotate(self) -> None:
        """Moves what is too long into <name>.log.1, .2, ... up to the number kept."""
        for path in self._folder.glob("*.log"):
            if path.stat().st_size <= self._max_bytes:
                continue
            for number in range(self._keep - 1, 0, -1):
                older = path.with_name(f"{path.name}.{number}")
                if older.exists():
                    older.replace(path.with_name(f"{path.name}.{number + 1}"))
            if self._keep > 0:
                shutil.copyfile(path, path.with_name(f"{path.name}.1"))
            with path.open("r+b") as file:
                file.truncate(0)
