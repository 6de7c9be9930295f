"""The tree of teams: what it may look like, and whose records follow from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.ids import uuid7
from funia.identity.v1 import team_pb2 as pb
from funia.identity.v1 import tenant_pb2 as people_pb
from funia.identity.v1.events_pb2 import TeamChanged
from google.protobuf.field_mask_pb2 import FieldMask


def create(name: str, parent_id: str = "", lead_id: str = "") -> pb.CreateTeamRequest:
    return pb.CreateTeamRequest(team=pb.Team(name=name, parent_id=parent_id, lead_id=lead_id))


def update(team_id: str, **fields: str) -> pb.UpdateTeamRequest:
    return pb.UpdateTeamRequest(team=pb.Team(id=team_id, **fields), update_mask=FieldMask(paths=list(fields)))


@pytest.fixture
def tree(owner_of: Any, acme: Any) -> dict[str, str]:
    """Ids of Europe, above East, above Sofia; and of West, beside East."""
    owner, made = owner_of(acme), {"": ""}
    for name, above in (("Europe", ""), ("East", "Europe"), ("Sofia", "East"), ("West", "Europe")):
        made[name] = owner.call("CreateTeam", create(name, made[above])).id
    return made


def seen_by(person: Any) -> list[str]:
    return [str(team) for team in person.caller.team_ids]


def test_a_manager_sees_his_own_team_first_and_every_team_below(hire: Any, acme: Any, tree: dict[str, str]) -> None:
    found = seen_by(hire(acme, "manager", tree["East"]))
    assert found[0] == tree["East"]
    assert set(found) == {tree["East"], tree["Sofia"]}
    assert seen_by(hire(acme, "seller", tree["East"])) == [tree["East"]]
    assert seen_by(hire(acme, "manager")) == []


def test_a_lead_sees_the_teams_he_leads_wherever_he_sits(
    owner_of: Any, hire: Any, acme: Any, tree: dict[str, str]
) -> None:
    lead = hire(acme, "manager", tree["West"])
    owner_of(acme).call("UpdateTeam", update(tree["East"], lead_id=str(lead.user_id)))
    assert seen_by(lead)[0] == tree["West"]
    assert set(seen_by(lead)) == {tree["West"], tree["East"], tree["Sofia"]}


def test_a_moved_team_is_seen_from_its_new_place_and_takes_old_tokens_back(
    owner_of: Any, hire: Any, acme: Any, tree: dict[str, str], recorded: Any
) -> None:
    east, west = hire(acme, "manager", tree["East"]), hire(acme, "manager", tree["West"])
    owner_of(acme).call("UpdateTeam", update(tree["Sofia"], parent_id=tree["West"]))
    assert (seen_by(east), set(seen_by(west))) == ([tree["East"]], {tree["West"], tree["Sofia"]})
    versions = [TeamChanged.FromString(event.payload).tree_version for event in recorded(acme, "identity.team.")]
    assert versions == [1, 2, 3, 4, 5]
    assert recorded(acme, "identity.team.moved")[0].subject_id == tree["Sofia"]


def test_a_deleted_team_leaves_its_people_teams_and_records_to_the_one_above(
    owner_of: Any, hire: Any, acme: Any, tree: dict[str, str], recorded: Any
) -> None:
    owner, above, inside = owner_of(acme), hire(acme, "manager", tree["Europe"]), hire(acme, "seller", tree["East"])
    owner.call("DeleteTeam", pb.DeleteTeamRequest(id=tree["East"]))
    teams = {team.name: team.parent_id for team in owner.call("ListTeams", pb.ListTeamsRequest()).teams}
    assert teams == {"Europe": "", "Sofia": tree["Europe"], "West": tree["Europe"]}
    assert seen_by(inside) == [tree["Europe"]]
    assert set(seen_by(above)) == set(tree.values()) - {""}, "records of the deleted team are still seen from above"
    assert UUID(recorded(acme, "identity.user.updated")[-1].subject_id) == inside.user_id
    assert owner.refused("GetTeam", pb.GetTeamRequest(id=tree["East"])) == "TEAM_NOT_FOUND"
    assert owner.refused("DeleteTeam", pb.DeleteTeamRequest(id=tree["East"])) == "TEAM_NOT_FOUND"
    assert owner.refused("CreateTeam", create("Under", tree["East"])) == "UNKNOWN_TEAM"


def test_the_tree_has_no_cycles_no_twins_and_no_strangers(
    owner_of: Any, hire: Any, acme: Any, other: Any, tree: dict[str, str], recorded: Any
) -> None:
    owner, stranger = owner_of(acme), hire(other, "seller")
    theirs = owner_of(other).call("CreateTeam", create("Theirs")).id
    before = len(recorded(acme, "identity.team."))
    tries = {
        "below itself": (update(tree["East"], parent_id=tree["East"]), "TEAM_CYCLE"),
        "below its own child": (update(tree["Europe"], parent_id=tree["Sofia"]), "TEAM_CYCLE"),
        "a twin": (update(tree["West"], name="East"), "TEAM_EXISTS"),
        "no name": (update(tree["West"], name=" "), "REQUIRED"),
        "no team": (update(tree["West"], parent_id=str(uuid7())), "UNKNOWN_TEAM"),
        "another company's team": (update(tree["West"], parent_id=theirs), "UNKNOWN_TEAM"),
        "another company's person": (update(tree["West"], lead_id=str(stranger.user_id)), "UNKNOWN_USER"),
        "an old etag": (pb.UpdateTeamRequest(team=pb.Team(id=tree["West"], name="W"), etag="9"), "STALE_ETAG"),
        "not ours": (update(theirs, name="Ours"), "TEAM_NOT_FOUND"),
    }
    assert {what: owner.refused("UpdateTeam", request) for what, (request, _) in tries.items()} == {
        what: reason for what, (_, reason) in tries.items()
    }
    assert owner.call("CreateTeam", create("East", tree["West"])).name == "East", "a namesake in another place is fine"
    assert len(recorded(acme, "identity.team.")) == before + 1


def test_the_tree_is_bounded_in_depth(identity: Any, owner_of: Any, acme: Any) -> None:
    owner, above = owner_of(acme), ""
    for level in range(identity.settings.teams_deepest):
        above = owner.call("CreateTeam", create(f"Level {level}", above)).id
    assert owner.refused("CreateTeam", create("Too deep", above)) == "TOO_DEEP"


def test_the_largest_tree_still_fits_into_a_token(identity: Any, owner_of: Any, hire: Any, acme: Any) -> None:
    owner = owner_of(acme)
    top = owner.call("CreateTeam", create("Top")).id
    for number in range(identity.settings.teams_max - 1):
        owner.call("CreateTeam", create(f"Team {number}", top))
    assert owner.refused("CreateTeam", create("One more")) == "TOO_MANY_TEAMS"
    manager = hire(acme, "manager", top)
    assert len(manager.token()) < 6500, "a gRPC server takes 8 KiB of metadata"
    assert len(seen_by(manager)) == identity.settings.teams_max


def test_who_sees_less_than_all_cannot_bend_the_tree_towards_himself(
    owner_of: Any, hire: Any, acme: Any, tree: dict[str, str]
) -> None:
    from funia.identity.v1 import role_pb2

    role = people_pb.Role(name="people_admin", scopes=["identity.read", "identity.admin"], visibility="team")
    owner_of(acme).call("CreateRole", role_pb2.CreateRoleRequest(role=role))
    limited = hire(acme, "people_admin", tree["East"])
    for method, request in (
        ("CreateTeam", create("Mine", tree["East"])),
        ("UpdateTeam", update(tree["West"], parent_id=tree["East"])),
        ("DeleteTeam", pb.DeleteTeamRequest(id=tree["West"])),
    ):
        assert limited.refused(method, request) == "TEAMS_BEYOND_OWN"

    def into(team: str) -> people_pb.UpdateUserRequest:
        user = people_pb.User(id=str(limited.user_id), team_id=tree[team])
        return people_pb.UpdateUserRequest(user=user, update_mask=FieldMask(paths=["team_id"]))

    assert limited.refused("UpdateUser", into("Europe")) == "TEAMS_BEYOND_OWN"
    assert limited.call("UpdateUser", into("Sofia")).team_id == tree["Sofia"]
