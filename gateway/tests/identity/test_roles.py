"""Roles of a company's own: nobody gives more than he holds, and a change reaches everybody who has the role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from chassis.caller import Caller
from funia.identity.v1 import role_pb2 as pb
from funia.identity.v1 import tenant_pb2 as people_pb
from gateway.composition import Identity
from gateway.identity import roles
from google.protobuf.field_mask_pb2 import FieldMask

SALES = ("contacts.read", "contacts.write", "sales.read", "identity.read")


def create(
    name: str = "regional_lead", *scopes: str, visibility: str = "team", title: str = ""
) -> pb.CreateRoleRequest:
    return pb.CreateRoleRequest(
        role=people_pb.Role(name=name, scopes=scopes or SALES, visibility=visibility, title=title or name.title())
    )


def update(name: str, **fields: Any) -> pb.UpdateRoleRequest:
    return pb.UpdateRoleRequest(role=people_pb.Role(name=name, **fields), update_mask=FieldMask(paths=list(fields)))


def give(person: Any, role: str) -> people_pb.UpdateUserRequest:
    user = people_pb.User(id=str(person.user_id), role=role)
    return people_pb.UpdateUserRequest(user=user, update_mask=FieldMask(paths=["role"]))


def test_a_new_role_is_listed_after_the_built_in_ones_and_known_to_its_company_alone(
    owner_of: Any, acme: Any, other: Any, recorded: Any
) -> None:
    ours, theirs = owner_of(acme), owner_of(other)
    made = ours.call("CreateRole", create(title="Regional lead"))
    assert (made.name, made.title, made.etag, made.built_in) == ("regional_lead", "Regional lead", "1", False)
    assert list(made.scopes) == sorted(SALES)
    listed = ours.call("ListRoles", people_pb.ListRolesRequest()).roles
    assert [role.name for role in listed] == [*roles.ROLES, "regional_lead"]
    assert ours.call("GetRole", pb.GetRoleRequest(name="regional_lead")) == made
    assert theirs.refused("GetRole", pb.GetRoleRequest(name="regional_lead")) == "ROLE_NOT_FOUND"
    assert theirs.refused("UpdateRole", update("regional_lead", title="X")) == "ROLE_NOT_FOUND"
    assert theirs.refused("DeleteRole", pb.DeleteRoleRequest(name="regional_lead")) == "ROLE_NOT_FOUND"
    [event] = recorded(acme, "identity.role.")
    assert event.type == "identity.role.created"
    assert recorded(other, "identity.role.") == []


def test_a_person_works_with_the_scopes_and_visibility_of_the_new_role(owner_of: Any, hire: Any, acme: Any) -> None:
    owner_of(acme).call("CreateRole", create())
    caller = hire(acme, "regional_lead").caller
    assert (caller.scopes, caller.visibility) == (frozenset(SALES), "team")


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (create("seller"), "ROLE_EXISTS"),
        (create("Bad Name"), "INVALID_FIELD"),
        (create("x_role", "contacts.fly"), "UNKNOWN_SCOPE"),
        (create("x_role", visibility="everything"), "INVALID_FIELD"),
        (pb.CreateRoleRequest(role=people_pb.Role(name="x_role", visibility="own")), "INVALID_FIELD"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused(
    owner_of: Any, acme: Any, recorded: Any, request_: Any, reason: str
) -> None:
    assert owner_of(acme).refused("CreateRole", request_) == reason
    assert recorded(acme, "identity.role.") == []


def test_built_in_roles_cannot_be_changed_or_deleted(owner_of: Any, acme: Any) -> None:
    owner = owner_of(acme)
    assert owner.refused("UpdateRole", update("seller", scopes=["identity.admin"])) == "ROLE_BUILT_IN"
    assert owner.refused("DeleteRole", pb.DeleteRoleRequest(name="viewer", replacement="seller")) == "ROLE_BUILT_IN"


def test_nobody_gives_a_role_more_than_he_holds(owner_of: Any, hire: Any, acme: Any, recorded: Any) -> None:
    owner = owner_of(acme)
    owner.call("CreateRole", create("people_admin", "identity.read", "identity.admin", visibility="team"))
    owner.call("CreateRole", create("exporter", "contacts.export", visibility="own"))
    limited = hire(acme, "people_admin")
    before = len(recorded(acme, "identity."))
    tries = {
        "more scopes": ("CreateRole", create("x_role", "identity.read", "contacts.export", visibility="own")),
        "more visibility": ("CreateRole", create("x_role", "identity.read", visibility="all")),
        "widening a role": ("UpdateRole", update("people_admin", scopes=["identity.admin", "contacts.read"])),
        "widening what it shows": ("UpdateRole", update("people_admin", visibility="all")),
        "narrowing what goes beyond": ("UpdateRole", update("exporter", title="Mine")),
        "deleting what goes beyond": ("DeleteRole", pb.DeleteRoleRequest(name="exporter")),
        "taking a built-in role": ("UpdateUser", give(limited, "admin")),
        "giving a role": ("UpdateUser", give(hire(acme, "people_admin"), "exporter")),
    }
    refusals = {what: limited.refused(*attempt) for what, attempt in tries.items()}
    assert refusals == dict.fromkeys(tries, "ROLE_BEYOND_OWN")
    assert limited.refused("UpdateUser", give(limited, "owner")) == "OWNER_ONLY"
    hired = 1  # the other people_admin, activated
    assert len(recorded(acme, "identity.")) == before + hired
    assert limited.call("CreateRole", create("reader", "identity.read", visibility="own")).name == "reader"


def test_an_app_with_fewer_scopes_than_its_person_gives_no_more_than_its_token_says(
    identity: Identity, owner_of: Any, acme: Any
) -> None:
    from chassis.errors import PermissionDenied
    from gateway.identity.usecases import custom_roles

    caller = Caller(acme.tenant_id, "user", acme.owner_id, frozenset({"identity.admin"}), "all")
    draft = custom_roles.RoleDraft("x_role", "", "", ["contacts.read"], "own")
    with pytest.raises(PermissionDenied), identity.database.open_work(caller) as work:
        custom_roles.create(work, draft, most=50)


def test_a_changed_role_changes_the_next_token_and_raises_the_bar_of_old_ones(
    owner_of: Any, hire: Any, acme: Any, recorded: Any
) -> None:
    owner = owner_of(acme)
    owner.call("CreateRole", create())
    person = hire(acme, "regional_lead")
    changed = owner.call("UpdateRole", update("regional_lead", scopes=["contacts.read"], visibility="own"))
    assert changed.etag == "2"
    assert (person.caller.scopes, person.caller.visibility) == ({"contacts.read"}, "own")
    event = recorded(acme, "identity.role.changed")[0]
    assert (event.aggregate_version, set(event.changed_fields)) == (2, {"scopes", "visibility"})
    stale = update("regional_lead", title="Late")
    stale.etag = "1"
    assert owner.refused("UpdateRole", stale) == "STALE_ETAG"


def test_a_role_in_use_is_deleted_only_with_a_replacement_for_its_people(
    owner_of: Any, hire: Any, acme: Any, other: Any, recorded: Any
) -> None:
    owner = owner_of(acme)
    owner.call("CreateRole", create())
    owner_of(other).call("CreateRole", create())
    person, stranger = hire(acme, "regional_lead"), hire(other, "regional_lead")
    assert owner.refused("DeleteRole", pb.DeleteRoleRequest(name="regional_lead")) == "ROLE_IN_USE"
    for wrong in ("regional_lead", "nothing", "owner"):
        request = pb.DeleteRoleRequest(name="regional_lead", replacement=wrong)
        assert owner.refused("DeleteRole", request) == "UNKNOWN_ROLE"
    owner.call("DeleteRole", pb.DeleteRoleRequest(name="regional_lead", replacement="clerk"))
    assert person.caller.scopes == roles.ROLES["clerk"].scopes
    assert stranger.caller.scopes == frozenset(SALES)
    moved = recorded(acme, "identity.user.updated")
    assert [(UUID(event.subject_id), list(event.changed_fields)) for event in moved] == [(person.user_id, ["role"])]
    assert recorded(acme, "identity.role.deleted")[0].aggregate_version == 2
    assert owner.refused("UpdateUser", give(person, "regional_lead")) == "UNKNOWN_ROLE"


def test_a_role_of_another_company_cannot_be_given(owner_of: Any, hire: Any, acme: Any, other: Any) -> None:
    owner_of(other).call("CreateRole", create("theirs"))
    person = hire(acme, "viewer")
    assert owner_of(acme).refused("UpdateUser", give(person, "theirs")) == "UNKNOWN_ROLE"


def test_a_company_has_a_bounded_number_of_roles(identity: Identity, owner_of: Callable[[Any], Any], acme: Any) -> None:
    owner = owner_of(acme)
    for number in range(identity.settings.roles_max):
        owner.call("CreateRole", create(f"role_{number}"))
    assert owner.refused("CreateRole", create("one_more")) == "TOO_MANY_ROLES"


def test_a_role_hides_and_locks_fields_in_the_tokens_of_its_people(owner_of: Any, hire: Any, acme: Any) -> None:
    owner = owner_of(acme)
    request = create("clerk_of_ours")
    request.role.hidden_fields.extend(["contact.score", "account.annual_revenue"])
    request.role.read_only_fields.extend(["contact.owner_id", "contact.score"])
    made = owner.call("CreateRole", request)
    assert list(made.hidden_fields) == ["account.annual_revenue", "contact.score"]
    assert list(made.read_only_fields) == ["contact.owner_id"], "what is hidden needs no lock"
    person = hire(acme, "clerk_of_ours")
    assert person.caller.fields.hidden == {"contact.score", "account.annual_revenue"}
    assert owner.caller.fields == hire(acme, "seller").caller.fields
    owner.call("UpdateRole", update("clerk_of_ours", hidden_fields=[]))
    assert not person.caller.fields.hidden
    assert person.caller.fields.read_only == {"contact.owner_id"}


def test_field_rights_that_make_no_sense_are_refused(owner_of: Any, acme: Any) -> None:
    owner = owner_of(acme)
    tries = {
        "contact.scor": "UNKNOWN_FIELD",
        "contact.given_name": "UNKNOWN_FIELD",
        "contact.custom.no": "UNKNOWN_FIELD",
    }
    for field, reason in tries.items():
        request = create("x_role")
        request.role.hidden_fields.append(field)
        assert owner.refused("CreateRole", request) == reason
    lifting = create("x_role", "identity.read", "identity.admin")
    lifting.role.read_only_fields.append("contact.score")
    assert owner.refused("CreateRole", lifting) == "FIELD_RIGHTS_OF_ADMINS"
    narrow = create("x_role")
    narrow.role.hidden_fields.append("contact.score")
    owner.call("CreateRole", narrow)
    assert owner.refused("UpdateRole", update("x_role", scopes=["identity.webhooks"])) == "FIELD_RIGHTS_OF_ADMINS"
