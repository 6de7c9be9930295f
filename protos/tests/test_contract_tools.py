"""The tools that guard the contract notice what they are there for."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PROTOS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tools() -> Iterator[tuple[ModuleType, ModuleType]]:
    sys.path.insert(0, str(PROTOS))
    import generate
    import lint

    yield generate, lint
    sys.path.remove(str(PROTOS))


def test_the_committed_code_is_what_the_protos_say(tools: Any) -> None:
    assert tools[0].main(["--check"]) == 0


def test_changed_missing_and_stale_code_is_noticed(tools: Any, tmp_path: Path) -> None:
    shutil.copytree(PROTOS / "gen", tmp_path / "gen")
    package = tmp_path / "gen" / "funia" / "contacts" / "v1"
    (package / "contact_pb2.py").write_text("# changed by hand\n")
    (package / "account_pb2.pyi").unlink()
    (package / "ghost_pb2.py").write_text("")
    names = [path.name for path in tools[0].drift(tmp_path / "gen")]
    assert names == ["account_pb2.pyi", "contact_pb2.py", "ghost_pb2.py"]


def test_comments_reach_the_reference() -> None:
    comments = json.loads((PROTOS / "gen" / "funia" / "comments.json").read_text(encoding="utf-8"))
    assert comments["funia.contacts.v1.ContactService.GetContact"] == "Returns one contact."
    assert comments["funia.contacts.v1.Contact.given_name"] == "Given name."
    assert comments["funia.contacts.v1.View.VIEW_FULL"] == "The whole record."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("string given_name = 4", "string given_name = 44"),
        ("string given_name = 4", "string first_name = 4"),
        ("int32 score = 16", "string score = 16"),
        ("  rpc LookupContact(", "  rpc SeekContact("),
    ],
)
def test_a_change_that_breaks_callers_is_noticed(tools: Any, tmp_path: Path, old: str, new: str) -> None:
    generate, lint = tools
    shutil.copytree(PROTOS / "funia", tmp_path / "funia")
    file = tmp_path / "funia" / "contacts" / "v1" / "contact.proto"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    generate.write_image(tmp_path, tmp_path / "changed.binpb")
    assert lint.breaking(tmp_path / "changed.binpb", "HEAD", tmp_path) != 0
