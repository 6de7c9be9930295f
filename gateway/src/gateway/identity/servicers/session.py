"""SessionService: what administrators end of what people hold."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from funia.identity.v1 import session_pb2 as pb

from gateway.errors import user_not_found
from gateway.identity.queries import user as users
from gateway.identity.usecases.endings import end_in_company


class SessionServicer:
    """Carries the RPCs out, each inside the work the frame opened."""

    def EndUserSessions(self, work: Work, request: pb.EndUserSessionsRequest) -> pb.EndUserSessionsResponse:
        member = users.get(work, UUID(request.user_id))
        if member is None:
            raise user_not_found(request.user_id)
        return pb.EndUserSessionsResponse(ended=end_in_company(work, member, "by_administrator"))
