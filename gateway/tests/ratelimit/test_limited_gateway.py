"""Limits over real HTTP: a company that floods, its neighbour, forged tokens, people in the console, slow requests."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from chassis.ids import uuid7
from chassis.revocations import Revocations
from chassis.tokens import TokenVerifier
from gateway.app import create_wsgi_app
from gateway.composition import Identity
from gateway.identity.access_tokens import Rights
from gateway.problems import ProblemWriter
from gateway.ratelimit.edge import LIMITED, Edge
from gateway.ratelimit.meter import Meter
from gateway.ratelimit.payers import Payers
from gateway.ratelimit.turns import Turns
from gateway.settings import GatewaySettings
from gateway.transcode.routes import WsgiApp
from werkzeug.serving import make_server

PASSWORD = "correct horse battery"
SMALL = {
    # So slow that nothing comes back while a test runs, however busy the machine is.
    "rate_tenant_per_s": 0.0005,
    "rate_tenant_burst": 20,
    "rate_client_per_s": 0.0005,
    "rate_client_burst": 12,
    "rate_session_per_s": 0.0005,
    "rate_session_burst": 8,
    "rate_address_per_s": 0.0005,
    "rate_address_burst": 15,
    "rate_tenant_concurrent": 3,
    "rate_client_concurrent": 2,
}


@contextmanager
def served(app: WsgiApp) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def limited(gateway_settings: GatewaySettings, identity_server: None) -> Iterator[str]:
    """The whole public app with small limits and full buckets."""
    app = create_wsgi_app(gateway_settings.model_copy(update=SMALL))
    with served(app) as url:
        yield url
    app.close()


@pytest.fixture
def token(identity: Identity) -> Callable[..., dict[str, str]]:
    """The header with a token of an app of the company."""

    def make(company: Any, client_id: str = "app") -> dict[str, str]:
        caller = company.caller()
        rights = Rights(
            company.tenant_id, company.owner_id, "user", client_id, scopes=caller.scopes, visibility=caller.visibility
        )
        return {"Authorization": f"Bearer {identity.tokens.issue(rights)}"}

    return make


def flood(url: str, headers: dict[str, str], times: int, path: str = "/v1/tenant") -> list[httpx.Response]:
    with httpx.Client(headers=headers) as http:
        return [http.get(url + path) for _ in range(times)]


def codes(answers: Iterable[httpx.Response]) -> list[int]:
    return [answer.status_code for answer in answers]


def test_a_company_that_floods_is_refused_and_its_neighbour_never(
    limited: str, token: Callable[..., dict[str, str]], acme: Any, other: Any
) -> None:
    before = LIMITED.labels("api")._value.get()
    with ThreadPoolExecutor(3) as pool:
        floods = [pool.submit(flood, limited, token(acme, f"app-{number}"), 40) for number in range(2)]
        neighbour = flood(limited, token(other), 12)
        flooded = [answer for each in floods for answer in each.result()]
    assert codes(neighbour) == [200] * 12
    assert {answer.json()["id"] for answer in neighbour} == {str(other.tenant_id)}
    assert codes(flooded).count(200) == 20
    assert codes(flooded).count(429) == 60
    assert LIMITED.labels("api")._value.get() - before == 60


def test_answers_say_what_is_left_and_a_refusal_says_when_to_come_again(
    limited: str, token: Callable[..., dict[str, str]], acme: Any
) -> None:
    answers = flood(limited, token(acme), 13)
    policy = '"company";q=20;w=40000, "client";q=12;w=24000'
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {policy}
    assert answers[0].headers["RateLimit"] == '"client";r=11;t=2000'
    assert answers[11].headers["RateLimit"].startswith('"client";r=0;t=2')
    refused = answers[12]
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["reason"] == "RATE_LIMITED"
    assert refused.headers["RateLimit"].startswith('"client";r=0;t=2')
    assert 0 < int(refused.headers["Retry-After"]) <= 2000


def test_forged_tokens_of_a_company_spend_nothing_of_it(
    limited: str, token: Callable[..., dict[str, str]], acme: Any
) -> None:
    genuine = token(acme)
    header, payload, signature = genuine["Authorization"].removeprefix("Bearer ").split(".")
    claims = orjson.loads(base64.urlsafe_b64decode(payload + "=="))

    def forged(number: int) -> dict[str, str]:
        changed = base64.urlsafe_b64encode(orjson.dumps({**claims, "jti": str(number)})).decode().rstrip("=")
        return {"Authorization": f"Bearer {header}.{changed}.{signature}"}

    assert codes(flood(limited, genuine, 1)) == [200]
    attack = [flood(limited, forged(number), 1)[0] for number in range(40)]
    assert codes(attack) == [401] * 15 + [429] * 25
    assert "q=15" in attack[0].headers["RateLimit-Policy"]
    answers = flood(limited, genuine, 11)
    assert codes(answers) == [200] * 11
    assert answers[0].headers["RateLimit"].startswith('"client";r=10;')


def test_requests_without_a_token_are_counted_by_address(limited: str) -> None:
    assert codes(flood(limited, {}, 20)) == [401] * 15 + [429] * 5


def test_a_session_that_floods_gets_a_page_that_says_so_and_the_company_goes_on(
    limited: str, token: Callable[..., dict[str, str]], acme: Any, other: Any
) -> None:
    def log_in(http: httpx.Client, company: Any) -> None:
        asked = {"email": company.email, "password": PASSWORD, "tenant_id": str(company.tenant_id)}
        assert http.post("/v1/log-in", json=asked).status_code == 200

    page = {"Accept": "text/html"}
    with httpx.Client(base_url=limited, headers=page) as ours, httpx.Client(base_url=limited, headers=page) as theirs:
        log_in(ours, acme)
        log_in(theirs, other)
        pages = [ours.get("/settings/company") for _ in range(12)]
        assert codes(pages)[8:] == [429] * 4
        assert 429 not in codes(pages)[:8]
        assert "text/html" in pages[-1].headers["Content-Type"]
        assert "Too much at once" in pages[-1].text
        assert "q=8" in pages[0].headers["RateLimit-Policy"]
        assert theirs.get("/settings/company").status_code == pages[0].status_code
    assert codes(flood(limited, token(acme), 12)) == [200] * 12


def test_limits_can_be_left_out(
    gateway_settings: GatewaySettings, identity_server: None, token: Callable[..., dict[str, str]], acme: Any
) -> None:
    app = create_wsgi_app(gateway_settings.model_copy(update={**SMALL, "rate_limits": False}))
    with served(app) as url:
        answers = flood(url, token(acme), 30)
    app.close()
    assert codes(answers) == [200] * 30
    assert "RateLimit" not in answers[0].headers


class SlowApp:
    """Holds /v1/slow until the test lets go, and streams /v1/stream a piece at a time."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/v1/broken":
            raise RuntimeError("broken")
        if environ["PATH_INFO"] == "/v1/stream":
            return self._pieces()
        if environ["PATH_INFO"] == "/v1/slow":
            self.begun.release()
            assert self.go_on.wait(20)
        return [b"done"]

    def _pieces(self) -> Iterator[bytes]:
        yield b"first"
        self.begun.release()
        assert self.go_on.wait(20)
        yield b"last"


@pytest.fixture
def slow(identity: Identity) -> Iterator[tuple[SlowApp, str]]:
    """A slow app behind the edge: three of a company at once, two of a client."""
    settings = identity.settings.model_copy(update={**SMALL, "rate_tenant_burst": 99, "rate_client_burst": 99})
    verifier = TokenVerifier(identity.keys, issuer=settings.issuer, revocations=Revocations())
    app = SlowApp()
    meter = Meter(settings)
    payers = Payers(meter, verifier, identity.sessions, identity.scim_tokens.caller, settings)
    edge = Edge(app, meter, payers, ProblemWriter(lambda _message: {}), turns=Turns(settings))
    with served(edge) as url:
        yield app, url
        app.go_on.set()


@pytest.mark.parametrize("path", ["/v1/slow", "/v1/stream"])
def test_slow_requests_of_a_company_leave_room_for_others(
    slow: tuple[SlowApp, str], token: Callable[..., dict[str, str]], acme: Any, other: Any, path: str
) -> None:
    app, url = slow
    first, second = token(acme, "first"), token(acme, "second")
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(flood, url, headers, 1, path) for headers in (first, first, second)]
        for _ in running:
            assert app.begun.acquire(timeout=20)
        for headers in (first, second):
            (refused,) = flood(url, headers, 1, "/v1/quick")
            assert refused.json()["reason"] == "TOO_MANY_CONCURRENT"
            assert refused.headers["Retry-After"] == "1"
        assert codes(flood(url, token(other), 3, "/v1/quick")) == [200] * 3
        app.go_on.set()
        assert [codes(each.result()) for each in running] == [[200]] * 3
    # The last of them may still be closing its answer.
    assert 200 in codes(flood(url, first, 20, "/v1/quick"))
    assert codes(flood(url, first, 3, "/v1/quick")) == [200] * 3


def test_a_company_unknown_here_is_nobody(slow: tuple[SlowApp, str]) -> None:
    _, url = slow
    made_up = {"Authorization": f"Bearer {uuid4()}.{uuid7()}.x"}
    (answer,) = flood(url, made_up, 1, "/v1/quick")
    assert answer.headers["RateLimit-Policy"].startswith('"address"')
