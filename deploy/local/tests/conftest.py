"""What the tests of the local stack share: an open folder, and stand-ins for the services.

The stand-ins are real programs named like the services, so that the real `up` can be driven without them:
`migrate` makes a table as the owner, the rest serves /readyz and /row (which reads the table as the app role).
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

_PACKAGES = ("contacts", "sales", "marketing", "support", "analytics", "gateway")
_PROGRAM = """
import http.server, os, signal, sys
import psycopg

def migrate():
    with psycopg.connect(os.environ["FUNIA_OWNER_DATABASE_URL"]) as connection:
        connection.execute("create table if not exists rows (id int)")
        connection.execute("grant select, insert on rows to public")

class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"ok"
        if self.path == "/row":
            with psycopg.connect(os.environ["FUNIA_DATABASE_URL"]) as connection:
                body = str(connection.execute("select count(*) from rows").fetchone()[0]).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass

def leave(number, frame):
    sys.exit(0)

def serve():
    signal.signal(signal.SIGTERM, leave)
    assert "FUNIA_POSTGRES_URL" not in os.environ and not os.environ["FUNIA_OWNER_DATABASE_URL"]
    name = "FUNIA_HTTP_PORT" if (__package__, sys.argv[1]) == ("gateway", "serve") else "FUNIA_METRICS_PORT"
    print("serving", os.environ.get("FUNIA_LISTEN"), flush=True)
    http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ[name])), Answers).serve_forever()

migrate() if sys.argv[1] == "migrate" else serve()
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A fresh folder anybody may walk through (pytest's own are closed to other accounts)."""
    with _opened() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_folder() -> Iterator[Path]:
    """The same for all tests of a module."""
    with _opened() as folder:
        yield folder


@pytest.fixture
def packages(open_folder: Path) -> Path:
    """The folder of the stand-ins, one package a service."""
    return _written(open_folder / "packages")


@pytest.fixture(scope="module")
def shared_packages(shared_folder: Path) -> Path:
    """The same for all tests of a module."""
    return _written(shared_folder / "packages")


@pytest.fixture
def stand_ins(packages: Path) -> Mapping[str, str]:
    """The environment under which `python -m contacts` and the others start the stand-ins."""
    return _finding(packages)


@pytest.fixture(scope="module")
def shared_stand_ins(shared_packages: Path) -> Mapping[str, str]:
    """The same for all tests of a module."""
    return _finding(shared_packages)


def _finding(packages: Path) -> Mapping[str, str]:
    outer = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": f"{packages}{os.pathsep}{outer}".rstrip(os.pathsep)}


@contextmanager
def _opened() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="funia-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def _written(folder: Path) -> Path:
    for package in _PACKAGES:
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").touch()
        (folder / package / "__main__.py").write_text(_PROGRAM)
    return folder
