"""FormerColleagueService: names of people who left."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from funia.identity.v1 import former_colleague_pb2 as pb
from funia.identity.v1.tenant_pb2 import User

from gateway.identity import wire
from gateway.identity.usecases import former_colleagues


class FormerColleagueServicer:
    """Carries the RPC out, inside the work the frame opened. `kept` are addresses of accounts that stay."""

    def __init__(self, kept: frozenset[str]) -> None:
        self._kept = kept

    def PseudonymizeUser(self, work: Work, request: pb.PseudonymizeUserRequest) -> User:
        return wire.user(former_colleagues.pseudonymize(work, UUID(request.id), kept=self._kept))
