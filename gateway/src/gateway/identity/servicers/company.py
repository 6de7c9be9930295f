"""CompanyService: exports of everything a company has."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from chassis.files import FileStore
from chassis.paging import Pager
from chassis.server import Call
from chassis.work import Row, Work
from funia.identity.v1 import company_pb2 as pb

from gateway.channels import SERVICES
from gateway.identity.queries import company_export as queries
from gateway.identity.usecases import company_exports

_LIST = ("identity", "company-exports")


class CompanyServicer:
    """Carries the RPCs out."""

    def __init__(self, archives: FileStore, pager: Pager) -> None:
        self._archives = archives
        self._pager = pager

    def CreateCompanyExport(self, work: Work, _request: pb.CreateCompanyExportRequest) -> pb.CompanyExport:
        return _export(company_exports.begin(work))

    def GetCompanyExport(self, work: Work, request: pb.GetCompanyExportRequest) -> pb.CompanyExport:
        return _export(company_exports.get(work, UUID(request.id)))

    def ListCompanyExports(self, work: Work, request: pb.ListCompanyExportsRequest) -> pb.ListCompanyExportsResponse:
        size = self._pager.size(request.page_size)
        before_id = None
        if request.page_token:
            before_id = UUID(str(self._pager.key(work.tenant_id, _LIST, request.page_token)[0]))
        rows = queries.page(work, limit=size + 1, before_id=before_id)
        token = self._pager.token(work.tenant_id, _LIST, [rows[size - 1].id]) if len(rows) > size else ""
        return pb.ListCompanyExportsResponse(
            company_exports=[_export(row) for row in rows[:size]], next_page_token=token
        )

    def DeleteCompanyExport(self, work: Work, request: pb.DeleteCompanyExportRequest) -> pb.DeleteCompanyExportResponse:
        company_exports.remove(work, UUID(request.id))
        return pb.DeleteCompanyExportResponse()

    def DownloadCompanyExport(
        self, call: Call, request: pb.DownloadCompanyExportRequest
    ) -> Iterator[pb.DownloadCompanyExportResponse]:
        export_id = UUID(request.id)
        with call.database.open_work(call.caller) as work:
            company_exports.ready(work, export_id)
        for chunk in self._archives.read(call.caller.tenant_id, company_exports.archive_name(export_id)):
            yield pb.DownloadCompanyExportResponse(chunk=chunk)


def _export(row: Row) -> pb.CompanyExport:
    message = pb.CompanyExport(
        id=str(row.id),
        state=row.state,
        services_done=row.services_done,
        services_total=len(SERVICES),
        rows=row.rows_total,
        size_bytes=row.size_bytes,
        sha256=row.sha256,
        problem=row.problem,
        created_by=str(row.created_by),
    )
    for name in ("created_at", "finished_at", "expires_at"):
        moment = getattr(row, name)
        if moment is not None:
            getattr(message, name).FromDatetime(moment)
    return message
