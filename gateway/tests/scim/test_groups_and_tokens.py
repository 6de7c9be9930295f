"""What groups of the directory give, who may call at all, and that a flood of one company stays its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from chassis.errors import FuniaError
from gateway.app import create_wsgi_app
from gateway.composition import Identity
from gateway.identity.queries import scim_token as tokens
from gateway.identity.queries import user as users
from gateway.identity.roles import ROLES
from gateway.identity.usecases import scim_groups, teams, tenant_state
from gateway.identity.usecases.sharing_rules import SharingBounds
from gateway.settings import GatewaySettings
from werkzeug.test import Client


def group(directory: Any, name: str, *people: dict[str, Any]) -> str:
    members = [{"value": one["id"]} for one in people]
    answer = directory.ask("POST", "/Groups", {"displayName": name, "members": members})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def map_group(identity: Identity, company: Any, group_id: str, role: str = "", team_id: UUID | None = None) -> None:
    with identity.database.open_work(company.caller()) as work:
        scim_groups.map_group(work, UUID(group_id), role=role, team_id=team_id)


def rights(identity: Identity, company: Any, person: dict[str, Any]) -> tuple[str, UUID | None]:
    with identity.database.open_work(company.caller(), read_only=True) as work:
        row = users.get(work, UUID(person["id"]))
    return row.role, row.team_id


def test_a_group_gives_its_role_and_team_to_who_comes_and_takes_them_from_who_leaves(
    identity: Identity, directory: Any, acme: Any
) -> None:
    with identity.database.open_work(acme.caller()) as work:
        team_id = teams.create(work, {"name": "East"}, most=10, deepest=3, bounds=SharingBounds(rules=2, ids=20)).id
    anna, boris = directory.add(), directory.add()
    east = group(directory, "East", anna)
    assert rights(identity, acme, anna) == ("viewer", None), "a group gives nothing until an administrator says so"
    map_group(identity, acme, east, "seller", team_id)
    assert rights(identity, acme, anna) == ("seller", team_id)
    joining = {"op": "Add", "path": "members", "value": [{"value": boris["id"]}]}
    assert directory.patch(f"/Groups/{east}", joining).status_code == 204
    assert rights(identity, acme, boris) == ("seller", team_id)
    managers = group(directory, "Managers", boris)
    map_group(identity, acme, managers, "manager")
    assert rights(identity, acme, boris) == ("manager", team_id), "of several groups the role with most rights holds"
    leaving = {"op": "remove", "path": f'members[value eq "{anna["id"]}"]'}
    assert directory.patch(f"/Groups/{east}", leaving).status_code == 204
    assert rights(identity, acme, anna) == ("viewer", None)
    entra = {"op": "Remove", "path": "members", "value": [{"value": boris["id"]}]}
    assert directory.patch(f"/Groups/{managers}", entra).status_code == 204
    assert rights(identity, acme, boris) == ("seller", team_id)
    shown = directory.ask("GET", f"/Users/{boris['id']}").json()["groups"]
    assert [(one["value"], one["display"]) for one in shown] == [(east, "East")]
    assert directory.ask("DELETE", f"/Groups/{east}").status_code == 204
    assert rights(identity, acme, boris) == ("viewer", None)


def test_an_owner_keeps_his_role_in_any_group(identity: Identity, directory: Any, acme: Any) -> None:
    everybody = group(directory, "Everybody", {"id": str(acme.owner_id)})
    map_group(identity, acme, everybody, "viewer")
    assert rights(identity, acme, {"id": str(acme.owner_id)})[0] == "owner"


def test_nobody_maps_a_group_to_more_than_he_holds(identity: Identity, directory: Any, acme: Any, other: Any) -> None:
    sellers = group(directory, "Sellers")
    small = Caller(acme.tenant_id, "user", acme.owner_id, ROLES["seller"].scopes, "own")
    for caller, role, reason in (
        (acme.caller(), "owner", "OWNER_ROLE"),
        (acme.caller(), "emperor", "UNKNOWN_ROLE"),
        (small, "manager", "ROLE_BEYOND_OWN"),
        (other.caller(), "viewer", "SCIM_GROUP_NOT_FOUND"),
    ):
        with pytest.raises(FuniaError) as refused, identity.database.open_work(caller) as work:
            scim_groups.map_group(work, UUID(sellers), role=role, team_id=None)
        assert refused.value.reason == reason


def test_people_of_another_company_come_into_no_group(directory: Any, other: Any) -> None:
    asked = {"displayName": "Mixed", "members": [{"value": str(other.owner_id)}]}
    answer = directory.ask("POST", "/Groups", asked)
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    empty = group(directory, "Mixed")
    answer = directory.patch(f"/Groups/{empty}", {"op": "add", "path": "members", "value": asked["members"]})
    assert answer.status_code == 400
    assert "members" not in directory.ask("GET", f"/Groups/{empty}").json()


def test_names_and_ids_of_groups_are_taken_once(directory: Any) -> None:
    first = group(directory, "Sales")
    for asked in ({"displayName": "sales"}, {"displayName": "Other", "externalId": "g1"}):
        directory.patch(f"/Groups/{first}", {"op": "add", "path": "externalId", "value": "g1"})
        answer = directory.ask("POST", "/Groups", asked)
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    found = directory.ask("GET", '/Groups?filter=displayName eq "SALES"&excludedAttributes=members').json()
    assert [one["id"] for one in found["Resources"]] == [first]


def test_a_token_is_shown_once_kept_as_a_hash_and_dies_when_revoked(
    identity: Identity, directory: Any, acme: Any, other: Any, admin: Any
) -> None:
    assert directory.ask("GET", "/Users").status_code == 200
    kept = str(admin.execute("SELECT * FROM scim_token WHERE tenant_id = %s", (acme.tenant_id,)).fetchall())
    assert directory.token not in kept
    with identity.database.open_work(acme.caller()) as work:
        second_id, second = identity.scim_tokens.create(work)
    with pytest.raises(FuniaError, match="the most"), identity.database.open_work(acme.caller()) as work:
        identity.scim_tokens.create(work)
    with identity.database.open_work(acme.caller(), read_only=True) as work:
        (first,) = [row for row in tokens.every(work) if row.id != second_id]
        assert first.last_used_at is not None
    with pytest.raises(FuniaError, match="no SCIM token"), identity.database.open_work(other.caller()) as work:
        identity.scim_tokens.revoke(work, first.id)
    with identity.database.open_work(acme.caller()) as work:
        identity.scim_tokens.revoke(work, first.id)
    refused = directory.ask("GET", "/Users")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Bearer realm="SCIM"')
    assert directory.ask("GET", "/Users", Authorization=f"Bearer {second}").status_code == 200


def test_only_tokens_with_the_scope_are_let_in(identity: Identity, directory: Any, acme: Any) -> None:
    def token_of(scopes: frozenset[str]) -> str:
        sessions = identity.sessions
        present = sessions.read(sessions.open(acme.owner_id, acme.tenant_id).secret)
        assert present is not None
        return identity.tokens.issue(replace(present.rights, scopes=scopes))

    for token, status in (
        (token_of(frozenset({"identity.scim"})), 200),
        (token_of(frozenset({"identity.admin"})), 403),
        ("funia_scim_" + "x" * 43, 401),
        ("nonsense", 401),
    ):
        assert directory.ask("GET", "/Users", Authorization=f"Bearer {token}").status_code == status
    assert directory.http.get("/scim/v2/Users").status_code == 401
    open_to_all = directory.http.get("/scim/v2/ServiceProviderConfig")
    assert (open_to_all.status_code, open_to_all.json()["patch"]) == (200, {"supported": True})


def test_a_suspended_companys_directory_is_refused(identity: Identity, directory: Any, acme: Any) -> None:
    with identity.database.open_work(Caller.system(acme.tenant_id)) as work:
        tenant_state.suspend(work)
    assert directory.ask("GET", "/Users").status_code == 403


@pytest.fixture
def narrow(gateway_settings: GatewaySettings) -> Iterator[Client]:
    """A gateway with room for five SCIM requests."""
    few = {"rate_scim_per_s": 0.01, "rate_scim_burst": 5}
    app = create_wsgi_app(gateway_settings.model_copy(update=few))
    yield Client(app)
    app.close()


def test_a_flood_is_refused_in_scims_form_and_others_are_served(
    narrow: Client, directory_of: Callable[[Any], Any], acme: Any, other: Any
) -> None:
    def ask(directory: Any) -> Any:
        return narrow.get("/scim/v2/Users", headers={"Authorization": f"Bearer {directory.token}"})

    loud, quiet = directory_of(acme), directory_of(other)
    codes = [ask(loud).status_code for _ in range(8)]
    assert codes == [200] * 5 + [429] * 3
    refused = ask(loud)
    assert refused.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert int(refused.headers["Retry-After"]) > 0
    assert ask(quiet).status_code == 200
