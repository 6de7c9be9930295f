"""Errors of support."""

from __future__ import annotations

from chassis.errors import FailedPrecondition, InvalidArgument, invalid_field


class NoWorkingTime(FailedPrecondition):
    """A calendar in which so much working time does not come in years."""

    def __init__(self) -> None:
        super().__init__(
            "This calendar has too little working time. Give it hours on days that are no holidays.",
            reason="NO_WORKING_TIME",
        )


def not_there(field: str, label: str) -> InvalidArgument:
    """A reference to something that is not there, or that the caller may not see."""
    return invalid_field(field, f"there is no such {label}", reason=f"{label.upper().replace(' ', '_')}_NOT_FOUND")
