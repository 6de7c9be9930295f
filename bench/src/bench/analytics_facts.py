"""Facts of shops that nobody has, written by the engine itself, and the same facts bare beside them.

The bare tables hold one company alone, each row once, in a plain sorted table: nothing of ours stands in their way.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from analytics.store.embedded import engine_connect
from analytics.store.facts import EVENT_FACT, FactTable
from analytics.store.native import block
from analytics.store.parameters import parameter_text
from analytics.store.port import Parameter
from analytics.store.sales_facts import ORDER_FACT, ORDER_LINE_FACT
from analytics.store.schema import FACTS

SHOP = UUID(int=0x0193_0000_0000_7000_8000_0000_0000_0001)
"""The company whose reports are asked for."""
STEPS = ("marketing.message.sent", "marketing.message.opened", "marketing.link.clicked", "sales.deal.created",
         "sales.deal.won")  # fmt: skip
_OTHER = ("contacts.contact.updated", "support.ticket.created", "sales.order.placed")
_LINES_AN_ORDER = 2.5
_ORDERS_AT_ONCE = 200_000
_EVENTS_AT_ONCE = 1_000_000
_SUBJECTS_SHARE = 5

_ORDERS = """
INSERT INTO order_fact (tenant_id, order_id, version, changed_at, created_at, channel, status, customer_id, contact_id,
                        store_id, owner_id, team_id, currency_code, ordered_on, net_minor, gross_minor,
                        home_currency_code, home_minor)
SELECT tenant, generateUUIDv7(number), 2, created, created,
       ['sales', 'pos', 'web'][1 + h % 3], if(h % 50 = 0, 'canceled', 'confirmed'), customer, customer,
       reinterpretAsUUID(sipHash128('store', h % 12)), reinterpretAsUUID(sipHash128('seller', h % 40)),
       reinterpretAsUUID(sipHash128('team', h % 5)), 'EUR', toDate32(created), net, net, 'EUR', net
  FROM (SELECT number, cityHash64(number, {shop:UInt64}) AS h,
               toUUID(concat('01930000-0000-7000-8000-', leftPad(lower(hex({shop:UInt64} + number % {shops:UInt64})),
                                                                 12, '0'))) AS tenant,
               toDateTime64('2023-11-01 08:00:00', 6, 'UTC')
                   + toIntervalMinute(intDiv(number * 1576800, {orders:UInt64})) AS created,
               reinterpretAsUUID(sipHash128(tenant,
                   toUInt64({customers:UInt64} * pow((h % 1000003) / 1000003, 1.5)))) AS customer,
               1000 + h % 90000 AS net
          FROM numbers({first:UInt64}, {count:UInt64}))"""

_LINES = """
INSERT INTO order_line_fact (tenant_id, order_id, version, changed_at, created_at, line_id, channel, status,
                             customer_id, contact_id, store_id, owner_id, team_id, currency_code, ordered_on,
                             product_id, product_variant_id, quantity_milli, list_minor, discount_minor, net_minor,
                             gross_minor, cost_minor)
SELECT tenant_id, order_id, version, changed_at, created_at, reinterpretAsUUID(sipHash128(order_id, place)), channel,
       status, customer_id, contact_id, store_id, owner_id, team_id, currency_code, ordered_on,
       reinterpretAsUUID(sipHash128('product', h % 2000)), reinterpretAsUUID(sipHash128('variant', h % 2000)),
       1000 * (1 + h % 4), share + share % 10, share % 10, share, share, intDiv(share * 6, 10)
  FROM (SELECT *, place, cityHash64(order_id, place) AS h, intDiv(net_minor, places) AS share
          FROM (SELECT *, 1 + toUInt8(cityHash64(order_id) % 4) AS places FROM order_fact
                 WHERE (tenant_id = toUUID({shop:String})) = ({shops:UInt64} = 1))
         ARRAY JOIN range(places) AS place)"""

_EVENTS = """
INSERT INTO event_fact (tenant_id, event_id, type, subject_id, aggregate_version, occurred_at, recorded_at, actor_type)
SELECT toUUID({tenant:String}), generateUUIDv7(number), {types:Array(String)}[1 + h % length({types:Array(String)})],
       reinterpretAsUUID(sipHash128(cityHash64(number, 'subject') % {subjects:UInt64})), 1, at, at, 'user'
  FROM (SELECT number, cityHash64(number, 'event') AS h,
               toDateTime64('2026-08-01 00:00:00', 6, 'UTC')
                   + toIntervalSecond(intDiv(number * 7776000, {events:UInt64})) AS at
          FROM numbers({first:UInt64}, {count:UInt64}))"""


class BareEngine:
    """A connection of its own to the engine that this process has open in `folder`, with none of our limits."""

    def __init__(self, state_dir: Path, *, threads: int) -> None:
        self._connection: Any = engine_connect()(str(state_dir / "analytics" / "store" / "engine"))
        self.run("CREATE DATABASE IF NOT EXISTS bare ENGINE = Atomic")
        self.run("USE funia")
        self._threads = threads

    def run(self, statement: str, parameters: Mapping[str, Parameter] | None = None) -> bytes:
        """The answer as the reports read it."""
        texts = {name: parameter_text(value) for name, value in (parameters or {}).items()}
        return bytes(self._connection.query(statement, "JSONCompact", params=texts).bytes() or b"")

    def ask(self, statement: str, parameters: Mapping[str, Parameter]) -> None:
        """A report's statement over the bare tables; connections stay in the database of the facts."""
        self.run("USE bare")
        try:
            # As many threads as it is given: the engine takes fewer where less than a gigabyte for each is free.
            limits = f"max_threads = {self._threads}, max_threads_min_free_memory_per_thread = 0"
            self.run(f"{statement}\nSETTINGS {limits}", parameters)
        finally:
            self.run("USE funia")

    def insert(self, table: FactTable, data: bytes) -> None:
        """A block into a bare table."""
        statement = f"INSERT INTO bare.{table.name} ({table.column_names}) SETTINGS async_insert = 0"
        stream = self._connection.send_insert(statement, "Native")
        self._connection.insert_append(stream, data)
        self._connection.insert_done(stream)

    def make_bare(self) -> None:
        """Empty bare tables."""
        for table in FACTS:
            self.run(f"DROP TABLE IF EXISTS bare.{table.name}")
            order = ", ".join(table.order)
            self.run(
                f"CREATE TABLE bare.{table.name} AS funia.{table.name} ENGINE = MergeTree"
                f" PARTITION BY {table.partition} ORDER BY ({order}) SETTINGS fsync_after_insert = 1"
            )

    def copy_bare(self, tables: tuple[FactTable, ...]) -> None:
        """The shop's facts into their bare tables."""
        for table in tables:
            self.run(
                f"INSERT INTO bare.{table.name} ({table.column_names}) SELECT {table.column_names}"
                f" FROM {table.name} FINAL WHERE tenant_id = '{SHOP}'"
            )

    def write_shop(self, *, lines: int, customers: int) -> None:
        """Orders of three years with their lines."""
        self._write_orders(1, 1, lines=lines, customers=customers)

    def write_neighbours(self, count: int, *, lines: int, customers: int) -> None:
        """So many other shops with so many lines each."""
        self._write_orders(2, count, lines=lines * count, customers=customers)

    def _write_orders(self, first_shop: int, shops: int, *, lines: int, customers: int) -> None:
        orders = max(1, round(lines / _LINES_AN_ORDER))
        for first in range(0, orders, _ORDERS_AT_ONCE):
            self.run(
                _ORDERS,
                {"shop": first_shop, "shops": shops, "orders": orders, "customers": customers, "first": first,
                 "count": min(_ORDERS_AT_ONCE, orders - first)},
            )  # fmt: skip
        self.run(_LINES, {"shop": str(SHOP), "shops": shops})

    def write_events(self, count: int) -> None:
        """Events of the shop within three months, among them those of a way to buy."""
        for first in range(0, count, _EVENTS_AT_ONCE):
            self.run(
                _EVENTS,
                {"tenant": str(SHOP), "events": count, "first": first, "count": min(_EVENTS_AT_ONCE, count - first),
                 "subjects": max(1, count // _SUBJECTS_SHARE), "types": [*STEPS, *_OTHER]},
            )  # fmt: skip

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()


ORDER_FACTS = (ORDER_FACT, ORDER_LINE_FACT)
EVENT_FACTS = (EVENT_FACT,)
Blocks = list[tuple[FactTable, bytes]]


def blocks_of(tables: list[tuple[FactTable, Any]]) -> Blocks:
    """What the engine is sent for these rows."""
    return [(table, block(table.columns, columns)) for table, columns in tables]
