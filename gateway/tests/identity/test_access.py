"""Explanations of access: the steps that lead to a record, for people with the rights that they really have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.errors import NotFound
from chassis.ids import uuid7
from funia.identity.v1 import role_pb2, sharing_rule_pb2, team_pb2
from funia.identity.v1 import tenant_pb2 as people_pb
from gateway.composition import Identity
from gateway.identity.access_tokens import Rights
from gateway.identity.usecases import access
from gateway.identity.usecases.access import Explanation, Judged
from google.protobuf.field_mask_pb2 import FieldMask

RECORD = uuid7()


class Contacts:
    """What contacts answers for one record, in plain words; its own tests hold the answer to get and list."""

    def __init__(self, owner_id: UUID, team_id: UUID | None, kind: str = "contact") -> None:
        self._kind = kind
        self._owner_id = owner_id
        self._team_id = team_id

    def __call__(self, _caller: Caller, record_id: UUID, sights: Sequence[Rights]) -> list[Judged]:
        if record_id != RECORD:
            raise NotFound("There is no such record.", reason="CUSTOMER_NOT_FOUND")
        judged = [(tuple(self._ways(one)), bool(self._ways(one, changing=True))) for one in sights]
        return [Judged(self._kind, self._owner_id, self._team_id, *one) for one in judged]

    def _ways(self, rights: Rights, *, changing: bool = False) -> list[str]:
        if rights.visibility == "all":
            return ["all"]
        ways = ["owner"] if rights.subject == self._owner_id else []
        if rights.visibility == "team" and self._team_id in rights.team_ids:
            ways.append("team")
        sharing = rights.sharing
        ruled = sharing.changed_owner_ids if changing else sharing.owner_ids
        return [*ways, "rule"] if self._owner_id in ruled else ways


def explained(identity: Identity, admin: Any, judge: Contacts, *people: Any) -> list[Explanation]:
    ids = [one.user_id for one in people]
    return access.explain(identity.database, judge, admin.caller, RECORD, ids)


def codes(one: Explanation) -> list[tuple[str, bool]]:
    return [(step.code, step.holds) for step in one.steps]


def test_each_way_to_a_record_is_named_and_so_is_what_is_missing(
    identity: Identity, owner_of: Any, hire: Any, acme: Any
) -> None:
    admin = owner_of(acme)
    seller, colleague, analyst = (hire(acme, role) for role in ("seller", "seller", "analyst"))
    own, missing, whole = explained(identity, admin, Contacts(seller.user_id, None), seller, colleague, analyst)
    assert codes(own) == [("member", True), ("read", True), ("owner", True), ("write", True)]
    assert (own.sees, own.changes) == (True, True)
    assert codes(missing) == [("member", True), ("read", True), ("out_of_sight", False), ("write", True)]
    assert (missing.sees, missing.changes) == (False, False)
    assert codes(whole)[2:] == [("all", True), ("write", False)]
    assert (whole.sees, whole.changes) == (True, False)


def test_a_deal_is_seen_and_changed_by_the_scopes_of_sales(
    identity: Identity, owner_of: Any, hire: Any, acme: Any
) -> None:
    admin = owner_of(acme)
    role = people_pb.Role(name="reader", scopes=["contacts.read", "contacts.write", "sales.read"], visibility="all")
    admin.call("CreateRole", role_pb2.CreateRoleRequest(role=role))
    reader = hire(acme, "reader")
    [told] = explained(identity, admin, Contacts(uuid7(), None, "deal"), reader)
    assert [(one.scope, one.holds) for one in told.steps if one.scope] == [("sales.read", True), ("sales.write", False)]
    assert (told.sees, told.changes) == (True, False)


def test_the_path_of_teams_leads_from_the_record_up_to_the_person(
    identity: Identity, owner_of: Any, hire: Any, acme: Any
) -> None:
    admin = owner_of(acme)
    above = ""
    teams = []
    for name in ("Europe", "Bulgaria", "Sofia"):
        draft = team_pb2.Team(name=name, parent_id=above)
        above = admin.call("CreateTeam", team_pb2.CreateTeamRequest(team=draft)).id
        teams.append(UUID(above))
    manager = hire(acme, "manager", str(teams[0]))
    [seen] = explained(identity, admin, Contacts(uuid7(), teams[2]), manager)
    [step] = [one for one in seen.steps if one.code == "team"]
    assert step.team_path == (teams[2], teams[1], teams[0])


def test_a_suspended_person_sees_nothing_and_field_rights_are_told(
    identity: Identity, owner_of: Any, hire: Any, acme: Any
) -> None:
    admin = owner_of(acme)
    role = people_pb.Role(
        name="desk", scopes=["contacts.read"], visibility="all", hidden_fields=["contact.score", "account.tier"]
    )
    admin.call("CreateRole", role_pb2.CreateRoleRequest(role=role))
    clerk, gone = hire(acme, "desk"), hire(acme, "viewer")
    user = people_pb.User(id=str(gone.user_id), status="suspended")
    admin.call("UpdateUser", people_pb.UpdateUserRequest(user=user, update_mask=FieldMask(paths=["status"])))
    narrow, nobody = explained(identity, admin, Contacts(uuid7(), None), clerk, gone)
    assert (narrow.hidden, narrow.sees, narrow.changes) == (("contact.score",), True, False)
    assert codes(nobody) == [("member", False)]
    assert not nobody.sees


def test_a_sharing_rule_is_named_and_one_for_reading_changes_nothing(
    identity: Identity, owner_of: Any, hire: Any, acme: Any
) -> None:
    admin, seller, agent = owner_of(acme), hire(acme, "seller"), hire(acme, "clerk")
    rule = sharing_rule_pb2.SharingRule(
        name="Stand in",
        source_kind="user",
        source_id=str(seller.user_id),
        grantee_kind="role",
        grantee_id="clerk",
        level="read",
    )
    made = admin.call("CreateSharingRule", sharing_rule_pb2.CreateSharingRuleRequest(sharing_rule=rule))
    [seen] = explained(identity, admin, Contacts(seller.user_id, None), agent)
    assert (seen.sees, seen.changes) == (True, False)
    assert codes(seen)[2:] == [("rule", True), ("write", True), ("only_read", False)]
    assert seen.steps[2].rule_ids == (made.id,)


def test_people_of_another_company_are_not_explained(
    identity: Identity, owner_of: Any, hire: Any, acme: Any, other: Any
) -> None:
    admin, stranger = owner_of(acme), hire(other, "viewer")
    [nobody] = explained(identity, admin, Contacts(stranger.user_id, None), stranger)
    assert not nobody.sees
    with pytest.raises(NotFound):
        access.check_person(identity.database, admin.caller, stranger.user_id)
    with pytest.raises(NotFound):
        access.explain(identity.database, Contacts(stranger.user_id, None), admin.caller, uuid7(), [admin.user_id])
