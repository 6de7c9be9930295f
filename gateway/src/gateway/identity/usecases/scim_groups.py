"""Groups of a company's directory, and the roles and teams that their people get by them.

A group gives nothing until an administrator says what it gives. Owners are made and unmade by owners alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from chassis.caller import VISIBILITIES
from chassis.errors import Conflict, FailedPrecondition, NotFound, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.identity import events, roles, scim_events
from gateway.identity.queries import role as role_queries
from gateway.identity.queries import scim_group as queries
from gateway.identity.queries import user as users
from gateway.identity.usecases.people import check_role, check_team
from gateway.identity.usecases.scim_people import check_texts, key_of, newcomers_role


def group_not_found(group_id: UUID | str) -> NotFound:
    """No such group of the company."""
    return NotFound(f"There is no group {group_id} in your company.", reason="SCIM_GROUP_NOT_FOUND")


def get(work: Work, group_id: UUID, *, lock: bool = False) -> Row:
    """A group. Raises NotFound."""
    row = queries.get(work, group_id, lock=lock)
    if row is None:
        raise group_not_found(group_id)
    return row


def create(work: Work, name: str, external_id: str | None, people: Iterable[UUID], *, most: int) -> UUID:
    """Makes a group that gives nothing yet. Raises Conflict where the name or externalId is taken."""
    if len(queries.every(work)) >= most:
        raise FailedPrecondition(f"A company has at most {most} groups. Delete one first.", reason="TOO_MANY_GROUPS")
    _check(work, name, external_id, None)
    group_id = uuid7()
    queries.add(work, id=group_id, display_name=name, name_key=key_of(name), external_id=external_id)
    added = _enter(work, group_id, set(people))
    work.record(scim_events.scim_group_changed("created", get(work, group_id), added=added))
    return group_id


def change(work: Work, group_id: UUID, name: str, external_id: str | None, people: Iterable[UUID]) -> None:
    """Makes a group as the directory says; who came and who left gets the rights of it at once."""
    row = get(work, group_id, lock=True)
    _check(work, name, external_id, row)
    before = {member.user_id for member in queries.members(work, [group_id])}
    after = set(people)
    left = before - after
    if left:
        queries.leave(work, group_id, sorted(left))
    _enter(work, group_id, after - before)
    changed = tuple(
        field
        for field, differs in (
            ("display_name", name != row.display_name),
            ("external_id", external_id != row.external_id),
            ("members", after != before),
        )
        if differs
    )
    if not changed:
        return
    row = queries.change(
        work,
        group_id,
        display_name=name,
        name_key=key_of(name),
        external_id=external_id,
        role=row.role,
        team_id=row.team_id,
    )
    work.record(
        scim_events.scim_group_changed(
            "updated", row, added=len(after - before), removed=len(left), changed_fields=changed
        )
    )
    _give(work, before ^ after, had_role=bool(row.role), had_team=row.team_id is not None)


def delete(work: Work, group_id: UUID) -> None:
    """Deletes a group; its people lose what it gave."""
    row = get(work, group_id, lock=True)
    people = {member.user_id for member in queries.members(work, [group_id])}
    queries.remove(work, group_id)
    work.record(scim_events.scim_group_changed("deleted", row, version=row.version + 1, removed=len(people)))
    _give(work, people, had_role=bool(row.role), had_team=row.team_id is not None)


def map_group(work: Work, group_id: UUID, *, role: str, team_id: UUID | None) -> Row:
    """Says what the people of a group get, and gives it to them. Nobody gives more than he holds."""
    row = get(work, group_id, lock=True)
    if role == roles.OWNER:
        raise invalid_field("role", "choose another role; owners are made by owners", reason="OWNER_ROLE")
    if role:
        check_role(work, role, field="role")
    if team_id is not None:
        check_team(work, team_id, field="team_id")
    if (role, team_id) == (row.role, row.team_id):
        return row
    after = queries.change(
        work,
        group_id,
        display_name=row.display_name,
        name_key=key_of(row.display_name),
        external_id=row.external_id,
        role=role,
        team_id=team_id,
    )
    changed = tuple(name for name in ("role", "team_id") if getattr(row, name) != getattr(after, name))
    work.record(scim_events.scim_group_changed("mapped", after, changed_fields=changed))
    people = {member.user_id for member in queries.members(work, [group_id])}
    _give(work, people, had_role=bool(row.role), had_team=row.team_id is not None)
    return after


def _check(work: Work, name: str, external_id: str | None, row: Row | None) -> None:
    check_texts({"displayName": name, "externalId": external_id})
    if not name.strip():
        raise invalid_field("displayName", "fill this in", reason="REQUIRED")
    known = None if row is None else row.id
    same_name = queries.by_name(work, key_of(name))
    if same_name is not None and same_name.id != known:
        raise Conflict("Another group has this displayName.", reason="GROUP_NAME_TAKEN")
    if external_id is not None:
        same_id = queries.by_external_id(work, external_id)
        if same_id is not None and same_id.id != known:
            raise Conflict("Another group has this externalId.", reason="EXTERNAL_ID_TAKEN")


def _enter(work: Work, group_id: UUID, people: set[UUID]) -> int:
    if people and queries.enter(work, group_id, sorted(people)) != len(people):
        raise invalid_field("members.value", "there is no such user in your company", reason="UNKNOWN_USER")
    return len(people)


def _give(work: Work, people: Iterable[UUID], *, had_role: bool, had_team: bool) -> None:
    """Gives people what their groups give now. Who has lost a role by it is a newcomer again, who a team, in none."""
    if not (had_role or had_team) and not queries.given(work, sorted(people)):
        return
    given: dict[UUID, list[Row]] = {user_id: [] for user_id in people}
    for row in queries.given(work, sorted(given)):
        given[row.user_id].append(row)
    known = _roles(work)
    for user_id in sorted(given):
        member = users.get_for_update(work, user_id)
        assert member is not None
        offered = [known[row.role] for row in given[user_id] if row.role in known]
        teams = [row.team_id for row in given[user_id] if row.team_id is not None]
        role = max(offered, key=_rank).name if offered else newcomers_role(work) if had_role else member.role
        team_id = teams[0] if teams else None if had_team else member.team_id
        _set(work, member, member.role if member.role == roles.OWNER else role, team_id)


def _set(work: Work, member: Row, role: str, team_id: UUID | None) -> None:
    changed = tuple(field for field, value in (("role", role), ("team_id", team_id)) if value != getattr(member, field))
    if not changed:
        return
    users.change(
        work,
        member.user_id,
        full_name=member.full_name,
        locale=member.locale,
        role=role,
        team_id=team_id,
        status=member.status,
        version=member.version + 1,
        updated_at=work.now,
        updated_by=work.caller.actor_id,
    )
    work.record(events.user_changed("updated", users.get(work, member.user_id), changed_fields=changed))


def _roles(work: Work) -> dict[str, roles.Role]:
    own = {row.name: roles.from_row(row) for row in role_queries.all_roles(work)}
    return {**own, **roles.ROLES}


def _rank(role: roles.Role) -> tuple[int, int, str]:
    return len(role.scopes), VISIBILITIES.index(role.visibility), role.name
