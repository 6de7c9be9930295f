"""Approvals: who agrees, one step after another, and what the time does where nobody does.

Only people decide, nobody about what he asked for himself, and only whoever holds the step's role at that moment. What
is approved runs in its own service, with the rights that whoever asked has then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from chassis.caller import Caller
from chassis.errors import Conflict, NotFound, PermissionDenied
from chassis.job_rights import rights_of as kept_rights
from chassis.tokens import TokenVerifier
from chassis.work import Database, Row, Work

from gateway.errors import stale
from gateway.identity.access_tokens import AccessTokens, Rights
from gateway.identity.approval_events import approval_changed
from gateway.identity.platform import open_platform_work, platform_rights
from gateway.identity.queries import approval as queries
from gateway.identity.queries import approval_policy as policies
from gateway.identity.queries import client as clients
from gateway.identity.queries import user as users
from gateway.identity.roles import OWNER, role_of
from gateway.identity.usecases.approval_letters import ApprovalLetters
from gateway.identity.usecases.approval_policies import check_approver
from gateway.identity.usecases.sessions import rights_of
from gateway.settings import GatewaySettings

ADMINISTER = "identity.admin"
DECIDE = "identity.approve"
_AT_ONCE = 100
_OWNERS = f"role:{OWNER}"


@dataclass(frozen=True, slots=True)
class Submitted:
    """An operation that a service keeps until it is approved."""

    id: UUID
    operation: str
    digest: str
    policy_id: UUID
    requester_type: str
    requester_id: UUID
    requester_client: str
    scopes: list[str]
    record_kind: str
    record_id: UUID | None
    facts: Mapping[str, str]


class Approvals:
    """Takes in what is asked for, and decides. Thread-safe."""

    def __init__(
        self,
        database: Database,
        tokens: AccessTokens,
        verifier: TokenVerifier,
        letters: ApprovalLetters,
        settings: GatewaySettings,
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._verifier = verifier
        self._letters = letters
        self._settings = settings

    def submit(self, work: Work, asked: Submitted) -> None:
        """Takes an operation in, once, and tells those it waits for."""
        policy = policies.get(work, asked.policy_id)
        steps = list(policy.steps) if policy is not None else [{"approver_kind": "role", "approver_id": OWNER}]
        row = queries.add(
            work,
            id=asked.id,
            operation=asked.operation,
            digest=asked.digest,
            requester_type=asked.requester_type,
            requester_id=asked.requester_id,
            requester_client=asked.requester_client,
            scopes=asked.scopes,
            record_kind=asked.record_kind,
            record_id=asked.record_id,
            facts=dict(asked.facts),
            policy_id=asked.policy_id,
            policy_name="" if policy is None else policy.name,
            steps=steps,
            submitted_at=work.now,
            **self._entered(work, steps, 1, asked.requester_type, asked.requester_id),
        )
        if row is not None:
            work.record(approval_changed("requested", row))
            self._letters.ask(work, row)

    def approve(self, work: Work, approval_id: UUID, *, reason: str, etag: str) -> Row:
        """Agrees for the caller: on to the next step, or it runs."""
        row = self._open(work, approval_id, etag)
        self._check_decides(work, row)
        queries.decide(work, row, "approved", actor_id=work.caller.actor_id, reason=reason)
        by = [*row.approved_by, str(work.caller.actor_id)]
        if row.step < len(row.steps):
            entered = self._entered(work, row.steps, row.step + 1, row.requester_type, row.requester_id)
            written = queries.change(work, row, approved_by=by, **entered)
            work.record(approval_changed("step_approved", written))
            self._letters.ask(work, written)
            return written
        rights = self._rights(work, row)
        if rights is None:
            return self._end(work, row, "failed", failure="REQUESTER_GONE", approved_by=by)
        written = queries.change(work, row, status="approved", approver="", approved_by=by)
        work.record(approval_changed("approved", written, rights=rights))
        return written

    def reject(self, work: Work, approval_id: UUID, *, reason: str, etag: str) -> Row:
        """Does not agree, for the caller. It ends, and who asked is told."""
        row = self._open(work, approval_id, etag)
        self._check_decides(work, row)
        queries.decide(work, row, "rejected", actor_id=work.caller.actor_id, reason=reason)
        return self._end(work, row, "rejected")

    def delegate(self, work: Work, approval_id: UUID, user_id: UUID, *, reason: str) -> Row:
        """Lets somebody else decide this step: by whom it waits for, or an administrator."""
        row = self._open(work, approval_id, "")
        if ADMINISTER not in work.caller.scopes:
            self._check_decides(work, row)
        check_approver(work, "user", str(user_id), "user_id")
        if user_id == row.requester_id:
            raise _own()
        handed_to = f"user:{user_id}"
        queries.decide(work, row, "delegated", actor_id=work.caller.actor_id, reason=reason, handed_to=handed_to)
        written = queries.change(work, row, approver=handed_to)
        work.record(approval_changed("delegated", written))
        self._letters.ask(work, written)
        return written

    def recall(self, work: Work, approval_id: UUID) -> Row:
        """Takes back what the caller asked for."""
        row = self._open(work, approval_id, "")
        if row.requester_id != work.caller.actor_id:
            raise PermissionDenied("Only whoever asked for this can take it back.", reason="NOT_REQUESTER")
        queries.decide(work, row, "recalled", actor_id=work.caller.actor_id)
        return self._end(work, row, "recalled")

    def ran(self, work: Work, approval_id: UUID, failure: str) -> None:
        """Notes what became of an operation that was approved."""
        row = queries.get(work, approval_id, lock=True)
        if row is not None and row.status == "approved":
            self._end(work, row, "failed" if failure else "done", failure=failure)

    def tend(self) -> int:
        """Escalates and ends what has waited long enough, in all companies; returns how many."""
        with open_platform_work(self._database) as platform:
            due = queries.due(platform, limit=_AT_ONCE)
        for one in due:
            with self._database.open_work(Caller.system(one.tenant_id)) as work:
                self._tend(work, one.id)
        return len(due)

    def get(self, work: Work, approval_id: UUID) -> Row:
        """An approval that the caller has to do with. Raises NotFound."""
        row = queries.get(work, approval_id)
        if row is None or not is_party(work, row):
            raise _not_found(approval_id)
        return row

    def _tend(self, work: Work, approval_id: UUID) -> None:
        row = queries.get(work, approval_id, lock=True)
        if row is None or row.status != "waiting" or row.due_at > work.now:
            return
        if row.expires_at <= work.now:
            queries.decide(work, row, "expired", actor_id=None)
            self._end(work, row, "expired")
            return
        step = row.steps[row.step - 1]
        approver = f"{step['escalate_kind']}:{step['escalate_id']}"
        queries.decide(work, row, "escalated", actor_id=None, handed_to=approver)
        written = queries.change(work, row, approver=approver, escalate_at=None, due_at=row.expires_at)
        work.record(approval_changed("escalated", written))
        self._letters.ask(work, written)

    def _open(self, work: Work, approval_id: UUID, etag: str) -> Row:
        row = queries.get(work, approval_id, lock=True)
        if row is None or not is_party(work, row):
            raise _not_found(approval_id)
        if etag and etag != str(row.version):
            raise stale(etag, row.version)
        if row.status != "waiting" or row.expires_at <= work.now:
            state = row.status if row.status != "waiting" else "expired"
            raise Conflict(
                f"Nothing is left to decide: this is {state}.", reason="WRONG_STATE", metadata={"state": state}
            )
        return row

    def _check_decides(self, work: Work, row: Row) -> None:
        if row.requester_id == work.caller.actor_id:
            raise _own()
        if not may_decide(work, row, keys_of(work)):
            raise PermissionDenied("This does not wait for you.", reason="NOT_APPROVER")

    def _end(self, work: Work, row: Row, status: str, **values: Any) -> Row:
        written = queries.change(work, row, status=status, approver="", ended_at=work.now, **values)
        work.record(approval_changed(status, written))
        self._letters.tell(work, written)
        return written

    def _entered(
        self, work: Work, steps: list[Any], number: int, requester_type: str, requester_id: UUID
    ) -> dict[str, Any]:
        """What entering a step sets: whom it waits for, and until when."""
        step = steps[number - 1]
        hours = step.get("expires_after_hours") or self._settings.approval_expires_after_hours
        expires_at = work.now + timedelta(hours=hours)
        after = step.get("escalate_after_hours")
        escalate_at: datetime | None = work.now + timedelta(hours=after) if after else None
        approver = f"{step['approver_kind']}:{step['approver_id']}"
        if step["approver_kind"] == "lead":
            team_id = queries.team_above(work, requester_id) if requester_type == "user" else None
            approver = _OWNERS if team_id is None else f"lead:{team_id}"
        return {
            "step": number,
            "approver": approver,
            "escalate_at": escalate_at,
            "expires_at": expires_at,
            "due_at": min(escalate_at or expires_at, expires_at),
        }

    def _rights(self, work: Work, row: Row) -> str | None:
        """The requester's rights of this moment, no wider than when it was asked for; None where nothing is left."""
        asked = frozenset(row.scopes)
        if row.requester_type == "user":
            with platform_rights(work) as platform:
                member = users.rights(platform, work.tenant_id, row.requester_id)
            role = None if member is None else role_of(member)
            if member is None or role is None:
                return None
            rights = rights_of(member, role, client_id=row.requester_client, scopes=role.scopes & asked)
        else:
            client = clients.get(work, row.requester_id)
            if client is None or client.status != "active":
                return None
            rights = Rights(
                tenant_id=work.tenant_id,
                subject=client.id,
                actor_type="client",
                client_id=client.client_id,
                scopes=frozenset(client.scopes) & asked,
                visibility=client.visibility,
                client_version=client.version,
            )
        # By a token of that moment, which nobody gets: what takes it back stops what has not run yet.
        caller = self._verifier.verify(self._tokens.issue(rights))
        return orjson.dumps(kept_rights(caller) | {"scopes": sorted(caller.scopes)}).decode()


def keys_of(work: Work) -> list[str]:
    """What an approval that waits for the caller names: the role, the person, the teams led. Nothing for apps."""
    caller = work.caller
    member = users.get(work, caller.actor_id) if caller.actor_type == "user" else None
    if member is None or member.status != "active":
        return []
    teams = (f"lead:{one}" for one in queries.led_by(work, caller.actor_id))
    return [f"role:{member.role}", f"user:{caller.actor_id}", *teams]


def may_decide(work: Work, row: Row, keys: list[str]) -> bool:
    """Whether the caller, who is known by these keys, may agree to it now."""
    waits = row.status == "waiting" and row.expires_at > work.now
    return waits and row.approver in keys and row.requester_id != work.caller.actor_id and DECIDE in work.caller.scopes


def is_party(work: Work, row: Row) -> bool:
    """Whether the caller has to do with it: asked, may decide, did decide, or administers the company."""
    if row.requester_id == work.caller.actor_id or ADMINISTER in work.caller.scopes:
        return True
    if row.status == "waiting" and row.approver in keys_of(work):
        return True
    decided = queries.decisions(work, row.id, limit=_AT_ONCE)
    me = f"user:{work.caller.actor_id}"
    return any(one.actor_id == work.caller.actor_id or one.handed_to == me for one in decided)


def _own() -> PermissionDenied:
    return PermissionDenied("Nobody decides about what he asked for himself.", reason="OWN_REQUEST")


def _not_found(approval_id: UUID) -> NotFound:
    return NotFound(f"There is no approval {approval_id} that you may see.", reason="APPROVAL_NOT_FOUND")
