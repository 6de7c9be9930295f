"""SandboxService: companies in which those who build on the API try what they build."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Row, Work
from funia.identity.v1 import sandbox_pb2 as pb

from gateway.identity import wire
from gateway.identity.usecases.sandboxes import NewSandbox, Sandboxes


class SandboxServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes

    def CreateSandbox(self, work: Work, request: pb.CreateSandboxRequest) -> pb.Sandbox:
        return _new(self._sandboxes.create(work, request.seed))

    def ListSandboxes(self, work: Work, _request: pb.ListSandboxesRequest) -> pb.ListSandboxesResponse:
        return pb.ListSandboxesResponse(sandboxes=[_sandbox(row) for row in self._sandboxes.of_company(work)])

    def ResetSandbox(self, work: Work, request: pb.ResetSandboxRequest) -> pb.Sandbox:
        return _new(self._sandboxes.reset(work, UUID(request.id)))

    def DeleteSandbox(self, work: Work, request: pb.DeleteSandboxRequest) -> pb.DeleteSandboxResponse:
        self._sandboxes.end(work, UUID(request.id))
        return pb.DeleteSandboxResponse()


def _new(made: NewSandbox) -> pb.Sandbox:
    message = _sandbox(made.row)
    message.client_id, message.client_secret = made.client_id, made.client_secret
    return message


def _sandbox(row: Row) -> pb.Sandbox:
    return pb.Sandbox(
        id=str(row.id),
        name=row.name,
        state=row.state,
        seed=row.seed,
        created_at=wire.timestamp(row.created_at),
        expires_at=wire.timestamp(row.expires_at),
    )
