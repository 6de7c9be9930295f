"""Workers that are killed in the middle of an import and of its undoing: no row is lost, and none goes in twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from chassis.caller import Caller
from chassis.files import DiskFiles
from chassis.importing.limits import ImportLimits
from chassis.statements import text
from chassis.testing.databases import TestDatabase
from chassis.testing.people import Person
from chassis.work import Database
from funia.sales.v1 import sales_import_pb2 as pb
from sales.imports.running import ImportRunner

from .companies import settle
from .importer import Desk

WITHIN_S = 60.0
ORDERS, KILLS = 4_000, 15
LINES_EACH = 4
SUMS = text(
    """
    SELECT count(*) FILTER (WHERE status <> 'canceled') AS orders,
           coalesce(sum(gross_amount_minor) FILTER (WHERE status <> 'canceled'), 0)::bigint AS gross,
           coalesce(sum(refunded_amount_minor), 0)::bigint AS refunded,
           (SELECT coalesce(sum(amount_minor), 0)::bigint FROM payment
             WHERE tenant_id = %(tenant_id)s AND status = 'captured') AS paid,
           (SELECT coalesce(sum(amount_minor), 0)::bigint FROM refund
             WHERE tenant_id = %(tenant_id)s AND status = 'succeeded') AS given_back,
           (SELECT count(*) FROM order_line WHERE tenant_id = %(tenant_id)s) AS lines,
           (SELECT count(*) FROM return_order WHERE tenant_id = %(tenant_id)s AND status <> 'rejected') AS returns,
           (SELECT coalesce(sum(returned_milli), 0)::bigint FROM order_line WHERE tenant_id = %(tenant_id)s) AS returned
      FROM sales_order WHERE tenant_id = %(tenant_id)s
    """,
    "tenant_id",
)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_workers_killed_again_and_again_are_followed_exactly(
    house: Any, desk: Desk, database: Database, sales_database: TestDatabase, files: DiskFiles
) -> None:
    person: Person = house.person()
    settle(database, person.tenant_id)
    returns = ORDERS // 10
    desk = Desk(ImportRunner(database, files, ImportLimits(batch_rows=2_000), desk.runner._capture))
    job = desk.check(person, desk.upload(person, "order", _file(ORDERS), "shop.csv"))
    assert job.rows_read == ORDERS * LINES_EACH + returns
    worker = _Worker(sales_database.app_url, str(files._folder), person)
    person.call("SalesImportService.RunSalesImport", pb.RunSalesImportRequest(id=job.id))
    done = worker.run(job.id, KILLS, lambda one: one.rows_read)
    assert (done.status, done.rows_created) == ("completed", job.rows_read)
    expected = ORDERS * LINES_EACH * 200
    whole = (ORDERS, expected, returns * 200, expected, returns * 200, ORDERS * LINES_EACH, returns, returns * 1000)
    assert tuple(_sums(database, person)) == whole
    told = "SELECT count(*) FROM outbox WHERE tenant_id = %(tenant_id)s AND subject LIKE '%%sales.order.imported'"
    assert _one(database, person, told) == ORDERS, "every order is told of once"

    person.call("SalesImportService.RevertSalesImport", pb.RevertSalesImportRequest(id=job.id))
    undone = worker.run(job.id, KILLS, lambda one: sum(one.undone.values()))
    assert (undone.status, undone.undo_left, undone.undone["orders"]) == ("reverted", 0, ORDERS)
    assert tuple(_sums(database, person)) == (0, 0, 0, 0, 0, ORDERS * LINES_EACH, 0, 0)
    told = "SELECT count(*) FROM outbox WHERE tenant_id = %(tenant_id)s AND subject LIKE '%%sales.order.canceled'"
    assert _one(database, person, told) == ORDERS


class _Worker:
    """Processes that are killed while they get on, and one at last that is not."""

    def __init__(self, url: str, folder: str, person: Person) -> None:
        self._arguments = [url, folder, str(person.tenant_id)]
        self._person = person
        self._chance = random.Random(7)

    def run(self, import_id: str, kills: int, reached: Any) -> pb.SalesImport:
        arguments = [sys.executable, "-m", "tests.killed_import", *self._arguments, import_id]
        for _ in range(kills):
            before = reached(self._job(import_id))
            child = subprocess.Popen(arguments, cwd=Path(__file__).parents[1])
            try:
                deadline = time.monotonic() + WITHIN_S
                while child.poll() is None and reached(self._job(import_id)) <= before:
                    assert time.monotonic() < deadline, "the worker does not get on"
                time.sleep(self._chance.random() / 10)
            finally:
                child.send_signal(signal.SIGKILL)
                child.wait()
        subprocess.run(arguments, cwd=Path(__file__).parents[1], check=True, timeout=WITHIN_S * 10)
        return self._job(import_id)

    def _job(self, import_id: str) -> pb.SalesImport:
        job: pb.SalesImport = self._person.call(
            "SalesImportService.GetSalesImport", pb.GetSalesImportRequest(id=import_id)
        )
        return job


def _file(orders: int) -> str:
    """Orders of one customer each, the tenth part of which sent one thing back."""
    lines = ["number,sku,product,quantity,date,price,customer"]
    for number in range(orders):
        lines += [f"{number},S{at},Thing {at},1,2026-01-05,2,{number}" for at in range(LINES_EACH)]
        if number % 10 == 0:
            lines.append(f"C{number},S1,Thing 1,-1,2026-01-06,2,{number}")
    return "\n".join(lines)


def _sums(database: Database, person: Person) -> Any:
    with database.open_work(Caller.system(person.tenant_id), read_only=True) as work:
        return work.row(SUMS)


def _one(database: Database, person: Person, sql: str) -> int:
    with database.open_work(Caller.system(person.tenant_id), read_only=True) as work:
        row: Any = work.row(text(sql, "tenant_id"))
        return int(row[0])
