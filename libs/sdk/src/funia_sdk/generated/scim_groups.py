"""Methods of scim groups. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("scim_groups.list", "GET", "/v1/scim-groups")
_MAP = Operation("scim_groups.map", "POST", "/v1/scim-groups/{id}:map", keyed=True)


class ScimGroupsApi:
    """Tokens of the company's directory, and what its groups give."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListScimGroupsResponse:
        """Lists the groups that the directory has sent, by name. There are at most 500."""
        return self._transport.call(_LIST, models.ListScimGroupsResponse, {}, Sent(timeout_s=timeout_s))

    def map(
        self,
        id: str,
        *,
        role: str | None = None,
        team_id: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ScimGroup:
        """Sets the role and the team that people of a group get. It takes effect at once.

        id: Id of the group.
        role: Role its people get from now on; any but owner, empty for none.
        team_id: Team its people come into from now on; empty for none.
        """
        return self._transport.call(
            _MAP,
            models.ScimGroup,
            {"id": id},
            Sent(body=given({"role": role, "team_id": team_id}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
