"""The conformance page names a test or a reason for every requirement, and every test it names exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "oauth-conformance.md"
ROW = re.compile(r"^\| (?P<id>[^|]+) \| (?P<what>[^|]+) \| (?P<proof>[^|]+) \|$")
TEST = re.compile(r"`(?P<path>[\w/.]+\.py)::(?P<name>test_\w+)`")
REASONS = ("n/a: ", "not met: ")
BEYOND = "oidcc-discovery-endpoint-verification"
"""The first line behind the Basic OP plan: a module of another plan."""
SECTIONS = """
    2.1 2.1.1 2.1.2 2.2.1 2.2.2 2.3 2.4 2.5 2.6 4.1.3 4.2.4 4.3 4.4.2 4.5.3 4.6.1 4.7.1 4.8.2 4.9.3 4.10.1 4.10.2 4.11.1
    4.11.2 4.12 4.13 4.14.2 4.15.1 4.16 4.17
"""
"""Sections of RFC 9700 that say what must, should or must not be."""
MODULES = """
    server response-type-missing idtoken-signature idtoken-unsigned userinfo-get userinfo-post-header userinfo-post-body
    ensure-request-without-nonce-succeeds-for-code-flow scope-profile scope-email scope-address scope-phone scope-all
    ensure-other-scope-order-succeeds display-page display-popup prompt-login prompt-none-not-logged-in
    prompt-none-logged-in max-age-1 max-age-10000 ensure-request-with-unknown-parameter-succeeds id-token-hint
    login-hint
    ui-locales claims-locales ensure-request-with-acr-values-succeeds codereuse codereuse-30seconds
    ensure-registered-redirect-uri ensure-post-request-succeeds server-client-secret-post
    request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
    unsigned-request-object-supported-correctly-or-rejected-as-unsupported claims-essential
    ensure-request-object-with-redirect-uri refresh-token ensure-request-with-valid-pkce-succeeds
"""
"""Modules of OIDCCBasicTestPlan in the conformance suite of the OpenID Foundation."""


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
    assert {which.split()[2] for which in known if which.startswith("RFC 9700")} == set(SECTIONS.split())
    begin, end = known.index("oidcc-server"), known.index(BEYOND)
    assert set(known[begin:end]) == {f"oidcc-{name}" for name in MODULES.split()}
