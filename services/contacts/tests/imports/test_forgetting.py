"""Old imports are forgotten with their files and what undoing them needs; young and running ones are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
from chassis.statements import text
from chassis.testing.databases import TestDatabase
from contacts.jobs.forgetting import forgetting_of
from contacts.settings import ContactsSettings

from .importer import Importer

KNOW = text(
    "INSERT INTO tenant_profile (tenant_id, country_code, version) VALUES (%(tenant_id)s, 'BG', 1)", "tenant_id"
)
FILE = "First name,E-mail\nAnna,anna@example.com\nBoris,broken\n"
OF_IMPORTS = ("import_job", "import_change", "import_row_error")


def test_old_imports_are_forgotten_whole_and_their_records_stay(
    ours: Importer, contacts_database: TestDatabase
) -> None:
    neighbour = Importer(ours.database, ours.files)
    for one in (ours, neighbour):
        with one.database.open_work(one.caller) as work:
            work.execute(KNOW)
        done = one.load(FILE)
        assert (done.rows_created, done.rows_failed) == (1, 1)
    running = ours.upload(FILE)
    ours.map(running)
    ours.start(running.id)
    settings = ContactsSettings(relay_database_url=contacts_database.relay_url)
    forgetting = forgetting_of(ours.database, ours.files, settings)
    keep = timedelta(days=settings.import_keep_days)

    assert forgetting.sweep(now=datetime.now(UTC) + keep - timedelta(hours=1)) == 0
    with psycopg.connect(contacts_database.admin_url) as admin:
        before = admin.execute("SELECT count(*) FROM import_change").fetchone()
    assert before is not None
    assert before[0] >= 2
    assert forgetting.sweep(now=datetime.now(UTC) + keep + timedelta(hours=1)) == 2
    assert forgetting.sweep(now=datetime.now(UTC) + keep + timedelta(hours=1)) == 0

    with psycopg.connect(contacts_database.admin_url) as admin:
        left = {}
        for table in OF_IMPORTS:
            rows = admin.execute(f"SELECT count(*) FROM {table} WHERE tenant_id = %s", [ours.caller.tenant_id])
            left[table] = rows.fetchone()
    assert left == {"import_job": (1,), "import_change": (0,), "import_row_error": (0,)}
    assert len(list(ours.files.names(ours.caller.tenant_id))) == 1
    assert len(ours.contacts()) == 1
