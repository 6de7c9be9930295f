"""Errors of sales."""

from __future__ import annotations

from chassis.errors import InvalidArgument, Violation, invalid_field


class InvalidPricing(InvalidArgument):
    """A line, or the whole document, that has no price. `field` is named within the line, or within the document."""

    def __init__(self, message: str, *, reason: str, field: str) -> None:
        super().__init__(message, reason=reason, violations=[Violation(field, message, reason)])
        self.field = field

    def at(self, index: int) -> InvalidPricing:
        """The same, named within the document."""
        return InvalidPricing(self.message, reason=self.reason, field=f"lines[{index}].{self.field}")


def not_there(field: str, label: str) -> InvalidArgument:
    """A reference to something that is not there, or that the caller may not see."""
    return invalid_field(field, f"there is no such {label}", reason=f"{label.upper().replace(' ', '_')}_NOT_FOUND")
