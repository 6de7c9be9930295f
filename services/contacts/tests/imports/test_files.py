"""Every horror a file can be: bad rows are named, good rows go in, nothing is silently cut."""

from __future__ import annotations

import io

import pytest
from chassis.errors import InvalidArgument, TooLarge
from chassis.importing.limits import ImportLimits
from openpyxl import Workbook

from .importer import Importer, counts

HEAD = "First name,Last name,E-mail\n"


def test_good_rows_go_in_and_bad_rows_are_named(ours: Importer, theirs: Importer) -> None:
    done = ours.load(HEAD + "Anna,Petrova,anna@example.com\nIvan,Ivanov,not-a-mail\nMaria,Ilieva,maria@example.com\n")
    assert done.status == "completed_with_errors"
    assert counts(done) == {"rows_read": 3, "rows_total": 3, "rows_created": 2, "rows_failed": 1}
    (error,) = ours.errors(done.id)
    assert (error.row, error.column, error.reason) == (3, "E-mail", "INVALID_EMAIL")
    assert error.values == ["Ivan", "Ivanov", "not-a-mail"]
    assert "not-a-mail" in error.message
    assert [row.display_name for row in ours.contacts()] == ["Anna Petrova", "Maria Ilieva"]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1251", "cp1251"),
        ("koi8-r", "koi8-r"),
        ("cp866", "cp866"),
    ],
)
def test_cyrillic_is_read_in_whatever_encoding_it_comes(ours: Importer, encoding: str, said: str) -> None:
    lines = "Имя;Фамилия;Телефон;E-mail\nАнна;Петрова;+359888123456;anna@example.com\nИван;Щербаков;;ivan@example.com\n"
    row = ours.upload(lines.encode(encoding))
    assert (row.encoding, row.delimiter) == (said, ";")
    ours.map(row)
    done = ours.run(row.id)
    assert done.status == "completed"
    assert [(one.given_name, one.family_name) for one in ours.contacts()] == [("Анна", "Петрова"), ("Иван", "Щербаков")]


def test_western_accents_are_read_in_their_encoding(ours: Importer) -> None:
    text = "First name,Last name,E-mail\nRenée,Müller,renee@example.com\nJosé,Núñez,jose@example.com\n"
    done = ours.load(text.encode("cp1252"))
    assert done.status == "completed"
    assert [one.display_name for one in ours.contacts()] == ["Renée Müller", "José Núñez"]


def test_polish_is_read_in_its_encoding(ours: Importer) -> None:
    names = ["Wałęsa", "Śliwiński", "Żółkiewski", "Gałczyński", "Łukasiewicz", "Brzęczyszczykiewicz"]
    text = HEAD + "".join(f"Łucja,{name},l{index}@example.com\n" for index, name in enumerate(names))
    assert ours.load(text.encode("cp1250")).status == "completed"
    assert [one.family_name for one in ours.contacts()] == names


def test_the_first_cyrillic_letters_may_come_late_in_the_file(ours: Importer) -> None:
    plain = "".join(f"Anna,Smith{i},a{i}@example.com\n" for i in range(8000))
    row = ours.upload((HEAD + plain + "Мария,Илиева,m@example.com\n").encode("cp1251"))
    assert row.encoding == "cp1251"


def test_a_few_damaged_bytes_cost_their_row_only(ours: Importer) -> None:
    good = "".join(f"Анна,Петрова{i},a{i}@example.com\n" for i in range(50)).encode()
    done = ours.load(HEAD.encode() + good + b"Ir\xffena,Bad,irena@example.com\n" + "Мария,Илиева,m@e.com\n".encode())
    assert done.encoding == "utf-8"
    assert counts(done)["rows_created"] == 51
    assert ours.reasons(done.id) == [(52, "INVALID_ENCODING")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(ours: Importer, delimiter: str) -> None:
    lines = ["Name|Revenue|E-mail", 'Anna Petrova|1,5|"anna@example.com"', "Ivan Ivanov|2,5|ivan@example.com"]
    if delimiter == ",":
        lines = [line.replace("1,5", "15").replace("2,5", "25") for line in lines]
    row = ours.upload("\r\n".join(lines).replace("|", delimiter))
    assert row.delimiter == delimiter
    assert [one["heading"] for one in row.columns] == ["Name", "Revenue", "E-mail"]


def test_an_excel_sep_line_names_the_delimiter_and_is_no_row(ours: Importer) -> None:
    row = ours.upload("sep=;\r\nName;E-mail\r\nAnna;anna@example.com\r\n")
    assert [one["heading"] for one in row.columns] == ["Name", "E-mail"]
    ours.map(row)
    assert counts(ours.run(row.id)) == {"rows_read": 1, "rows_total": 1, "rows_created": 1}


def test_broken_quotes_cost_their_own_row_only(ours: Importer) -> None:
    done = ours.load(
        HEAD
        + 'Anna,"Petrova,anna@example.com\n'
        + 'Ivan,"Ivanov",ivan@example.com\n'
        + 'Maria,"Ili"eva,maria@example.com\n'
        + 'Boris,"Bo""ris",boris@example.com\n'
    )
    assert ours.reasons(done.id) == [(2, "BROKEN_QUOTE"), (4, "BROKEN_QUOTE")]
    assert [one.family_name for one in ours.contacts()] == ["Ivanov", 'Bo"ris']
    assert ours.errors(done.id)[0].values == ['Anna,"Petrova,anna@example.com']


def test_an_open_quote_does_not_swallow_the_rest_of_the_file(ours: Importer) -> None:
    rest = "".join(f"Ivan{i},Ivanov,ivan{i}@example.com\n" for i in range(1000))
    done = ours.load(HEAD + 'Anna,"Petrova,anna@example.com\n' + rest)
    assert counts(done) == {"rows_read": 1001, "rows_total": 1001, "rows_created": 1000, "rows_failed": 1}


def test_a_quoted_value_may_go_over_lines(ours: Importer) -> None:
    done = ours.load('Name,E-mail,Notes\nAnna,anna@example.com,"first\nsecond, with comma\n"\nIvan,i@example.com,x\n')
    assert counts(done)["rows_created"] == 2
    assert [one.description for one in ours.contacts()] == ["first\nsecond, with comma", "x"]


def test_ragged_rows_are_errors_that_name_the_row(ours: Importer) -> None:
    done = ours.load(
        HEAD
        + "Anna,Petrova,anna@example.com,,\nIvan,Ivanov,i@example.com,surplus\n"
        + "Maria,Ilieva\n\n   \nEva,E,e@example.com\n"
    )
    assert ours.reasons(done.id) == [(3, "TOO_MANY_COLUMNS"), (4, "TOO_FEW_COLUMNS")]
    assert [one.given_name for one in ours.contacts()] == ["Anna", "Eva"]
    assert ours.errors(done.id)[0].values == ["Ivan", "Ivanov", "i@example.com", "surplus"]


def test_repeated_and_empty_headings_are_made_unique(ours: Importer) -> None:
    row = ours.upload("E-mail,Name,E-mail,,E-mail\na@example.com,Anna,b@example.com,x,\n")
    assert [one["heading"] for one in row.columns] == ["E-mail", "Name", "E-mail (2)", "Column 4", "E-mail (3)"]
    ours.map(row)
    ours.run(row.id)
    assert [one["address"] for one in ours.contacts()[0].emails] == ["a@example.com", "b@example.com"]


def test_a_file_without_heading_gets_numbered_columns_and_loses_no_row(ours: Importer) -> None:
    row = ours.upload("Anna Petrova,anna@example.com,+359888123456\nIvan Ivanov,ivan@example.com,+359888123457\n")
    assert [one["heading"] for one in row.columns] == ["Column 1", "Column 2", "Column 3"]
    assert [one["field"] for one in row.columns] == ["", "emails", "phones"]
    ours.map(row, {"Column 1": "full_name", "Column 2": "emails", "Column 3": "phones"})
    assert counts(ours.run(row.id)) == {"rows_read": 2, "rows_total": 2, "rows_created": 2}


def test_over_long_values_are_errors_and_never_cut(ours: Importer) -> None:
    done = ours.load(HEAD + f"{'A' * 121},Petrova,anna@example.com\nIvan,{'I' * 120},ivan@example.com\n")
    assert ours.reasons(done.id) == [(2, "TOO_LONG")]
    assert ours.errors(done.id)[0].values[0] == "A" * 121
    assert [len(one.family_name) for one in ours.contacts()] == [120]


def test_an_endless_line_is_one_error(ours: Importer) -> None:
    ours.limits = ImportLimits(line_max_chars=5_000)
    done = ours.load(HEAD + "x" * 30_000 + "\nIvan,Ivanov,ivan@example.com\n")
    assert ours.reasons(done.id) == [(2, "ROW_TOO_LONG")]
    assert counts(done)["rows_created"] == 1


def test_a_nul_character_is_an_error_of_its_row(ours: Importer) -> None:
    rows = "".join(f"Ivan{i},Ivanov,ivan{i}@example.com\n" for i in range(8000))
    done = ours.load(HEAD + rows + "An\0na,Petrova,anna@example.com\n")
    assert ours.reasons(done.id) == [(8002, "INVALID_TEXT")]
    assert ours.errors(done.id)[0].values[0] == "An\ufffdna"


def test_all_that_is_wrong_with_a_row_is_said_at_once(ours: Importer) -> None:
    done = ours.load("Name,E-mail,Phone,Country\nEva,e@example.com,,\nAnna,nope,12,Atlantis\n")
    (error,) = ours.errors(done.id)
    assert (error.row, error.column, error.reason) == (3, "E-mail", "INVALID_EMAIL")
    assert all(heading in error.message for heading in ("E-mail:", "Phone:", "Country:"))


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\x02\xff\xfe", b"PK\x03\x04broken"]
)
def test_what_is_no_table_is_refused_and_not_kept(ours: Importer, theirs: Importer, content: bytes) -> None:
    with pytest.raises(InvalidArgument, match="CSV, TSV or XLSX"):
        ours.upload(content)
    assert ours.rows("SELECT 1 FROM import_job") == []
    assert not any(path.is_file() for path in ours.files._folder.rglob("*"))


def test_a_file_over_the_limit_is_refused_and_not_kept(ours: Importer) -> None:
    ours.limits = ImportLimits(file_max_bytes=5_000)
    with pytest.raises(TooLarge):
        ours.upload(HEAD + "x" * 6_000)
    assert not any(path.is_file() for path in ours.files._folder.rglob("*"))


def test_a_workbook_is_read_with_its_numbers_and_dates_as_text(ours: Importer) -> None:
    heading = ["Name", "E-mail", "Phone", "Score"]
    row = ours.upload(_workbook([heading, ["Anna Petrova", "a@example.com", 359888123456, 7.0]]))
    assert (row.format, row.encoding, row.delimiter) == ("workbook", "", "")
    ours.map(row, default_country="BG")
    ours.run(row.id)
    (contact,) = ours.contacts()
    assert (contact.display_name, contact.score) == ("Anna Petrova", 7)


def test_a_workbook_over_the_limit_is_refused(ours: Importer) -> None:
    content = _workbook([["Name"], *[[f"Somebody {i}"] for i in range(500)]])
    ours.limits = ImportLimits(workbook_max_bytes=2_000)
    with pytest.raises(TooLarge, match="Save it as CSV"):
        ours.upload(content)
    ours.limits = ImportLimits(workbook_unpacked_max_bytes=2_000)
    with pytest.raises(TooLarge, match="unpacks"):
        ours.upload(content)


def _workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
