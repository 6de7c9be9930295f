"""The typeface of papers, with Latin and Cyrillic letters. Cut from the variable font of Noto Sans once a process."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

_WEIGHTS = {"": 400, "B": 700}
"""Weight by the style that a paper asks for."""


class Fonts:
    """Files of the typeface, in a folder that `close` removes. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files: Mapping[str, Path] = {}

    def files(self) -> Mapping[str, Path]:
        """Files by style; the first call makes them."""
        with self._lock:
            if not self._files:
                # Here, not above: most processes never draw a paper, and every start would pay for its import.
                from report_files.typeface import letters_alone, write_weight

                self._folder = tempfile.TemporaryDirectory(prefix="funia-fonts-")
                letters = letters_alone()
                self._files = {
                    style: write_weight(letters, weight, Path(self._folder.name) / f"paper-{weight}.ttf")
                    for style, weight in _WEIGHTS.items()
                }
            return self._files

    def close(self) -> None:
        """Removes the files."""
        with self._lock:
            self._files = {}
            if self._folder is not None:
                self._folder.cleanup()
                self._folder = None
