"""What the build makes is small, and what it is made from names no host."""

from __future__ import annotations

import gzip
import json

import pytest
from gateway.console import build
from gateway.console.accent import accent_of, contrast, parse

JS_LIMIT_BYTES = 150_000
CSS_LIMIT_BYTES = 40_000


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    build.build()


def test_the_script_and_the_style_of_every_page_are_small():
    assert len(gzip.compress((build.VENDOR / "console.js").read_bytes())) < JS_LIMIT_BYTES
    assert len(gzip.compress((build.VENDOR / "console.css").read_bytes())) < CSS_LIMIT_BYTES


def test_the_script_needs_no_eval_and_asks_no_other_host():
    assert "https://" not in (build.VENDOR / "console.css").read_text().replace("https://tabler.io", "")
    assert "eval(" not in (build.VENDOR / "console.js").read_text()


def test_a_second_build_does_nothing():
    assert build.build() is False


def test_the_lock_names_versions_and_hashes_and_no_host():
    lock = json.loads((build.FRONTEND / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert len(packages) > 10
    assert all("resolved" not in package and package["integrity"] for package in packages.values())


def test_every_icon_that_a_page_shows_is_in_the_sprite():
    sprite = (build.VENDOR / "icons.svg").read_text()
    templates = "".join(path.read_text() for path in (build.CONSOLE / "templates").rglob("*.html"))
    for name in json.loads((build.FRONTEND / "icons.json").read_text()):
        assert f'<symbol id="{name}"' in sprite
    for chunk in templates.split('icon("')[1:]:
        assert f'<symbol id="{chunk.split(chr(34))[0]}"' in sprite, chunk[:30]


@pytest.mark.parametrize("chosen", ["#f5c518", "#ffffff", "#000000", "#2f6fed", "#ff0000", "not a colour"])
def test_any_accent_is_readable_on_both_grounds(chosen):
    accent = accent_of(chosen)
    assert contrast(parse(accent.light[1:]), (1.0, 1.0, 1.0)) >= 4.5
    assert contrast(parse(accent.dark[1:]), parse("1d2026")) >= 4.5
