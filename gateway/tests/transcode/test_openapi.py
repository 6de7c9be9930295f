"""The OpenAPI document: true to the routes, valid, and complete about what can be answered."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
import pytest
import schemathesis
from flask import Flask
from funia.contacts.v1 import account_pb2, contact_pb2
from gateway.transcode.bindings import read_routes
from gateway.transcode.catalogue import api_files
from gateway.transcode.codec import JsonCodec
from gateway.transcode.openapi import build_openapi
from gateway.transcode.reference import reference_blueprint
from gateway.transcode.routes import TranscodedApi
from jsonschema_rs import validator_for
from schemathesis import GenerationMode
from werkzeug.test import Client

DOCUMENT = build_openapi(read_routes(api_files()), issuer="https://crm.example", version="0.1.0")
OPERATIONS = [
    (path, verb, operation) for path, operations in DOCUMENT["paths"].items() for verb, operation in operations.items()
]


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(item) for item in value.values()))
    return set().union(*(references(item) for item in value)) if isinstance(value, list) else set()


def test_every_route_is_described_once() -> None:
    assert len(OPERATIONS) == len(read_routes(api_files()))
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        target: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        assert target


def test_every_path_variable_is_a_parameter() -> None:
    for path, _, operation in OPERATIONS:
        variables = re.findall(r"\{([^}]+)\}", path)
        given = [one["name"] for one in operation["parameters"] if one.get("in") == "path"]
        assert given == variables


def test_everything_has_words() -> None:
    assert [operation["operationId"] for _, _, operation in OPERATIONS if not operation["description"]] == []
    silent = [
        f"{name}.{field}"
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, one in schema.get("properties", {}).items()
        if not one.get("description")
    ]
    assert silent == []


def test_scopes_stand_beside_the_methods() -> None:
    get = DOCUMENT["paths"]["/v1/contacts/{id}"]["get"]
    assert get["security"] == [{"oauth2": ["contacts.read"]}]
    flows = DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]
    assert "contacts.read" in flows["clientCredentials"]["scopes"]
    assert flows["authorizationCode"]["tokenUrl"] == "https://crm.example/oauth/token"


def test_rules_of_the_protos_are_in_the_schemas() -> None:
    sent = DOCUMENT["components"]["schemas"]["ContactInput"]["properties"]
    assert sent["given_name"]["maxLength"] == 120
    assert sent["lifecycle_stage"]["enum"][0] == "visitor"
    assert sent["owner_id"]["format"] == "uuid"
    assert (sent["score"]["minimum"], sent["score"]["maximum"]) == (0, 1000)
    assert "created_at" not in sent
    assert DOCUMENT["components"]["schemas"]["AccountInput"]["required"] == ["name"]
    assert "required" not in DOCUMENT["components"]["schemas"]["AccountPatch"]


def test_writes_take_the_headers_they_honour() -> None:
    patch = DOCUMENT["paths"]["/v1/contacts/{id}"]["patch"]
    assert [one["$ref"].rpartition("/")[2] for one in patch["parameters"] if "$ref" in one] == [
        "IdempotencyKey",
        "IfMatch",
    ]
    assert {"409", "413", "415", "422"} <= set(patch["responses"])
    assert {"200", "400", "401", "403", "404", "409", "422", "429"} <= set(
        DOCUMENT["paths"]["/v1/contacts/{id}"]["delete"]["responses"]
    )
    assert "409" not in DOCUMENT["paths"]["/v1/contacts"]["get"]["responses"]


@pytest.mark.parametrize("message", [contact_pb2.Contact(id="x", given_name="A"), account_pb2.Account(employees=5)])
def test_what_is_answered_fits_its_schema(message: Any) -> None:
    value = orjson.loads(JsonCodec().to_json(message))
    schema = {**DOCUMENT["components"]["schemas"][message.DESCRIPTOR.name], "components": DOCUMENT["components"]}
    validator_for(schema).validate(value)
    value["given_name" if "given_name" in value else "name"] = 5
    assert not validator_for(schema).is_valid(value)


def test_the_reference_page_needs_no_other_server() -> None:
    flask = Flask("reference_under_test")
    flask.register_blueprint(reference_blueprint(DOCUMENT))
    client = flask.test_client()
    document = client.get("/openapi.json")
    assert orjson.loads(document.data)["openapi"] == "3.1.0"
    assert client.get("/openapi.json", headers={"If-None-Match": document.headers["ETag"]}).status_code == 304
    page = client.get("/docs")
    assert re.findall(r'(?:src|href)="([^"]+)"', page.text) == [
        "/static/vendor/swagger-ui.css",
        "/openapi.json",
        "/static/vendor/swagger-ui-bundle.js",
        "/docs/start.js",
    ]
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert "SwaggerUIBundle" in client.get("/docs/start.js").text


def _schema() -> Any:
    return schemathesis.openapi.from_dict(DOCUMENT)


@pytest.mark.timeout(400)  # a few thousand requests: CPU time that a busy machine stretches
@pytest.mark.parametrize("examples", [2, pytest.param(8, marks=pytest.mark.soak)])
def test_no_request_gets_an_answer_that_is_not_described(api: TranscodedApi, peer: Any, examples: int) -> None:
    """Schemathesis over every operation, valid and invalid requests; the peer answers with empty messages."""
    client = Client(api, use_cookies=False)
    undescribed: list[str] = []
    for result in _schema().get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            for case in _some_cases(operation, mode, examples):
                response = _send(client, case)
                if (
                    str(response.status_code) not in operation.definition.raw["responses"]
                    or response.status_code >= 500
                ):
                    undescribed.append(f"{operation.label}: {response.status_code} {response.text[:200]}")
                kind = "application/json" if response.status_code < 300 else "application/problem+json"
                assert response.content_type == kind
    assert undescribed == []


def _some_cases(operation: Any, mode: GenerationMode, examples: int) -> list[Any]:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable

    cases: list[Any] = []
    # A list of whole records takes long to make up, and the records are tried by their single methods anyway.
    if re.search(r":batch(Create|Update|Upsert)$", operation.path):
        examples //= 2

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def collect(case: Any) -> None:
        cases.append(case)

    try:
        collect()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE
    return cases


def _send(client: Client, case: Any) -> Any:
    sent = case.as_transport_kwargs(base_url="http://localhost")
    headers = {name: value for name, value in (sent.get("headers") or {}).items() if name != "User-Agent"}
    headers["Authorization"] = "Bearer token-of-tenant-a"
    body = json.dumps(sent["json"]) if sent.get("json") is not None else sent.get("data")
    if sent.get("json") is not None:
        headers["Content-Type"] = "application/json"
    path = sent["url"].removeprefix("http://localhost")
    return client.open(path, method=sent["method"], query_string=sent.get("params"), headers=headers, data=body)
