"""CustomFieldService over real gRPC, with a second company beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from chassis.client import channel
from chassis.errors import FuniaError, PermissionDenied
from chassis.server import Served, Server
from chassis.status import from_rpc_error
from funia.events.v1.envelope_pb2 import Envelope
from funia.identity.v1 import custom_field_pb2 as pb
from funia.identity.v1 import custom_field_pb2_grpc
from gateway.composition import Identity
from gateway.identity.access_tokens import Rights
from gateway.identity.model import custom_field
from gateway.identity.roles import ROLES
from gateway.identity.servicers.custom_field import CustomFieldServicer
from google.protobuf.field_mask_pb2 import FieldMask

Call = Callable[..., Any]
SERVICE = pb.DESCRIPTOR.services_by_name["CustomFieldService"]


@pytest.fixture(scope="module")
def stub(identity: Identity) -> Iterator[custom_field_pb2_grpc.CustomFieldServiceStub]:
    settings = identity.settings.model_copy(update={"listen": "127.0.0.1:0"})
    server = Server(settings, identity.database, identity.verifier, [Served(SERVICE, CustomFieldServicer())])
    port = server.start()
    with channel(f"127.0.0.1:{port}") as opened:
        yield custom_field_pb2_grpc.CustomFieldServiceStub(opened)
    server.stop()


@pytest.fixture
def ask(identity: Identity, stub: custom_field_pb2_grpc.CustomFieldServiceStub) -> Call:
    """Calls as a person of a company with a role; errors come as FuniaError."""

    def call(company: Any, method: str, request: Any, *, role: str = "owner") -> Any:
        rights = Rights(company.tenant_id, company.owner_id, "user", "test", ROLES[role].scopes, ROLES[role].visibility)
        metadata = [("authorization", f"Bearer {identity.tokens.issue(rights)}")]
        try:
            return getattr(stub, method)(request, metadata=metadata, timeout=10)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    return call


def add(ask: Call, company: Any, key: str, kind: str = "text", **fields: Any) -> pb.CustomField:
    role = fields.pop("role", "owner")
    field = pb.CustomField(**{"object": "contact", "key": key, "label": key.title(), "type": kind, **fields})
    made: pb.CustomField = ask(company, "CreateCustomField", pb.CreateCustomFieldRequest(custom_field=field), role=role)
    return made


def change(ask: Call, company: Any, field_id: str, etag: str = "", **fields: Any) -> pb.CustomField:
    request = pb.UpdateCustomFieldRequest(
        custom_field=pb.CustomField(id=field_id, **fields), update_mask=FieldMask(paths=list(fields)), etag=etag
    )
    changed: pb.CustomField = ask(company, "UpdateCustomField", request)
    return changed


def refused(call: Call, *args: Any, **options: Any) -> FuniaError:
    with pytest.raises(FuniaError) as raised:
        call(*args, **options)
    return raised.value


def keys(ask: Call, company: Any, **options: Any) -> list[str]:
    listed = ask(company, "ListCustomFields", pb.ListCustomFieldsRequest(**options)).custom_fields
    return [one.key for one in listed]


def published(admin: Any, company: Any) -> list[Envelope]:
    rows = admin.execute("SELECT envelope FROM outbox WHERE tenant_id = %s ORDER BY id", (company.tenant_id,))
    found = [Envelope.FromString(row[0]) for row in rows]
    return [one for one in found if one.type.startswith("identity.custom_field.")]


def test_a_field_is_added_told_and_seen_by_its_company_only(ask: Call, acme: Any, other: Any, admin: Any) -> None:
    made = add(ask, acme, "vessel", "choice", options=["Aurora", "Borealis"], label="Name of the vessel")
    assert (made.etag, made.position, made.archived) == ("1", 10, False)
    assert add(ask, acme, "seats", "number").position == 20
    assert keys(ask, acme) == ["vessel", "seats"]
    assert keys(ask, acme, object="account") == []
    assert keys(ask, other) == []
    strangers = refused(ask, other, "GetCustomField", pb.GetCustomFieldRequest(id=made.id))
    assert strangers.reason == "CUSTOM_FIELD_NOT_FOUND"
    assert refused(change, ask, other, made.id, label="Theirs").reason == "CUSTOM_FIELD_NOT_FOUND"
    first = published(admin, acme)[0]
    assert (first.type, first.subject_id, first.aggregate_version) == ("identity.custom_field.created", made.id, 1)
    assert b"Name of the vessel" not in first.SerializeToString()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"key": "Vessel"}, "custom_field.key"),
        ({"key": "1st"}, "custom_field.key"),
        ({"kind": "essay"}, "custom_field.type"),
        ({"object": "spaceship"}, "custom_field.object"),
        ({"label": " "}, "custom_field.label"),
        ({"kind": "choice"}, "custom_field.options"),
        ({"options": ["A"]}, "custom_field.options"),
        ({"kind": "choice", "options": ["A", "A"]}, "custom_field.options"),
        ({"kind": "reference"}, "custom_field.references"),
        ({"references": "account"}, "custom_field.references"),
        ({"kind": "number", "searchable": True}, "custom_field.searchable"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused_by_name(
    ask: Call, acme: Any, other: Any, admin: Any, fields: dict[str, Any], wrong: str
) -> None:
    error = refused(add, ask, acme, **{"key": "vessel", **fields})
    assert error.violations[0].field == wrong
    assert keys(ask, acme) == keys(ask, other) == []
    assert published(admin, acme) == []


def test_a_key_is_taken_once_an_object_even_when_archived(ask: Call, acme: Any, other: Any) -> None:
    made = add(ask, acme, "vessel")
    change(ask, acme, made.id, archived=True)
    assert refused(add, ask, acme, "vessel").reason == "KEY_TAKEN"
    assert add(ask, acme, "vessel", object="account").object == "account"
    assert add(ask, other, "vessel").object == "contact"
    assert keys(ask, acme, object="contact") == []
    assert keys(ask, acme, object="contact", archived=True) == ["vessel"]
    assert not change(ask, acme, made.id, archived=False).archived


def test_what_a_field_is_stays_while_its_words_change(ask: Call, acme: Any, other: Any, admin: Any) -> None:
    made = add(ask, acme, "vessel", "choice", options=["A"])
    changed = change(ask, acme, made.id, etag=made.etag, label="Ship", options=["A", "B"], required=True)
    assert (changed.label, list(changed.options), changed.required, changed.etag) == ("Ship", ["A", "B"], True, "2")
    assert refused(change, ask, acme, made.id, type="text").violations[0].reason == "IMMUTABLE"
    assert refused(change, ask, acme, made.id, etag="1", label="Boat").reason == "STALE_ETAG"
    assert refused(change, ask, acme, made.id, options=[]).violations[0].field == "custom_field.options"
    assert change(ask, acme, made.id, label="Ship").etag == "2"
    assert [one.type.rpartition(".")[2] for one in published(admin, acme)] == ["created", "updated"]
    assert keys(ask, other) == []


def test_an_object_has_a_bounded_number_of_fields(
    ask: Call, acme: Any, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.identity.usecases import custom_fields

    assert custom_field.FIELDS_MAX == 100
    monkeypatch.setattr(custom_fields, "FIELDS_MAX", 2)
    first = add(ask, acme, "a")
    add(ask, acme, "b")
    assert refused(add, ask, acme, "c").reason == "TOO_MANY_FIELDS"
    change(ask, acme, first.id, archived=True)
    add(ask, acme, "c")
    assert refused(change, ask, acme, first.id, archived=False).reason == "TOO_MANY_FIELDS"
    assert keys(ask, other) == []


def test_only_administrators_define_and_everybody_reads(ask: Call, acme: Any, other: Any) -> None:
    assert isinstance(refused(add, ask, acme, "vessel", role="manager"), PermissionDenied)
    add(ask, acme, "vessel")
    listed = ask(acme, "ListCustomFields", pb.ListCustomFieldsRequest(), role="viewer").custom_fields
    assert [one.key for one in listed] == ["vessel"]
    assert keys(ask, other) == []
