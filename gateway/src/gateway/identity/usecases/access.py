"""Why a person sees a record: the steps from membership over role and scope to the way by which it is in sight."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from chassis.caller import Caller
from chassis.errors import NotFound
from chassis.work import Database, Row

from gateway.identity.access_tokens import Rights
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import team as teams
from gateway.identity.queries import user as users
from gateway.identity.roles import role_of
from gateway.identity.sharing import rules_for
from gateway.identity.usecases.sessions import rights_of

SCOPES = {"deal": ("sales.read", "sales.write"), "lead": ("sales.read", "sales.write")}
"""Scopes that let people see and change a kind of record; of every other, those of contacts."""
_OF_CONTACTS = ("contacts.read", "contacts.write")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the service of a record says of one sight."""

    kind: str
    owner_id: UUID | None
    team_id: UUID | None
    ways: tuple[str, ...]
    writable: bool


class Judge(Protocol):
    """The service that owns records. Raises NotFound where the caller does not see the record himself."""

    def __call__(self, caller: Caller, record_id: UUID, sights: Sequence[Rights]) -> list[Judged]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One question, and whether the answer is yes."""

    code: str
    holds: bool
    role: str = ""
    scope: str = ""
    team_path: tuple[UUID, ...] = ()
    rule_ids: tuple[str, ...] = ()
    glass_id: str = ""
    glass_reason: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a person may do with a record, and why."""

    user_id: UUID
    kind: str
    steps: tuple[Step, ...]
    hidden: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()

    @property
    def sees(self) -> bool:
        """Everything that reading needs holds."""
        return all(step.holds for step in self.steps if step.code not in ("write", "only_read"))

    @property
    def changes(self) -> bool:
        """Everything holds."""
        return all(step.holds for step in self.steps)


def explain(
    database: Database, judge: Judge, caller: Caller, record_id: UUID, user_ids: list[UUID]
) -> list[Explanation]:
    """One explanation a person, in the order asked for. Raises NotFound for a record that the caller does not see."""
    with open_platform_work(database, request_id=caller.request_id) as platform:
        members = {row.user_id: row for row in users.rights_of_many(platform, caller.tenant_id, user_ids)}
    held: dict[UUID, Rights] = {}
    for user_id, member in members.items():
        role = role_of(member)
        if role is not None:
            held[user_id] = rights_of(member, role, client_id="", scopes=role.scopes)
    # The caller's own sight is judged too, so that a record nobody else could see is still found or not.
    asked = [one for one in user_ids if one in held]
    judged = judge(caller, record_id, [_sight_of(caller), *(held[one] for one in asked)])
    kind = judged[0].kind
    by_user = dict(zip(asked, judged[1:], strict=True))
    tree = _tree(database, caller) if any("team" in one.ways for one in by_user.values()) else {}
    return [
        _explained(one, members[one], held[one], by_user[one], tree)
        if one in by_user
        else Explanation(one, kind, (Step("member", holds=False),))
        for one in user_ids
    ]


def check_person(database: Database, caller: Caller, user_id: UUID) -> None:
    """Raises NotFound where nobody of that id ever belonged to the company."""
    with database.open_work(caller, read_only=True) as work:
        if users.get(work, user_id) is None:
            raise NotFound(f"There is no person {user_id} in your company.", reason="USER_NOT_FOUND")


def _explained(user_id: UUID, member: Row, rights: Rights, judged: Judged, tree: Mapping[UUID, Row]) -> Explanation:
    role = str(member.role)
    # Who opened the whole company sees all of it for that alone.
    is_open = rights.glass is not None and rights.glass.record_id is None
    read, write = SCOPES.get(judged.kind, _OF_CONTACTS)
    ways = [
        _by_glass(member)
        if way == "break_glass" or is_open
        else Step(
            way,
            holds=True,
            role=role,
            team_path=_path(tree, judged.team_id, member) if way == "team" else (),
            rule_ids=_rules(judged, member, rights) if way == "rule" else (),
        )
        for way in judged.ways
    ]
    return Explanation(
        user_id,
        judged.kind,
        (
            Step("member", holds=True),
            Step("read", holds=read in rights.scopes, role=role, scope=read),
            *(ways or [Step("out_of_sight", holds=False, role=role)]),
            Step("write", holds=write in rights.scopes, role=role, scope=write),
            *([Step("only_read", holds=False)] if ways and not judged.writable else []),
        ),
        _of_kind(rights.fields.hidden, judged.kind),
        _of_kind(rights.fields.read_only, judged.kind),
    )


def _by_glass(member: Row) -> Step:
    return Step("break_glass", holds=True, glass_id=member.glass["id"], glass_reason=member.glass["reason"])


def _of_kind(fields: Collection[str], kind: str) -> tuple[str, ...]:
    return tuple(sorted(one for one in fields if one.startswith(f"{kind}.")))


def _rules(judged: Judged, member: Row, rights: Rights) -> tuple[str, ...]:
    """Rules that show the person this record."""
    parties = {str(one) for one in (judged.owner_id, judged.team_id) if one is not None}
    rules = rules_for(member, {*rights.team_ids, *rights.sharing.above})
    return tuple(rule["id"] for rule in rules if not parties.isdisjoint(rule["source_ids"]))


def _tree(database: Database, caller: Caller) -> dict[UUID, Row]:
    with database.open_work(caller, read_only=True) as work:
        return {team.id: team for team in teams.all_teams(work)}


def _path(tree: Mapping[UUID, Row], team_id: UUID | None, member: Row) -> tuple[UUID, ...]:
    """Teams from that of the record up to the one that the person belongs to or leads."""
    path: list[UUID] = []
    while team_id is not None and team_id in tree:
        path.append(team_id)
        if team_id == member.team_id or tree[team_id].lead_id == member.user_id:
            break
        team_id = tree[team_id].parent_id
    return tuple(path)


def _sight_of(caller: Caller) -> Rights:
    return Rights(
        tenant_id=caller.tenant_id,
        subject=caller.actor_id,
        actor_type="user",
        client_id="",
        scopes=caller.scopes,
        visibility=caller.visibility,
        team_ids=caller.team_ids,
        sharing=caller.sharing,
        glass=caller.glass,
    )
