"""Old imports are forgotten with their files and findings; young and running ones are not, nor what they wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
from chassis.files import DiskFiles
from chassis.testing.databases import TestDatabase
from chassis.testing.people import Person, refused
from chassis.work import Database
from funia.sales.v1 import lead_pb2, sales_import_pb2
from sales.jobs.forgetting import forgetting_of
from sales.settings import SalesProcessSettings

from .companies import settle
from .importer import Desk

FILE = "First name,Email,Owner\nAna,ana@example.com,Somebody\nBo,broken,Somebody\n"
TABLES = ("sales_import", "sales_import_row_error", "sales_import_value")


def test_old_imports_of_sales_are_forgotten_whole_and_their_records_stay(
    alice: Person, bob: Person, desk: Desk, database: Database, files: DiskFiles, sales_database: TestDatabase
) -> None:
    for person in (alice, bob):
        settle(database, person.tenant_id)
        done = desk.load(person, "lead", FILE)
        assert (done.rows_created, done.rows_failed) == (1, 1)
    waiting = desk.upload(alice, "lead", FILE)
    fields = {"First name": "given_name"}
    request = sales_import_pb2.MapSalesImportRequest(id=waiting.id, fields=fields)
    alice.call("SalesImportService.MapSalesImport", request)
    settings = SalesProcessSettings(relay_database_url=sales_database.relay_url)
    forgetting = forgetting_of(database, files, settings)
    keep = timedelta(days=settings.import_keep_days)
    assert _left(sales_database, alice) == {"sales_import": 2, "sales_import_row_error": 1, "sales_import_value": 1}

    forgetting.sweep(now=datetime.now(UTC) + keep - timedelta(hours=1))
    assert _left(sales_database, bob) == {"sales_import": 1, "sales_import_row_error": 1, "sales_import_value": 1}
    forgetting.sweep(now=datetime.now(UTC) + keep + timedelta(hours=1))

    assert _left(sales_database, alice) == {"sales_import": 1, "sales_import_row_error": 0, "sales_import_value": 0}
    assert _left(sales_database, bob) == dict.fromkeys(TABLES, 0)
    assert len(list(files.names(alice.tenant_id))) == 1
    gone = sales_import_pb2.GetSalesImportRequest(id=done.id)
    assert refused(bob.call, "SalesImportService.GetSalesImport", gone).reason == "IMPORT_NOT_FOUND"
    assert len(alice.call("LeadService.ListLeads", lead_pb2.ListLeadsRequest()).leads) == 1


def _left(database: TestDatabase, person: Person) -> dict[str, int]:
    found = {}
    with psycopg.connect(database.admin_url) as admin:
        for table in TABLES:
            row = admin.execute(f"SELECT count(*) FROM {table} WHERE tenant_id = %s", [person.tenant_id]).fetchone()
            assert row is not None
            found[table] = row[0]
    return found
