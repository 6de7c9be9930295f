"""Every process of ours is replaced under load, one after the other, and no request fails."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from harness import Platform
from local_stack.fixtures import whole_stack
from local_stack.stack import ENGINES
from strict_load import SCOPES, StrictLoad, wait_until_gateway_is_replaced

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def rolling() -> Iterator[Platform]:
    """A platform to replace. Patient, since the machine of the tests is slow, and starts take seconds there."""
    directory = Path(tempfile.mkdtemp(prefix="funia"))
    settings = {"FUNIA_CALL_PATIENCE_S": "60", "FUNIA_CALL_DEADLINE_S": "60", "FUNIA_SERVICE_START_TIMEOUT_S": "200"}
    try:
        with whole_stack(directory, environment=settings) as stack:
            opened = Platform(stack)
            yield opened
            opened.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.soak
def test_every_process_is_replaced_under_load_and_no_request_fails(rolling: Platform) -> None:
    company = rolling.sign_up("Rolling", SCOPES)
    load = StrictLoad(rolling.stack.url, company)
    before = dict(rolling.stack.processes)
    workers = wait_until_gateway_is_replaced(before["gateway-serve"], set())
    with load.running():
        rolling.stack.roll(timeout_s=300)
        rolling.stack.wait_ready()
        wait_until_gateway_is_replaced(before["gateway-serve"], workers)
    after = dict(rolling.stack.processes)
    replaced = {name for name in before if after[name] != before[name]}
    # The gateway's own process stays and replaces its workers.
    assert replaced == set(before) - {*ENGINES, "gateway-serve"}
    assert load.failures == []
    assert min(load.answered.values()) > 10
    with psycopg.connect(rolling.admin_url("contacts")) as admin:
        rows = admin.execute("SELECT given_name, id::text FROM contact WHERE given_name LIKE 'Roll%'").fetchall()
    assert Counter(rows) == Counter(load.created.items())
