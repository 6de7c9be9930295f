"""Keeps the definitions of custom fields in a service, from the events of identity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from funia.identity.v1.events_pb2 import CustomFieldChanged

from chassis.custom_fields import FieldDef, Type
from chassis.custom_values import FieldState, keep
from chassis.subscriptions import Received, Subscription
from chassis.work import Work


def custom_fields_subscription(service: str) -> Subscription:
    """Fields that companies add or change, as `service` keeps them."""
    return Subscription(f"{service}-custom-fields", "identity", ("identity.custom_field.*",), keep_definitions)


def keep_definitions(work: Work, events: Sequence[Received]) -> None:
    """Keeps the newest of each definition."""
    keep(work, [_state(event, event.payload) for event in events if isinstance(event.payload, CustomFieldChanged)])


def _state(event: Received, payload: Any) -> FieldState:
    return FieldState(
        id=UUID(payload.field_id),
        object=payload.object,
        version=event.version,
        definition=FieldDef(
            key=payload.key,
            type=cast(Type, payload.type),
            options=tuple(payload.options),
            references=payload.references,
            required=payload.required,
            searchable=payload.searchable,
            archived=payload.archived,
        ),
    )
