"""The event API in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
_SCOPES = "Events of a service need its read scope, and the visibility all."


@dataclass(frozen=True, slots=True)
class EventLimits:
    """What the document says of limits, and where the stream is served."""

    page_size_default: int
    page_size_max: int
    stream_url: str


def event_paths(limits: EventLimits, problems: Mapping[str, Document]) -> dict[str, Document]:
    """Paths of the event API; `problems` are the answers that every method may give, by status."""
    problems = {
        **problems,
        "410": {
            "description": "Events behind the cursor are not all kept any more: read the records anew, then go on from "
            "after=latest.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        },
    }
    return {
        "/v1/events": {"get": _page(limits, problems)},
        "/v1/events:stream": {"get": _stream(problems), "servers": [{"url": limits.stream_url}]},
    }


def _page(limits: EventLimits, problems: Mapping[str, Document]) -> Document:
    size = {
        "name": "page_size",
        "in": "query",
        "description": f"Events a page, {limits.page_size_default} where unset, {limits.page_size_max} at most. "
        "A page may be shorter and still have more behind it.",
        "schema": {"type": "integer", "minimum": 1, "default": limits.page_size_default},
    }
    answer = {"$ref": "#/components/schemas/EventPage"}
    return {
        "operationId": "events_ListEvents",
        "summary": "Lists what has changed",
        "description": "Replays the company's events of the last 30 days behind a cursor, oldest first, and at its end "
        f"whatever is new. Events of one record keep their order. {_SCOPES}",
        "tags": ["Event"],
        "security": [{"oauth2": []}],
        "parameters": [_after(), _TYPE, size],
        "responses": {"200": _success("application/json", answer, "Events of this page."), **problems},
    }


def _stream(problems: Mapping[str, Document]) -> Document:
    last = {
        "name": "Last-Event-ID",
        "in": "header",
        "description": "The id of the last event received, which is a cursor; goes before `after`.",
        "schema": {"type": "string"},
    }
    return {
        "operationId": "events_StreamEvents",
        "summary": "Follows what changes",
        "description": "The same events as server-sent events: replays behind the cursor, then follows. Each `id` is a "
        f"cursor. `event: ended` says why the stream ends; open it again with Last-Event-ID. {_SCOPES}",
        "tags": ["Event"],
        "security": [{"oauth2": []}],
        "parameters": [_after(), _TYPE, last],
        "responses": {"200": _success("text/event-stream", {"type": "string"}, "The stream."), **problems},
    }


def _after() -> Document:
    return {
        "name": "after",
        "in": "query",
        "description": "next_cursor of an earlier answer; `latest` for the end of what is there; the oldest event kept "
        "where not given.",
        "schema": {"type": "string", "maxLength": 2000},
    }


def _success(content_type: str, schema: Document, description: str) -> Document:
    return {
        "description": description,
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}},
        "content": {content_type: {"schema": schema}},
    }


_TYPE: Document = {
    "name": "type",
    "in": "query",
    "description": "Event types, repeated or by commas: contacts.contact.created, contacts.contact.*, contacts.*. "
    "Everything that you may see where not given.",
    "schema": {"type": "array", "items": {"type": "string"}},
    "style": "form",
    "explode": True,
}
EVENT_SCHEMAS: dict[str, Document] = {
    "EventPage": {
        "type": "object",
        "description": "Events behind a cursor.",
        "properties": {
            "events": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Event"},
                "description": "Oldest first.",
            },
            "next_cursor": {"type": "string", "description": "Where to go on: after= of the next call."},
            "has_more": {"type": "boolean", "description": "False where everything that is there has been read."},
        },
        "required": ["events", "next_cursor", "has_more"],
    },
    "Event": {
        "type": "object",
        "description": "Something that happened. Carries ids and states; read the record by its id for the rest.",
        "properties": {
            "id": {
                "type": "string",
                "format": "uuid",
                "description": "Id of the event: the same however often it comes.",
            },
            "type": {"type": "string", "description": "Such as contacts.contact.created."},
            "time": {"type": "string", "format": "date-time", "description": "When it happened."},
            "subject": {"type": "string", "format": "uuid", "description": "Id of the record that changed."},
            "version": {
                "type": "integer",
                "description": "Version of the record after the change. Of two events on a record the higher is later.",
            },
            "actor": {"$ref": "#/components/schemas/EventActor", "description": "Who did it."},
            "changed_fields": {"type": "array", "items": {"type": "string"}, "description": "Names of changed fields."},
            "data": {"type": "object", "description": "What the type of event tells besides."},
        },
        "required": ["id", "type", "time", "subject", "version", "actor", "changed_fields", "data"],
    },
    "EventActor": {
        "type": "object",
        "description": "Who did something.",
        "properties": {
            "type": {"type": "string", "description": "user, client, service or system."},
            "id": {"type": "string", "description": "Id of the user or client; empty for the system."},
        },
        "required": ["type", "id"],
    },
}
