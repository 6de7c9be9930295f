"""Roles of a company's own: making, changing and deleting them, and who may give which role to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chassis.caller import VISIBILITIES, Visibility
from chassis.errors import Conflict, FailedPrecondition, InvalidArgument, PermissionDenied, Violation, invalid_field
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import role_not_found, stale
from gateway.identity import events, roles
from gateway.identity.queries import role as queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.roles import Role
from gateway.identity.usecases.role_fields import checked_fields
from gateway.identity.usecases.sharing_rules import forget_party

GOVERNED = ("hidden_fields", "read_only_fields")
ROLE_FIELDS = ("title", "description", "scopes", "visibility", *GOVERNED)


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """What an administrator says of a new role."""

    name: str
    title: str
    description: str
    scopes: Sequence[str]
    visibility: Visibility
    hidden_fields: Sequence[str] = ()
    read_only_fields: Sequence[str] = ()


def every(work: Work) -> list[Role]:
    """Built-in roles, then the company's own by name, of which there are `roles_max` at most."""
    return [*_built_in(work).values(), *(roles.from_row(row) for row in queries.all_roles(work))]


def get(work: Work, name: str) -> Role:
    """A role by name. Raises NotFound."""
    built_in = _built_in(work).get(name)
    if built_in is not None:
        return built_in
    row = queries.get(work, name)
    if row is None:
        raise role_not_found(name)
    return roles.from_row(row)


def givable(work: Work, name: str, *, field: str) -> Role:
    """A role that the caller may give to somebody, kept from being deleted until the transaction ends.

    Raises InvalidArgument where there is none of that name, PermissionDenied where it holds more than the caller does.
    """
    role = _built_in(work).get(name)
    if role is None:
        row = queries.get_for_share(work, name)
        if row is None:
            raise invalid_field(field, "there is no such role; GET /v1/roles lists all of them", reason="UNKNOWN_ROLE")
        role = roles.from_row(row)
    check_within_own(work, role.scopes, role.visibility)
    return role


def _built_in(work: Work) -> dict[str, Role]:
    """Roles that are the same everywhere, but for what the company lets its owners see."""
    company = tenants.get(work)
    assert company is not None
    return {**roles.ROLES, roles.OWNER: roles.OWNERS[company.owner_visibility]}


def check_within_own(work: Work, scopes: frozenset[str], visibility: Visibility) -> None:
    """Nobody gives more than he holds. Raises PermissionDenied naming what goes beyond."""
    beyond = sorted(scopes - work.caller.scopes)
    if beyond:
        raise PermissionDenied(
            f"You cannot give what you do not have yourself: {', '.join(beyond)}.",
            reason="ROLE_BEYOND_OWN",
            metadata={"scopes": " ".join(beyond)},
        )
    if VISIBILITIES.index(visibility) > VISIBILITIES.index(work.caller.visibility):
        raise PermissionDenied(
            f'You cannot give the visibility "{visibility}": you see less yourself.', reason="ROLE_BEYOND_OWN"
        )


def create(work: Work, draft: RoleDraft, *, most: int) -> Role:
    """Makes a role. Raises Conflict where the name is taken, FailedPrecondition where there are too many."""
    if draft.name in roles.ROLES or queries.get(work, draft.name) is not None:
        raise Conflict(f'There is a role "{draft.name}" already. Choose another name.', reason="ROLE_EXISTS")
    if len(queries.all_roles(work)) >= most:
        raise FailedPrecondition(f"A company has at most {most} roles of its own.", reason="TOO_MANY_ROLES")
    scopes = _checked(draft.scopes)
    check_within_own(work, scopes, draft.visibility)
    governed = checked_fields(work, scopes, draft.hidden_fields, draft.read_only_fields)
    queries.add(
        work,
        id=uuid7(),
        name=draft.name,
        title=draft.title,
        description=draft.description,
        scopes=sorted(scopes),
        visibility=draft.visibility,
        hidden_fields=governed[0],
        read_only_fields=governed[1],
        version=1,
        created_at=work.now,
        created_by=work.caller.actor_id,
        updated_at=work.now,
        updated_by=work.caller.actor_id,
    )
    return _recorded(work, "created", draft.name)


def change(work: Work, name: str, values: dict[str, Any], *, etag: str) -> Role:
    """Changes the named fields. The caller must hold all that the role gives, before and after."""
    row = _own(work, name)
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    check_within_own(work, frozenset(row.scopes), row.visibility)
    after = {field: values.get(field, getattr(row, field)) for field in ROLE_FIELDS}
    after["scopes"] = sorted(_checked(after["scopes"]))
    governed = checked_fields(work, after["scopes"], after["hidden_fields"], after["read_only_fields"])
    after["hidden_fields"], after["read_only_fields"] = governed
    changed = tuple(field for field in ROLE_FIELDS if after[field] != getattr(row, field))
    if not changed:
        return roles.from_row(row)
    check_within_own(work, frozenset(after["scopes"]), after["visibility"])
    queries.change(work, row.id, **after, version=row.version + 1, updated_at=work.now, updated_by=work.caller.actor_id)
    return _recorded(work, "changed", name, changed_fields=changed)


def delete(work: Work, name: str, replacement: str) -> None:
    """Deletes a role and gives its people the replacement; without one, a role in use is FailedPrecondition."""
    row = _own(work, name)
    check_within_own(work, frozenset(row.scopes), row.visibility)
    if replacement == name:
        raise invalid_field("replacement", "name another role", reason="UNKNOWN_ROLE")
    if queries.is_in_use(work, name):
        if not replacement:
            raise FailedPrecondition(
                f'People have the role "{name}". Name the role they get in its place: replacement.',
                reason="ROLE_IN_USE",
            )
        if replacement == roles.OWNER:
            raise invalid_field("replacement", "owners are made one by one", reason="UNKNOWN_ROLE")
        givable(work, replacement, field="replacement")
        for member in queries.replace(work, name, replacement):
            work.record(events.user_changed("updated", member, changed_fields=("role",)))
    queries.remove(work, row.id)
    forget_party(work, "role", name)
    work.record(events.role_changed("deleted", row, version=row.version + 1, replacement=replacement))


def _own(work: Work, name: str) -> Row:
    if name in roles.ROLES:
        raise FailedPrecondition(
            f'The role "{name}" is built in and cannot be changed. Make one of your own.', reason="ROLE_BUILT_IN"
        )
    row = queries.get_for_update(work, name)
    if row is None:
        raise role_not_found(name)
    return row


def _checked(scopes: Sequence[str]) -> frozenset[str]:
    violations = [
        Violation(f"role.scopes[{index}]", f"There is no scope {scope[:60]}. Known are: {', '.join(roles.SCOPES)}.")
        for index, scope in enumerate(scopes)
        if scope not in roles.SCOPES
    ]
    if violations:
        first = violations[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason="UNKNOWN_SCOPE", violations=violations)
    return frozenset(scopes)


def _recorded(work: Work, verb: str, name: str, *, changed_fields: tuple[str, ...] = ()) -> Role:
    row = queries.get(work, name)
    assert row is not None
    work.record(events.role_changed(verb, row, version=row.version, changed_fields=changed_fields))
    return roles.from_row(row)
