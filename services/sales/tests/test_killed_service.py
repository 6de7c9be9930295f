"""A served process of sales that is killed in the middle of what tills and desks ask of it.

Whoever repeats a call under its id gets what was done, once, and nothing is lost or done twice.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest
from chassis.client import channel
from chassis.errors import FuniaError, Kind
from chassis.ids import uuid7
from chassis.testing.databases import TestDatabase
from chassis.testing.people import House, Person
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database

from .books import check_books
from .companies import settle
from .conftest import SCOPES, SECRET
from .shop import Shop, open_shop
from .test_gift_cards import card, issue
from .test_lines import item
from .test_loyalty import adjust, balances, by_points, enrol, programme
from .test_orders import get, place
from .test_payments import give_back, pay
from .tills import Till, cups, from_card, in_cash, in_points, open_till, paid_by, receipt_of

T = TypeVar("T")
KILLS = 30
WITHIN_S = 60.0
STEPS_BETWEEN = 12
POINTS, MONEY = 1_000_000, 1_000_000


class ServedSales:
    """``python -m sales serve`` over a socket, which can be killed and comes back."""

    def __init__(self, folder: Path, url: str, nats_url: str, issuer: TokenIssuer, jwks_url: str) -> None:
        self.address = f"unix:{folder}/sales.sock"
        self._socket, self._log = folder / "sales.sock", folder / "sales.log"
        self._environment = {
            **os.environ,
            "FUNIA_DATABASE_URL": url,
            "FUNIA_NATS_URL": nats_url,
            "FUNIA_STATE_DIR": str(folder),
            "FUNIA_SECRET": SECRET,
            "FUNIA_LISTEN": self.address,
            "FUNIA_ISSUER": issuer.issuer,
            "FUNIA_JWKS_URL": jwks_url,
            "FUNIA_METRICS_PORT": "0",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it; callers wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sales", "serve"], env=self._environment, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """Kills it, whatever it is doing."""
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()[-2_000:]
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


@contextmanager
def answering(issuer: TokenIssuer) -> Iterator[str]:
    """An address that tells the keys of an issuer, as the gateway does."""
    told = json.dumps({"keys": [issuer.key.as_dict(private=False)]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def until_answered(does: Callable[[], T]) -> T:
    """What comes of a call that is repeated as it is while nobody answers."""
    deadline = time.monotonic() + WITHIN_S
    while True:
        try:
            return does()
        except FuniaError as error:
            if error.kind not in (Kind.UNAVAILABLE, Kind.DEADLINE_EXCEEDED) or time.monotonic() > deadline:
                raise
        time.sleep(0.02)


class Worker:
    """A till and a desk of one company, which sell, are paid and give back until they are told to stop."""

    def __init__(self, person: Person, shop: Shop, till: Till, member: Any, voucher: Any) -> None:
        self.person, self.shop, self.till, self.member, self.voucher = person, shop, till, member, voucher
        self.done = 0
        self.points, self.spent = 0, 0

    def run(self, stop: threading.Event) -> None:
        """Works."""
        while not stop.is_set():
            self._at_the_till(self.done)
            self._at_the_desk()
            self.done += 1

    def _at_the_till(self, number: int) -> None:
        """Two cups for 24.00: 40 points, 1.00 from the card and the rest in cash; every other time one comes back."""
        sale = self.till.sale(cups(self.shop.red, 2), card_number=self.member.card_number)
        paid_by(sale, in_cash(2_260), from_card(self.voucher, 100), in_points(40))
        answer = until_answered(lambda: self.till.post(sale))
        assert not answer.HasField("refusal"), answer.refusal
        self.points += 236 - 40
        self.spent += 100
        if number % 2:
            whole = until_answered(lambda: receipt_of(self.person, sale.id))
            back = self.till.back(whole)
            said = until_answered(lambda: self.person.call("TillOrderService.PostTillReturn", back))
            given = {one.method: one.amount_minor for one in said.payments}
            self.points += given.get("points", 0) - 118
            self.spent -= given.get("gift_card", 0)

    def _at_the_desk(self) -> None:
        """A cup for 12.00 at a desk: 20 points, the rest in cash, of which 1.00 is given back."""
        order_id, by_point_id, paid_id, refund_id = (str(uuid7()) for _ in range(4))
        order = until_answered(
            lambda: place(
                self.person, item(self.shop.red, 1), order_id=order_id, fulfilled=True, loyalty_member_id=self.member.id
            )
        )
        until_answered(lambda: by_points(self.person, order, self.member, 20, by_point_id))
        paid = until_answered(lambda: pay(self.person, order, 1_180, payment_id=paid_id))
        until_answered(lambda: give_back(self.person, paid, 100, refund_id=refund_id))
        # 118 points for 11.80, of which the refund takes back its part of 12.00.
        self.points += -20 + 118 - 10


def killed_while_working(served: ServedSales, person: Person, workers: list[Worker], kills: int) -> None:
    """Lets everybody work while the process is killed again and again."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(workers)) as pool:
        running = [pool.submit(one.run, stop) for one in workers]
        try:
            for number in range(kills):
                before = sum(one.done for one in workers)
                # A different moment of the work each time.
                while sum(one.done for one in workers) < before + 1 + number % STEPS_BETWEEN:
                    assert not any(one.done() for one in running), running
                    time.sleep(0.001 * (1 + number % 7))
                served.kill()
                served.start()
        finally:
            stop.set()
        for one in running:
            one.result()


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_process_that_is_killed_again_and_again_loses_and_doubles_nothing(
    database: Database, sales_database: TestDatabase, house: House, nats_url: str, tmp_path: Path
) -> None:
    issuer = TokenIssuer()
    with answering(issuer) as jwks_url, channel(f"unix:{tmp_path}/sales.sock") as connection:
        served = ServedSales(tmp_path, sales_database.app_url, nats_url, issuer, jwks_url)
        served.start()
        try:
            person = House(connection, issuer, SCOPES, house.stubs).person(lifetime_s=3_600)
            until_answered(lambda: get_nothing(person))
            shop = open_shop(person)
            settle(database, person.tenant_id)
            programme(person)
            member, voucher = enrol(person), issue(person, MONEY)
            adjust(person, member, POINTS)
            workers = [
                Worker(person, shop, open_till(person, code=f"K{number}"), member, voucher) for number in range(3)
            ]
            killed_while_working(served, person, workers, KILLS)
            earned, spent = sum(one.points for one in workers), sum(one.spent for one in workers)
            assert balances(person, member) == (POINTS + earned, 0, 0)
            assert card(person, voucher).balance_amount.amount_minor == MONEY - spent
            for one in workers:
                assert one.till.post(one.till.sale(cups(shop.red))).last_sequence == one.till.sequence
            given = check_books(database, person.tenant_id)
            returned = sum(one.done // 2 for one in workers)
            assert given == sum(2 * one.done + 1 for one in workers) + returned
        finally:
            served.kill()


def get_nothing(person: Person) -> None:
    """Asks for what is not there: an answer shows that somebody serves."""
    try:
        get(person, str(uuid7()))
    except FuniaError as error:
        if error.kind is not Kind.NOT_FOUND:
            raise
