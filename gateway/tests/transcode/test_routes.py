"""Routes made of the descriptors: what reaches the service, what comes back, and what is refused before any call."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from chassis.errors import (
    Conflict,
    DeadlineExceeded,
    FailedPrecondition,
    FuniaError,
    Internal,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    TooLarge,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    Violation,
)
from funia.contacts.v1 import activity_pb2, contact_pb2
from funia.identity.v1 import tenant_pb2
from werkzeug.test import Client, TestResponse

ID = "0197a3c2-7d1e-7000-8000-5f2a41c6e001"
CP1251 = {"Content_Type": "application/json; charset=cp1251"}
AUTH = {"Authorization": "Bearer token-of-tenant-a"}


def send(client: Client, verb: str, path: str, body: Any = None, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes | None) else orjson.dumps(body)
    kind = {"Content-Type": "application/json"} if raw is not None else {}
    return client.open(path, method=verb, data=raw, headers={**AUTH, **kind, **named})


def problem(response: TestResponse) -> dict[str, Any]:
    assert response.content_type == "application/problem+json"
    document: dict[str, Any] = orjson.loads(response.data)
    assert document["status"] == response.status_code
    assert document["request_id"] == response.headers["X-Request-Id"]
    assert document["type"] == "urn:funia:problem:" + document["reason"].lower().replace("_", "-")
    assert set(document) >= {"title", "detail", "violations"}
    return document


def test_a_get_reaches_the_service_with_token_id_and_trace(client: Client, peer: Any) -> None:
    peer.answers["GetContact"] = contact_pb2.Contact(id=ID, etag="e7", given_name="Ann")
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    response = send(client, "GET", f"/v1/contacts/{ID}", X_Request_Id="r-1", traceparent=trace)
    assert response.status_code == 200
    assert response.content_type == "application/json"
    assert response.headers["ETag"] == '"e7"'
    assert response.headers["X-Request-Id"] == "r-1"
    assert response.headers["Cache-Control"] == "no-store"
    assert orjson.loads(response.data)["given_name"] == "Ann"
    assert peer.last == contact_pb2.GetContactRequest(id=ID)
    expected = {"authorization": "Bearer token-of-tenant-a", "x-request-id": "r-1", "traceparent": trace}
    assert expected.items() <= peer.metadata.items()


def test_every_token_goes_through_as_it_came(client: Client, peer: Any) -> None:
    send(client, "GET", f"/v1/contacts/{ID}")
    send(client, "GET", f"/v1/contacts/{ID}", Authorization="bearer token-of-tenant-b")
    tokens = [metadata["authorization"] for _, _, metadata in peer.requests]
    assert tokens == ["Bearer token-of-tenant-a", "Bearer token-of-tenant-b"]


def test_a_console_session_stands_in_for_a_token(client: Client, peer: Any) -> None:
    response = client.get(f"/v1/contacts/{ID}", headers={"Cookie": "session=1"})
    assert response.status_code == 200
    assert peer.metadata["authorization"] == "Bearer session-token"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "TOKEN_MISSING"),
        ({"Authorization": "Basic abc"}, "TOKEN_INVALID"),
        ({"Authorization": "Bearer "}, "TOKEN_INVALID"),
        ({"Authorization": "Bearer " + "x" * 9000}, "TOKEN_INVALID"),
        ({"Authorization": "Basic abc", "Cookie": "session=1"}, "TOKEN_INVALID"),
    ],
)
def test_without_a_token_nothing_is_called(client: Client, peer: Any, headers: dict[str, str], reason: str) -> None:
    response = client.get(f"/v1/contacts/{ID}", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert problem(response)["reason"] == reason
    assert peer.requests == []


def test_a_create_is_201_with_location_and_etag(client: Client, peer: Any) -> None:
    peer.answers["CreateContact"] = contact_pb2.Contact(id=ID, etag="e1")
    body = {"given_name": "Ann", "emails": [{"address": "ann@example.com"}]}
    response = send(client, "POST", "/v1/contacts?allow_duplicate=true", body, Idempotency_Key="k-1")
    assert response.status_code == 201
    assert response.headers["Location"] == f"/v1/contacts/{ID}"
    assert response.headers["ETag"] == '"e1"'
    assert peer.last.contact.emails[0].address == "ann@example.com"
    assert peer.last.allow_duplicate
    assert peer.metadata["idempotency-key"] == "k-1"


def test_a_created_thing_that_cannot_be_read_has_no_location(client: Client, peer: Any) -> None:
    peer.answers["CreateOAuthClient"] = tenant_pb2.OAuthClient(id=ID)
    response = send(client, "POST", "/v1/oauth-clients", {"name": "app"})
    assert response.status_code == 201
    assert "Location" not in response.headers


def test_a_patch_without_a_mask_names_the_fields_of_the_body(client: Client, peer: Any) -> None:
    body = {"id": "ignored", "given_name": "Ann", "job_title": None, "etag": "seen"}
    assert send(client, "PATCH", f"/v1/contacts/{ID}", body).status_code == 200
    assert peer.last.contact.id == ID
    assert list(peer.last.update_mask.paths) == ["given_name", "job_title"]
    assert peer.last.etag == "seen"


def test_a_patch_with_a_mask_keeps_it_and_if_match_wins(client: Client, peer: Any) -> None:
    path = f"/v1/contacts/{ID}?update_mask=given_name,tags&reason=typo"
    send(client, "PATCH", path, {"given_name": "Ann", "etag": "old"}, If_Match='"new"')
    assert list(peer.last.update_mask.paths) == ["given_name", "tags"]
    assert (peer.last.etag, peer.last.reason) == ("new", "typo")


@pytest.mark.parametrize(("given", "etag"), [('"a1"', "a1"), ('W/"a1"', "a1"), ("*", "")])
def test_if_match_becomes_the_etag_of_a_delete(client: Client, peer: Any, given: str, etag: str) -> None:
    assert send(client, "DELETE", f"/v1/contacts/{ID}", If_Match=given).status_code == 200
    assert peer.last == contact_pb2.DeleteContactRequest(id=ID, etag=etag)


def test_an_action_after_the_colon_takes_the_whole_body(client: Client, peer: Any) -> None:
    body = {"other_id": ID, "take_from_other": "given_name,tags"}
    assert send(client, "POST", f"/v1/contacts/{ID}:merge", body).status_code == 200
    assert peer.requests[-1][0] == "MergeContacts"
    assert list(peer.last.take_from_other.paths) == ["given_name", "tags"]
    assert send(client, "POST", f"/v1/contacts/{ID}:undelete").status_code == 200
    assert peer.last == contact_pb2.UndeleteContactRequest(id=ID)


def test_collection_actions_nested_paths_and_repeated_parameters(client: Client, peer: Any) -> None:
    assert send(client, "GET", f"/v1/contacts:batchGet?ids={ID}&ids=b&view=SUMMARY").status_code == 200
    assert list(peer.last.ids) == [ID, "b"]
    assert send(client, "PUT", f"/v1/accounts/{ID}/contacts/c1", {"role": "buyer"}).status_code == 200
    assert (peer.last.account_id, peer.last.contact_id, peer.last.role) == (ID, "c1", "buyer")
    assert send(client, "GET", "/v1/customers:search?query=J%C3%B3n%20%2B1").status_code == 200
    assert peer.last.query == "Jón +1"


def test_an_empty_answer_is_an_empty_object_with_200(client: Client, peer: Any) -> None:
    response = send(client, "DELETE", f"/v1/accounts/{ID}/contacts/{ID}")
    assert (response.status_code, response.data) == (200, b"{}")


def test_head_answers_like_get_without_the_body(client: Client, peer: Any) -> None:
    response = send(client, "HEAD", f"/v1/contacts/{ID}")
    assert (response.status_code, response.data) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    ("verb", "path", "body", "headers", "status", "reason", "field"),
    [
        ("POST", "/v1/contacts", b'{"given_name": ', {}, 400, "MALFORMED_JSON", None),
        ("POST", "/v1/contacts", b"[]", {}, 400, "INVALID_REQUEST", ""),
        ("POST", "/v1/contacts", b"null", {}, 400, "INVALID_REQUEST", ""),
        ("POST", "/v1/contacts", {"givenName": "A"}, {}, 400, "INVALID_REQUEST", "givenName"),
        ("POST", "/v1/contacts", {"emails": [{"address": 5}]}, {}, 400, "INVALID_REQUEST", "emails[0].address"),
        ("POST", "/v1/contacts", b"[" * 100, {}, 400, "JSON_TOO_DEEP", None),
        ("POST", "/v1/contacts", b'{"given_name": "a\\u0000"}', {}, 400, "INVALID_TEXT", None),
        ("POST", "/v1/contacts", b"{}" + b" " * 5000, {}, 413, "BODY_TOO_LARGE", None),
        ("POST", "/v1/contacts", b"{}", {"Content_Type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE", None),
        (
            "POST",
            "/v1/contacts",
            b"{}",
            {"Content_Type": "application/json; charset=cp1251"},
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            None,
        ),
        ("POST", "/v1/contacts", b"{}", {"Content_Encoding": "gzip"}, 415, "UNSUPPORTED_CONTENT_ENCODING", None),
        ("POST", "/v1/contacts", {}, {"Idempotency_Key": ""}, 400, "INVALID_HEADER", "Idempotency-Key"),
        ("POST", "/v1/contacts", {}, {"Idempotency_Key": "x" * 201}, 400, "INVALID_HEADER", "Idempotency-Key"),
        ("POST", "/v1/contacts?nope=1", {}, {}, 400, "INVALID_REQUEST", "nope"),
        ("POST", "/v1/contacts?contact.given_name=1", {}, {}, 400, "INVALID_REQUEST", "contact.given_name"),
        ("POST", f"/v1/contacts/{ID}:merge?other_id=1", {}, {}, 400, "INVALID_REQUEST", "other_id"),
        ("PATCH", f"/v1/contacts/{ID}", {"tags": "a"}, {}, 400, "INVALID_REQUEST", "tags"),
        ("PATCH", f"/v1/contacts/{ID}?update_mask=a;b", {}, {}, 400, "INVALID_REQUEST", "update_mask"),
        ("PATCH", f"/v1/contacts/{ID}", {}, {"If_Match": "a1"}, 400, "INVALID_HEADER", "If-Match"),
        ("PATCH", f"/v1/contacts/{ID}", {}, {"If_Match": '"a", "b"'}, 400, "INVALID_HEADER", "If-Match"),
        ("GET", "/v1/contacts?page_size=ten", None, {}, 400, "INVALID_REQUEST", "page_size"),
        ("GET", "/v1/contacts?page_size=1&page_size=2", None, {}, 400, "INVALID_REQUEST", "page_size"),
        ("GET", "/v1/contacts?filter=%FF", None, {}, 400, "INVALID_QUERY", None),
        ("GET", "/v1/contacts?filter=" + "x" * 1100, None, {}, 400, "QUERY_TOO_LONG", None),
        ("GET", f"/v1/contacts/{ID}?id=2", None, {}, 400, "INVALID_REQUEST", "id"),
        ("GET", f"/v1/contacts/{ID}", None, {"X_Request_Timeout": "soon"}, 400, "INVALID_HEADER", "X-Request-Timeout"),
        ("GET", "/v1/contacts/%D1%8F", None, {}, 400, "INVALID_PATH", None),
        ("GET", "/v1/contacts/", None, {}, 404, "ROUTE_NOT_FOUND", None),
        ("GET", "/v1/nothing", None, {}, 404, "ROUTE_NOT_FOUND", None),
        ("POST", f"/v1/contacts/{ID}:explode", {}, {}, 404, "ROUTE_NOT_FOUND", None),
        ("POST", "/v1/contacts/:merge", {}, {}, 404, "ROUTE_NOT_FOUND", None),
        ("PUT", f"/v1/contacts/{ID}", {}, {}, 405, "METHOD_NOT_ALLOWED", None),
    ],
)
def test_a_bad_request_is_refused_before_any_call(
    client: Client,
    peer: Any,
    verb: str,
    path: str,
    body: Any,
    headers: dict[str, str],
    status: int,
    reason: str,
    field: str | None,
) -> None:
    response = send(client, verb, path, body, **headers)
    document = problem(response)
    assert (response.status_code, document["reason"]) == (status, reason)
    assert [one["field"] for one in document["violations"]] == ([] if field is None else [field])
    assert document["detail"]
    assert peer.requests == []


def test_a_body_without_a_length_is_bounded_too(client: Client, peer: Any) -> None:
    import io

    for size, status in ((5000, 413), (10, 201)):
        body = b"{}" + b" " * size
        response = client.open(
            "/v1/contacts",
            method="POST",
            input_stream=io.BytesIO(body),
            headers={**AUTH, "Content-Type": "application/json", "Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
        )
        assert response.status_code == status
    assert len(peer.requests) == 1


def test_a_known_path_lists_its_methods_with_405(client: Client) -> None:
    response = send(client, "PUT", f"/v1/contacts/{ID}", {})
    assert response.headers["Allow"] == "DELETE, GET, HEAD, PATCH"
    both = send(client, "DELETE", "/v1/imports")
    assert {"GET", "POST"} <= set(both.headers["Allow"].split(", "))


def test_a_view_written_by_hand_shares_its_path_with_a_route(client: Client, peer: Any) -> None:
    assert client.post("/v1/imports").data == b"by hand"
    assert send(client, "GET", "/v1/imports").status_code == 200
    assert peer.requests[-1][0] == "ListImports"


def test_an_error_in_a_flask_view_is_a_problem_without_its_detail(client: Client) -> None:
    response = client.get("/broken")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert problem(response)["reason"] == "INTERNAL"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (InvalidArgument, 400),
        (Unauthenticated, 401),
        (PermissionDenied, 403),
        (NotFound, 404),
        (Conflict, 409),
        (FailedPrecondition, 409),
        (TooLarge, 413),
        (Unprocessable, 422),
        (ResourceExhausted, 429),
        (Internal, 500),
        (Unavailable, 503),
        (DeadlineExceeded, 504),
    ],
)
def test_every_kind_of_error_has_its_status(client: Client, peer: Any, kind: type[FuniaError], status: int) -> None:
    peer.answers["GetContact"] = kind("What happened. What to do.", reason="SOME_REASON")
    response = send(client, "GET", f"/v1/contacts/{ID}")
    document = problem(response)
    assert response.status_code == status
    assert (document["reason"], document["detail"]) == ("SOME_REASON", "What happened. What to do.")


def test_violations_of_the_service_name_the_body_as_the_caller_sent_it(client: Client, peer: Any) -> None:
    peer.answers["CreateContact"] = InvalidArgument(
        "Wrong.",
        violations=[Violation("contact.emails[0].address", "Bad.", "INVALID_EMAIL"), Violation("account_id", "Bad.")],
    )
    document = problem(send(client, "POST", "/v1/contacts", {"given_name": "A"}))
    assert [one["field"] for one in document["violations"]] == ["emails[0].address", "account_id"]


def test_details_such_as_duplicate_candidates_come_as_json(client: Client, peer: Any) -> None:
    found = contact_pb2.FindDuplicateContactsResponse()
    found.candidates.add(score=93, reasons=["email"]).contact.id = ID
    peer.answers["CreateContact"] = Conflict("Looks like Ann.", reason="LIKELY_DUPLICATE", details=[found])
    (detail,) = problem(send(client, "POST", "/v1/contacts", {"given_name": "A"}))["details"]
    assert detail["type"] == "funia.contacts.v1.FindDuplicateContactsResponse"
    assert detail["candidates"][0]["contact"]["id"] == ID


def test_an_error_that_knows_when_to_retry_says_so(client: Client, peer: Any) -> None:
    peer.answers["GetContact"] = ResourceExhausted("Too fast.", metadata={"retry_after_s": "7"})
    assert send(client, "GET", f"/v1/contacts/{ID}").headers["Retry-After"] == "7"


def test_an_unexpected_failure_of_the_service_tells_nothing(client: Client, peer: Any) -> None:
    peer.answers["GetContact"] = ValueError("table contacts_secret")
    response = send(client, "GET", f"/v1/contacts/{ID}")
    assert response.status_code == 500
    assert "secret" not in response.text


def test_the_caller_may_shorten_the_deadline_but_not_stretch_it(client: Client, peer: Any) -> None:
    send(client, "GET", f"/v1/contacts/{ID}", X_Request_Timeout="1.5")
    send(client, "GET", f"/v1/contacts/{ID}", X_Request_Timeout="500")
    assert 0 < peer.time_left[0] < 1.6
    assert 3 < peer.time_left[1] < 5.1


def test_ill_formed_ids_and_traces_are_replaced_not_passed_on(client: Client, peer: Any) -> None:
    response = send(client, "GET", f"/v1/contacts/{ID}", X_Request_Id="a b" + "x" * 200, traceparent="zz")
    assert response.headers["X-Request-Id"] == peer.metadata["x-request-id"]
    assert len(peer.metadata["x-request-id"]) == 36
    assert "traceparent" not in peer.metadata


def test_times_are_written_in_utc(client: Client, peer: Any) -> None:
    activity = activity_pb2.Activity(id=ID)
    activity.created_at.FromJsonString("2026-05-31T12:00:00.25+03:00")
    peer.answers["GetActivity"] = activity
    body = orjson.loads(send(client, "GET", f"/v1/activities/{ID}").data)
    assert body["created_at"] == "2026-05-31T09:00:00.250000Z"
    assert "due_at" not in body
    assert body["title"] == ""


def test_an_item_that_cannot_be_read_is_told_beside_the_others(client: Client, peer: Any) -> None:
    items = [{"contact": {"given_name": "A"}}, {"contact": {"score": "high", "surname": "B"}}, 7]
    assert send(client, "POST", "/v1/contacts:batchCreate", {"requests": items}).status_code == 200
    assert [one.contact.given_name for one in peer.last.requests] == ["A", "", ""]
    assert [one.field for one in peer.last.unreadable] == [
        "requests[1].contact.score",
        "requests[1].contact.surname",
        "requests[2]",
    ]


def test_callers_cannot_tell_what_was_unreadable(client: Client, peer: Any) -> None:
    body = {"requests": [], "unreadable": [{"field": "requests[0].x"}]}
    response = send(client, "POST", "/v1/contacts:batchCreate", body)
    assert problem(response)["violations"][0]["field"] == "unreadable"
    assert peer.requests == []


def test_items_that_change_records_get_a_mask_of_what_they_hold(client: Client, peer: Any) -> None:
    items = [
        {"contact": {"id": ID, "job_title": None, "score": 1}},
        {"contact": {"id": ID, "score": 1}, "update_mask": "job_title"},
    ]
    send(client, "POST", "/v1/contacts:batchUpdate", {"requests": items})
    assert [list(one.update_mask.paths) for one in peer.last.requests] == [["job_title", "score"], ["job_title"]]


def test_many_records_have_a_body_limit_of_their_own(client: Client, peer: Any) -> None:
    items = [{"contact": {"description": "x" * 1000}} for _ in range(6)]
    assert send(client, "POST", "/v1/contacts:batchCreate", {"requests": items}).status_code == 200
    refused = send(client, "POST", "/v1/contacts:batchCreate", {"requests": items * 2})
    assert problem(refused)["reason"] == "BODY_TOO_LARGE"
    assert len(peer.requests) == 1
