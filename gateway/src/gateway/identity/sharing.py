"""What a company's sharing rules come to for one person, as the person's token carries it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from chassis.caller import NO_SHARING, Sharing
from chassis.work import Row

from gateway.identity.roles import Role


def sharing_of(member: Row, role: Role, team_ids: Sequence[UUID]) -> Sharing:
    """What rules show the person of a row of `queries.user.rights`; nothing to whoever sees everything anyway."""
    if role.visibility == "all":
        return NO_SHARING
    above = tuple(member.teams_above or ())
    rules = rules_for(member, {*team_ids, *above})
    if not above and not rules:
        return NO_SHARING
    return Sharing(
        owner_ids=_ids(rules, "user"),
        team_ids=_ids(rules, "team"),
        changed_owner_ids=_ids(rules, "user", level="write"),
        changed_team_ids=_ids(rules, "team", level="write"),
        above=above,
    )


def rules_for(member: Row, groups: set[UUID]) -> list[dict[str, Any]]:
    """Those of the row's rules that are for the person, the role, or a team the person is in."""
    return [rule for rule in member.rules or () if rule["grantee_kind"] != "team" or UUID(rule["grantee_id"]) in groups]


def _ids(rules: Iterable[dict[str, Any]], kind: str, level: str = "") -> tuple[UUID, ...]:
    chosen = (rule for rule in rules if rule["source_kind"] == kind and level in ("", rule["level"]))
    return tuple(sorted({UUID(one) for rule in chosen for one in rule["source_ids"]}))
