"""How the client asks: tokens, keys, retries and what the API asks it to wait, against a server that does as told."""

from __future__ import annotations

import json
import warnings
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from funia_sdk import (
    BadRequest,
    ClientCredentials,
    ConnectionFailed,
    CursorExpired,
    Funia,
    FuniaDeprecationWarning,
    FuniaError,
    RateLimited,
    RefreshToken,
    Retries,
    TokenRefused,
    Unauthenticated,
)

Answer = httpx2.Response | Exception
CONTACT = {"id": "0197a3c2", "etag": "1", "given_name": "Anna", "created_at": "2026-11-22T08:07:33.175588Z", "new": 1}


class Server:
    """Answers as told, in order; keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []
        self.waited: list[float] = []
        self.tokens = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth/token":
            self.tokens += 1
            return httpx2.Response(200, json={"access_token": f"token-{self.tokens}", "expires_in": 600})
        # A request may be sent again, with other headers; what was asked is what it looked like then.
        self.asked.append(httpx2.Request(request.method, request.url, headers=request.headers, content=request.read()))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, authorization: Any = None, **retries: Any) -> Funia:
        return Funia(
            "https://funia.test",
            authorization or ClientCredentials("client", "se:cret/"),
            http=httpx2.Client(transport=httpx2.MockTransport(self)),
            retries=Retries(sleep=self.waited.append, **retries),
        )


def ok(body: Any = CONTACT, **headers: str) -> httpx2.Response:
    return httpx2.Response(200, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def problem(status: int, reason: str, **headers: str) -> httpx2.Response:
    violation = {"field": "emails[0].address", "message": "Write it as anna@example.com.", "reason": "INVALID_EMAIL"}
    body = {"reason": reason, "detail": "No.", "status": status, "request_id": "r1", "violations": [violation]}
    return httpx2.Response(status, json=body, headers={name.replace("_", "-"): text for name, text in headers.items()})


def test_an_answer_becomes_a_model_and_what_is_new_in_it_is_passed_over() -> None:
    server = Server(ok())
    contact = server.client().contacts.get("0197a3c2")
    assert (contact.given_name, contact.family_name, contact.emails) == ("Anna", "", [])
    assert contact.created_at == datetime(2026, 11, 22, 8, 7, 33, 175588, tzinfo=UTC)
    assert server.asked[0].headers["authorization"] == "Bearer token-1"


def test_what_is_sent_is_json_with_times_in_utc() -> None:
    server = Server(ok())
    moment = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    server.client().activities.create({"kind": "task", "subject": "Call", "due_at": moment, "contact_id": "c"})
    assert json.loads(server.asked[0].content)["due_at"] == "2026-11-22T10:00:00Z"


def test_a_write_is_repeated_under_one_key_after_a_broken_connection() -> None:
    server = Server(httpx2.ReadError("broken"), problem(503, "UNAVAILABLE"), ok())
    server.client().contacts.create({"given_name": "Anna"})
    keys = {request.headers["idempotency-key"] for request in server.asked}
    assert len(server.asked) == 3
    assert len(keys) == 1
    server.answers = [ok()]
    server.client().contacts.create({"given_name": "Anna"})
    assert server.asked[-1].headers["idempotency-key"] not in keys


def test_a_key_of_the_caller_is_sent_as_it_is() -> None:
    server = Server(ok())
    server.client().contacts.update("c", {"job_title": "Buyer"}, idempotency_key="mine", if_match="7")
    assert server.asked[0].headers["idempotency-key"] == "mine"
    assert server.asked[0].headers["if-match"] == '"7"'


def test_a_write_without_a_key_is_not_repeated_once_it_may_have_arrived() -> None:
    server = Server(httpx2.ReadError("broken"))
    with pytest.raises(ConnectionFailed):
        server.client().imports.upload(("people.csv", b"given_name\nAnna\n"))
    server.answers = [httpx2.ConnectError("refused"), ok({"id": "i"})]
    assert server.client().imports.upload(("people.csv", b"given_name\nAnna\n")).id == "i"


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry_After": "7"}, 7.0, 8.0),
        ({"RateLimit": '"client";r=0;t=3'}, 3.0, 4.0),
        ({"RateLimit": '"client";r=5;t=3'}, 0.25, 0.5),
        ({}, 0.25, 0.5),
    ],
)
def test_over_a_limit_it_waits_as_the_api_says(headers: dict[str, str], least: float, most: float) -> None:
    server = Server(problem(429, "RATE_LIMITED", **headers), ok())
    server.client().contacts.get("c")
    assert len(server.waited) == 1
    assert least <= server.waited[0] <= most


def test_waits_grow_and_end() -> None:
    server = Server(*[problem(429, "RATE_LIMITED") for _ in range(4)])
    with pytest.raises(RateLimited) as refused:
        server.client(attempts=4).contacts.get("c")
    assert refused.value.reason == "RATE_LIMITED"
    assert [round(one / 2**n, 6) <= 0.5 for n, one in enumerate(server.waited)] == [True] * 3


def test_a_wait_of_hours_is_the_callers_to_plan() -> None:
    server = Server(problem(429, "PLAN_LIMIT", Retry_After="7200"))
    with pytest.raises(RateLimited) as refused:
        server.client().contacts.get("c")
    assert refused.value.retry_after_s == 7200
    assert server.waited == []


def test_a_wrong_request_is_said_at_once_with_its_fields() -> None:
    server = Server(problem(400, "INVALID_ARGUMENT"))
    with pytest.raises(BadRequest) as refused:
        server.client().contacts.create({"emails": [{"address": "anna"}]})
    assert refused.value.violations[0].field == "emails[0].address"
    assert refused.value.request_id == "r1"
    assert len(server.asked) == 1


def test_an_attempt_of_ours_that_still_runs_is_waited_for() -> None:
    server = Server(problem(409, "IDEMPOTENCY_KEY_IN_USE"), ok())
    assert server.client().contacts.create({"given_name": "Anna"}).id == "0197a3c2"


def test_a_revoked_token_is_renewed_once() -> None:
    server = Server(problem(401, "TOKEN_EXPIRED"), ok(), problem(401, "TOKEN_EXPIRED"), problem(401, "TOKEN_EXPIRED"))
    client = server.client()
    client.contacts.get("c")
    assert [one.headers["authorization"] for one in server.asked] == ["Bearer token-1", "Bearer token-2"]
    with pytest.raises(Unauthenticated):
        client.contacts.get("c")


def test_an_empty_id_is_not_the_address_of_a_list() -> None:
    with pytest.raises(ValueError, match="id is empty"):
        Server().client().contacts.get("")


def test_a_list_asks_for_pages_as_it_goes() -> None:
    server = Server(
        ok({"contacts": [CONTACT, CONTACT], "next_page_token": "p2"}),
        ok({"contacts": [CONTACT], "next_page_token": ""}),
    )
    pages = server.client().contacts.list(filter='tags:"vip"', page_size=2)
    assert [one.given_name for one in pages] == ["Anna"] * 3
    assert [one.url.params.get("page_token") for one in server.asked] == [None, "p2"]
    assert server.asked[1].url.params["filter"] == 'tags:"vip"'


def test_many_records_go_out_in_batches_and_come_back_with_their_results() -> None:
    def results(count: int) -> httpx2.Response:
        return ok({"results": [{"index": n, "id": f"c{n}", "outcome": "created"} for n in range(count)]})

    server = Server(results(3), results(2))
    items = ({"contact": {"given_name": str(n)}} for n in range(5))
    outcomes = list(server.client().contacts.upsert_many(items, system="erp", items_max=3))  # type: ignore[arg-type]
    assert [one.index for one in outcomes] == [0, 1, 2, 3, 4]
    assert [one.item["contact"]["given_name"] for one in outcomes] == list("01234")
    assert json.loads(server.asked[1].content)["system"] == "erp"
    assert len({one.headers["idempotency-key"] for one in server.asked}) == 2


def test_a_stream_that_ends_at_once_is_opened_again_ever_more_slowly() -> None:
    def stream(*frames: str) -> httpx2.Response:
        return httpx2.Response(200, text="".join(frames), headers={"Content-Type": "text/event-stream"})

    def frame(number: int) -> str:
        event = {"id": f"e{number}", "type": "contacts.contact.created", "time": "2026-11-22T08:07:33Z", "version": 1}
        return f"id: c{number}\ndata: {json.dumps(event)}\n\n"

    expired = 'event: ended\ndata: {"reason":"CURSOR_EXPIRED"}\n\n'
    server = Server(
        stream(": hello\n\n"), httpx2.ReadError("broken"), stream(frame(1), frame(2)), stream(frame(3)), stream(expired)
    )
    follower = server.client().events.follow(after="c0", types=["contacts.*"])
    with pytest.raises(CursorExpired):
        for number, event in enumerate(follower, start=1):
            assert (event.id, event.cursor) == (f"e{number}", f"c{number}")
    assert [one.url.params["after"] for one in server.asked] == ["c0", "c0", "c0", "c2", "c3"]
    assert len(server.waited) == 4
    endless = Server(*[stream(": hello\n\n") for _ in range(6)])
    with pytest.raises(ConnectionFailed, match="ends as soon as it opens"):
        next(endless.client().events.follow())
    assert len(endless.asked) == 6


def test_a_stream_elsewhere_gets_the_token_only_over_a_way_as_safe() -> None:
    to = "http://live.funia.test/v1/events:stream"
    server = Server(httpx2.Response(307, headers={"Location": to}))
    with pytest.raises(FuniaError, match="not safe"):
        next(server.client().events.follow())
    assert len(server.asked) == 1


def test_what_will_be_taken_away_is_warned_of_once() -> None:
    gone = {"Deprecation": "@1790000000", "Sunset": "Mon, 31 May 2027 00:00:00 GMT", "Link": '</x>; rel="deprecation"'}
    server = Server(ok(**gone), ok(**gone))
    client = server.client()
    with pytest.warns(FuniaDeprecationWarning, match=r"accounts.get: .*2026-09-21.*2027.*/x"):
        client.accounts.get("a")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.accounts.get("a")


def test_a_refresh_token_is_used_once_and_its_successor_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[str] = []
    forms: list[str] = []

    def serve(request: httpx2.Request) -> httpx2.Response:
        if request.url.path != "/oauth/token":
            return ok()
        forms.append(request.read().decode())
        if "refresh_token=old" not in forms[-1]:
            return httpx2.Response(400, json={"error": "invalid_grant", "error_description": "Over."})
        return httpx2.Response(200, json={"access_token": "a", "expires_in": 0, "refresh_token": "new"})

    http = httpx2.Client(transport=httpx2.MockTransport(serve))
    client = Funia("https://funia.test", RefreshToken("app", "old", on_rotate=stored.append), http=http)
    client.contacts.get("c")
    assert stored == ["new"]
    with pytest.raises(TokenRefused, match="invalid_grant: Over"):
        client.contacts.get("c")
    assert "refresh_token=new" in forms[1]
    assert "client_id=app" in forms[1]


def test_secrets_are_encoded_as_oauth_wants_it() -> None:
    seen: list[str] = []

    def serve(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers.get("authorization", ""))
        return httpx2.Response(200, json={"access_token": "a", "expires_in": 600})

    http = httpx2.Client(transport=httpx2.MockTransport(serve))
    Funia("https://funia.test", ClientCredentials("client", "se:cret/"), http=http).contacts.get("c")
    import base64

    assert base64.b64decode(seen[0].removeprefix("Basic ")) == b"client:se%3Acret%2F"


def test_a_client_wants_a_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "CLIENT_ID", "CLIENT_SECRET", "TOKEN"):
        monkeypatch.delenv(f"FUNIA_{name}", raising=False)
    with pytest.raises(ValueError, match="FUNIA_URL"):
        Funia()
    with pytest.raises(ValueError, match="FUNIA_CLIENT_ID"):
        Funia("https://funia.test")
    with pytest.raises(ValueError, match="either"):
        ClientCredentials("client")
