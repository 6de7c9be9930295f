"""The generator writes what the document says, for services it has never seen; broken promises are found."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sdkgen.compatibility import broken_promises, read_released
from sdkgen.document import current_document
from sdkgen.naming import method_name, snake
from sdkgen.writing import drift, sources, write

DOCUMENT = current_document()
SCHEMAS = DOCUMENT["components"]["schemas"]


def document(**paths: Any) -> dict[str, Any]:
    deal = {"type": "object", "properties": {"id": {"type": "string"}, "from": {"type": "string"}}, "required": ["id"]}
    return {"paths": paths, "components": {"schemas": {"Deal": deal}}, "tags": []}


def operation(name: str, **more: Any) -> dict[str, Any]:
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Deal"}}}}
    return {"operationId": f"sales_{name}", "description": name, "responses": {"200": answer}, **more}


def test_methods_have_short_names() -> None:
    names = {
        ("contacts", "/v1/contacts", "ListContacts"): "list",
        ("contacts", "/v1/contacts/{id}:merge", "MergeContacts"): "merge",
        ("contacts", "/v1/contacts:batchUpsert", "BatchUpsertContacts"): "batch_upsert",
        ("accounts", "/v1/accounts/{id}/contacts", "ListAccountContacts"): "list_contacts",
        ("bulk_jobs", "/v1/bulk-jobs/{id}/results.jsonl", "DownloadBulkResults"): "download_results",
        ("oauth_clients", "/v1/oauth-clients", "CreateOAuthClient"): "create",
        ("imports", "/v1/imports/{id}:import", "ImportIt"): "import_",
    }
    for (group, path, name), expected in names.items():
        assert method_name(group, path, "post", {"operationId": f"x_{name}"}) == expected
    assert snake("OAuthClients") == "oauth_clients"


def test_a_service_that_nobody_has_heard_of_is_generated() -> None:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    made = sources(
        document(
            **{
                "/v1/deals/{id}": {"get": operation("GetDeal", parameters=[parameter])},
                "/v1/deals/{id}:win": {"post": operation("WinDeal", parameters=[parameter], deprecated=True)},
                "/v2/deals": {"get": operation("ListDeals")},
            }
        )
    )
    assert set(made) == {"__init__.py", "deals.py", "inputs.py", "models.py", "resources.py"}
    assert "def get(self, id: str, *, timeout_s: float | None = None) -> models.Deal:" in made["deals.py"]
    assert "@deprecated(" in made["deals.py"]
    assert 'from_: str | None = _field(metadata={"name": "from"}, default=None)' in made["models.py"]
    for text in made.values():
        compile(text, "generated", "exec")


def test_changed_missing_and_stale_code_is_noticed(tmp_path: Path) -> None:
    paths = {"/v1/deals": {"get": operation("GetDeal")}}
    write(document(**paths), tmp_path)
    assert drift(document(**paths), tmp_path) == []
    (tmp_path / "deals.py").write_text("# by hand\n")
    (tmp_path / "ghost.py").write_text("")
    (tmp_path / "models.py").unlink()
    assert drift(document(**paths), tmp_path) == ["deals.py", "ghost.py", "models.py"]


def test_the_api_of_now_keeps_what_was_promised() -> None:
    assert broken_promises(read_released(), DOCUMENT) == []
    assert len(read_released()["paths"]) > 50


BREAKS: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda d: d["paths"].pop("/v1/contacts/{id}"), "GET /v1/contacts/{id} is gone"),
    (lambda d: d["paths"]["/v1/contacts"]["get"].update(operationId="contacts_SeekContacts"), "is called"),
    (lambda d: d["paths"]["/v1/contacts"]["get"].update(security=[{"oauth2": ["contacts.admin"]}]), "needs"),
    (lambda d: d["paths"]["/v1/contacts"]["get"]["parameters"].clear(), "the parameter page_size is gone"),
    (
        lambda d: d["paths"]["/v1/contacts"]["get"]["parameters"].append(
            {"name": "as_of", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        "the new parameter as_of is required",
    ),
    (lambda d: _schema(d, "Contact")["properties"].pop("score"), ".score is gone"),
    (lambda d: _schema(d, "Contact")["properties"]["score"].update(type="string"), ".score: type is string now"),
    (lambda d: _schema(d, "Contact")["required"].remove("score"), ".score may be missing now"),
    (lambda d: _schema(d, "ContactInput")["properties"].pop("source"), ".source is no longer taken"),
    (lambda d: _schema(d, "ContactInput").update(required=["given_name"]), ".given_name is required now"),
    (lambda d: _schema(d, "ContactPatch")["properties"]["title"].update(maxLength=10), ".title: maxLength is 10 now"),
    (lambda d: _schema(d, "ContactInput")["properties"]["lifecycle_stage"]["enum"].pop(), "takes fewer values"),
    (lambda d: _schema(d, "EmailAddressInput")["properties"]["label"].update(pattern="^[a-z]$"), "pattern is"),
    (lambda d: d["paths"]["/v1/contacts"]["post"]["responses"].pop("201"), "no longer answers 201"),
]


def _schema(changed: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = changed["components"]["schemas"][name]
    return found


@pytest.mark.parametrize(("change", "said"), BREAKS, ids=[said for _, said in BREAKS])
def test_a_change_that_breaks_callers_is_said(change: Callable[[dict[str, Any]], Any], said: str) -> None:
    changed = copy.deepcopy(DOCUMENT)
    change(changed)
    broken = broken_promises(DOCUMENT, changed)
    assert broken
    assert said in broken[0]


def test_an_addition_breaks_nobody() -> None:
    changed = copy.deepcopy(DOCUMENT)
    changed["paths"]["/v1/moods"] = {"get": operation("ListMoods")}
    _schema(changed, "Contact")["properties"]["mood"] = {"type": "string"}
    _schema(changed, "ContactInput")["properties"]["mood"] = {"type": "string"}
    _schema(changed, "ContactInput")["properties"]["title"].pop("maxLength")
    _schema(changed, "ContactInput")["properties"]["lifecycle_stage"]["enum"].append("fan")
    optional = {"name": "mood", "in": "query", "schema": {"type": "string"}}
    changed["paths"]["/v1/contacts"]["get"]["parameters"].append(optional)
    assert broken_promises(DOCUMENT, changed) == []


def test_what_was_deprecated_may_go_once_its_sunset_has_passed() -> None:
    old = copy.deepcopy(DOCUMENT)
    old["paths"]["/v1/contacts/{id}"]["get"] |= {"deprecated": True, "x-sunset": "2027-05-31"}
    changed = copy.deepcopy(DOCUMENT)
    del changed["paths"]["/v1/contacts/{id}"]["get"]
    assert broken_promises(old, changed, today="2027-05-31") == []
    assert broken_promises(old, changed, today="2027-05-30") == ["GET /v1/contacts/{id} is gone"]
