"""Cursors of the event API: where a reader stands in each service's stream, as an opaque signed text.

A cursor grants nothing and holds no secret; it is bound to its company.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.errors import FuniaError, InvalidArgument, Violation
from chassis.paging import KeyPart, Pager

LATEST = "latest"
MAX_LENGTH = 2000
_BINDING = ("events",)
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Position:
    """Where one stream was read to. `at` (seconds since 1970): all that was stored before it has been read.

    `created` is the stream's, so that a stream made anew is noticed.
    """

    created: str
    sequence: int
    at: float


Positions = Mapping[str, Position]
"""By service. A service that is missing is read from its oldest event."""


class Cursors:
    """Makes and reads cursors."""

    def __init__(self, secret: str) -> None:
        self._pager = Pager(secret)

    def text(self, tenant_id: UUID, positions: Positions) -> str:
        """The cursor."""
        parts: list[KeyPart] = []
        for service, position in positions.items():
            parts += (service, position.created, position.sequence, round(position.at))
        return self._pager.token(tenant_id, _BINDING, parts)

    def read(self, tenant_id: UUID, cursor: str) -> dict[str, Position]:
        """The positions. Raises InvalidArgument where the cursor is not ours or is another company's."""
        if not cursor:
            return {}
        try:
            if len(cursor) > MAX_LENGTH or not cursor.isascii():
                raise _foreign()
            parts = self._pager.key(tenant_id, _BINDING, cursor)
        except FuniaError as error:
            raise _foreign() from error
        return {
            str(parts[at]): Position(str(parts[at + 1]), int(str(parts[at + 2])), float(str(parts[at + 3])))
            for at in range(0, len(parts), _PARTS)
        }


def _foreign() -> InvalidArgument:
    message = (
        "This is no cursor of your company's events. Send next_cursor of an earlier answer as it came, or nothing."
    )
    return InvalidArgument(
        f"after: {message}", reason="INVALID_CURSOR", violations=[Violation("after", message, "INVALID_CURSOR")]
    )
