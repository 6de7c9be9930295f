"""Cuts the weights of papers from the variable font of Noto Sans, with Latin and Cyrillic letters alone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import fontpkg
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

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


def letters_alone() -> bytes:
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


def write_weight(letters: bytes, weight: int, target: Path) -> Path:
    """Writes the font of `letters_alone` in one weight, 100 to 900, to `target`."""
    font = TTFont(BytesIO(letters))
    instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
    font.save(target)
    font.close()
    return target
