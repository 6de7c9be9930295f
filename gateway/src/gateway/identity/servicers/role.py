"""RoleService: one role, and making, changing and deleting the company's own."""

from __future__ import annotations

from typing import Any, cast

from chassis.caller import Visibility
from chassis.work import Work
from funia.identity.v1 import role_pb2 as pb
from funia.identity.v1.tenant_pb2 import Role

from gateway.identity import wire
from gateway.identity.servicers.masking import masked
from gateway.identity.usecases import custom_roles


class RoleServicer:
    """Carries the RPCs out, each inside the work the frame opened. `most` bounds a company's own roles."""

    def __init__(self, *, most: int) -> None:
        self._most = most

    def GetRole(self, work: Work, request: pb.GetRoleRequest) -> Role:
        return wire.role(custom_roles.get(work, request.name))

    def CreateRole(self, work: Work, request: pb.CreateRoleRequest) -> Role:
        asked = request.role
        draft = custom_roles.RoleDraft(
            asked.name,
            asked.title,
            asked.description,
            asked.scopes,
            cast(Visibility, asked.visibility),
            asked.hidden_fields,
            asked.read_only_fields,
        )
        return wire.role(custom_roles.create(work, draft, most=self._most))

    def UpdateRole(self, work: Work, request: pb.UpdateRoleRequest) -> Role:
        values: dict[str, Any] = masked(request.role, request.update_mask, custom_roles.ROLE_FIELDS)
        for name in ("scopes", *custom_roles.GOVERNED):
            if name in values:
                values[name] = list(values[name])
        return wire.role(custom_roles.change(work, request.role.name, values, etag=request.etag))

    def DeleteRole(self, work: Work, request: pb.DeleteRoleRequest) -> pb.DeleteRoleResponse:
        custom_roles.delete(work, request.name, request.replacement)
        return pb.DeleteRoleResponse()
