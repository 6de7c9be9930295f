"""Prints the table, keeps the last runs, and tells what changed since the run before."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from bench.figure import Figure

RUNS_KEPT = 30
_FOLDER = Path(__file__).resolve().parents[2] / "results"
_HEADINGS = ("name", "value", "unit", "floor", "ratio", "goal", "holds", "before")


def folder() -> Path:
    """Where results are kept: `bench/results`."""
    return _FOLDER


def previous(directory: Path) -> dict[str, Mapping[str, Any]]:
    """Figures of the last run by name; empty where there was none."""
    latest = directory / "latest.json"
    if not latest.is_file():
        return {}
    return {figure["name"]: figure for figure in orjson.loads(latest.read_bytes())}


def keep(figures: Sequence[Figure], directory: Path) -> None:
    """Writes latest.json and a copy into the history, of which the newest runs stay.

    A run of some figures only replaces these and leaves the others as they were.
    """
    history = directory / "history"
    history.mkdir(parents=True, exist_ok=True)
    fresh = {figure.name: figure.as_json() for figure in figures}
    run = orjson.dumps(list(fresh.values()), option=orjson.OPT_INDENT_2)
    (history / f"{time.strftime('%Y%m%dT%H%M%S')}.json").write_bytes(run)
    merged = {**previous(directory), **fresh}
    (directory / "latest.json").write_bytes(orjson.dumps(list(merged.values()), option=orjson.OPT_INDENT_2))
    for old in sorted(history.glob("*.json"))[:-RUNS_KEPT]:
        old.unlink()


def table(figures: Sequence[Figure], before: Mapping[str, Mapping[str, Any]]) -> str:
    """The figures as text, one a line, with the change against the run before."""
    lines = [_HEADINGS, *(_line(figure, before.get(figure.name)) for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _line(figure: Figure, before: Mapping[str, Any] | None) -> tuple[str, ...]:
    holds = {True: "yes", False: "NO", None: ""}[figure.holds]
    return (
        figure.name,
        _number(figure.value),
        figure.unit,
        _number(figure.floor),
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        "" if figure.goal is None else str(figure.goal),
        holds,
        _change(figure, before),
    )


def _change(figure: Figure, before: Mapping[str, Any] | None) -> str:
    """The machine's speed drifts between runs, so ratios are compared where there are any."""
    if before is None:
        return ""
    if figure.ratio is not None and before["ratio"]:
        return f"{figure.ratio / before['ratio'] - 1:+.0%} of ratio"
    return f"{figure.value / before['value'] - 1:+.0%}" if before["value"] else ""


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
