"""Rows of companies: revenue, countries, parents found by name in a second pass."""

from __future__ import annotations

from pathlib import Path

from funia.contacts.v1.events_pb2 import AccountChanged

from .importer import Importer, counts


def test_the_accounts_of_crm_opportunities_go_in_as_they_are(
    ours: Importer, theirs: Importer, shared_data: Path
) -> None:
    row = ours.upload((shared_data / "crm_opportunities" / "accounts.csv").read_bytes(), kind="account")
    assert {one["heading"]: one["field"] for one in row.columns} == {
        "account": "name",
        "sector": "industry",
        "year_established": "founded_year",
        "revenue": "annual_revenue_millions",
        "employees": "employees",
        "office_location": "country_code",
        "subsidiary_of": "parent_name",
    }
    ours.map(row)
    done = ours.run(row.id)
    assert done.status == "completed"
    assert counts(done) == {"rows_read": 85, "rows_total": 85, "rows_created": 85}
    assert ours.errors(done.id) == []
    by_name = {one.name: one for one in ours.accounts()}
    acme = by_name["Acme Corporation"]
    assert (acme.industry, acme.founded_year, acme.employees, acme.country_code) == ("technolgy", 1996, 2822, "US")
    assert (acme.revenue_currency, acme.revenue_minor, acme.parent_id) == ("USD", 1_100_040_000_00, None)
    assert by_name["Bioholding"].country_code == "PH"
    assert by_name["Bluth Company"].parent_id == acme.id
    children = [one for one in by_name.values() if one.parent_id is not None]
    assert len(children) == 15
    assert all(one.version == 2 for one in children)
    assert ours.event_types() == {
        "contacts.account.created": 85,
        "contacts.account.updated": 15,
        "contacts.import.completed": 1,
    }


def test_a_parent_may_stand_below_its_child_and_a_missing_one_is_said(ours: Importer) -> None:
    done = ours.load("Company,Parent\nChild,Mother\nMother,\nOrphan,Nobody\nSelf,Self\nA,B\nB,A\n", kind="account")
    assert counts(done)["rows_created"] == 6
    assert ours.reasons(done.id) == [(4, "PARENT_NOT_FOUND"), (5, "PARENT_CYCLE"), (7, "PARENT_CYCLE")]
    names = {one.id: one.name for one in ours.accounts()}
    parents = {one.name: names.get(one.parent_id) for one in ours.accounts()}
    assert parents == {"Child": "Mother", "Mother": None, "Orphan": None, "Self": None, "A": "B", "B": None}
    assert ours.errors(done.id)[0].values == ["Orphan", "Nobody"]


def test_the_same_name_or_domain_is_the_same_company(ours: Importer) -> None:
    ours.load("Company,Domain,Employees\nAcme,acme.example,10\n", kind="account")
    done = ours.load(
        "Company,Domain,Employees\nACME!,,20\nAcme Ltd,https://www.ACME.example/x,30\nGlobex,,5\n", kind="account"
    )
    assert counts(done) == {
        "rows_read": 3,
        "rows_total": 3,
        "rows_created": 1,
        "rows_updated": 1,
        "rows_skipped": 1,
    }
    assert ours.reasons(done.id) == [(3, "DUPLICATE")]
    assert [(one.name, one.employees) for one in ours.accounts()] == [("ACME!", 20), ("Globex", 5)]


def test_revenue_is_read_with_its_scale_and_currency(ours: Importer) -> None:
    row = ours.upload('Company,Turnover\nA,1.5\nB,€ 2\nC,"1 234,56 EUR"\nD,lots\n', kind="account")
    ours.map(row, {"Company": "name", "Turnover": "annual_revenue_thousands:BGN"})
    done = ours.run(row.id)
    assert ours.reasons(done.id) == [(5, "INVALID_NUMBER")]
    assert [(one.revenue_currency, one.revenue_minor) for one in ours.accounts()] == [
        ("BGN", 150_000),
        ("EUR", 200_000),
        ("EUR", 123_456_000),
    ]
    created = ours.events()[0]
    assert AccountChanged.FromString(created.payload).revenue_minor == 150_000


def test_russian_and_bulgarian_headings_are_understood(ours: Importer) -> None:
    heading = "Название;Отрасль;Сотрудники;Страна;Год основания"
    row = ours.upload(f"{heading}\nРомашка;торговля;12;Россия;1999\n", kind="account")
    assert [one["field"] for one in row.columns] == ["name", "industry", "employees", "country_code", "founded_year"]
    row = ours.upload("Име на фирма;Бранш;Служители;Държава\nЛайка;търговия;3;България\n", kind="account")
    assert [one["field"] for one in row.columns] == ["name", "industry", "employees", "country_code"]
    ours.map(row)
    ours.run(row.id)
    assert [(one.name, one.country_code) for one in ours.accounts()] == [("Лайка", "BG")]
