"""The OpenAPI document with a company's custom fields in it."""

from __future__ import annotations

import copy

import pytest
from chassis.caller import FieldRights
from funia.identity.v1.custom_field_pb2 import CustomField
from gateway.tenant_document import with_custom_fields, with_field_rights
from gateway.transcode.bindings import read_routes
from gateway.transcode.catalogue import api_files
from gateway.transcode.openapi import build_openapi
from jsonschema_rs import validator_for

DOCUMENT = build_openapi(read_routes(api_files()), issuer="https://crm.example", version="0.1.0")
FIELDS = [
    CustomField(object="contact", key="vessel", label="Vessel", type="text", required=True),
    CustomField(object="contact", key="tier", label="Tier", type="choice", options=["A", "B"]),
    CustomField(object="contact", key="due", label="Due", type="money"),
    CustomField(object="order", key="dock", label="Dock", type="text"),
    CustomField(object="account", key="seats", label="Seats", type="number"),
]


def fits(schema: str, value: object) -> bool:
    own = with_custom_fields(DOCUMENT, FIELDS)
    whole = {**own["components"]["schemas"][schema], "components": own["components"]}
    return bool(validator_for(whole).is_valid(value))


@pytest.mark.parametrize(
    ("schema", "value", "valid"),
    [
        ("ContactInput", {"custom": {"vessel": "Aurora", "tier": "A"}}, True),
        ("ContactInput", {"custom": {"tier": "A"}}, False),
        ("ContactInput", {}, False),
        ("ContactInput", {"custom": {"vessel": "Aurora", "tier": "C"}}, False),
        ("ContactInput", {"custom": {"vessel": "Aurora", "due": {"currency_code": "EUR", "amount_minor": 5}}}, True),
        ("ContactInput", {"custom": {"vessel": "Aurora", "due": 5}}, False),
        ("ContactInput", {"custom": {"vessel": "Aurora", "seats": 5}}, False),
        ("ContactPatch", {"custom": {"tier": None}}, True),
        ("ContactPatch", {"given_name": "Anna"}, True),
        ("OrderPatch", {"custom": {"dock": "North"}}, True),
        ("OrderPatch", {"custom": {"dock": 5}}, False),
        ("AccountPatch", {"custom": {"seats": 5}}, True),
        ("AccountPatch", {"custom": {"seats": "many"}}, False),
    ],
)
def test_bodies_are_described_field_by_field(schema: str, value: object, valid: bool) -> None:
    assert fits(schema, value) is valid


def test_the_document_of_everybody_stays_as_it_is() -> None:
    before = copy.deepcopy(DOCUMENT)
    own = with_custom_fields(DOCUMENT, FIELDS)
    assert before == DOCUMENT
    assert own["components"]["schemas"]["Contact"]["properties"]["custom"]["properties"]["vessel"]["title"] == "Vessel"
    assert "vessel" not in str(DOCUMENT["components"]["schemas"]["Contact"])


def test_the_document_of_a_role_leaves_out_what_it_hides_and_marks_what_it_locks() -> None:
    rights = FieldRights(
        frozenset({"contact.score", "contact.custom.vessel"}), frozenset({"contact.tags", "contact.custom.tier"})
    )
    schemas = with_field_rights(with_custom_fields(DOCUMENT, FIELDS), rights)["components"]["schemas"]
    answered, sent = schemas["Contact"]["properties"], schemas["ContactInput"]
    assert "score" not in answered
    assert answered["tags"]["readOnly"] is True
    assert set(answered["custom"]["properties"]) == {"tier", "due"}
    assert not {"score", "tags"} & set(sent["properties"])
    assert set(sent["properties"]["custom"]["properties"]) == {"due"}
    assert not {"score", "vessel"} & {*sent.get("required", ()), *sent["properties"]["custom"].get("required", ())}
    assert "score" in DOCUMENT["components"]["schemas"]["Contact"]["properties"]
    assert "employees" in schemas["Account"]["properties"]
