"""A company's accent colour, moved just far enough to be readable on light and on dark ground (WCAG 2.2 AA)."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

DEFAULT = "2f6fed"
ON_LIGHT = (1.0, 1.0, 1.0)
ON_DARK = (0.125, 0.137, 0.16)
# Text and controls sit on tinted ground as well, so a little more than the 4.5 that the guideline asks for.
CONTRAST = 5.2
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Accent:
    """The colour as chosen, and its readable forms."""

    slug: str
    light: str
    dark: str

    def stylesheet(self) -> str:
        return (
            ":root{"
            f"--funia-accent-light:{self.light};--funia-accent-dark:{self.dark};"
            "}"
        )  # fmt: skip


def accent_of(chosen: str) -> Accent:
    slug = chosen.lstrip("#").lower()
    if not re.fullmatch(r"[0-9a-f]{6}", slug):
        slug = DEFAULT
    colour = parse(slug)
    return Accent(slug, readable(colour, ON_LIGHT, -0.02), readable(colour, ON_DARK, 0.02))


def readable(colour: Colour, ground: Colour, step: float) -> str:
    """The colour, darker or lighter by small steps until it stands out from the ground."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    end = 0.0 if step < 0 else 1.0
    while contrast(colour, ground) < CONTRAST and lightness != end:
        lightness = min(1.0, max(0.0, lightness + step))
        colour = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colour)


def contrast(one: Colour, other: Colour) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def parse(slug: str) -> Colour:
    return (int(slug[0:2], 16) / 255, int(slug[2:4], 16) / 255, int(slug[4:6], 16) / 255)
