"""Files of reports: what spreadsheets reckon with, and what people read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest
from report_files.content import NOTHING, FileCell, FileContent, FileRow, FileTable, FileWords
from report_files.fonts import Fonts
from report_files.pages import as_pdf
from report_files.sheets import as_csv, as_xlsx

WORDS = FileWords("bg", "Общо", "Страница {page} от {{nb}}")


@pytest.fixture(scope="module")
def fonts() -> Iterator[Fonts]:
    made = Fonts()
    yield made
    made.close()


def content(*titles: str, rows: int = 2) -> FileContent:
    tables = [
        FileTable(
            title,
            ["Продавач"],
            ["Валута", "Сума", "Дял"],
            [
                FileRow(
                    ["=cmd()" if at == 0 else f"Анна {at}"],
                    [FileCell("EUR"), FileCell("12,50\u00a0€", Decimal("12.50")), FileCell(NOTHING)],
                )
                for at in range(rows)
            ],
            [FileRow([], [FileCell("EUR"), FileCell("25,00\u00a0€", Decimal("25.00")), FileCell("+1", None)])],
            plain_columns=frozenset({"Валута"}),
        )
        for title in titles
    ]
    return FileContent("Продажби", "2026", datetime(2026, 3, 1, tzinfo=UTC), WORDS, tables)


def rows_of(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))


def test_a_csv_has_bare_numbers_and_no_formulas() -> None:
    assert rows_of(as_csv(content("Продажби"))) == [
        ["Продавач", "Валута", "Сума", "Дял"],
        ["'=cmd()", "EUR", "12.50", ""],
        ["Анна 1", "EUR", "12.50", ""],
    ]


def test_several_tables_stand_in_a_csv_under_their_titles() -> None:
    rows = rows_of(as_csv(content("Едно", "Две", rows=1)))
    assert [row[:1] for row in rows] == [["Едно"], ["Продавач"], ["'=cmd()"], [], ["Две"], ["Продавач"], ["'=cmd()"]]


def test_a_workbook_has_a_sheet_a_table_numbers_and_totals() -> None:
    long = "Колко често, колко скоро и за колко купуват хората"
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(content(long, long, "A/B: [c]'s"))))
    assert [len(name) <= 31 for name in book.sheetnames] == [True] * 3
    assert book.sheetnames[2] == "A B c s"
    sheet = book.worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Продавач", "Валута", "Сума", "Дял"],
        ["=cmd()", "EUR", 12.5, None],
        ["Анна 1", "EUR", 12.5, None],
        ["Общо", "EUR", 25, "+1"],
    ]
    assert sheet["A2"].data_type == "s"
    assert sheet["C2"].number_format == "#,##0.00"


def test_a_pdf_is_made_of_many_rows_and_says_what_it_leaves_out(fonts: Fonts) -> None:
    file = as_pdf(content("Едно", "Две", rows=3), fonts.files())
    assert file.startswith(b"%PDF-")
    longer = as_pdf(content("Едно", rows=1_001), fonts.files())
    assert len(longer) > len(file)
