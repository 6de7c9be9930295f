"""The conformance page names a test or a reason for every requirement, and every test it names exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "oauth-conformance.md"
ROW = re.compile(r"^\| (?P<id>[^|]+) \| (?P<what>[^|]+) \| (?P<proof>[^|]+) \|$")
TEST = re.compile(r"`(?P<path>[\w/.]+\.py)::(?P<name>test_\w+)`")
REASONS = ("n/a: ", "not met: ")


def rows() -> list[tuple[str, str]]:
    found = [ROW.match(line) for line in PAGE.read_text(encoding="utf-8").splitlines()]
    cells = [(row["id"].strip(), row["proof"].strip()) for row in found if row]
    return [cell for cell in cells if cell[0] not in ("id", "---")]


def test_every_named_test_exists() -> None:
    named = {(path, name) for _, proof in rows() for path, name in TEST.findall(proof)}
    assert len(named) > 50
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path, _ in named}
    assert [f"{path}::{name}" for path, name in sorted(named) if f"def {name}(" not in texts[path]] == []


def test_every_requirement_has_a_test_or_a_reason() -> None:
    bare = [which for which, proof in rows() if not TEST.search(proof) and not proof.startswith(REASONS)]
    assert bare == []


def test_no_requirement_is_left_out() -> None:
    known = [which for which, _ in rows()]
    assert len(known) == len(set(known))
    for number in range(1, 17):
        assert f"V10.4.{number}" in known
    for chapter, last in ((5, 5), (6, 2), (7, 3)):
        assert {f"V10.{chapter}.{number}" for number in range(1, last + 1)} <= set(known)
    assert sum(which.startswith("RFC 9700") for which in known) >= 35
    assert sum(which.startswith("oidcc-") for which in known) >= 34
