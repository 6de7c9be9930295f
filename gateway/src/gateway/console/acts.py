"""What can be done with a record beyond changing its fields: a button, what it asks, and the method behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc

from gateway.console.fields import Field
from gateway.console.i18n import Lazy


@dataclass(frozen=True, eq=False)
class Action:
    """One act. `states` are those of the record in which it may be done, all where empty.

    `asks` are fields of the request that a dialog asks for; `fixed` ones are set. `subject` is the field of the
    request that names the record.
    """

    key: str
    label: Lazy
    icon: str
    stub: Callable[[grpc.Channel], Any]
    request: Callable[[], Any]
    method: str
    states: frozenset[str] = frozenset()
    asks: tuple[Field, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    subject: str = "id"
    main: bool = False
    """The next thing to do: it stands out."""
    danger: bool = False
    scope: str = ""
    """Scope of who may do it, where that is another than that of who may change the record."""

    def fits(self, record: Any) -> bool:
        """Whether the record is in a state for it."""
        return not self.states or record.status in self.states
