"""A till that sells until it is killed: places orders, is paid and gives back, as fast as it can.

Run with the database's URL and the tenant, the two variants it sells, and how many sales it tells of before it goes on.
"""

from __future__ import annotations

import sys
from uuid import UUID

from chassis.caller import Caller
from chassis.ids import uuid7
from chassis.settings import Settings
from chassis.work import Database
from sales.pricing.discounts import Discount
from sales.usecases import orders, payments, refunds
from sales.usecases.lines import LineGiven
from sales.usecases.prices import LineWanted


def sell(database: Database, tenant_id: UUID, variant_id: UUID, number: int) -> None:
    """One sale; every third is given back in part, in a transaction of its own."""
    caller = Caller.system(tenant_id)
    payment_id = uuid7()
    with database.open_work(caller) as work:
        line = LineGiven(LineWanted(variant_id, 1_000 + number % 3 * 1_000, None, Discount()))
        order = orders.confirm(work, orders.draft(work, {"channel": "pos"}, [line]))
        order = orders.fulfil(work, order, {}, uuid7())
    with database.open_work(caller) as work:
        owed = payments.debt(work, order.id, None)
        payments.capture(work, owed, payments.begin(work, owed, payment_id, method="cash", amount=None))
    if number % 3 == 0:
        with database.open_work(caller) as work:
            owed, payment = payments.found(work, payment_id)
            refunds.succeed(work, owed, payment, refunds.begin(work, payment, uuid7(), amount=100))


def main() -> None:
    """Sells for ever."""
    url, tenant_id, variant_id = sys.argv[1], UUID(sys.argv[2]), UUID(sys.argv[3])
    database = Database(Settings(database_url=url))
    number = 0
    while True:
        sell(database, tenant_id, variant_id, number)
        number += 1
        sys.stdout.write(".\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
