"""States of records and the steps between them, as data: what each step leads from and to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.errors import Conflict


@dataclass(frozen=True, slots=True)
class Step:
    """A step that may be taken from some states. `to` is empty where sums decide where it leads."""

    sources: frozenset[str]
    to: str = ""


@dataclass(frozen=True, slots=True)
class States:
    """The steps of one kind of document. `noun` is what errors call it."""

    noun: str
    steps: Mapping[str, Step]

    def after(self, verb: str, state: str) -> str:
        """The state a step leads to. Raises Conflict naming the state and what is possible in it."""
        step = self.steps[verb]
        if state not in step.sources:
            possible = ", ".join(name for name, one in self.steps.items() if state in one.sources) or "nothing"
            raise Conflict(
                f"This {self.noun} is {state.replace('_', ' ')}. What can be done with it now: {possible}.",
                reason="WRONG_STATE",
                metadata={"state": state, "asked": verb, "possible": possible},
            )
        return step.to


def step(sources: str, to: str = "") -> Step:
    """A step from states named in a text."""
    return Step(frozenset(sources.split()), to)
