"""The typeface of papers, with Latin and Cyrillic letters. Cut from the variable font of Noto Sans once a process."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from threading import Lock

import fontpkg
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

_WEIGHTS = {"": 400, "B": 700}
"""Weight by the style that a paper asks for."""
_LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x400, 0x460),
    *range(0x490, 0x492),
    *range(0x2010, 0x2040),
    *range(0x20A0, 0x20C1),
    0x2116,
    0x2122,
    0x2212,
]
"""Latin and Cyrillic of Europe, dashes and quotation marks, signs of currencies, numero, trade mark and minus."""


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
                self._folder = tempfile.TemporaryDirectory(prefix="funia-fonts-")
                letters = _letters()
                self._files = {
                    style: _weighed(letters, weight, Path(self._folder.name) / f"paper-{weight}.ttf")
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


def _letters() -> bytes:
    """The variable font with our letters alone: a tenth of it, so that the weights are made in no time."""
    font, cut = TTFont(fontpkg.path("Noto Sans"), lazy=True), BytesIO()
    subsetter = Subsetter(
        Options(layout_features=[], notdef_outline=True, drop_tables=["GPOS", "GSUB", "GDEF", "STAT"])
    )
    subsetter.populate(unicodes=_LETTERS)
    subsetter.subset(font)
    font.save(cut)
    font.close()
    return cut.getvalue()


def _weighed(letters: bytes, weight: int, target: Path) -> Path:
    font = TTFont(BytesIO(letters))
    instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
    font.save(target)
    font.close()
    return target
