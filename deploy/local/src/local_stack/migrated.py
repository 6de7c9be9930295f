"""Remembers which migrations were run, so that a start with nothing to migrate does not start six programs to say so.

What counts is the database: only where it still stands at the revision it had after the last run, and the migration
files are the same, is a run left out. In doubt it is run, which is always safe.
"""

import hashlib
import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg

from local_stack.private_files import write_private_json


class Migrated:
    """The record in `file`: by package, the digest of its migration files and the revision of its database."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def pending(self, owner_urls: Mapping[str, Sequence[str]]) -> list[str]:
        """The packages whose migrations must be run; `owner_urls` are of all its databases, by package."""
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            known = {}
        return [package for package, urls in owner_urls.items() if not _is_settled(known.get(package), package, urls)]

    def note(self, owner_urls: Mapping[str, Sequence[str]]) -> None:
        """Writes down how things stand after every migration was run."""
        states = {package: _state(package, urls) for package, urls in owner_urls.items()}
        write_private_json(self._file, {package: state for package, state in states.items() if state})


def _is_settled(known: object, package: str, owner_urls: Sequence[str]) -> bool:
    state = _state(package, owner_urls)
    return state is not None and state == known


def _state(package: str, owner_urls: Sequence[str]) -> dict[str, str] | None:
    digest = _digest(package)
    revisions = [_revision(url) for url in owner_urls] if digest else []
    return {"digest": digest, "revision": " ".join(revisions)} if revisions and all(revisions) else None


def _digest(package: str) -> str:
    """Of every file in the package's migrations folder; empty where it has none."""
    found = importlib.util.find_spec(package)
    places = found.submodule_search_locations if found else None
    files = sorted(path for place in places or () for path in Path(place).rglob("migrations/**/*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest() if files else ""


def _revision(owner_url: str) -> str:
    """Alembic's revision of the database; empty where it was never migrated."""
    with psycopg.connect(owner_url) as connection:
        try:
            rows = connection.execute("select version_num from alembic_version order by 1").fetchall()
        except psycopg.errors.UndefinedTable:
            return ""
    return ",".join(version for (version,) in rows)
