"""People of companies, with the rights that their roles and teams really give them, calling over real gRPC."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import grpc
import pytest
from chassis.caller import Caller
from chassis.errors import FuniaError
from chassis.status import from_rpc_error
from funia.identity.v1 import (
    approval_pb2_grpc,
    approval_policy_pb2_grpc,
    break_glass_pb2_grpc,
    operator_pb2_grpc,
    report_schedule_pb2_grpc,
    role_pb2_grpc,
    sharing_rule_pb2_grpc,
    team_pb2_grpc,
    tenant_pb2_grpc,
)
from gateway.composition import Identity

SERVICES = (
    role_pb2_grpc.RoleServiceStub,
    team_pb2_grpc.TeamServiceStub,
    tenant_pb2_grpc.TenantServiceStub,
    sharing_rule_pb2_grpc.SharingRuleServiceStub,
    break_glass_pb2_grpc.BreakGlassServiceStub,
    operator_pb2_grpc.OperatorServiceStub,
    approval_policy_pb2_grpc.ApprovalPolicyServiceStub,
    approval_pb2_grpc.ApprovalServiceStub,
    report_schedule_pb2_grpc.ReportScheduleServiceStub,
)
Hire = Callable[..., "Someone"]


@dataclass(frozen=True)
class Someone:
    """A person in a company. Every call carries a token made for this very call."""

    identity: Identity
    methods: dict[str, Any]
    tenant_id: UUID
    user_id: UUID

    @property
    def caller(self) -> Caller:
        """The person as services see him now."""
        return self.identity.verifier.verify(self.token())

    def token(self) -> str:
        """A token with the person's rights of this moment."""
        sessions = self.identity.sessions
        present = sessions.read(sessions.open(self.user_id, self.tenant_id).secret)
        assert present is not None, "this person has no role, or is not let in"
        return sessions.access_token(present)

    def call(self, method: str, request: Any) -> Any:
        """Calls a method of identity. Raises FuniaError."""
        try:
            return self.methods[method](request, metadata=[("authorization", f"Bearer {self.token()}")], timeout=10)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def refused(self, method: str, request: Any) -> str:
        """Calls a method that must be refused, and gives the reason."""
        with pytest.raises(FuniaError) as raised:
            self.call(method, request)
        return raised.value.reason
