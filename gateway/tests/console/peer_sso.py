"""The peer's single sign-on: a connection and domains kept in memory; DNS has the record of one domain only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chassis.errors import InvalidArgument, Violation
from funia.identity.v1 import sso_pb2 as pb
from funia.identity.v1 import sso_pb2_grpc

if TYPE_CHECKING:
    from peer import Peer

PROVEN = "aurora.example"
REDIRECT = "https://crm.example.com/log-in/sso/callback"


class SsoPeer(sso_pb2_grpc.SsoServiceServicer):
    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.connections: dict[int, Any] = {}
        self.domains: dict[int, dict[str, Any]] = {}

    def GetSsoConnection(self, request: Any, context: Any) -> Any:
        key = id(self.peer.company(context))
        return self.connections.get(key, pb.SsoConnection(redirect_uri=REDIRECT))

    def SetSsoConnection(self, request: Any, context: Any) -> Any:
        made = pb.SsoConnection()
        made.CopyFrom(request.sso_connection)
        if not made.issuer.startswith("https://"):
            raise InvalidArgument("x", violations=[Violation("sso_connection.issuer", "x", "INVALID_ISSUER")])
        made.client_secret, made.etag, made.redirect_uri = "", "1", REDIRECT
        self.connections[id(self.peer.company(context))] = made
        return made

    def DeleteSsoConnection(self, request: Any, context: Any) -> Any:
        self.connections.pop(id(self.peer.company(context)), None)
        return pb.DeleteSsoConnectionResponse()

    def ListSsoDomains(self, request: Any, context: Any) -> Any:
        return pb.ListSsoDomainsResponse(domains=self.mine(context).values())

    def CreateSsoDomain(self, request: Any, context: Any) -> Any:
        made = pb.SsoDomain(
            domain=request.domain,
            record_name=f"_funia.{request.domain}",
            record_value="funia-domain=mN3u9xJ5k2sQf7wYbT8cR1vLzE4hA6pDgKjXoU0iWlI",
        )
        self.mine(context)[made.domain] = made
        return made

    def VerifySsoDomain(self, request: Any, context: Any) -> Any:
        found = self.mine(context)[request.domain]
        found.verified = request.domain == PROVEN
        return found

    def DeleteSsoDomain(self, request: Any, context: Any) -> Any:
        del self.mine(context)[request.domain]
        return pb.DeleteSsoDomainResponse()

    def mine(self, context: Any) -> dict[str, Any]:
        return self.domains.setdefault(id(self.peer.company(context)), {})
