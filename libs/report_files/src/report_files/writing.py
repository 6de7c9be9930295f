"""Writes the file of a report in the form that was asked for. What writes is loaded only then: that takes its time."""

from __future__ import annotations

from collections.abc import Mapping

from report_files.content import FileContent
from report_files.fonts import Fonts

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def written(content: FileContent, form: str, fonts: Fonts) -> bytes:
    """The file. `form` is csv, xlsx or pdf; raises KeyError for another."""
    if form == "pdf":
        from report_files.pages import as_pdf

        return as_pdf(content, fonts.files())
    from report_files.sheets import as_csv, as_xlsx

    return {"csv": as_csv, "xlsx": as_xlsx}[form](content)
