"""Sharing rules: making, changing and deleting them. What they show a person stands in the person's tokens, so the
whole of them is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from chassis.errors import Conflict, FailedPrecondition, NotFound, PermissionDenied, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import stale
from gateway.identity import events, roles
from gateway.identity.queries import role as role_queries
from gateway.identity.queries import sharing_rule as queries
from gateway.identity.queries import team as teams
from gateway.identity.queries import user as users

RULE_FIELDS = ("name", "level")


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What an administrator says of a new rule."""

    name: str
    source_kind: str
    source_id: UUID
    grantee_kind: str
    grantee_id: str
    level: str


@dataclass(frozen=True, slots=True)
class SharingBounds:
    """How many rules a company may have, and how many teams and people they may name between them."""

    rules: int
    ids: int


def every(work: Work) -> list[Row]:
    """The company's rules, by name."""
    return queries.all_rules(work)


def get(work: Work, rule_id: UUID) -> Row:
    """A rule. Raises NotFound."""
    row = queries.get(work, rule_id)
    if row is None:
        raise NotFound(f"There is no sharing rule {rule_id} in your company.", reason="SHARING_RULE_NOT_FOUND")
    return row


def create(work: Work, draft: RuleDraft, bounds: SharingBounds) -> Row:
    """Makes a rule. Raises Conflict where one of the same parties is there, FailedPrecondition beyond the bounds."""
    _check_may_share(work)
    version = queries.next_version(work)
    known = queries.all_rules(work)
    if len(known) >= bounds.rules:
        raise FailedPrecondition(
            f"A company has at most {bounds.rules} sharing rules. Delete one that is not needed any more.",
            reason="TOO_MANY_SHARING_RULES",
        )
    _check_parties(work, draft)
    if any(
        (row.source_id, row.grantee_kind, row.grantee_id) == (draft.source_id, draft.grantee_kind, draft.grantee_id)
        for row in known
    ):
        raise Conflict(
            "There is a rule between these two already. Change its level instead.", reason="SHARING_RULE_EXISTS"
        )
    rule_id = uuid7()
    queries.add(
        work,
        id=rule_id,
        **{**asdict(draft), "name": draft.name.strip()},
        version=1,
        created_at=work.now,
        created_by=work.caller.actor_id,
    )
    check_size(work, bounds)
    row = get(work, rule_id)
    work.record(events.sharing_rule_changed("created", row, rules_version=version))
    return row


def change(work: Work, rule_id: UUID, values: Mapping[str, str], *, etag: str) -> Row:
    """Changes name or level. Who shares what with whom is another rule."""
    _check_may_share(work)
    version = queries.next_version(work)
    row = get(work, rule_id)
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    after = {name: values.get(name, getattr(row, name)).strip() for name in RULE_FIELDS}
    changed = tuple(name for name in RULE_FIELDS if after[name] != getattr(row, name))
    if not changed:
        return row
    queries.change(work, rule_id, name=after["name"], level=after["level"])
    row = get(work, rule_id)
    work.record(events.sharing_rule_changed("changed", row, rules_version=version, changed_fields=changed))
    return row


def delete(work: Work, rule_id: UUID) -> None:
    """Deletes a rule: within ten seconds nobody sees anything by it."""
    _check_may_share(work)
    version = queries.next_version(work)
    row = get(work, rule_id)
    queries.remove(work, rule_id)
    work.record(events.sharing_rule_changed("deleted", row, rules_version=version, version=row.version + 1))


def forget_party(work: Work, kind: str, name: str, party_id: UUID | None = None) -> None:
    """Deletes the rules of a team or role that is deleted: another of the same name must not inherit them."""
    gone = queries.remove_naming(work, kind, name, party_id)
    if gone:
        version = queries.next_version(work)
        work.record_all(
            [
                events.sharing_rule_changed("deleted", row, rules_version=version, version=row.version + 1)
                for row in gone
            ]
        )


def check_size(work: Work, bounds: SharingBounds) -> None:
    """Raises FailedPrecondition where the rules name more teams and people than fit into one token.

    Counted over all rules, so that they fit whoever all of them apply to.
    """
    rules = queries.all_rules(work)
    below = _below(teams.all_teams(work)) if any(row.source_kind == "team" for row in rules) else {}
    named = {one for row in rules for one in below.get(row.source_id, [row.source_id])}
    if len(named) > bounds.ids:
        raise FailedPrecondition(
            f"The sharing rules would show records of {len(named)} teams and people; {bounds.ids} is the most. "
            "Share fewer, or give people a role that sees by team or everything.",
            reason="TOO_MUCH_SHARED",
            metadata={"most": str(bounds.ids)},
        )


def _below(tree: Sequence[Row]) -> dict[UUID, list[UUID]]:
    """For each team, itself and every team below it."""
    children: dict[UUID | None, list[UUID]] = {}
    for team in tree:
        children.setdefault(team.parent_id, []).append(team.id)

    def grown(team_id: UUID) -> list[UUID]:
        return [team_id, *(one for child in children.get(team_id, ()) for one in grown(child))]

    return {team.id: grown(team.id) for team in tree}


def _check_may_share(work: Work) -> None:
    """Whoever sees less than all must not open more of it to himself."""
    if work.caller.visibility != "all":
        raise PermissionDenied(
            "Only people who see the records of the whole company can change its sharing rules.",
            reason="SHARING_BEYOND_OWN",
        )


def _check_parties(work: Work, draft: RuleDraft) -> None:
    if not _is_known(work, draft.source_kind, str(draft.source_id)):
        raise invalid_field(
            "sharing_rule.source_id", f"there is no such {_WORDS[draft.source_kind]}", reason="SUBJECT_NOT_FOUND"
        )
    if not _is_known(work, draft.grantee_kind, draft.grantee_id):
        raise invalid_field(
            "sharing_rule.grantee_id", f"there is no such {_WORDS[draft.grantee_kind]}", reason="SUBJECT_NOT_FOUND"
        )
    if draft.grantee_id == str(draft.source_id):
        raise invalid_field("sharing_rule.grantee_id", "name another than the source", reason="SAME_PARTY")


_WORDS = {"team": "team in your company", "user": "person in your company", "role": "role"}


def _is_known(work: Work, kind: str, name: str) -> bool:
    if kind == "role":
        return name in roles.ROLES or role_queries.get_for_share(work, name) is not None
    try:
        party_id = UUID(name)
    except ValueError:
        return False
    return users.team_exists(work, party_id) if kind == "team" else users.get(work, party_id) is not None
