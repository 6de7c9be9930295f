"""Reads and writes of one SCIM request, inside the unit of work that it was given. Never commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.work import Row, Work
from scim2_models import (
    Meta,
    NotFoundException,
    PreconditionFailedException,
    Reference,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimFilter,
    SearchRequest,
    TooManyException,
)
from scim2_models.path import CompareOperator, Comparison
from scim2_server.storage import ScimStorage, SearchPage

from gateway.identity.queries import scim_group as group_queries
from gateway.identity.queries import scim_user as user_queries
from gateway.identity.usecases import scim_groups, scim_people
from gateway.identity.usecases.scim_people import SentPerson, key_of, of_row
from gateway.scim.resources import Email, Group, GroupOfUser, Member, Name, User

_USER, _GROUP = "User", "Group"


class WorkStorage(ScimStorage):
    """The people and groups of one company. `locks` keeps what is read until the transaction ends, for who changes it.

    A search without an index reads everybody, `scan_max` people at most: SCIM asks for the number of all that match.
    """

    def __init__(self, work: Work, *, locks: bool, scan_max: int, groups_max: int) -> None:
        self._work = work
        self._locks = locks
        self._scan_max = scan_max
        self._groups_max = groups_max

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """A person or a group."""
        record_id = _uuid(resource_type, resource_id)
        if resource_type.name == _USER:
            row = user_queries.get(self._work, record_id, lock=self._locks)
            if row is None:
                raise _not_found(resource_type, resource_id)
            return self._users([row], response_parameters)[0]
        row = group_queries.get(self._work, record_id, lock=self._locks)
        if row is None:
            raise _not_found(resource_type, resource_id)
        return self._groups([row], response_parameters)[0]

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """A page of what matches, the oldest people first, then groups by name."""
        page = slice(search_request.start_index_0, search_request.stop_index_0)
        names = [resource_type.name for resource_type in resource_types]
        wanted = search_request.filter
        people = self._people(wanted) if _USER in names else []
        groups = self._named_groups(wanted) if _GROUP in names else []
        if wanted is not None:
            found = [one for one in [*self._users(people), *self._groups(groups)] if wanted.match(one)]
            return SearchPage(len(found), found[page])
        total = len(people) + len(groups)
        chosen = [(row, row in groups) for row in [*people, *groups][page]]
        return SearchPage(
            total,
            [
                *self._users([row for row, is_group in chosen if not is_group], search_request),
                *self._groups([row for row, is_group in chosen if is_group], search_request),
            ],
        )

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Makes a person a member, or makes a group."""
        if isinstance(resource, User):
            record_id = scim_people.provision(self._work, _sent(resource))
        else:
            assert isinstance(resource, Group)
            name, people = resource.display_name or "", _member_ids(resource)
            record_id = scim_groups.create(self._work, name, resource.external_id, people, most=self._groups_max)
        return self.get(resource_type, str(record_id))

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Changes a person or a group."""
        assert resource.id is not None
        self._check_version(resource_type, resource.id, expected_version)
        record_id = _uuid(resource_type, resource.id)
        if isinstance(resource, User):
            scim_people.change(self._work, record_id, _sent(resource))
        else:
            assert isinstance(resource, Group)
            name, people = resource.display_name or "", _member_ids(resource)
            scim_groups.change(self._work, record_id, name, resource.external_id, people)
        return self.get(resource_type, resource.id)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Takes a person out of the company, or deletes a group."""
        self._check_version(resource_type, resource_id, expected_version)
        remove = scim_people.remove if resource_type.name == _USER else scim_groups.delete
        remove(self._work, _uuid(resource_type, resource_id))

    def _check_version(self, resource_type: ResourceType, resource_id: str, expected: str | None) -> None:
        if expected is not None:
            meta = self.get(resource_type, resource_id).meta
            if meta is None or meta.version != expected:
                raise PreconditionFailedException

    def _people(self, wanted: ScimFilter[Any] | None) -> list[Row]:
        asked = _asked_exactly(wanted)
        if asked is not None and asked[0] == "username":
            row = user_queries.by_user_name(self._work, key_of(asked[1]))
        elif asked is not None and asked[0] == "externalid":
            row = user_queries.by_external_id(self._work, asked[1])
        elif asked is not None and asked[0] == "emails.value":
            row = user_queries.by_email(self._work, key_of(asked[1]))
        else:
            rows = user_queries.every(self._work, most=self._scan_max)
            if len(rows) > self._scan_max:
                raise TooManyException(detail='Ask for one person: userName eq "...", or externalId eq "...".')
            return rows
        return [] if row is None else [row]

    def _named_groups(self, wanted: ScimFilter[Any] | None) -> list[Row]:
        asked = _asked_exactly(wanted)
        if asked is not None and asked[0] == "displayname":
            row = group_queries.by_name(self._work, key_of(asked[1]))
            return [] if row is None else [row]
        return group_queries.every(self._work)

    def _users(self, rows: Sequence[Row], parameters: ResponseParameters[Any] | None = None) -> list[User]:
        groups: dict[UUID, list[GroupOfUser]] = {row.user_id: [] for row in rows}
        if _is_wanted("groups", parameters):
            for one in user_queries.groups(self._work, list(groups)):
                of_user = GroupOfUser(value=str(one.id), ref=Reference(f"Groups/{one.id}"), display=one.display_name)
                groups[one.user_id].append(of_user)
        return [_user(row, groups[row.user_id]) for row in rows]

    def _groups(self, rows: Sequence[Row], parameters: ResponseParameters[Any] | None = None) -> list[Group]:
        members: dict[UUID, list[Member]] = {row.id: [] for row in rows}
        if _is_wanted("members", parameters):
            for one in group_queries.members(self._work, list(members)):
                reference = Reference[User](f"Users/{one.user_id}")
                members[one.group_id].append(Member(value=str(one.user_id), ref=reference, type=_USER))
        return [_group(row, members[row.id]) for row in rows]


def _user(row: Row, groups: list[GroupOfUser]) -> User:
    told = of_row(row)
    name = Name(formatted=told.formatted_name, family_name=told.family_name, given_name=told.given_name)
    return User(
        id=str(row.user_id),
        external_id=told.external_id,
        user_name=told.user_name,
        name=name if name.model_dump() else None,
        display_name=told.display_name,
        active=told.active,
        emails=[Email(value=row.email, type="work", primary=True)],
        groups=groups or None,
        meta=Meta(
            resource_type=_USER,
            created=row.created_at,
            last_modified=row.changed_at,
            version=f'W/"{row.member_version}.{row.scim_version}"',
        ),
    )


def _group(row: Row, members: list[Member]) -> Group:
    return Group(
        id=str(row.id),
        external_id=row.external_id,
        display_name=row.display_name,
        members=members or None,
        meta=Meta(
            resource_type=_GROUP,
            created=row.created_at,
            last_modified=row.updated_at,
            version=f'W/"{row.version}"',
        ),
    )


def _sent(user: User) -> SentPerson:
    name = user.name or Name()
    return SentPerson(
        user_name=user.user_name or "",
        email=_address_of(user),
        active=bool(user.active),
        external_id=user.external_id,
        display_name=user.display_name,
        formatted_name=name.formatted,
        family_name=name.family_name,
        given_name=name.given_name,
    )


def _address_of(user: User) -> str:
    """The address of the account: the primary one, else the first; "" where none was sent."""
    sent = sorted(user.emails or [], key=lambda email: not email.primary)
    return (sent[0].value or "") if sent else ""


def _member_ids(group: Group) -> list[UUID]:
    given = (member.value or str(member.ref or "").rpartition("/")[2] for member in group.members or [])
    # What is no id is nobody's, and is refused as such.
    return [_uuid_or_nobody(text) for text in given]


def _uuid_or_nobody(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _asked_exactly(wanted: ScimFilter[Any] | None) -> tuple[str, str] | None:
    """Attribute, in lower case, and text of a filter such as ``userName eq "anna"``."""
    node = None if wanted is None else wanted.ast
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq or not isinstance(node.value, str):
        return None
    path = node.attr_path
    return ".".join(part.casefold() for part in (path.attr, path.sub_attr) if part), node.value


def _is_wanted(name: str, parameters: ResponseParameters[Any] | None) -> bool:
    if parameters is None:
        return True
    if parameters.attributes:
        return any(_begins(path, name) for path in parameters.attributes)
    return not any(_ends(path, name) for path in parameters.excluded_attributes or [])


def _begins(path: object, name: str) -> bool:
    return str(path).rpartition(":")[2].casefold().partition(".")[0] == name


def _ends(path: object, name: str) -> bool:
    return str(path).rpartition(":")[2].casefold() == name


def _uuid(resource_type: ResourceType, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _not_found(resource_type, text) from None


def _not_found(resource_type: ResourceType, resource_id: str) -> NotFoundException:
    return NotFoundException(detail=f"There is no {resource_type.name} {resource_id[:60]} in your company.")
