"""The SCIM protocol as directories speak it: what they leave out on creation is filled in, and errors are SCIM's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import psycopg
from chassis.errors import FuniaError, Kind
from chassis.status import HTTP_STATUS
from scim2_models import (
    Error,
    MutabilityException,
    PatchOp,
    PayloadTooLargeException,
    Resource,
    ResourceType,
    SCIMException,
    ScimProvider,
    SearchRequest,
    UniquenessException,
)
from scim2_server.conditions import Conditions
from scim2_server.service import ScimService

from gateway.identity.usecases.addresses import normalise_email
from gateway.scim.resources import User

_OUR_FAULT = "Something went wrong on our side. Try again, and tell us the request id if it stays."
_FORBIDDEN = 403


class Provisioning(ScimService):
    """The steps of every request, without input or output."""

    def __init__(self, provider: ScimProvider, *, filter_max_length: int, operations_max: int) -> None:
        super().__init__(provider)
        self._filter_max_length = filter_max_length
        self._operations_max = operations_max

    def read_creation(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> Resource[Any]:
        """A person who comes without `active` is; one without an e-mail address is known by the userName."""
        if resource_type.name == "User":
            body = _completed(self.decode_body(body, content_type), body)
        return super().read_creation(resource_type, body, content_type)

    def read_patch(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> PatchOp[Any]:
        """A PATCH of at most `operations_max` operations."""
        patch = super().read_patch(resource_type, body, content_type)
        if len(patch.operations or []) > self._operations_max:
            raise PayloadTooLargeException(detail=f"Send at most {self._operations_max} operations in one PATCH.")
        return patch

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        """A search whose filter is not too long."""
        asked = payload.get("filter") if isinstance(payload, Mapping) else None
        if isinstance(asked, str) and len(asked) > self._filter_max_length:
            raise PayloadTooLargeException(detail=f"A filter has at most {self._filter_max_length} characters.")
        return super().read_search(resource_types, payload)

    def apply_replacement(
        self, current: Resource[Any], replacement: Resource[Any], conditions: Conditions
    ) -> Resource[Any] | None:
        """Keeps the address, where RFC 7644 (3.5.1) would rather refuse another one.

        Directories send whole people: who got a new address and then leaves must not stay because of it.
        """
        if isinstance(current, User) and isinstance(replacement, User):
            replacement.emails = current.emails
        return super().apply_replacement(current, replacement, conditions)


def scim_error(error: Exception) -> Exception:
    """The SCIM exception of what was raised; what is not ours is left as it is."""
    if isinstance(error, psycopg.errors.UniqueViolation):
        return UniquenessException(detail="Somebody took this name or id at the same time. Repeat the request.")
    if isinstance(error, RecursionError):
        return SCIMException.from_error(Error(status=400, scim_type="invalidFilter", detail="The filter is too deep."))
    if not isinstance(error, FuniaError):
        return error
    if error.reason == "IMMUTABLE_EMAIL":
        return MutabilityException(detail=error.message)
    if error.kind is Kind.CONFLICT:
        return UniquenessException(detail=error.message)
    if error.kind is Kind.FAILED_PRECONDITION:
        return SCIMException.from_error(Error(status=_FORBIDDEN, detail=error.message))
    status = HTTP_STATUS[error.kind].value
    scim_type = "invalidValue" if error.kind is Kind.INVALID_ARGUMENT else None
    return SCIMException.from_error(Error(status=status, scim_type=scim_type, detail=error.message or _OUR_FAULT))


def _completed(sent: Any, body: bytes) -> bytes:
    if not isinstance(sent, dict):
        return body
    names = {name.casefold() for name in sent if isinstance(name, str)}
    user_name = next((sent[name] for name in sent if isinstance(name, str) and name.casefold() == "username"), None)
    added: dict[str, Any] = {}
    if "active" not in names:
        added["active"] = True
    if "emails" not in names and isinstance(user_name, str) and normalise_email(user_name):
        added["emails"] = [{"value": user_name, "primary": True}]
    return orjson.dumps({**sent, **added}) if added else body
