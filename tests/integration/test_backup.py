"""The whole platform is backed up by its operator and brought back on an empty machine: rows, search, facts, files and
the history of events are there, secrets still open what they sealed, and everything goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from harness import Company, Platform, wait_for
from local_stack.fixtures import whole_stack
from local_stack.running_stack import engines_dir

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1200)]

SCOPES = ("contacts.read", "contacts.write", "contacts.import", "identity.read", "analytics.read")


@pytest.fixture
def machines() -> Iterator[tuple[Path, Path]]:
    """Two folders that stand for two machines."""
    directory = Path(tempfile.mkdtemp(prefix="funia"))
    yield directory / "one", directory / "two"
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def running(folder: Path) -> Iterator[Platform]:
    """The platform on one of the machines. Patient, since a machine of tests is slow."""
    with whole_stack(folder, environment={"FUNIA_SERVICE_START_TIMEOUT_S": "600"}) as stack:
        platform = Platform(stack)
        try:
            yield platform
        finally:
            platform.close()


def operate(folder: Path, *words: str) -> None:
    """What an operator types on the machine."""
    engines = {"FUNIA_STATE_DIR": str(folder), "FUNIA_POSTGRES_FALLBACK_DIR": str(engines_dir())}
    command = [sys.executable, "-m", "local_stack", *words]
    done = subprocess.run(command, env={**os.environ, **engines}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def here(platform: Platform, company: Company) -> Iterator[Company]:
    """The company with the address of this platform; its client and its secret are what they were."""
    with httpx.Client(base_url=platform.stack.url, timeout=30.0, trust_env=False) as http:
        yield replace(company, http=http, _tokens={})


def told(company: Company, path: str, **params: str) -> Any:
    answer = company.http.get(path, params=params, headers=company.bearer())
    assert answer.status_code == 200, answer.text
    return answer.json()


def done(company: Company, path: str, **content: Any) -> Any:
    answer = company.http.post(path, headers=company.bearer(), **content)
    assert answer.is_success, answer.text
    return answer.json()


def seen(company: Company) -> dict[str, Any]:
    """What the company sees of itself, through every store."""
    return {
        "rows": told(company, "/v1/contacts"),
        "search": found(company, "Vasilka"),
        "people": told(company, "/v1/users"),
        "facts": told(company, "/v1/reports/activity/events"),
        "history": history(company),
    }


def found(company: Company, query: str) -> list[Any]:
    hits: list[Any] = told(company, "/v1/customers:search", query=query)["hits"]
    return hits


def history(company: Company) -> list[str]:
    return [one["id"] for one in told(company, "/v1/events")["events"]]


def created(company: Company, name: str) -> str:
    """Creates a contact, and waits until search and facts know it."""
    made = str(done(company, "/v1/contacts", json={"given_name": name})["id"])
    wait_for(f"{name} is found", lambda: found(company, name), timeout_s=120)
    wait_for(f"{name} is counted", lambda: made in str(told(company, "/v1/reports/activity/events")), timeout_s=120)
    return made


def uploaded(company: Company) -> str:
    file = ("people.csv", b"given_name\nImported\n", "text/csv")
    return str(done(company, "/v1/imports", files={"file": file}, data={"kind": "contact"})["id"])


def imported(company: Company, job: str) -> None:
    """Runs an import whose file was uploaded before."""
    fields = {"fields": {"given_name": "given_name"}, "mode": "create", "on_duplicate": "skip"}
    done(company, f"/v1/imports/{job}:map", json=fields)
    done(company, f"/v1/imports/{job}:run", json={})
    wait_for("the import is over", lambda: told(company, f"/v1/imports/{job}")["status"] == "completed", timeout_s=120)


def test_a_backup_brings_everything_to_an_empty_machine_where_it_goes_on(machines: tuple[Path, Path]) -> None:
    one, two = machines
    file = str(one.parent / "all.tar")
    with running(one) as platform:
        company, other = platform.sign_up("Kept", SCOPES), platform.sign_up("Other", SCOPES)
        created(company, "Vasilka")
        created(other, "Vasilka")
        job = uploaded(company)
        before, others = seen(company), seen(other)
        platform.stack.stop()
        operate(one, "backup", file)
    operate(two, "restore", file)
    with running(two) as platform, here(platform, company) as company, here(platform, other) as other:
        assert seen(company) == before
        assert seen(other) == others
        imported(company, job)
        created(company, "Radka")
        assert history(company)[: len(before["history"])] == before["history"]
        assert len(history(company)) > len(before["history"])
        assert seen(other) == others
