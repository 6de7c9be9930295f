"""Maximises log-likelihoods of positive parameters from several starts, and tells whether that converged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.methods.findings import Floats, Refused, Remark

Likelihood = Callable[[Floats], tuple[float, Floats]]

_LOG_BOUND = 14.0
_AT_BOUND = 0.05
_SAME_SUMMIT = 1e-4


@dataclass(frozen=True)
class Maximum:
    """Parameters of the summit with their standard errors (None where the surface is flat there).

    `agreeing_starts` of `starts` reached the same summit.
    """

    values: tuple[float, ...]
    errors: tuple[float, ...] | None
    log_likelihood: float
    converged: bool
    starts: int
    agreeing_starts: int
    remarks: tuple[Remark, ...]


def maximise(likelihood: Likelihood, starts: Sequence[Sequence[float]], *, sketch: Likelihood | None = None) -> Maximum:
    """The summit of `likelihood`, which takes positive parameters and gives the sum and its gradient.

    Searches in logarithms. With a `sketch` (the same likelihood of a sample, scaled to the whole) the starts climb on
    that, and only the best goes on to the whole. Raises Refused(NO_SUMMIT) where no start gives a finite figure.
    """
    from scipy.optimize import minimize

    def climb(surface: Likelihood, begin: Floats) -> tuple[Floats, float, bool]:
        def falling(logs: Floats) -> tuple[float, Floats]:
            values = np.exp(logs)
            height, slope = surface(values)
            return -height, -slope * values

        found = minimize(
            falling,
            begin,
            jac=True,
            method="L-BFGS-B",
            bounds=[(-_LOG_BOUND, _LOG_BOUND)] * len(begin),
            options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-6},
        )
        # A search that stops because doubles end is at the summit when the slope is nothing beside the height.
        flat = bool(np.max(np.abs(found.jac)) <= 1e-5 * max(1.0, abs(found.fun)))
        return np.asarray(found.x), -float(found.fun), flat

    surface = sketch or likelihood
    climbs = [climb(surface, np.log(np.asarray(begin, dtype=np.float64))) for begin in starts]
    climbs = [each for each in climbs if np.isfinite(each[1])]
    if not climbs:
        raise Refused("NO_SUMMIT", starts=len(starts))
    logs, height, converged = max(climbs, key=lambda each: each[1])
    agreeing = sum(abs(each[1] - height) <= _SAME_SUMMIT * max(1.0, abs(height)) for each in climbs)
    if sketch is not None:
        logs, height, converged = climb(likelihood, logs)
    remarks = []
    if not converged:
        remarks.append(Remark("NOT_CONVERGED"))
    if bool((np.abs(logs) > _LOG_BOUND - _AT_BOUND).any()):
        remarks.append(Remark("PARAMETER_AT_BOUND"))
        converged = False
    errors = _errors(likelihood, logs)
    if errors is None:
        remarks.append(Remark("NO_STANDARD_ERRORS"))
    values = tuple(float(each) for each in np.exp(logs))
    return Maximum(values, errors, height, converged, len(starts), agreeing, tuple(remarks))


def _errors(likelihood: Likelihood, logs: Floats) -> tuple[float, ...] | None:
    """Standard errors from the observed information, by differences of the gradient, brought back from logarithms."""
    count = len(logs)
    information = np.zeros((count, count))
    step = 1e-4
    for row in range(count):
        shift = np.zeros(count)
        shift[row] = step
        up, down = np.exp(logs + shift), np.exp(logs - shift)
        information[row] = -(likelihood(up)[1] * up - likelihood(down)[1] * down) / (2 * step)
    information = (information + information.T) / 2
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information).min() <= 0:
        return None
    spread = np.sqrt(np.diag(np.linalg.inv(information))) * np.exp(logs)
    return tuple(float(each) for each in spread)
