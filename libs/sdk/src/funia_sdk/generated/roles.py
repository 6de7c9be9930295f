"""Methods of roles. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("roles.list", "GET", "/v1/roles")
_CREATE = Operation("roles.create", "POST", "/v1/roles", keyed=True)
_DELETE = Operation("roles.delete", "DELETE", "/v1/roles/{name}", keyed=True)
_GET = Operation("roles.get", "GET", "/v1/roles/{name}")
_UPDATE = Operation("roles.update", "PATCH", "/v1/roles/{name}", keyed=True)


class RolesApi:
    """The company itself, its users, roles and apps."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListRolesResponse:
        """Lists every role of the company, built-in ones first."""
        return self._transport.call(_LIST, models.ListRolesResponse, {}, Sent(timeout_s=timeout_s))

    def create(
        self, body: inputs.RoleInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Role:
        """Makes a role of the company's own. Nobody can give a role more than he holds himself."""
        return self._transport.call(
            _CREATE, models.Role, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self,
        name: str,
        *,
        replacement: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.DeleteRoleResponse:
        """Deletes a role of the company's own. Where people have it, name the role they get in its place.

        name: Role.
        replacement: Role that its people get. Needed where it is in use.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteRoleResponse,
            {"name": name},
            Sent(query={"replacement": replacement}, idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def get(self, name: str, *, timeout_s: float | None = None) -> models.Role:
        """Returns one role.

        name: Role.
        """
        return self._transport.call(_GET, models.Role, {"name": name}, Sent(timeout_s=timeout_s))

    def update(
        self,
        name: str,
        body: inputs.RolePatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Role:
        """Changes a role of the company's own; it takes effect within ten seconds on everybody who has it.

        name: Name by which users carry the role, such as "seller". Cannot be changed later.
        update_mask: Fields to change: title, description, scopes, visibility, hidden_fields, read_only_fields. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Role,
            {"name": name},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )
