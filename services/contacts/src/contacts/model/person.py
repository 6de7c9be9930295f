"""One person as other services may know them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Sought:
    """A person: the contact with those merged into it, and the addresses that nobody else here has."""

    ids: list[UUID]
    emails: list[str]
    phones: list[str]
    family_names: list[str]
