"""The developers' guides are pages of the gateway, and every link on them leads somewhere."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gateway.guide_pages import guides_blueprint


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """A visitor of the guides."""
    app = Flask("guides_under_test")
    app.register_blueprint(guides_blueprint())
    return app.test_client()


def test_every_page_can_be_reached_and_no_link_is_dead(client: FlaskClient) -> None:
    seen: set[str] = set()
    ahead = ["/docs/guides/"]
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        page = client.get(address)
        assert page.status_code == 200, address
        for target in re.findall(r'href="(/docs/guides/[^"#]*)', page.text):
            ahead.append(target)
        # The reference may speak of files for those who work on Funia; the guides may not.
        if not address.startswith("/docs/guides/reference/"):
            assert ".md" not in re.sub(r"<code>.*?</code>|>[^<]*<", "", page.text), address
    assert {"/docs/guides/getting-started", "/docs/guides/changelog", "/docs/guides/reference/api-versioning"} <= seen


def test_a_page_is_markdown_made_html_and_runs_nothing(client: FlaskClient) -> None:
    page = client.get("/docs/guides/authentication")
    assert "<h1>Authentication</h1>" in page.text
    assert "<table>" in page.text
    assert "<script" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert client.get("/docs/guides.css").content_type.startswith("text/css")


@pytest.mark.parametrize("name", ["ghost", "reference/operations", "reference/README", "..%2Foperations"])
def test_what_is_no_guide_is_not_shown(client: FlaskClient, name: str) -> None:
    assert client.get(f"/docs/guides/{name}").status_code == 404
