"""How every method refuses and remarks: codes with figures, which the console puts into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Remark:
    """What a reader of a result must know; `code` is stable, `figures` are what its sentence needs."""

    code: str
    figures: Mapping[str, float] = field(default_factory=dict)


class Refused(ValueError):
    """The input allows no honest answer. `reason` is a stable code, `figures` what its sentence needs."""

    def __init__(self, reason: str, **figures: float) -> None:
        super().__init__(f"{reason} {figures}" if figures else reason)
        self.reason = reason
        self.figures = figures


def refuse_unless(condition: bool, reason: str, **figures: float) -> None:
    """Raises Refused where the condition does not hold."""
    if not condition:
        raise Refused(reason, **figures)


def same_length(*columns: NDArray[np.generic]) -> None:
    """Raises Refused(LENGTHS_DIFFER) unless all columns are one-dimensional and equally long."""
    refuse_unless(all(each.ndim == 1 and each.size == columns[0].size for each in columns), "LENGTHS_DIFFER")


def all_finite(**columns: Floats) -> None:
    """Raises Refused(NOT_FINITE) where a column has an infinite or missing figure."""
    for values in columns.values():
        refuse_unless(bool(np.isfinite(values).all()), "NOT_FINITE")
