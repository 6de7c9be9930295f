"""Companies: how long signing one up takes beside its password hash, and what ten thousand of them cost."""

from __future__ import annotations

import time
from statistics import median
from uuid import uuid4

import httpx
import psycopg
from gateway.identity.passwords import Passwords
from gateway.settings import GatewaySettings

from bench.companies import sign_up_form
from bench.copying import copy_rows
from bench.figure import Figure, Goal
from bench.figures import requests
from bench.rig import Rig
from bench.seeding import seed_contacts

SIGN_UP_GOAL = Goal("value", "<", 150, "ms")
MANY_GOAL = Goal("ratio", "<=", 1.2)
_CONTACTS_EACH = 10
_COPIED = {
    "tenant": ("tenant_id", {"slug": "'bench-' || fresh"}),
    "membership": ("tenant_id", {}),
}


def measure(rig: Rig) -> list[Figure]:
    """Sign-up, and every request figure again with many companies."""
    rig.seed_all()
    sign_up, beside = sign_up_figures(rig)
    before = [*_request_figures(rig), sign_up]
    rig.say(f"seeding {rig.sizes.tenants_idle:,} companies")
    _seed_companies(rig)
    after = [*_request_figures(rig), sign_up_figures(rig)[0]]
    return [beside, *(_slowdown(rig, one, two) for one, two in zip(before, after, strict=True))]


def sign_up_figures(rig: Rig) -> tuple[Figure, Figure]:
    """Medians of POST /v1/sign-up, whole and without what one password hash takes; the floor is that hash."""
    rig.say("sign-up")
    passwords = Passwords(GatewaySettings())
    taken, hashing = [], []
    with httpx.Client(base_url=rig.stack.url, timeout=60, trust_env=False) as http:
        for _ in range(rig.sizes.sign_ups):
            form = sign_up_form("Sign-up")
            started = time.monotonic()
            passwords.hash(form["password"])
            hashed = time.monotonic()
            http.post("/v1/sign-up", json=form).raise_for_status()
            hashing.append((hashed - started) * 1000)
            taken.append((time.monotonic() - hashed) * 1000)
    rig.settle()
    whole, floor = median(taken), median(hashing)
    beside = whole - floor
    return (
        Figure("sign-up", whole, "ms", floor, whole / floor),
        Figure("sign-up beside hashing", beside, "ms", floor, beside / floor, SIGN_UP_GOAL),
    )


def _request_figures(rig: Rig) -> list[Figure]:
    return [requests.get_figure(rig), requests.list_figure(rig, "summary"), requests.create_figure(rig)]


def _slowdown(rig: Rig, before: Figure, after: Figure) -> Figure:
    """How many times slower a figure is with many companies, each compared with its own floor first."""
    assert before.ratio is not None
    assert after.ratio is not None
    slower = after.ratio / before.ratio if after.unit == "ms" else before.ratio / after.ratio
    name = f"{after.name}, {rig.sizes.tenants_idle:,} companies more"
    return Figure(name, after.value, after.unit, before.value, slower, MANY_GOAL)


def _seed_companies(rig: Rig) -> None:
    """Copies a company's rows under new ids, and gives each copy a few contacts."""
    tenants = [uuid4() for _ in range(rig.sizes.tenants_idle)]
    template = rig.companies[0].tenant_id
    with psycopg.connect(rig.admin_url("identity"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        arguments = {"tenants": tenants, "template": template}
        for table, (key, changed) in _COPIED.items():
            source = f"{table}, unnest(%(tenants)s::uuid[]) AS fresh WHERE {table}.{key} = %(template)s"
            copy_rows(connection, table, {key: "fresh", **changed}, source, arguments)
        connection.execute("ANALYZE")
    seed_contacts(rig.admin_url(), tenants, each=_CONTACTS_EACH)
