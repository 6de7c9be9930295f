"""TenantService over real gRPC, with a second company beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from chassis.client import channel
from chassis.errors import FuniaError
from chassis.paging import Pager
from chassis.server import Served, Server
from chassis.status import from_rpc_error
from funia.events.v1.envelope_pb2 import Envelope
from funia.identity.v1 import tenant_pb2 as pb
from funia.identity.v1 import tenant_pb2_grpc
from gateway.composition import Identity
from gateway.identity.access_tokens import Rights
from gateway.identity.roles import ROLES
from gateway.identity.secret_values import digest
from gateway.identity.servicers.tenant import TenantServicer
from google.protobuf.field_mask_pb2 import FieldMask

Call = Callable[..., Any]
SERVICE = pb.DESCRIPTOR.services_by_name["TenantService"]


@pytest.fixture(scope="module")
def stub(identity: Identity) -> Iterator[tenant_pb2_grpc.TenantServiceStub]:
    pager = Pager(identity.settings.secret.get_secret_value())
    settings = identity.settings.model_copy(update={"listen": "127.0.0.1:0"})
    server = Server(
        settings, identity.database, identity.verifier, [Served(SERVICE, TenantServicer(identity.passwords, pager))]
    )
    port = server.start()
    with channel(f"127.0.0.1:{port}") as opened:
        yield tenant_pb2_grpc.TenantServiceStub(opened)
    server.stop()


@pytest.fixture
def ask(identity: Identity, stub: tenant_pb2_grpc.TenantServiceStub) -> Call:
    """Calls as a person of a company with a role; errors come as FuniaError."""

    def call(company: Any, method: str, request: Any, *, role: str = "owner", key: str = "") -> Any:
        rights = Rights(company.tenant_id, company.owner_id, "user", "test", ROLES[role].scopes, ROLES[role].visibility)
        metadata = [("authorization", f"Bearer {identity.tokens.issue(rights)}")]
        if key:
            metadata.append(("idempotency-key", key))
        try:
            return getattr(stub, method)(request, metadata=metadata, timeout=10)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    return call


def refused(call: Call, *args: Any, **options: Any) -> str:
    with pytest.raises(FuniaError) as raised:
        call(*args, **options)
    return raised.value.reason


def event_types(admin: Any, company: Any) -> list[str]:
    rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (company.tenant_id,))
    return [Envelope.FromString(row[0]).type for row in rows]


def new_user(email: str, role: str = "seller") -> pb.CreateUserRequest:
    return pb.CreateUserRequest(email=email, full_name="Sam Seller", role=role, password="a long password")


def test_company_is_changed_field_by_field_and_stale_etags_are_refused(ask: Call, acme: Any, admin: Any) -> None:
    before = ask(acme, "GetTenant", pb.GetTenantRequest())
    changed = ask(
        acme,
        "UpdateTenant",
        pb.UpdateTenantRequest(
            tenant=pb.Tenant(name="Acme 2", time_zone="Europe/Berlin"),
            update_mask=FieldMask(paths=["name"]),
            etag=before.etag,
        ),
    )
    assert (changed.name, changed.time_zone) == ("Acme 2", before.time_zone)
    again = pb.UpdateTenantRequest(
        tenant=pb.Tenant(name="Acme 3"), update_mask=FieldMask(paths=["name"]), etag=before.etag
    )
    assert refused(ask, acme, "UpdateTenant", again) == "STALE_ETAG"
    assert event_types(admin, acme)[2:] == ["identity.tenant.updated"]


def test_people_are_added_listed_by_pages_and_hidden_from_other_companies(ask: Call, acme: Any, other: Any) -> None:
    ids = {str(acme.owner_id)}
    for index in range(4):
        ids.add(ask(acme, "CreateUser", new_user(f"u{index}-{acme.tenant_id.hex}@example.com")).id)
    seen: list[str] = []
    token = ""
    while True:
        page = ask(acme, "ListUsers", pb.ListUsersRequest(page_size=2, page_token=token))
        seen.extend(user.id for user in page.users)
        token = page.next_page_token
        if not token:
            break
        assert refused(ask, other, "ListUsers", pb.ListUsersRequest(page_token=token)) == "INVALID_PAGE_TOKEN"
    assert set(seen) == ids
    assert len(seen) == 5
    assert refused(ask, other, "GetUser", pb.GetUserRequest(id=seen[0])) == "USER_NOT_FOUND"
    assert [user.id for user in ask(other, "ListUsers", pb.ListUsersRequest()).users] == [str(other.owner_id)]


def test_account_of_another_company_becomes_a_member_and_keeps_its_password(
    ask: Call, acme: Any, other: Any, identity: Identity
) -> None:
    user = ask(other, "CreateUser", pb.CreateUserRequest(email=acme.email, full_name="Olga here", role="viewer"))
    assert user.id == str(acme.owner_id)
    assert ask(acme, "GetUser", pb.GetUserRequest(id=user.id)).full_name == "Olga Owner"
    assert identity.accounts.check_password(acme.email, "correct horse battery", address="10.2.0.1").id == acme.owner_id
    assert refused(ask, other, "CreateUser", new_user(acme.email)) == "USER_EXISTS"


def test_new_person_needs_a_good_password_role_and_address(ask: Call, acme: Any, admin: Any) -> None:
    before = event_types(admin, acme)
    weak = pb.CreateUserRequest(email="weak@example.com", full_name="W", role="seller", password="short")
    none = pb.CreateUserRequest(email="none@example.com", full_name="N", role="seller")
    assert refused(ask, acme, "CreateUser", weak) == "TOO_SHORT"
    assert refused(ask, acme, "CreateUser", none) == "REQUIRED"
    assert refused(ask, acme, "CreateUser", new_user("x@example.com", "emperor")) == "UNKNOWN_ROLE"
    assert admin.execute("SELECT count(*) FROM user_account WHERE email LIKE 'weak@%'").fetchone() == (0,)
    assert event_types(admin, acme) == before


def test_suspending_a_person_is_an_event_and_ends_the_access(ask: Call, acme: Any, admin: Any) -> None:
    user = ask(acme, "CreateUser", new_user(f"s-{acme.tenant_id.hex}@example.com"))
    changed = ask(
        acme,
        "UpdateUser",
        pb.UpdateUserRequest(user=pb.User(id=user.id, status="suspended"), update_mask=FieldMask(paths=["status"])),
    )
    assert changed.status == "suspended"
    assert event_types(admin, acme)[-1] == "identity.user.suspended"


def test_owners_are_made_by_owners_and_the_last_one_stays(ask: Call, acme: Any, admin: Any) -> None:
    own = str(acme.owner_id)
    demote = pb.UpdateUserRequest(user=pb.User(id=own, role="viewer"), update_mask=FieldMask(paths=["role"]))
    suspend = pb.UpdateUserRequest(user=pb.User(id=own, status="suspended"), update_mask=FieldMask(paths=["status"]))
    assert refused(ask, acme, "UpdateUser", demote) == "LAST_OWNER"
    assert refused(ask, acme, "UpdateUser", suspend) == "OWN_STATUS"
    admin_user = ask(acme, "CreateUser", new_user(f"a-{acme.tenant_id.hex}@example.com", "admin"))

    class AdminOfAcme:
        tenant_id = acme.tenant_id
        owner_id = admin_user.id

    itself = pb.User(id=admin_user.id, status="suspended")
    suspend_itself = pb.UpdateUserRequest(user=itself, update_mask=FieldMask(paths=["status"]))
    assert refused(ask, AdminOfAcme, "UpdateUser", suspend_itself, role="admin") == "OWN_STATUS"
    entries = admin.execute(
        "SELECT actor_id::text, detail ->> 'reason' FROM audit_entry WHERE tenant_id = %s AND action = %s"
        " ORDER BY sequence",
        (acme.tenant_id, "identity.request.refused"),
    ).fetchall()
    assert entries == [(own, "LAST_OWNER"), (own, "OWN_STATUS"), (admin_user.id, "OWN_STATUS")]
    kept = admin.execute("SELECT role, status FROM membership WHERE tenant_id = %s", (acme.tenant_id,)).fetchall()
    assert sorted(kept) == [("admin", "active"), ("owner", "active")]
    assert event_types(admin, acme)[-1] == "identity.user.activated"

    crown = pb.UpdateUserRequest(user=pb.User(id=admin_user.id, role="owner"), update_mask=FieldMask(paths=["role"]))
    assert refused(ask, AdminOfAcme, "UpdateUser", crown, role="admin") == "OWNER_ONLY"
    assert refused(ask, AdminOfAcme, "UpdateUser", demote, role="admin") == "OWNER_ONLY"


def test_client_secret_is_told_once_and_kept_as_a_hash(ask: Call, acme: Any, other: Any, admin: Any) -> None:
    asked = pb.CreateOAuthClientRequest(oauth_client=pb.OAuthClient(name="Robot", scopes=["contacts.read"]))
    client = ask(acme, "CreateOAuthClient", asked)
    assert client.grant_types == ["client_credentials"]
    kept = admin.execute("SELECT secret_hash FROM oauth_client WHERE client_id = %s", (client.client_id,)).fetchone()
    assert bytes(kept[0]) == digest(client.client_secret)
    listed = ask(acme, "ListOAuthClients", pb.ListOAuthClientsRequest()).oauth_clients
    assert [(one.id, one.client_secret) for one in listed] == [(client.id, "")]
    assert list(ask(other, "ListOAuthClients", pb.ListOAuthClientsRequest()).oauth_clients) == []
    gone = pb.DeleteOAuthClientRequest(id=client.id)
    assert refused(ask, other, "DeleteOAuthClient", gone) == "OAUTH_CLIENT_NOT_FOUND"
    ask(acme, "DeleteOAuthClient", gone)
    assert event_types(admin, acme)[-2:] == ["identity.client.authorized", "identity.client.revoked"]


def test_client_never_gets_scopes_beyond_those_of_its_maker(
    stub: tenant_pb2_grpc.TenantServiceStub, identity: Identity, acme: Any, admin: Any
) -> None:
    narrow = Rights(acme.tenant_id, acme.owner_id, "user", "partner", frozenset({"identity.admin"}), "all")
    metadata = [("authorization", f"Bearer {identity.tokens.issue(narrow)}")]
    asked = pb.CreateOAuthClientRequest(oauth_client=pb.OAuthClient(name="Wide", scopes=["contacts.read"]))
    with pytest.raises(grpc.RpcError) as raised:
        stub.CreateOAuthClient(asked, metadata=metadata, timeout=10)
    assert from_rpc_error(raised.value).reason == "SCOPE_BEYOND_OWN"
    kept = "SELECT count(*) FROM oauth_client WHERE tenant_id = %s"
    assert admin.execute(kept, (acme.tenant_id,)).fetchone() == (0,)


@pytest.mark.parametrize(
    ("client", "field"),
    [
        ({"name": "x", "scopes": ["no.such"]}, "oauth_client.scopes[0]"),
        ({"name": "x", "redirect_uris": ["http://app.example.com/cb"]}, "oauth_client.redirect_uris[0]"),
        ({"name": "x", "redirect_uris": ["https://a.example/cb#f"]}, "oauth_client.redirect_uris[0]"),
        ({"name": "x", "redirect_uris": ["javascript:alert(1)"]}, "oauth_client.redirect_uris[0]"),
        ({"name": "x", "redirect_uris": ["https://u:p@a.example/cb"]}, "oauth_client.redirect_uris[0]"),
        ({"name": "x", "grant_types": ["authorization_code"]}, "oauth_client.redirect_uris"),
        ({"name": "x", "grant_types": ["client_credentials"], "public": True}, "oauth_client.grant_types"),
    ],
)
def test_bad_clients_are_refused_naming_the_field(ask: Call, acme: Any, client: dict[str, Any], field: str) -> None:
    with pytest.raises(FuniaError) as raised:
        ask(acme, "CreateOAuthClient", pb.CreateOAuthClientRequest(oauth_client=pb.OAuthClient(**client)))
    assert raised.value.violations[0].field == field


def test_roles_without_the_scope_are_refused(ask: Call, acme: Any) -> None:
    assert refused(ask, acme, "CreateUser", new_user("z@example.com"), role="manager") == "MISSING_SCOPE"
    assert refused(ask, acme, "ListOAuthClients", pb.ListOAuthClientsRequest(), role="viewer") == "MISSING_SCOPE"


def test_repeated_request_with_one_key_adds_one_person(ask: Call, acme: Any) -> None:
    request = new_user(f"once-{acme.tenant_id.hex}@example.com")
    assert ask(acme, "CreateUser", request, key="k1").id == ask(acme, "CreateUser", request, key="k1").id
