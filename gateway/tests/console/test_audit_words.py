"""Everything that the audit log may tell of has a name that people read; the names are translated as all sentences."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import funia
from flask import Flask, g
from gateway.console.audit_words import act_name
from gateway.identity.audited import CHECKPOINTED
from gateway.identity.consumers import audit

import gateway

PROTOS = Path(next(iter(funia.__path__)))
_TOLD = re.compile(r"Event types?: ([a-z_]+\.[a-z_]+\.)([a-z_]+)([^.]*)")
_FULL = re.compile(r"(?<![a-z_.])([a-z_]+\.[a-z_]+\.[a-z_]+)")


def events() -> set[str]:
    """Every event type, from the comments of the contract."""
    comments = json.loads((PROTOS / "comments.json").read_text(encoding="utf-8"))
    found: set[str] = set()
    for name, comment in comments.items():
        told = _TOLD.search(comment)
        if told is None or name.count(".") > 3:
            continue
        beginning, first, rest = told.groups()
        whole = told.group(0) + comment[told.end() :]
        verbs = [first, *(word.strip() for word in re.sub(r"\(.*?\)|, about .*", "", rest).split(","))]
        full = set(_FULL.findall(whole))
        starts = {one.partition(".")[0] for one in full}
        found |= {beginning + verb for verb in verbs if re.fullmatch("[a-z_]+", verb) and verb not in starts} | full
    return found


def acts() -> set[str]:
    """Acts that are no events, from the code."""
    found: set[str] = set()
    for path in Path(gateway.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Act" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def entered() -> set[str]:
    """What may stand in an audit log: all of identity, and of other services what its consumer asks for."""
    asked = [subject.rstrip("*") for subjects in audit.SUBJECTS.values() for subject in subjects]
    of_others = {one for one in events() if any(one.startswith(beginning) for beginning in asked)}
    of_identity = {one for one in events() if one.startswith("identity.")}
    return (of_identity | of_others | acts()) - {CHECKPOINTED}


def test_the_contract_and_the_code_name_what_is_entered() -> None:
    known = entered()
    assert {
        "identity.webhook_endpoint.rotated", "identity.invitation.revoked", "identity.scim_token.revoked",
        "identity.user.invited", "identity.client.sent_back", "contacts.import.reverted", "contacts.export.started",
        "sales.import.completed",
        "identity.request.refused", "identity.sso.linked", "identity.grant.revoked",
    } <= known  # fmt: skip
    assert len(known) > 65


def test_every_act_that_is_entered_has_a_name_for_people() -> None:
    with Flask(__name__).test_request_context("/"):
        g.console_locale = "en"
        nameless = sorted(action for action in entered() if act_name(action) == action)
    assert nameless == []
