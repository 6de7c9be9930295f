"""SsoService: the company's OpenID provider and its e-mail domains."""

from __future__ import annotations

from chassis.server import Call
from chassis.work import Row, Work
from funia.identity.v1 import sso_pb2 as pb

from gateway.identity.queries import sso as queries
from gateway.identity.usecases.sso_connection import ConnectionDraft, SsoConnections
from gateway.sso.domains import record_name, record_value


class SsoServicer:
    """Carries the RPCs out."""

    def __init__(self, connections: SsoConnections) -> None:
        self._connections = connections

    def GetSsoConnection(self, work: Work, _request: pb.GetSsoConnectionRequest) -> pb.SsoConnection:
        return self._connection(queries.connection(work))

    def SetSsoConnection(self, work: Work, request: pb.SetSsoConnectionRequest) -> pb.SsoConnection:
        asked = request.sso_connection
        draft = ConnectionDraft(asked.issuer, asked.client_id, asked.client_secret, asked.default_role, asked.sso_only)
        return self._connection(self._connections.set(work, draft, etag=request.etag))

    def DeleteSsoConnection(
        self, work: Work, _request: pb.DeleteSsoConnectionRequest
    ) -> pb.DeleteSsoConnectionResponse:
        self._connections.drop(work)
        return pb.DeleteSsoConnectionResponse()

    def ListSsoDomains(self, work: Work, _request: pb.ListSsoDomainsRequest) -> pb.ListSsoDomainsResponse:
        return pb.ListSsoDomainsResponse(domains=[_domain(row) for row in queries.domains(work)])

    def CreateSsoDomain(self, work: Work, request: pb.CreateSsoDomainRequest) -> pb.SsoDomain:
        return _domain(self._connections.add_domain(work, request.domain))

    def VerifySsoDomain(self, call: Call, request: pb.VerifySsoDomainRequest) -> pb.SsoDomain:
        with call.database.open_work(call.caller, read_only=True) as work:
            row = self._connections.find_domain(work, request.domain)
        if not self._connections.is_proven(row):
            return _domain(row)
        with call.database.open_work(call.caller) as work:
            return _domain(self._connections.mark_verified(work, request.domain))

    def DeleteSsoDomain(self, work: Work, request: pb.DeleteSsoDomainRequest) -> pb.DeleteSsoDomainResponse:
        self._connections.drop_domain(work, request.domain)
        return pb.DeleteSsoDomainResponse()

    def _connection(self, row: Row | None) -> pb.SsoConnection:
        if row is None:
            return pb.SsoConnection(redirect_uri=self._connections.redirect_uri)
        return pb.SsoConnection(
            etag=str(row.version),
            issuer=row.issuer,
            client_id=row.client_id,
            default_role=row.default_role,
            sso_only=row.sso_only,
            redirect_uri=self._connections.redirect_uri,
        )


def _domain(row: Row) -> pb.SsoDomain:
    message = pb.SsoDomain(
        domain=row.domain,
        record_name=record_name(row.domain),
        record_value=record_value(row.proof),
        verified=row.verified_at is not None,
    )
    if row.verified_at is not None:
        message.verified_at.FromDatetime(row.verified_at)
    return message
