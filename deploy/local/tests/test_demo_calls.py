"""How the demo talks to the API when answers are lost, refused or late. The server is a recorder with the routes
the demo uses; that the real gateway takes these calls is shown by the integration tests."""

import http.server
import json
import stat
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from local_stack.demo.__main__ import main


class Recorder(http.server.BaseHTTPRequestHandler):
    """Keeps what is created; `refuse` holds statuses to answer first to the creation of contacts."""

    protocol_version = "HTTP/1.1"
    created: ClassVar[dict[str, list[dict[str, Any]]]]
    links: ClassVar[list[tuple[str, dict[str, Any]]]]
    refuse: ClassVar[list[int]]
    keys: ClassVar[list[str]]
    log_ins: ClassVar[int]
    sign_ups: ClassVar[int]
    colleagues: ClassVar[list[str]]
    guard: ClassVar[threading.Lock]

    def do_GET(self) -> None:
        kind = self.path.split("?")[0].rpartition("/")[2]
        self._answer(200, {kind: self.created[kind]})

    def do_PUT(self) -> None:
        with self.guard:
            self.links.append((self.path, self._body()))
        self._answer(200, {})

    def do_POST(self) -> None:
        recorder = type(self)
        path = self.path.split("?")[0]
        with self.guard:
            if path == "/v1/sign-up":
                recorder.sign_ups += 1
                self._body()
                return self._answer(200, {"tenant": {"slug": "demo-trading"}})
            if path == "/v1/log-in":
                self._body()
                return self._answer(200, {"csrf_token": "proof"}, cookie="session=open")
            if path == "/v1/log-out":
                self._body()
                return self._answer(200, {})
            if path == "/v1/users":
                assert (self.headers["X-CSRF-Token"], self.headers["Cookie"]) == ("proof", "session=open")
                recorder.colleagues.append(self._body()["full_name"])
                return self._answer(200, {})
            if path == "/v1/oauth-clients":
                assert (self.headers["X-CSRF-Token"], self.headers["Cookie"]) == ("proof", "session=open")
                self._body()
                return self._answer(200, {"client_id": "id", "client_secret": "secret"})
            if path == "/oauth/token":
                recorder.log_ins += 1
                self._body()
                return self._answer(200, {"access_token": f"token-{recorder.log_ins}"})
            assert self.headers["Cookie"] is None
            kind = path.rpartition("/")[2]
            body = self._body()
            if kind == "contacts":
                self.keys.append(self.headers["Idempotency-Key"])
                if self.refuse:
                    return self._answer(self.refuse.pop(0), {"title": "refused"})
            asked = dict(urllib.parse.parse_qsl(self.path.partition("?")[2]))
            record = {**body, "id": f"{kind}-{len(self.created[kind])}", "account_id": asked.get("account_id")}
            self.created[kind].append(record)
            return self._answer(200, record)

    def log_message(self, *parts: object) -> None:
        return

    def _body(self) -> dict[str, Any]:
        text = self.rfile.read(int(self.headers["Content-Length"]))
        is_json = "json" in self.headers["Content-Type"]
        found: dict[str, Any] = json.loads(text) if is_json else {}
        return found

    def _answer(self, status: int, document: dict[str, Any], *, cookie: str = "") -> None:
        text = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Retry-After", "0")
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def recorder() -> Iterator[tuple[type[Recorder], str]]:
    class Fresh(Recorder):
        created: ClassVar[dict[str, list[dict[str, Any]]]] = {"accounts": [], "contacts": []}
        links: ClassVar[list[tuple[str, dict[str, Any]]]] = []
        refuse: ClassVar[list[int]] = []
        keys: ClassVar[list[str]] = []
        log_ins: ClassVar[int] = 0
        sign_ups: ClassVar[int] = 0
        colleagues: ClassVar[list[str]] = []
        guard: ClassVar[threading.Lock] = threading.Lock()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Fresh)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Fresh, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _run(url: str, file: Path) -> int:
    return main([f"--url={url}", f"--file={file}", "--accounts=6", "--contacts=30", "--deals=0"])


def test_the_log_in_is_written_closed_and_the_customers_are_all_there(
    recorder: tuple[type[Recorder], str], tmp_path: Path
) -> None:
    seen, url = recorder
    file = tmp_path / "demo.json"
    assert _run(url, file) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(json.loads(file.read_text())) == {
        "url", "tenant", "email", "password", "client_id", "client_secret"
    }  # fmt: skip
    assert (len(seen.created["accounts"]), len(seen.created["contacts"])) == (6, 30)
    assert len(set(seen.colleagues)) == 4
    assert len(seen.links) >= 3
    account_ids = {account["id"] for account in seen.created["accounts"]}
    linked = [contact["account_id"] for contact in seen.created["contacts"] if contact["account_id"]]
    assert len(linked) >= 20
    assert set(linked) <= account_ids
    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


@pytest.mark.parametrize("status", [429, 503, 504])
def test_a_refusal_that_passes_is_tried_again_under_the_same_key(
    recorder: tuple[type[Recorder], str], tmp_path: Path, status: int
) -> None:
    seen, url = recorder
    seen.refuse.extend([status, status])
    assert _run(url, tmp_path / "demo.json") == 0
    assert len(seen.created["contacts"]) == 30
    assert len(seen.keys) == 32
    assert len(set(seen.keys)) == 30


def test_an_expired_token_is_renewed(recorder: tuple[type[Recorder], str], tmp_path: Path) -> None:
    seen, url = recorder
    seen.refuse.append(401)
    assert _run(url, tmp_path / "demo.json") == 0
    assert seen.log_ins == 2
    assert len(seen.created["contacts"]) == 30


def test_a_run_cut_off_is_taken_up_in_the_same_tenant_without_doubles(
    recorder: tuple[type[Recorder], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen, url = recorder
    seen.refuse.append(400)
    file = tmp_path / "demo.json"
    assert _run(url, file) == 1
    assert "answered 400" in capsys.readouterr().err
    assert not file.exists()
    assert _run(url, file) == 0
    assert seen.sign_ups == 1
    emails = [contact["emails"][0]["address"] for contact in seen.created["contacts"]]
    assert (len(emails), len(set(emails))) == (30, 30)
    assert len(seen.created["accounts"]) == 6
