"""The developers' guides as pages under /docs/guides/: Markdown of docs/, rendered once a process."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from flask import Blueprint, Response, abort, redirect
from markdown_it import MarkdownIt
from markupsafe import escape
from werkzeug.wrappers import Response as AnyResponse

GUIDES = "developers"
_REFERENCE = "reference"
_INDEX = "README"
_CSP = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Funia for developers</title>
<link rel="stylesheet" href="/docs/guides.css">
</head>
<body>
<nav><a href="/docs/guides/">Guides</a> <a href="/docs">API reference</a>
<a href="/docs/guides/changelog">Changes</a></nav>
<main>
{body}
</main>
</body>
</html>
"""
_STYLE = """:root { color-scheme: light dark; --line: #8884; --soft: #8881; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; font: 16px/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding-bottom: .5rem; }
nav { border-bottom: 1px solid var(--line); }
h1, h2 { line-height: 1.25; } h2 { margin-top: 2.2rem; }
a { color: LinkText; }
code { font-family: ui-monospace, monospace; font-size: .875em; }
:not(pre) > code { background: var(--soft); border-radius: 3px; padding: .1em .3em; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; overflow-x: auto;
  overflow-wrap: normal; line-height: 1.45; }
table { border-collapse: collapse; display: block; overflow-x: auto; overflow-wrap: normal; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
"""


def guides_blueprint() -> Blueprint:
    """Serves the pages."""
    blueprint = Blueprint("guides", __name__)

    @blueprint.get("/docs/guides")
    def index_without_slash() -> AnyResponse:
        return redirect("/docs/guides/", 301)

    @blueprint.get("/docs/guides/")
    def index() -> Response:
        return _answer(GUIDES, _INDEX)

    @blueprint.get("/docs/guides/<name>")
    def guide(name: str) -> Response:
        return _answer(GUIDES, name)

    @blueprint.get(f"/docs/guides/{_REFERENCE}/<name>")
    def reference(name: str) -> Response:
        return _answer("", name)

    @blueprint.get("/docs/guides.css")
    def style() -> Response:
        response = Response(_STYLE, content_type="text/css; charset=utf-8")
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    return blueprint


def _answer(folder: str, name: str) -> Response:
    pages = _pages(folder)
    if name not in pages:
        abort(404)
    response = Response(pages[name], content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response


def docs_folder() -> Path:
    """Where the Markdown lies: within the package in an image, in the checkout otherwise."""
    packaged = Path(str(files("gateway"))) / "guides"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "docs"


@lru_cache(maxsize=2)
def _pages(folder: str) -> dict[str, str]:
    """Pages by name. Of the reference only what a guide links to: the rest is for those who work on Funia."""
    root = docs_folder() / folder
    found = {path.stem: path for path in root.glob("*.md")}
    if folder == GUIDES:
        return {name: _rendered(path, guide=True) for name, path in found.items()}
    guides = "".join(path.read_text(encoding="utf-8") for path in (root / GUIDES).glob("*.md"))
    return {name: _rendered(path, guide=False) for name, path in found.items() if f"(../{name}.md" in guides}


def _rendered(path: Path, *, guide: bool) -> str:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(path.read_text(encoding="utf-8"))
    for token in tokens:
        for part in token.children or ():
            if part.type == "link_open":
                part.attrSet("href", _address(str(part.attrGet("href")), guide=guide))
    title = next((after.content for one, after in pairwise(tokens) if one.type == "heading_open"), path.stem)
    return _PAGE.format(title=escape(title), body=parser.renderer.render(tokens, parser.options, {}))


def _address(target: str, *, guide: bool) -> str:
    """Where a link of a file leads among the pages."""
    file, mark, anchor = target.partition("#")
    if ":" in file or not file.endswith(".md"):
        return target
    name = file.rpartition("/")[2].removesuffix(".md")
    to_guide = file.startswith(f"{GUIDES}/") or (guide and not file.startswith("../"))
    folder = "" if to_guide else f"{_REFERENCE}/"
    return f"/docs/guides/{folder}{'' if name == _INDEX else name}{mark}{anchor}"
