"""A measured figure, its floor, and whether it holds what was promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """What was promised: a limit on the value itself, or on its ratio to the floor."""

    of: Literal["value", "ratio"]
    sense: Literal[">=", "<=", "<"]
    limit: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.sense} {self.limit:g}" + (" x floor" if self.of == "ratio" else f" {self.unit}".rstrip())

    def is_met(self, measured: float) -> bool:
        """Whether the measured value or ratio keeps the promise."""
        if self.sense == ">=":
            return measured >= self.limit
        return measured < self.limit if self.sense == "<" else measured <= self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `goal` and `holds` are None where a figure is only told beside another."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: Goal | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None without one."""
        if self.goal is None:
            return None
        measured = self.value if self.goal.of == "value" else self.ratio
        return measured is not None and self.goal.is_met(measured)

    def as_json(self) -> dict[str, Any]:
        """The figure as `results/latest.json` holds it."""
        plain = asdict(self)
        return {**plain, "goal": None if self.goal is None else str(self.goal), "holds": self.holds}


def beside(
    name: str, unit: str, pairs: Sequence[tuple[float, float]], goal: Goal | None, *, floor_name: str = ""
) -> Figure:
    """A figure from (floor, value) pairs, each measured one right after the other: medians of all three."""
    return Figure(
        name if not floor_name else f"{name} (floor: {floor_name})",
        median(value for _, value in pairs),
        unit,
        median(floor for floor, _ in pairs),
        median(value / floor for floor, value in pairs),
        goal,
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of all stay under; 1 to 99."""
    if len(values) < 2:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[percent - 1]
