"""One trace from HTTP to the analytics row; metrics that dashboards and alerts read; logs without personal data."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from funia.analytics.v1 import activity_pb2 as analytics
from google.protobuf.timestamp_pb2 import Timestamp
from harness import Company, Platform, bury, wait_for
from local_stack import processes
from local_stack.fixtures import whole_stack
from manifests.__main__ import DEPLOY
from manifests.observability import metrics_read
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

pytestmark = pytest.mark.timeout(600)

SCOPES = ("contacts.read", "contacts.write", "contacts.import", "analytics.read")
CREATED = "contacts.contact.created"
MARK = f"Zz{uuid4().hex[:12]}"
MARKED_EMAIL = f"{MARK.lower()}@marked.example"
MARKED_PHONE = "+359888312744"
OPERATOR = f"{uuid4().hex}@funia.example"
PASSWORD = "correct horse battery staple"
_METRIC = re.compile(r"^# TYPE (\w+) (\w+)$", re.MULTILINE)


@dataclass
class Span:
    """A span as the collector got it."""

    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    attributes: dict[str, str]


@dataclass
class Collector:
    """An OTLP/HTTP collector in this process, which also keeps the raw bytes."""

    spans: list[Span] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)

    def take(self, body: bytes) -> None:
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            names = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [
                    Span(
                        names["service.name"],
                        span.name,
                        span.trace_id.hex(),
                        span.span_id.hex(),
                        span.parent_span_id.hex(),
                        {one.key: one.value.string_value for one in span.attributes},
                    )
                    for span in scope.spans
                ]

    def of(self, trace_id: str, service: str, name: str) -> Span | None:
        """The one span of that service and name; None where there is none yet."""
        found = [one for one in self.spans if (one.trace_id, one.service, one.name) == (trace_id, service, name)]
        assert len(found) <= 1, found
        return found[0] if found else None


@pytest.fixture(scope="module")
def collector() -> Iterator[tuple[Collector, str]]:
    collected = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collected.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield collected, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def observed(collector: tuple[Collector, str]) -> Iterator[Platform]:
    """A platform that traces every request and measures often."""
    directory = Path(tempfile.mkdtemp(prefix="funia"))
    settings = {
        "FUNIA_OTLP_ENDPOINT": collector[1],
        "FUNIA_OTLP_DELAY_MS": "100",
        "FUNIA_TRACE_SAMPLE_RATIO": "1",
        "FUNIA_VITALS_EVERY_S": "1",
        "FUNIA_LOG_LEVEL": "DEBUG",
        "FUNIA_OPERATORS": f"somebody@else.example, {OPERATOR.upper()}",
    }
    try:
        with whole_stack(directory, environment=settings) as stack:
            opened = Platform(stack)
            yield opened
            opened.close()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def company(observed: Platform) -> Company:
    return observed.sign_up("Traced", SCOPES)


@pytest.fixture(scope="module")
def operator(observed: Platform) -> Iterator[httpx.Client]:
    """A browser of the operator, who is logged in."""
    with httpx.Client(base_url=observed.stack.url, timeout=60, trust_env=False) as http:
        person = {"company_name": "Operators", "full_name": "Op", "email": OPERATOR, "password": PASSWORD}
        assert http.post("/v1/sign-up", json=person).status_code == 201
        # The link in the mail would do the same; only a confirmed address may operate.
        with psycopg.connect(observed.admin_url("identity")) as admin:
            admin.execute("UPDATE user_account SET email_confirmed = true WHERE email = %s", [OPERATOR])
        assert http.post("/v1/log-in", json={"email": OPERATOR, "password": PASSWORD}).status_code == 200
        yield http


def create(company: Company, *, traceparent: str = "", given_name: str = "Anna") -> httpx.Response:
    """Creates a contact over HTTP."""
    headers = {"Authorization": f"Bearer {company.token()}"}
    if traceparent:
        headers["traceparent"] = traceparent
    return company.http.post("/v1/contacts", json={"given_name": given_name}, headers=headers)


def test_one_trace_leads_from_http_to_the_analytics_row(
    observed: Platform, company: Company, collector: tuple[Collector, str]
) -> None:
    spans, trace_id, partners_span = collector[0], uuid4().hex, uuid4().hex[:16]
    answer = create(company, traceparent=f"00-{trace_id}-{partners_span}-00")
    assert answer.status_code == 201, answer.text

    def span(service: str, name: str) -> Span:
        found = wait_for(f"{name} of {service} is collected", lambda: spans.of(trace_id, service, name), timeout_s=60)
        assert isinstance(found, Span)
        return found

    door = span("gateway", "POST CreateContact")
    call = span("contacts", "funia.contacts.v1.ContactService/CreateContact")
    transaction = next(one for one in spans.spans if one.parent_id == call.span_id and one.name == "transaction")
    publish = span("contacts", f"publish {CREATED}")
    consume = span("analytics", "consume analytics-contacts")
    index = span("contacts", "consume contacts-search")
    assert door.parent_id == partners_span
    assert call.parent_id == door.span_id
    assert transaction.attributes["db.system.name"] == "postgresql"
    assert publish.parent_id == call.span_id
    assert consume.parent_id == publish.span_id
    assert index.parent_id == publish.span_id
    wait_for(
        "the consumer's transaction is collected",
        lambda: any(one.parent_id == index.span_id and one.name == "transaction" for one in spans.spans),
    )

    with psycopg.connect(observed.admin_url("contacts")) as admin:
        row = admin.execute(
            "SELECT id::text FROM outbox WHERE subject = %s", [f"funia.{company.tenant_id}.{CREATED}"]
        ).fetchone()
    assert row is not None
    assert publish.attributes["messaging.message.id"] == consume.attributes["messaging.message.id"] == row[0]
    wait_for("the row is in analytics", lambda: answer.json()["id"] in counted(observed, company))


def test_a_request_adds_two_spans_to_a_process_at_most(company: Company, collector: tuple[Collector, str]) -> None:
    trace_id = uuid4().hex
    assert create(company, traceparent=f"00-{trace_id}-{'1' * 16}-01").status_code == 201
    spans = collector[0]
    wait_for("the trace is collected", lambda: spans.of(trace_id, "analytics", "consume analytics-contacts"))
    wanted = [
        ("contacts", "funia.contacts.v1.ContactService/CreateContact"),
        ("contacts", "transaction"),
        ("gateway", "POST CreateContact"),
    ]

    def of_the_request() -> list[tuple[str, str]]:
        ours = [one for one in spans.spans if one.trace_id == trace_id]
        causes = {one.span_id for one in ours if one.name.startswith("consume")}
        caused = [one for one in ours if one.name.startswith(("publish", "consume")) or one.parent_id in causes]
        return sorted((one.service, one.name) for one in ours if one not in caused)

    # Every process sends its own spans, in its own time.
    wait_for("the spans of the request are collected", lambda: of_the_request() == wanted)
    time.sleep(1)
    assert of_the_request() == wanted


def test_every_metric_of_alerts_and_dashboards_is_there(observed: Platform, company: Company) -> None:
    assert create(company).status_code == 201
    wanted = metrics_read(DEPLOY / "observability")

    def missing() -> set[str]:
        return wanted - offered(observed)

    wait_for("every process has measured", lambda: not missing(), timeout_s=60)
    text = httpx.get(f"{observed.stack.url}/metrics", trust_env=False).text
    assert 'method="/funia.contacts.v1.ContactService/CreateContact"' in text


def test_no_log_and_no_span_holds_personal_data(
    observed: Platform, company: Company, collector: tuple[Collector, str]
) -> None:
    do_the_main_job_with_marks(company)
    wait_for("analytics has caught up", lambda: not observed.unpublished())
    marks = (MARK, MARK.lower(), MARKED_EMAIL, MARKED_PHONE, MARKED_PHONE[1:], MARKED_PHONE[4:])
    logs = {file.name: file.read_text(errors="replace") for file in (observed.stack.directory / "logs").iterdir()}
    assert len(logs) >= 8
    assert "contacts is up" in logs["contacts.log"]
    found = [(name, line) for name, text in logs.items() for line in text.splitlines() if any(m in line for m in marks)]
    assert found == []
    assert collector[0].raw
    assert [mark for mark in marks if mark.encode() in bytes(collector[0].raw)] == []


def test_an_operator_sees_the_platform_and_nobody_else_does(
    observed: Platform, company: Company, operator: httpx.Client
) -> None:
    assert create(company).status_code == 201
    page = wait_for(
        "every worker has told its signs",
        lambda: next((p for p in [operator.get("/operator").text] if "Worker is silent" not in p), None),
    )
    for service in ("identity", "contacts", "sales", "marketing", "support", "analytics"):
        assert service in page
    assert "Serving" in page
    assert "Away" not in page
    assert company.tenant_id in page
    assert company.name not in page
    assert company.http.get("/operator").status_code == 404
    assert company.http.get("/operator/dead-letters").status_code == 404
    with httpx.Client(base_url=observed.stack.url, trust_env=False) as stranger:
        assert stranger.get("/operator").status_code == 303


def test_an_operator_reads_dead_letters_without_their_content_and_hands_them_back(
    observed: Platform, company: Company, operator: httpx.Client
) -> None:
    answer = create(company, given_name=MARK)
    assert answer.status_code == 201
    subject = f"funia.{company.tenant_id}.{CREATED}"
    envelope = asyncio.run(
        bury(observed.stack.nats_url, subject, company.tenant_id, error=f"ValueError: the name {MARK} is odd")
    )
    page = operator.get("/operator/dead-letters").text
    assert "contacts-timeline" in page
    assert CREATED in page
    assert "ValueError" in page
    assert MARK not in page
    action = re.search(r'action="(/operator/dead-letters/\d+/replay)"', page)
    assert action is not None
    theirs = {"csrf_token": csrf_of(company.http.get("/settings/company").text)}
    assert company.http.post(action[1], data=theirs).status_code == 404
    ours = {"csrf_token": csrf_of(page)}
    done = operator.post(action[1], data=ours, follow_redirects=True)
    assert done.status_code == 200, done.text
    assert "The event was handled." in done.text
    assert "No dead letters" in done.text
    with psycopg.connect(observed.admin_url("contacts")) as admin:
        row = admin.execute(
            "SELECT count(*) FROM inbox WHERE consumer = 'contacts-timeline' AND event_id = %s", [envelope.id]
        ).fetchone()
    assert row == (1,)
    assert operator.post(action[1], data=ours).status_code == 404


def csrf_of(page: str) -> str:
    """The token of the forms on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def do_the_main_job_with_marks(company: Company) -> None:
    """Calls that go well and calls that do not, all of them about one marked person."""
    http, headers = company.http, {"Authorization": f"Bearer {company.token()}"}
    person = {
        "company_name": MARK,
        "full_name": MARK,
        "email": MARKED_EMAIL,
        "password": f"{MARK} {MARK}",
    }
    statuses = [http.post("/v1/sign-up", json=person).status_code, http.post("/v1/sign-up", json=person).status_code]
    statuses.append(http.post("/v1/log-in", json={"email": MARKED_EMAIL, "password": "wrong " + MARK}).status_code)
    contact = {"given_name": MARK, "emails": [{"address": MARKED_EMAIL}], "phones": [{"number": MARKED_PHONE}]}
    for body in (contact, contact, {**contact, "external_id": MARK * 40}, {"given_name": MARK, "bogus": MARK}):
        statuses.append(http.post("/v1/contacts", json=body, headers=headers).status_code)
    for path, query in (
        ("/v1/customers:search", {"query": MARKED_EMAIL}),
        ("/v1/contacts", {"filter": f'email = "{MARKED_EMAIL}"'}),
        ("/v1/contacts", {"filter": f'no_such_field = "{MARKED_PHONE}"'}),
        (f"/v1/contacts/{MARK}", {}),
    ):
        statuses.append(http.get(path, params=query, headers=headers).status_code)
    rows = f"First name,Last name,Email,Mobile\n{MARK},{MARK},{MARKED_EMAIL},{MARKED_PHONE}\n{MARK},,not {MARK},x\n"
    files = {"file": (f"{MARK}.csv", rows.encode(), "text/csv")}
    made = http.post("/v1/imports", files=files, data={"kind": "contact"}, headers=headers)
    statuses.append(made.status_code)
    assert made.status_code == 201, made.text
    path = f"/v1/imports/{made.json()['id']}"
    fields = {column["heading"]: column["field"] for column in made.json()["columns"] if column["field"]}
    mapping = {"fields": fields, "mode": "upsert", "match_by": "email"}
    statuses.append(http.post(f"{path}:map", json=mapping, headers=headers).status_code)
    statuses.append(http.post(f"{path}:run", json={}, headers=headers).status_code)
    wait_for(
        "the import has run",
        lambda: http.get(path, headers=headers).json()["status"].startswith("completed"),
    )
    assert {200, 201, 400} <= set(statuses), statuses
    assert max(statuses) < 500, statuses


def offered(platform: Platform) -> set[str]:
    """Names of all series that the processes of the stack offer."""
    texts = [httpx.get(f"{platform.stack.url}/metrics", trust_env=False).text]
    for name, pid in platform.stack.processes.items():
        if name not in ("postgres", "nats", "gateway-serve"):
            port = processes.environment(pid)["FUNIA_METRICS_PORT"]
            texts.append(httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text)
    names: set[str] = set()
    for name, kind in _METRIC.findall("\n".join(texts)):
        names |= {f"{name}_bucket", f"{name}_count", f"{name}_sum"} if kind == "histogram" else {name}
    return names


def counted(platform: Platform, company: Company) -> set[str]:
    """Ids of the contacts whose creation analytics lists."""
    span = {"from": Timestamp(seconds=1_600_000_000), "to": Timestamp(seconds=4_000_000_000)}
    request = analytics.ListActivityEventsRequest(type=CREATED, page_size=200, **span)  # type: ignore[arg-type]
    answer = platform.call("/funia.analytics.v1.ActivityReportService/ListActivityEvents", request, company.token())
    return {event.subject_id for event in answer[0].events}  # type: ignore[attr-defined]
