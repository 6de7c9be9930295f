"""A release is brought in under load, and taken back, by the very steps an operator takes; no request fails.

The former release is the commit that deploy/previous-release names. While the schema is brought forward its processes
run on the new schema, and on the way back again. Its code runs with the installed packages of this one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from chassis.lint_migrations import PREVIOUS_RELEASE
from harness import Platform
from local_stack.fixtures import whole_stack
from strict_load import SCOPES, StrictLoad, wait_until_gateway_is_replaced

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]

CHECKOUT = Path(__file__).parents[2]
SOURCES = ("protos/gen", "libs/*/src", "gateway/src", "services/*/src", "deploy/local/src")
BUNDLE = Path("gateway/src/gateway/console/static/vendor")


@contextmanager
def former_release(folder: Path) -> Iterator[Path]:
    """The previous release, checked out."""
    git = ["git", "-C", str(CHECKOUT)]
    commit = (CHECKOUT / PREVIOUS_RELEASE).read_text().split()[0]
    if subprocess.run([*git, "cat-file", "-e", f"{commit}^{{commit}}"], check=False).returncode:
        pytest.skip(f"git does not hold the previous release, {commit}")
    subprocess.run([*git, "worktree", "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        (folder / BUNDLE).symlink_to(CHECKOUT / BUNDLE)
        yield folder
    finally:
        subprocess.run([*git, "worktree", "remove", "--force", str(folder)], check=True)


def install(release: Path, link: Path) -> None:
    """Makes the link lead to the release, at once."""
    fresh = link.with_name("fresh")
    fresh.symlink_to(release)
    fresh.replace(link)


def revisions(platform: Platform) -> dict[str, str]:
    found = {}
    for database in ("identity", "contacts", "sales", "marketing", "support", "analytics"):
        with psycopg.connect(platform.admin_url(database)) as admin:
            [[found[database]]] = admin.execute("SELECT version_num FROM alembic_version").fetchall()
    return found


def test_a_release_is_brought_in_and_taken_back_and_no_request_fails() -> None:
    directory = Path(tempfile.mkdtemp(prefix="funia"))
    link = directory / "release"
    settings = {
        "FUNIA_CALL_PATIENCE_S": "60",
        "FUNIA_CALL_DEADLINE_S": "60",
        "FUNIA_SERVICE_START_TIMEOUT_S": "300",
        "PYTHONPATH": os.pathsep.join(
            str(link / path.relative_to(CHECKOUT)) for source in SOURCES for path in sorted(CHECKOUT.glob(source))
        ),
    }
    try:
        with former_release(directory / "former") as former:
            install(former, link)
            with whole_stack(directory / "state", environment=settings) as stack:
                platform = Platform(stack)
                before = revisions(platform)
                load = StrictLoad(stack.url, platform.sign_up("Upgraded", SCOPES))
                with load.running():
                    for release in (CHECKOUT, former):
                        install(release, link)
                        serving = stack.processes["gateway-serve"]
                        workers = wait_until_gateway_is_replaced(serving, set())
                        stack.roll(timeout_s=900)
                        wait_until_gateway_is_replaced(serving, workers)
                        brought = revisions(platform)
                assert load.failures == []
                assert min(load.answered.values()) > 10
                # The way back changes no schema: the former release runs on the new one.
                assert all(brought[database] >= revision for database, revision in before.items())
                platform.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
