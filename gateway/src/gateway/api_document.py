"""The OpenAPI document of the whole API: the transcoded routes, and here the few views that are written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

from gateway.company_end import company_end_paths
from gateway.eventlog.document import EVENT_SCHEMAS, EventLimits, event_paths
from gateway.identity.roles import OPERATE, SCOPES
from gateway.transcode.bindings import Route
from gateway.transcode.openapi import build_openapi

Document = dict[str, Any]
_PROBLEMS = {
    "400": "BadRequest",
    "401": "Unauthenticated",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "413": "TooLarge",
    "415": "UnsupportedMediaType",
    "429": "TooManyRequests",
    "500": "InternalError",
    "503": "Unavailable",
    "504": "DeadlineExceeded",
}


def api_document(
    routes: Iterable[Route], *, issuer: str, upload_max_bytes: int, password_min_length: int, events: EventLimits
) -> Document:
    """The document, ready to be served."""
    extra = {
        "/v1/sign-up": {"post": _sign_up(password_min_length)},
        "/v1/imports": {"post": _upload(upload_max_bytes, "contacts", "Import", ("contact", "account"))},
        "/v1/imports/{id}/errors.csv": {"get": _import_errors("contacts", "Import")},
        "/v1/sales/imports": {
            "post": _upload(upload_max_bytes, "sales", "SalesImport", ("lead", "product", "deal", "order"))
        },
        "/v1/sales/imports/{id}/errors.csv": {"get": _import_errors("sales", "SalesImport")},
        "/v1/contacts:export": {"get": _export()},
        "/v1/bulk-jobs/{id}/content": {"put": _bulk_content(upload_max_bytes)},
        "/v1/documents/{id}/content": {"get": _document_file(), "put": _document_content()},
        "/v1/bulk-jobs/{id}/results.jsonl": {"get": _bulk_results()},
        **event_paths(events, _problems()),
        "/v1/audit-entries:export": {"get": _export_audit_log()},
        "/v1/company-exports/{id}/archive.zip": {"get": _company_archive()},
        **company_end_paths(_problems()),
    }
    document = build_openapi(
        routes,
        issuer=issuer,
        version=version("funia-gateway"),
        extra_paths=extra,
        extra_schemas=EVENT_SCHEMAS,
        scope_texts={**SCOPES, OPERATE: "Operate the platform: in an operator's own session only"},
    )
    for flow in document["components"]["securitySchemes"]["oauth2"]["flows"].values():
        flow["scopes"] = dict(sorted({**flow["scopes"], "contacts.export": SCOPES["contacts.export"]}.items()))
    return document


def _sign_up(password_min_length: int) -> Document:
    name = {"type": "string", "minLength": 1, "maxLength": 200}
    fields = {
        "company_name": {**name, "description": "Name of the company."},
        "full_name": {**name, "description": "Full name of its owner."},
        "email": {"type": "string", "format": "email", "maxLength": 254, "description": "Log-in name of the owner."},
        "password": {
            "type": "string",
            "minLength": password_min_length,
            "maxLength": 200,
            "format": "password",
            "description": "New password, or that of the account that has this e-mail already.",
        },
        "locale": {"type": "string", "enum": ["en", "ru", "bg"], "description": "Language."},
        "country_code": {"type": "string", "description": "Two-letter country code; sets currency and time zone."},
    }
    body = {
        "type": "object",
        "properties": fields,
        "required": ["company_name", "full_name", "email", "password"],
        "additionalProperties": False,
    }
    answer = {
        "type": "object",
        "properties": {name: {"$ref": f"#/components/schemas/{name.title()}"} for name in ("tenant", "user")},
        "required": ["tenant", "user"],
    }
    return {
        **_head("identity_SignUp", "Signs a company up", "Tenant", "Makes a company with its first person as owner."),
        "security": [],
        "parameters": [{"$ref": "#/components/parameters/IdempotencyKey"}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": _responses("201", "The company and its owner.", "application/json", answer),
    }


def _upload(upload_max_bytes: int, service: str, noun: str, kinds: Sequence[str]) -> Document:
    body = {
        "type": "object",
        "properties": {
            "file": {
                "type": "string",
                "format": "binary",
                "description": f"CSV or XLSX, {upload_max_bytes} bytes at most.",
            },
            "kind": {"type": "string", "enum": list(kinds), "description": f"What the rows are, such as {kinds[0]}."},
        },
        "required": ["file"],
    }
    schema = "ImportJob" if noun == "Import" else noun
    return {
        **_head(f"{service}_Upload{noun}", "Uploads a file to import", noun, "Reads header, delimiter and encoding."),
        "security": [{"oauth2": [f"{service}.import"]}],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": body}}},
        "responses": _responses(
            "201", "The import, to be mapped and run.", "application/json", {"$ref": f"#/components/schemas/{schema}"}
        ),
    }


def _company_archive() -> Document:
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    text = "A zip of JSON lines, Parquet and files, with a manifest. The state of the export must be ready."
    return {
        **_head("identity_DownloadCompanyExport", "Downloads the archive of a company", "CompanyExport", text),
        "security": [{"oauth2": ["identity.export"]}],
        "parameters": [identifier],
        "responses": _responses("200", "The archive.", "application/zip", {"type": "string", "format": "binary"}),
    }


def _import_errors(service: str, noun: str) -> Document:
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    text = "The rows that did not go in, with the reason of each, ready to be mended and imported again."
    return {
        **_head(f"{service}_Download{noun}Errors", "Downloads the rows that did not go in", noun, text),
        "security": [{"oauth2": [f"{service}.import"]}],
        "parameters": [identifier],
        "responses": _responses("200", "CSV.", "text/csv", {"type": "string"}),
    }


def _bulk_content(upload_max_bytes: int) -> Document:
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    text = f"The file itself is the body: JSON lines or CSV in UTF-8, {upload_max_bytes} bytes at most."
    return {
        **_head("contacts_UploadBulkJob", "Uploads the file of a bulk job", "Bulk job", text),
        "security": [{"oauth2": ["contacts.write"]}],
        "parameters": [identifier],
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": {"type": "string"}} for kind in ("application/jsonl", "text/csv")},
        },
        "responses": _responses(
            "200", "The job, ready to be run.", "application/json", {"$ref": "#/components/schemas/BulkJob"}
        ),
    }


def _document_content() -> Document:
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    name = _parameter("file_name", "Name of the file with its ending.", {"type": "string", "maxLength": 200})
    text = "The file itself is the body. It becomes the newest version; its type is found in its content."
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {
        **_head("sales_UploadDocument", "Uploads the next version of a document", "Document", text),
        "security": [{"oauth2": ["sales.write"]}],
        "parameters": [identifier, {**name, "required": True}],
        "requestBody": {"required": True, "content": {"application/octet-stream": binary}},
        "responses": _responses("200", "The document.", "application/json", {"$ref": "#/components/schemas/Document"}),
    }


def _document_file() -> Document:
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    number = _parameter("version", "Version; the newest where not given.", {"type": "integer", "minimum": 0})
    binary = {"type": "string", "format": "binary"}
    return {
        **_head("sales_DownloadDocument", "Downloads the file of a document", "Document", "As it was uploaded."),
        "security": [{"oauth2": ["sales.read"]}],
        "parameters": [identifier, number],
        "responses": _responses("200", "The file.", "application/octet-stream", binary),
    }


def _bulk_results() -> Document:
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    text = "What became of the items so far, one BatchResult a line, in the order of the file."
    return {
        **_head("contacts_DownloadBulkResults", "Downloads the results of a bulk job", "Bulk job", text),
        "security": [{"oauth2": ["contacts.write"]}],
        "parameters": [identifier],
        "responses": _responses("200", "JSON lines.", "application/jsonl", {"type": "string"}),
    }


def _export() -> Document:
    parameters = [_parameter("filter", "Filter in the one filter language.", {"type": "string", "maxLength": 4000})]
    head = _head("contacts_ExportContacts", "Exports contacts", "Contact", "Every contact that matches, as a file.")
    return _file(head, "contacts.export", parameters)


def _export_audit_log() -> Document:
    moment = {"type": "string", "format": "date-time"}
    parameters = [
        _parameter("actor_id", "Only acts of this actor.", {"type": "string", "format": "uuid"}),
        _parameter("action", "Only this action, or those that begin with it.", {"type": "string", "maxLength": 120}),
        _parameter("target_id", "Only acts on this record.", {"type": "string", "maxLength": 120}),
        _parameter("from", "Recorded at this moment or later.", moment),
        _parameter("to", "Recorded before this moment.", moment),
    ]
    text = "Every entry of the filter, oldest first, with the hashes that prove it."
    return _file(_head("identity_ExportAuditLog", "Exports the audit log", "Audit", text), "identity.audit", parameters)


def _file(head: Document, scope: str, parameters: list[Document]) -> Document:
    """A file of records, as CSV or JSON lines."""
    form = _parameter("format", "csv or jsonl; csv where not given.", {"type": "string", "enum": ["csv", "jsonl"]})
    responses = _responses("200", "The file, streamed.", "text/csv", {"type": "string"})
    responses["200"]["content"]["application/jsonl"] = {"schema": {"type": "string"}}
    return {
        **head,
        "security": [{"oauth2": [scope]}],
        "parameters": [form, *parameters],
        "responses": responses,
    }


def _parameter(name: str, description: str, schema: Document) -> Document:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _head(operation_id: str, summary: str, tag: str, description: str) -> Document:
    return {"operationId": operation_id, "summary": summary, "description": description, "tags": [tag]}


def _responses(status: str, description: str, content_type: str, schema: Document) -> Document:
    headers = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    success = {"description": description, "headers": headers, "content": {content_type: {"schema": schema}}}
    return {status: success, **_problems()}


def _problems() -> dict[str, Document]:
    return {code: {"$ref": f"#/components/responses/{name}"} for code, name in _PROBLEMS.items()}
