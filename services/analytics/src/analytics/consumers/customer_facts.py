"""Events of contacts into facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from funia.contacts.v1 import events_pb2 as pb

from analytics.consumers.cells import NOBODY, Told, identity
from analytics.store.customer_facts import CUSTOMER_FACT, MERGE_FACT
from analytics.store.facts import FactTable

_GONE = frozenset({"deleted", "merged", "erased"})
_PARTED = frozenset({"unmerged", "undeleted"})
"""Verbs after which nobody is merged into another any more."""

Row = tuple[FactTable, tuple[Any, ...]]


def _contact(event: Told, said: pb.ContactChanged) -> Iterator[Row]:
    yield (
        CUSTOMER_FACT,
        event.state(
            said.contact_id, "contact", said.lifecycle_stage, "", "", "", said.country_code, said.language, said.source,
            identity(said.owner_id), identity(said.team_id), identity(said.account_id), identity(said.merged_into_id),
            int(said.deleted or event.verb in _GONE),
        ),
    )  # fmt: skip
    if said.merged_into_id or event.verb in _PARTED:
        yield MERGE_FACT, event.state(said.contact_id, identity(said.merged_into_id))


def _account(event: Told, said: pb.AccountChanged) -> Iterator[Row]:
    yield (
        CUSTOMER_FACT,
        event.state(
            said.account_id, "account", "", said.type, said.industry, said.tier, said.country_code, "", "",
            identity(said.owner_id), identity(said.team_id), NOBODY, NOBODY, int(said.deleted or event.verb in _GONE),
        ),
    )  # fmt: skip


CUSTOMER_ROWS: dict[str, Callable[[Told, Any], Iterator[Row]]] = {
    pb.ContactChanged.DESCRIPTOR.full_name: _contact,
    pb.AccountChanged.DESCRIPTOR.full_name: _account,
}
