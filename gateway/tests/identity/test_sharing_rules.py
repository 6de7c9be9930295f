"""Sharing rules: what they come to in the tokens of those they are for, and what keeps them in bounds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest
from chassis.errors import FailedPrecondition
from chassis.ids import uuid7
from chassis.revocation_feed import learn
from chassis.revocations import Revocations, stamps_of
from chassis.subscriptions import Received
from funia.identity.v1 import role_pb2, team_pb2
from funia.identity.v1 import sharing_rule_pb2 as pb
from funia.identity.v1 import tenant_pb2 as people_pb
from funia.identity.v1.events_pb2 import SharingRuleChanged
from gateway.identity.usecases import sharing_rules
from gateway.identity.usecases.sharing_rules import RuleDraft, SharingBounds
from gateway.identity.usecases.teams import create as create_team
from google.protobuf.field_mask_pb2 import FieldMask
from joserfc import jws


def rule(source: str, grantee: str, level: str = "read", *, of: str = "team", to: str = "team") -> Any:
    wanted = pb.SharingRule(
        name="Rule", source_kind=of, source_id=source, grantee_kind=to, grantee_id=grantee, level=level
    )
    return pb.CreateSharingRuleRequest(sharing_rule=wanted)


@pytest.fixture
def teams(owner_of: Any, acme: Any) -> dict[str, str]:
    """Ids of East above Sofia, and of West above Porto."""
    owner, made = owner_of(acme), {"": ""}
    for name, above in (("East", ""), ("Sofia", "East"), ("West", ""), ("Porto", "West")):
        team = team_pb2.Team(name=name, parent_id=made[above])
        made[name] = owner.call("CreateTeam", team_pb2.CreateTeamRequest(team=team)).id
    return made


def texts(ids: Any) -> set[str]:
    return {str(one) for one in ids}


def test_people_of_a_team_and_below_get_the_teams_of_a_rule_and_nobody_else_does(
    owner_of: Any, hire: Any, acme: Any, other: Any, teams: dict[str, str]
) -> None:
    owner_of(acme).call("CreateSharingRule", rule(teams["East"], teams["West"], "write"))
    inside, below = hire(acme, "seller", teams["West"]).caller, hire(acme, "seller", teams["Porto"]).caller
    for one in (inside, below):
        assert texts(one.sharing.team_ids) == {teams["East"], teams["Sofia"]} == texts(one.sharing.changed_team_ids)
    assert texts(below.sharing.above) == {teams["West"]}
    assert below.sight == "own+rules"
    for one in (hire(acme, "seller"), hire(acme, "seller", teams["East"]), hire(other, "seller")):
        assert not one.caller.sharing
    assert hire(acme, "manager", teams["West"]).caller.sight == "team+rules"
    assert hire(acme, "viewer", teams["West"]).caller.sight == "all"


def test_rules_for_a_role_and_for_a_person_and_the_stronger_level_holds(
    owner_of: Any, hire: Any, acme: Any, teams: dict[str, str]
) -> None:
    owner, seller, clerk = owner_of(acme), hire(acme, "seller"), hire(acme, "clerk")
    source = str(seller.user_id)
    owner.call("CreateSharingRule", rule(source, "clerk", of="user", to="role"))
    assert (texts(clerk.caller.sharing.owner_ids), clerk.caller.sharing.changed_owner_ids) == ({source}, ())
    owner.call("CreateSharingRule", rule(source, str(clerk.user_id), "write", of="user", to="user"))
    assert texts(clerk.caller.sharing.changed_owner_ids) == {source} == texts(clerk.caller.sharing.owner_ids)
    assert not hire(acme, "seller").caller.sharing


def test_a_change_takes_tokens_back_and_new_ones_say_what_holds_now(
    identity: Any, owner_of: Any, hire: Any, acme: Any, other: Any, teams: dict[str, str], recorded: Any
) -> None:
    owner, clerk, viewer = owner_of(acme), hire(acme, "clerk", teams["West"]), hire(acme, "viewer")
    stranger = hire(other, "clerk")
    before = [one.token() for one in (clerk, viewer, stranger)]
    made = owner.call("CreateSharingRule", rule(teams["East"], teams["West"]))
    during = clerk.token()
    change = pb.SharingRule(id=made.id, level="write")
    mask = FieldMask(paths=["level"])
    changed = owner.call("UpdateSharingRule", pb.UpdateSharingRuleRequest(sharing_rule=change, update_mask=mask))
    assert (changed.level, changed.etag, changed.name) == ("write", "2", "Rule")
    assert texts(clerk.caller.sharing.changed_team_ids) == {teams["East"], teams["Sofia"]}
    stale = pb.UpdateSharingRuleRequest(sharing_rule=pb.SharingRule(id=made.id, name="x"), etag="1")
    assert owner.refused("UpdateSharingRule", stale) == "STALE_ETAG"
    owner.call("DeleteSharingRule", pb.DeleteSharingRuleRequest(id=made.id))
    assert not clerk.caller.sharing
    events = recorded(acme, "identity.sharing_rule.")
    assert [one.type.rpartition(".")[2] for one in events] == ["created", "changed", "deleted"]
    revocations = Revocations()

    def learnt(event: Any) -> None:
        payload = SharingRuleChanged.FromString(event.payload)
        learn(revocations, Received(event, payload, UUID(event.id), UUID(event.subject_id)))

    def refused(token: str) -> bool:
        return bool(revocations.refusal(stamps_of(claims(token))))

    learnt(events[0])
    assert [refused(one) for one in before] == [True, False, False]
    assert not refused(during)
    learnt(events[2])
    assert refused(during)
    assert not refused(clerk.token())


def claims(token: str) -> Any:
    return orjson.loads(jws.extract_compact(token.encode()).payload)


def test_rules_of_a_deleted_team_or_role_go_with_it(
    owner_of: Any, hire: Any, acme: Any, teams: dict[str, str], recorded: Any
) -> None:
    owner = owner_of(acme)
    role = people_pb.Role(name="desk", scopes=["contacts.read"], visibility="own", title="Desk")
    owner.call("CreateRole", role_pb2.CreateRoleRequest(role=role))
    owner.call("CreateSharingRule", rule(teams["East"], "desk", to="role"))
    owner.call("CreateSharingRule", rule(teams["Sofia"], teams["West"]))
    desk = hire(acme, "desk")
    assert desk.caller.sharing
    owner.call("DeleteRole", role_pb2.DeleteRoleRequest(name="desk", replacement="seller"))
    owner.call("DeleteTeam", team_pb2.DeleteTeamRequest(id=teams["West"]))
    assert list(owner.call("ListSharingRules", pb.ListSharingRulesRequest()).sharing_rules) == []
    assert len(recorded(acme, "identity.sharing_rule.deleted")) == 2


def test_a_rule_names_parties_of_the_company_once_and_is_made_by_who_sees_everything(
    identity: Any, owner_of: Any, hire: Any, acme: Any, other: Any, teams: dict[str, str], recorded: Any
) -> None:
    owner, stranger = owner_of(acme), hire(other, "seller")
    made = owner.call("CreateSharingRule", rule(teams["East"], teams["West"]))
    tries = {
        "again": (rule(teams["East"], teams["West"], "write"), "SHARING_RULE_EXISTS"),
        "with itself": (rule(teams["East"], teams["East"]), "SAME_PARTY"),
        "no team": (rule(str(uuid7()), teams["West"]), "SUBJECT_NOT_FOUND"),
        "no role": (rule(teams["East"], "nobody", to="role"), "SUBJECT_NOT_FOUND"),
        "a stranger": (rule(str(stranger.user_id), teams["West"], of="user"), "SUBJECT_NOT_FOUND"),
        "to a stranger": (rule(teams["East"], str(stranger.user_id), to="user"), "SUBJECT_NOT_FOUND"),
        "no id": (rule(teams["East"], "x", to="user"), "SUBJECT_NOT_FOUND"),
        "no such level": (rule(teams["West"], teams["East"], "all"), "INVALID_FIELD"),
    }
    assert {what: owner.refused("CreateSharingRule", asked) for what, (asked, _) in tries.items()} == {
        what: reason for what, (_, reason) in tries.items()
    }
    limited = people_pb.Role(name="limited", scopes=["identity.read", "identity.admin"], visibility="team", title="L")
    owner.call("CreateRole", role_pb2.CreateRoleRequest(role=limited))
    narrow = hire(acme, "limited", teams["West"])
    assert narrow.refused("CreateSharingRule", rule(teams["Sofia"], teams["West"])) == "SHARING_BEYOND_OWN"
    assert narrow.refused("DeleteSharingRule", pb.DeleteSharingRuleRequest(id=made.id)) == "SHARING_BEYOND_OWN"
    theirs = owner_of(other)
    assert theirs.refused("GetSharingRule", pb.GetSharingRuleRequest(id=made.id)) == "SHARING_RULE_NOT_FOUND"
    assert theirs.refused("DeleteSharingRule", pb.DeleteSharingRuleRequest(id=made.id)) == "SHARING_RULE_NOT_FOUND"
    assert len(recorded(acme, "identity.sharing_rule.")) == 1


def test_rules_stay_small_enough_for_a_token(
    identity: Any, owner_of: Any, hire: Any, acme: Any, teams: dict[str, str]
) -> None:
    owner, bounds = owner_of(acme), SharingBounds(rules=2, ids=2)

    def refused(act: Any) -> str:
        with pytest.raises(FailedPrecondition) as raised, identity.database.open_work(owner.caller) as work:
            act(work)
        return raised.value.reason

    def draft(source: str, role: str) -> RuleDraft:
        return RuleDraft("Rule", "team", UUID(source), "role", role, "read")

    with identity.database.open_work(owner.caller) as work:
        sharing_rules.create(work, draft(teams["East"], "clerk"), bounds)
    under = {"name": "Third", "parent_id": teams["Sofia"]}
    assert refused(lambda work: create_team(work, under, most=9, deepest=9, bounds=bounds)) == "TOO_MUCH_SHARED"
    beside = draft(teams["Porto"], "clerk")
    assert refused(lambda work: sharing_rules.create(work, beside, bounds)) == "TOO_MUCH_SHARED"
    with identity.database.open_work(owner.caller) as work:
        sharing_rules.create(work, draft(teams["Sofia"], "clerk"), bounds)
    assert refused(lambda work: sharing_rules.create(work, beside, bounds)) == "TOO_MANY_SHARING_RULES"
    assert texts(hire(acme, "clerk").caller.sharing.team_ids) == {teams["East"], teams["Sofia"]}
