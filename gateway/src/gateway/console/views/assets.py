"""Scripts, styles and icons: built files with their packed twins, and the company's accent colour as a stylesheet.

Addresses carry the version of the build, so that a browser keeps them for a year.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory
from werkzeug.security import safe_join

from gateway.console.accent import accent_of
from gateway.console.guard import open_to_all

STATIC = Path(__file__).resolve().parents[1] / "static"
KEEP_S = 365 * 24 * 3600


def add(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/static/vendor/<path:name>", "asset", asset)
    blueprint.add_url_rule("/static/accent/<slug>.css", "accent", accent)
    blueprint.add_url_rule("/favicon.svg", "favicon", favicon)
    blueprint.add_url_rule("/favicon.ico", "favicon_ico", favicon)


@open_to_all
def asset(name: str) -> Response:
    """A built file; packed where the browser takes gzip."""
    if name.endswith(".gz") or not (STATIC / "vendor").is_dir():
        abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "") and (STATIC / "vendor" / f"{name}.gz").is_file()
    path = safe_join(str(STATIC / "vendor"), f"{name}.gz" if packed else name)
    if path is None or not Path(path).is_file():
        abort(404)
    # Read whole, not streamed: they are small, and a reader that leaves early would leave the file open.
    response = Response(Path(path).read_bytes(), mimetype=mime_type(name))
    response.last_modified = datetime.fromtimestamp(Path(path).stat().st_mtime, UTC)
    response.cache_control.public = True
    response.cache_control.max_age = KEEP_S if request.args.get("v") else 300
    response.add_etag()
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.make_conditional(request)
    return response


def mime_type(name: str) -> str:
    types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain"}
    return types.get(Path(name).suffix, "application/octet-stream")


@open_to_all
def accent(slug: str) -> Response:
    response = Response(accent_of(slug).stylesheet(), mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={KEEP_S}, immutable"
    return response


@open_to_all
def favicon() -> Response:
    return send_from_directory(STATIC, "favicon.svg", mimetype="image/svg+xml", max_age=24 * 3600)


@cache
def version() -> str:
    """Version of the built files; "unbuilt" before the build has run."""
    stamp = STATIC / "vendor" / "version.txt"
    return stamp.read_text().strip() if stamp.is_file() else "unbuilt"
