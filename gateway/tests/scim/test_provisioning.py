"""A company's directory makes, suspends and removes its people, and reaches nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from gateway.composition import Identity
from gateway.identity.platform import open_platform_work
from gateway.identity.queries import user as users
from gateway.identity.roles import ROLES

ACTIVE_OFF = {"op": "Replace", "path": "active", "value": False}


def member(identity: Identity, company: Any, user_id: str) -> Any:
    with identity.database.open_work(company.caller(), read_only=True) as work:
        return users.get(work, UUID(user_id))


def audited(identity: Identity, company: Any) -> list[Any]:
    with identity.database.open_work(company.caller(), read_only=True) as work:
        return work.transaction.raw.execute(
            "SELECT action, target_id, actor_type, detail FROM audit_entry WHERE tenant_id = %s ORDER BY sequence",
            (company.tenant_id,),
        ).fetchall()


def test_a_person_sent_is_a_member_with_the_role_of_newcomers(identity: Identity, directory: Any, acme: Any) -> None:
    made = directory.add(externalId="42", name={"givenName": "Ivan", "familyName": "Ivanov"}, displayName="Ivan I.")
    assert made["meta"]["location"] == f"{identity.settings.issuer}/scim/v2/Users/{made['id']}"
    row = member(identity, acme, made["id"])
    assert (row.full_name, row.role, row.status) == ("Ivan I.", "viewer", "active")
    found = directory.ask("GET", f'/Users?filter=userName eq "{made["userName"].upper()}"').json()
    assert [one["id"] for one in found["Resources"]] == [made["id"]]
    assert directory.ask("GET", '/Users?filter=externalId eq "42"').json()["totalResults"] == 1
    assert directory.ask("GET", '/Users?filter=name.familyName sw "Iva" and active eq true').json()["totalResults"] == 1


def test_people_made_here_are_found_and_taken_over_by_the_directory(directory: Any, acme: Any) -> None:
    found = directory.ask("GET", f'/Users?filter=userName eq "{acme.email}"').json()["Resources"][0]
    assert (found["displayName"], found["active"]) == ("Olga Owner", True)
    answer = directory.patch(f"/Users/{found['id']}", {"op": "add", "path": "externalId", "value": "boss"})
    assert answer.status_code == 204, answer.text
    assert directory.ask("GET", f"/Users/{found['id']}").json()["externalId"] == "boss"
    again = {"userName": "another", "emails": [{"value": acme.email}]}
    answer = directory.ask("POST", "/Users", again)
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")


def test_a_suspended_person_loses_sessions_and_comes_back(
    identity: Identity, directory: Any, acme: Any, other: Any
) -> None:
    made = directory.add()
    user_id = UUID(made["id"])
    session = identity.sessions.open(user_id, acme.tenant_id, replaces="", amr=("pwd",))
    assert identity.sessions.read(session.secret) is not None
    assert directory.patch(f"/Users/{made['id']}", ACTIVE_OFF).status_code == 204
    assert identity.sessions.read(session.secret) is None
    actions = [entry.action for entry in audited(identity, acme) if entry.target_id == made["id"]]
    assert actions[-2:] == ["identity.user.sessions_ended", "identity.user.suspended"]
    assert directory.patch(f"/Users/{made['id']}", {"op": "replace", "value": {"active": True}}).status_code == 204
    assert member(identity, acme, made["id"]).status == "active"
    assert [entry for entry in audited(identity, other) if entry.actor_type == "client"] == []


def test_a_removed_person_is_gone_and_may_be_sent_again(identity: Identity, directory: Any, acme: Any) -> None:
    made = directory.add(externalId="7")
    assert directory.ask("DELETE", f"/Users/{made['id']}").status_code == 204
    assert directory.ask("GET", f"/Users/{made['id']}").status_code == 404
    assert member(identity, acme, made["id"]).status == "deactivated"
    back = directory.add(externalId="7", userName=made["userName"], emails=made["emails"])
    assert back["id"] == made["id"]
    assert member(identity, acme, back["id"]).status == "active"


def test_another_companys_person_is_linked_and_never_altered(
    identity: Identity, directory: Any, directory_of: Callable[[Any], Any], acme: Any, other: Any
) -> None:
    linked = directory.add(userName="o", displayName="Somebody Else", emails=[{"value": other.email.upper()}])
    assert linked["id"] == str(other.owner_id)
    assert "Olga" not in str(linked)
    with open_platform_work(identity.database) as platform:
        account = users.account(platform, other.owner_id)
    assert (account.full_name, account.email) == ("Olga Owner", other.email)
    assert member(identity, other, linked["id"]).full_name == "Olga Owner"
    assert member(identity, acme, linked["id"]).full_name == "Somebody Else"
    directory.patch(f"/Users/{linked['id']}", ACTIVE_OFF)
    assert directory.ask("DELETE", f"/Users/{linked['id']}").status_code == 204
    assert member(identity, other, linked["id"]).status == "active"
    theirs = directory_of(other).ask("GET", "/Users").json()
    assert [one["userName"] for one in theirs["Resources"]] == [other.email]


def test_people_of_another_company_are_not_there(directory: Any, other: Any) -> None:
    bodies = {
        "GET": None,
        "DELETE": None,
        "PUT": {"userName": "x", "active": False, "emails": [{"value": other.email}]},
        "PATCH": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [ACTIVE_OFF]},
    }
    for method, body in bodies.items():
        assert directory.ask(method, f"/Users/{other.owner_id}", body).status_code == 404
    found = directory.ask("GET", f'/Users?filter=emails.value eq "{other.email}"').json()
    assert found["totalResults"] == 0


def test_the_last_owner_stays_and_the_try_is_in_the_audit_log(identity: Identity, directory: Any, acme: Any) -> None:
    answers = [
        directory.patch(f"/Users/{acme.owner_id}", ACTIVE_OFF),
        directory.ask("DELETE", f"/Users/{acme.owner_id}"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert "last owner" in answers[0].json()["detail"]
    assert member(identity, acme, str(acme.owner_id)).status == "active"
    refusals = [entry for entry in audited(identity, acme) if entry.action == "identity.request.refused"]
    assert [(entry.actor_type, entry.detail["reason"]) for entry in refusals] == [("client", "LAST_OWNER")] * 2


def test_an_owner_is_not_suspended_by_a_directory_either_where_others_remain(
    identity: Identity, directory: Any, acme: Any
) -> None:
    made = directory.add()
    with identity.database.open_work(acme.caller()) as work:
        row = users.get(work, UUID(made["id"]))
        users.change(
            work, row.user_id, full_name=row.full_name, locale="", role="owner", team_id=None, status="active",
            version=row.version + 1, updated_at=work.now, updated_by=acme.owner_id,
        )  # fmt: skip
    answer = directory.patch(f"/Users/{made['id']}", ACTIVE_OFF)
    assert (answer.status_code, "Only an owner" in answer.json()["detail"]) == (403, True)


def test_an_id_or_name_that_another_person_has_is_refused(directory: Any) -> None:
    first = directory.add(externalId="same")
    taken = directory.ask("POST", "/Users", {"userName": "n@people.example", "externalId": "same"})
    assert (taken.status_code, taken.json()["scimType"]) == (409, "uniqueness")
    second = directory.add()
    for operation in (
        {"op": "replace", "path": "userName", "value": first["userName"].upper()},
        {"op": "add", "path": "externalId", "value": "same"},
    ):
        answer = directory.patch(f"/Users/{second['id']}", operation)
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert directory.ask("GET", "/Users").json()["totalResults"] == 3


def test_the_address_is_the_persons_own(identity: Identity, directory: Any, acme: Any) -> None:
    made = directory.add()
    moved = [{"value": "else@people.example", "primary": True}]
    answer = directory.patch(f"/Users/{made['id']}", {"op": "replace", "path": "emails", "value": moved})
    assert (answer.status_code, answer.json()["scimType"]) == (400, "mutability")
    whole = {"userName": "renamed", "displayName": "New Name", "active": False, "emails": moved}
    answer = directory.ask("PUT", f"/Users/{made['id']}", whole)
    assert (answer.status_code, answer.json()["emails"]) == (200, made["emails"])
    row = member(identity, acme, made["id"])
    assert (row.full_name, row.status, row.email) == ("New Name", "suspended", made["emails"][0]["value"])


def test_an_etag_that_is_old_changes_nothing(directory: Any) -> None:
    made = directory.add()
    seen = made["meta"]["version"]
    path = f"/Users/{made['id']}"
    assert directory.patch(path, {"op": "add", "path": "displayName", "value": "One"}, If_Match=seen).status_code == 204
    late = directory.patch(path, {"op": "add", "path": "displayName", "value": "Two"}, If_Match=seen)
    assert late.status_code == 412
    now = directory.ask("GET", path)
    assert now.json()["displayName"] == "One"
    assert directory.ask("GET", path, If_None_Match=now.headers["ETag"]).status_code == 304


def test_pages_are_by_index_and_hold_what_was_asked_for(directory: Any) -> None:
    people = [directory.add()["id"] for _ in range(3)]
    answer = directory.ask("GET", "/Users?startIndex=2&count=2&attributes=userName").json()
    assert (answer["totalResults"], answer["startIndex"], answer["itemsPerPage"]) == (4, 2, 2)
    assert [one["id"] for one in answer["Resources"]] == people[:2]
    assert set(answer["Resources"][0]) <= {"schemas", "id", "userName"}
    assert "emails" not in directory.ask("GET", "/Users?excludedAttributes=emails").json()["Resources"][0]


def test_what_a_directory_knows_beside_is_passed_over(directory: Any) -> None:
    made = directory.add(
        title="CTO", phoneNumbers=[{"value": "+359 2 1", "type": "work"}], password="secret",
        schemas=[
            "urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        ],
        **{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "IT"}},
    )  # fmt: skip
    assert "title" not in made
    answer = directory.patch(
        f"/Users/{made['id']}",
        {"op": "Add", "path": "title", "value": "CEO"},
        {"op": "Replace", "value": {"displayName": "B"}},
    )
    assert answer.status_code == 204, answer.text
    assert directory.ask("GET", f"/Users/{made['id']}").json()["displayName"] == "B"


MALFORMED: list[tuple[str, str, bytes, int, str | None]] = [
    ("POST", "/Users", b"{", 400, "invalidSyntax"),
    ("POST", "/Users", b"[]", 400, "invalidSyntax"),
    ("POST", "/Users", b'{"userName": "no-address"}', 400, "invalidValue"),
    ("POST", "/Users", b'{"userName": {"a": 1}, "emails": [{"value": "a@b.example"}]}', 400, "invalidValue"),
    ("POST", "/Users", b'{"userName": "a\\u0000b", "emails": [{"value": "a@b.example"}]}', 400, "invalidValue"),
    ("POST", "/Users", b'{"userName": "' + b"x" * 400 + b'@b.example"}', 400, "invalidValue"),
    ("POST", "/Users", b"[" * 100_000, 400, "invalidSyntax"),
    ("POST", "/Groups", b'{"displayName": "  "}', 400, "invalidValue"),
    ("POST", "/Groups", b'{"displayName": "g", "members": [{"value": "me"}]}', 400, "invalidValue"),
    ("PATCH", "/Users/{me}", b'{"Operations": [{"op": "explode"}]}', 400, None),
    ("GET", "/Users?filter=userName zz 1", b"", 400, "invalidFilter"),
    (
        "PATCH",
        "/Users/{me}",
        b'{"Operations": [{"op": "remove", "path": "emails[' + b"not (" * 9000 + b'"}]}',
        400,
        None,
    ),
    ("GET", "/Users?filter=" + "x" * 1001, b"", 413, None),
    ("GET", "/Users?count=many", b"", 400, "invalidValue"),
    ("GET", "/Users/not-an-id", b"", 404, None),
    ("GET", "/Planets", b"", 404, None),
    ("POST", "/Bulk", b"{}", 501, None),
    ("GET", "/Me", b"", 501, None),
    ("DELETE", "/Users", b"", 405, None),
]


def test_malformed_requests_are_refused_in_scims_form_and_change_nothing(directory: Any, acme: Any) -> None:
    headers = {"Authorization": f"Bearer {directory.token}", "Content-Type": "application/scim+json"}
    for method, path, body, status, scim_type in MALFORMED:
        url = f"/scim/v2{path.replace('{me}', str(acme.owner_id))}"
        answer = directory.http.request(method, url, content=body, headers=headers)
        assert answer.status_code == status, f"{method} {path[:60]} {body[:60]!r}: {answer.text}"
        assert answer.headers["Content-Type"].startswith("application/scim+json")
        told = answer.json()
        assert told["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
        assert (int(told["status"]), told["detail"] != "") == (status, True)
        assert scim_type is None or told["scimType"] == scim_type, f"{method} {path[:60]} {body[:60]!r}: {told}"
    assert directory.ask("GET", "/Users").json()["totalResults"] == 1
    assert directory.ask("GET", "/Groups").json()["totalResults"] == 0


def test_scopes_of_admins_hold_provisioning_and_no_others() -> None:
    assert [name for name, role in ROLES.items() if "identity.scim" in role.scopes] == ["owner", "admin"]
