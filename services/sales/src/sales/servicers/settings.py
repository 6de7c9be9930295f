"""SalesSettingsService at the edge."""

from __future__ import annotations

from chassis.masks import read_mask, set_fields
from chassis.records import stale
from chassis.work import Row, Work
from funia.sales.v1 import settings_pb2 as pb

from sales.queries import company as queries
from sales.queries import pricing
from sales.usecases import numbering


class SalesSettingsServicer:
    """How a company sells."""

    service = pb.DESCRIPTOR.services_by_name["SalesSettingsService"]

    def GetSalesSettings(self, work: Work, request: pb.GetSalesSettingsRequest) -> pb.SalesSettings:
        return _message(queries.company(work))

    def UpdateSalesSettings(self, work: Work, request: pb.UpdateSalesSettingsRequest) -> pb.SalesSettings:
        before = queries.company(work)
        if request.etag and request.etag != str(before.version):
            raise stale(request.etag, before.version)
        given = request.settings
        mask = read_mask(request.update_mask, given.DESCRIPTOR) if request.update_mask.paths else set_fields(given)
        values = {name: getattr(given if name in mask.names else before, name) for name in queries.OWN}
        values["number_formats"] = {kind: text.strip() for kind, text in values["number_formats"].items() if text}
        values["lost_reasons"] = list(dict.fromkeys(one.strip() for one in values["lost_reasons"] if one.strip()))
        numbering.check_formats(values["number_formats"])
        if not queries.keep(work, before.version, values):
            raise stale(str(before.version), queries.company(work).version)
        if values["tax_included"] != before.tax_included:
            pricing.touch(work)
        return _message(queries.company(work))


def _message(row: Row) -> pb.SalesSettings:
    return pb.SalesSettings(
        etag=str(row.version),
        currency_code=row.currency_code,
        country_code=row.country_code,
        time_zone=row.time_zone,
        **{name: getattr(row, name) for name in queries.OWN},
    )
