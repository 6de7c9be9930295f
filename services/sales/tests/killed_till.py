"""A till that sells until it is killed: places orders, is paid in cash, points and from a gift card, and gives back, as
fast as it can.

Run with the database's URL and the tenant, the variant that it sells, the member who buys, and the code of a card.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import Conflict
from chassis.ids import uuid7
from chassis.settings import Settings
from chassis.work import Database
from sales.pricing.discounts import Discount
from sales.usecases import orders, payments, refunds, tenders
from sales.usecases.lines import LineGiven
from sales.usecases.prices import LineWanted


@dataclass(frozen=True, slots=True)
class Sale:
    """What is sold, and to whom."""

    variant_id: UUID
    member_id: UUID
    code: str


def sell(database: Database, tenant_id: UUID, sale: Sale, number: int) -> None:
    """One sale; every third is given back in part, in a transaction of its own."""
    caller = Caller.system(tenant_id)
    payment_id = uuid7()
    with database.open_work(caller) as work:
        line = LineGiven(LineWanted(sale.variant_id, 1_000 + number % 3 * 1_000, None, Discount()))
        given = {"channel": "pos", "loyalty_member_id": sale.member_id}
        order = orders.confirm(work, orders.draft(work, given, [line]))
        order = orders.fulfil(work, order, {}, uuid7())
    try:
        with database.open_work(caller) as work:
            owed = payments.debt(work, order.id, None)
            if number % 2:
                tenders.pay_with_points(work, owed, uuid7(), sale.member_id, 30)
            else:
                tenders.pay_with_gift_card(work, owed, uuid7(), sale.code, 120)
    except Conflict:
        # Nothing is left of the points or of the card: it is paid in cash alone.
        pass
    with database.open_work(caller) as work:
        owed = payments.debt(work, order.id, None)
        payments.capture(work, owed, payments.begin(work, owed, payment_id, method="cash", amount=None))
    if number % 3 == 0:
        with database.open_work(caller) as work:
            owed, payment = payments.found(work, payment_id)
            refunds.succeed(work, owed, payment, refunds.begin(work, payment, uuid7(), amount=100))


def main() -> None:
    """Sells for ever."""
    url, tenant_id = sys.argv[1], UUID(sys.argv[2])
    sale = Sale(UUID(sys.argv[3]), UUID(sys.argv[4]), sys.argv[5])
    database = Database(Settings(database_url=url))
    number = 0
    while True:
        sell(database, tenant_id, sale, number)
        number += 1
        sys.stdout.write(".\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
