"""Methods of sales reports. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("sales_reports.list", "GET", "/v1/sales-reports")
_EXPORT = Operation("sales_reports.export", "POST", "/v1/sales-reports/{report}:export", keyed=True)
_RUN = Operation("sales_reports.run", "POST", "/v1/sales-reports/{report}:run", keyed=True)


class SalesReportsApi:
    """Reports: which there are, and their figures."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListSalesReportsResponse:
        """Lists the reports, with what each counts and how it can be asked."""
        return self._transport.call(_LIST, models.ListSalesReportsResponse, {}, Sent(timeout_s=timeout_s))

    def export(
        self,
        report: str,
        *,
        format: Literal["csv", "xlsx", "pdf"],
        first_day: str | None = None,
        last_day: str | None = None,
        filter: str | None = None,
        group_by: Sequence[str] | None = None,
        language: Literal["en", "ru", "bg"] | None = None,
        words: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesReportFile:
        """The same as a file.

        report: Report.
        first_day: First day, at the company's place; that of the month eleven months before the last where not given.
        last_day: Last day; today where not given.
        filter: Filter in the one filter language, over the fields of the report's records.
        group_by: What rows are made of.
        format: Kind of file: csv and xlsx have bare numbers, a PDF is to be read.
        language: Language of a PDF's numbers; English where not given.
        words: What to write in place of names of reports, columns, groups and keys, such as ids of people.
        """
        return self._transport.call(
            _EXPORT,
            models.SalesReportFile,
            {"report": report},
            Sent(
                body=given(
                    {
                        "first_day": first_day,
                        "last_day": last_day,
                        "filter": filter,
                        "group_by": group_by,
                        "format": format,
                        "language": language,
                        "words": words,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def run(
        self,
        report: str,
        *,
        first_day: str | None = None,
        last_day: str | None = None,
        filter: str | None = None,
        group_by: Sequence[str] | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.SalesReport:
        """Counts. Sums are of what the caller sees: of the own records, of the team's, or of all. Figures of
        orders are made of sums of days, which a first question after many changes brings up to date.

        report: Report.
        first_day: First day, at the company's place; that of the month eleven months before the last where not given.
        last_day: Last day; today where not given.
        filter: Filter in the one filter language, over the fields of the report's records.
        group_by: What rows are made of.
        page_size: Rows wanted; all where not given.
        page_token: Token of the page to go on with.
        """
        return self._transport.call(
            _RUN,
            models.SalesReport,
            {"report": report},
            Sent(
                body=given(
                    {
                        "first_day": first_day,
                        "last_day": last_day,
                        "filter": filter,
                        "group_by": group_by,
                        "page_size": page_size,
                        "page_token": page_token,
                    }
                ),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )
