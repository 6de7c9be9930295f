"""The tree of teams: making, renaming, moving and deleting them. Whoever sees by team sees the teams below it too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.errors import Conflict, FailedPrecondition, PermissionDenied, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import stale, team_not_found
from gateway.identity import events
from gateway.identity.queries import team as queries
from gateway.identity.queries import user as users
from gateway.identity.usecases.sharing_rules import SharingBounds, check_size, forget_party

TEAM_FIELDS = ("name", "parent_id", "lead_id")


def every(work: Work) -> list[Row]:
    """Living teams, by name."""
    return [team for team in queries.all_teams(work) if team.deleted_at is None]


def get(work: Work, team_id: UUID) -> Row:
    """A living team. Raises NotFound."""
    return _living(_tree(work), team_id)


def create(work: Work, values: Mapping[str, str], *, most: int, deepest: int, bounds: SharingBounds) -> Row:
    """Makes a team below another one, or at the top."""
    _check_may_change(work)
    tree_version = queries.next_tree_version(work)
    tree = _tree(work)
    if len(tree) >= most:
        raise FailedPrecondition(
            f"A company has at most {most} teams, deleted ones counted. Rename one instead.", reason="TOO_MANY_TEAMS"
        )
    after = _checked(work, tree, None, values, deepest)
    team_id = uuid7()
    queries.add(work, id=team_id, **after, version=1, created_at=work.now, deleted_at=None)
    row = get(work, team_id)
    check_size(work, bounds)
    work.record(events.team_changed("created", row, tree_version=tree_version))
    return row


def change(
    work: Work, team_id: UUID, values: Mapping[str, str], *, etag: str, deepest: int, bounds: SharingBounds
) -> Row:
    """Changes the named fields. A team never comes to lie below itself."""
    _check_may_change(work)
    tree_version = queries.next_tree_version(work)
    tree = _tree(work)
    row = _living(tree, team_id)
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    before = {name: _text(getattr(row, name)) for name in TEAM_FIELDS}
    after = _checked(work, tree, row, {**before, **values}, deepest)
    changed = tuple(name for name in TEAM_FIELDS if after[name] != getattr(row, name))
    if not changed:
        return row
    queries.change(work, team_id, **after, version=row.version + 1, deleted_at=None)
    row = get(work, team_id)
    check_size(work, bounds)
    verb = "moved" if "parent_id" in changed else "updated"
    work.record(events.team_changed(verb, row, tree_version=tree_version, changed_fields=changed))
    return row


def delete(work: Work, team_id: UUID) -> None:
    """Deletes a team. Its people and the teams below it move up."""
    _check_may_change(work)
    tree_version = queries.next_tree_version(work)
    row = _living(_tree(work), team_id)
    queries.raise_children(work, team_id, row.parent_id)
    for member in queries.raise_members(work, team_id, row.parent_id):
        work.record(events.user_changed("updated", member, changed_fields=("team_id",)))
    queries.change(
        work,
        team_id,
        name=row.name,
        parent_id=row.parent_id,
        lead_id=None,
        version=row.version + 1,
        deleted_at=work.now,
    )
    forget_party(work, "team", str(team_id), team_id)
    work.record(events.team_changed("deleted", row, tree_version=tree_version, version=row.version + 1))


def _check_may_change(work: Work) -> None:
    """The tree decides who sees what, so whoever sees less than all must not bend it towards himself."""
    if work.caller.visibility != "all":
        raise PermissionDenied(
            "Only people who see the records of the whole company can change its teams.", reason="TEAMS_BEYOND_OWN"
        )


def _checked(
    work: Work, tree: Mapping[UUID, Row], row: Row | None, values: Mapping[str, str], deepest: int
) -> dict[str, Any]:
    name = values.get("name", "").strip()
    if not name:
        raise invalid_field("team.name", "Fill this in.", reason="REQUIRED")
    parent_id = _uuid(values.get("parent_id", ""))
    lead_id = _uuid(values.get("lead_id", ""))
    if parent_id is not None:
        if parent_id not in tree or tree[parent_id].deleted_at is not None:
            raise invalid_field("team.parent_id", "there is no such team in your company", reason="UNKNOWN_TEAM")
        above = _above(tree, parent_id)
        if row is not None and row.id in above:
            raise invalid_field("team.parent_id", "a team cannot lie below itself", reason="TEAM_CYCLE")
        height = 1 if row is None else _height(tree, row.id)
        if len(above) + height > deepest:
            raise invalid_field("team.parent_id", f"teams go {deepest} levels deep at most", reason="TOO_DEEP")
    if lead_id is not None and users.get(work, lead_id) is None:
        raise invalid_field("team.lead_id", "there is no such person in your company", reason="UNKNOWN_USER")
    for team in tree.values():
        is_other = row is None or team.id != row.id
        if is_other and team.deleted_at is None and (team.parent_id, team.name) == (parent_id, name):
            raise Conflict(f'There is a team "{name}" in this place already.', reason="TEAM_EXISTS")
    return {"name": name, "parent_id": parent_id, "lead_id": lead_id}


def _tree(work: Work) -> dict[UUID, Row]:
    return {team.id: team for team in queries.all_teams(work)}


def _living(tree: Mapping[UUID, Row], team_id: UUID) -> Row:
    row = tree.get(team_id)
    if row is None or row.deleted_at is not None:
        raise team_not_found(team_id)
    return row


def _above(tree: Mapping[UUID, Row], team_id: UUID) -> list[UUID]:
    """The team and every team above it."""
    found = [team_id]
    while (parent := tree[found[-1]].parent_id) is not None:
        found.append(parent)
    return found


def _height(tree: Mapping[UUID, Row], team_id: UUID) -> int:
    """Levels of the living tree that hangs from a team, itself included."""
    below = [team.id for team in tree.values() if team.parent_id == team_id and team.deleted_at is None]
    return 1 + max((_height(tree, one) for one in below), default=0)


def _uuid(text: str) -> UUID | None:
    return UUID(text) if text else None


def _text(value: object) -> str:
    return "" if value is None else str(value)
