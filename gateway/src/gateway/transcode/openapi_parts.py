"""The parts of the OpenAPI document that are the same for every method: problems, headers, shared parameters, prose."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
PROBLEM_STATUSES = {
    "400": ("BadRequest", "The request is wrong as it stands; `violations` names each field and the remedy."),
    "401": ("Unauthenticated", "No access token, or one that is expired or revoked."),
    "403": ("Forbidden", "The token does not carry the scope that this needs."),
    "404": ("NotFound", "There is no such record, or it is not visible to the caller."),
    "409": ("Conflict", "The record has changed since (stale etag), looks like a duplicate, or is in another state."),
    "413": ("TooLarge", "The body is over the limit."),
    "415": ("UnsupportedMediaType", "The body is not application/json in UTF-8."),
    "422": ("Unprocessable", "The Idempotency-Key was used before with another request."),
    "429": ("TooManyRequests", "Too many requests, or too many at once; Retry-After says when to go on, where known."),
    "500": ("InternalError", "Our fault. Tell us the request id."),
    "503": ("Unavailable", "A part of the service is away for the moment. Try again."),
    "504": ("DeadlineExceeded", "The request took too long. Try again, or ask for less."),
}
ALWAYS = ("400", "404", "429", "500", "503", "504")
ABOUT = """[Guides for developers](/docs/guides/) tell how to begin, with samples.

JSON over HTTPS. Field names are snake_case. Every plain field is always written, empty where it has no
value; objects and times without a value are left out. 64-bit integers are JSON numbers within 2^53 and are read from
texts too. Times are RFC 3339 in UTC. `null` in a body means "no value".

**Changing**: PATCH changes the fields in the body, or those that `update_mask` names. Send `If-Match` with the `ETag`
you saw, and a change that someone made since is not overwritten (409). Read-only fields in a body are ignored.

**Repeating**: send an `Idempotency-Key` with every write; a repeated request gets the first answer again, for 24 hours.

**Lists**: `page_size` and `page_token`; go on with `next_page_token` until it is empty. `filter` takes the one filter
language. **Errors** are `application/problem+json` (RFC 9457) with a `reason` for programs, `violations` by field and
the `request_id`. `X-Request-Id`, `X-Request-Timeout` (seconds) and `traceparent` are honoured on every request."""
MAY_WAIT = """The state has moved on; or, with the reason `APPROVAL_PENDING`, somebody must approve this first: it is
kept and runs by itself then. `details` names the approval."""
PROBLEM_SCHEMA: Document = {
    "type": "object",
    "description": "What went wrong and what to do (RFC 9457).",
    "properties": {
        "type": {"type": "string", "description": "URN of the kind of problem."},
        "title": {"type": "string", "description": "Phrase of the status."},
        "status": {"type": "integer", "description": "HTTP status."},
        "detail": {"type": "string", "description": "What happened and what to do, for people."},
        "reason": {"type": "string", "description": "What happened, for programs: stable, in capitals."},
        "violations": {
            "type": "array",
            "description": "Fields that broke a rule.",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string", "description": "Path in the body, or name of a parameter or header."},
                    "message": {"type": "string", "description": "What to do."},
                    "reason": {"type": "string", "description": "Rule that was broken."},
                },
                "required": ["field", "message", "reason"],
            },
        },
        "details": {
            "type": "array",
            "description": "What some reasons carry besides, such as duplicate candidates; `type` names the message.",
            "items": {"type": "object", "properties": {"type": {"type": "string"}}, "required": ["type"]},
        },
        "request_id": {"type": "string", "description": "Id of the request; also in X-Request-Id."},
    },
    "required": ["type", "title", "status", "detail", "reason", "violations", "request_id"],
}
SHARED_PARAMETERS: Document = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Makes the write safe to repeat: the same request gets the first answer again for 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
        "examples": {"uuid": {"value": "6a1d0f6e-5c7b-4d0e-9a53-0f6f1ad2f1c4"}},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "ETag last seen, in quotes; the change is refused (409) where the record has changed since.",
        "schema": {"type": "string", "pattern": '^(?:\\*|(?:W/)?"[!#-~]{0,40}")$'},
        "examples": {"etag": {"value": '"5f2a41c6"'}},
    },
}
HEADERS: Document = {
    "RateLimitPolicy": {
        "description": "The limits that the request counted to: q requests in w seconds.",
        "schema": {"type": "string"},
        "examples": {"two": {"value": '"company";q=3000;w=6, "client";q=2000;w=5'}},
    },
    "RateLimit": {
        "description": "The limit with least to spare: r requests are left now, and q again in t seconds.",
        "schema": {"type": "string"},
        "examples": {"one": {"value": '"client";r=1998;t=1'}},
    },
    "RetryAfter": {"description": "Seconds to wait before the next try.", "schema": {"type": "integer"}},
    "RequestId": {"description": "Id of the request.", "schema": {"type": "string"}},
    "ETag": {"description": "Version of the record, for If-Match.", "schema": {"type": "string"}},
    "Location": {
        "description": "Where the new record is, where it can be read by itself.",
        "schema": {"type": "string"},
    },
}
