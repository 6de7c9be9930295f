"""The reference page of the API: /openapi.json and /docs. Everything on the page comes from this server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, request

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Funia API</title>
<link rel="stylesheet" href="{vendor}/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<noscript>The description itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="{vendor}/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_START = """window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  validatorUrl: null,
});
"""
# The page's own library sets styles in place; scripts come from files only.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def reference_blueprint(
    document: Mapping[str, Any],
    *,
    vendor_path: str = "/static/vendor",
    own_document: Callable[[dict[str, Any]], Mapping[str, Any] | None] = lambda _environ: None,
) -> Blueprint:
    """Serves the document and its page. `vendor_path` is where swagger-ui's files are served; `own_document` gives
    the document of the company that asks, where it has one of its own.
    """
    blueprint = Blueprint("reference", __name__)
    body = orjson.dumps(document)
    etag = hashlib.sha256(body).hexdigest()[:20]

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        own = own_document(request.environ)
        response = Response(body if own is None else orjson.dumps(own), content_type="application/json")
        if own is None:
            response.set_etag(etag)
        else:
            response.add_etag()
        response.headers["Cache-Control"] = "public, no-cache" if own is None else "private, no-cache"
        response.headers["Vary"] = "Authorization, Cookie"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.make_conditional(request)
        return response

    @blueprint.get("/docs")
    def page() -> Response:
        response = Response(_PAGE.format(vendor=vendor_path), content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @blueprint.get("/docs/start.js")
    def start() -> Response:
        return Response(_START, content_type="text/javascript; charset=utf-8")

    return blueprint
