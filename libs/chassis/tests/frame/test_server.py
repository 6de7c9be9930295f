"""The server's frame over real gRPC: who may call, which errors come back, and repeated writes happen once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import grpc
import psycopg
import pytest
from chassis.client import channel
from chassis.errors import (
    Conflict,
    FuniaError,
    Internal,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    Unauthenticated,
    Unprocessable,
)
from chassis.ids import uuid7
from chassis.server import Call, Served, Server, rpc_table
from chassis.settings import Settings
from chassis.status import from_rpc_error
from chassis.testing.databases import TestDatabase
from chassis.testing.notes import OURS, THEIRS, add, bodies
from chassis.testing.tokens import TokenIssuer
from chassis.work import Database, Work
from funia.contacts.v1 import contact_pb2 as pb
from funia.contacts.v1 import contact_pb2_grpc
from funia.events.v1.break_glass_pb2 import BreakGlassUsed
from funia.events.v1.envelope_pb2 import Envelope

SERVICE = pb.DESCRIPTOR.services_by_name["ContactService"]
ISSUER = TokenIssuer()
ACTOR = uuid7()
READ, WRITE = "contacts.read", "contacts.write"


class Notes:
    """Carries out what a test puts into `create` and `get`."""

    def __init__(self) -> None:
        self.create: Callable[[Work, Any], pb.Contact] = self.add_note
        self.get: Callable[[Work, Any], pb.Contact] = lambda _work, request: pb.Contact(id=request.id)
        self.created = 0

    def add_note(self, work: Work, request: Any) -> pb.Contact:
        self.created += 1
        return pb.Contact(id=str(add(work, request.contact.given_name)))

    def CreateContact(self, work: Work, request: Any) -> pb.Contact:
        return self.create(work, request)

    def GetContact(self, work: Work, request: Any) -> pb.Contact:
        return self.get(work, request)

    def ExportContacts(self, call: Call, request: Any) -> Iterator[pb.ExportContactsResponse]:
        with call.database.open_work(call.caller, read_only=True):
            yield pb.ExportContactsResponse(chunk=b"one")
        raise NotFound("the rest is gone", reason="REST_GONE")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def refuse(*_: object) -> Any:
            raise AssertionError(name)

        return refuse


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def server(settings: Settings, database: Database, notes: Notes) -> Iterator[tuple[Server, str]]:
    running = Server(settings, database, ISSUER.verifier, [Served(SERVICE, notes)])
    address = f"127.0.0.1:{running.start()}"
    yield running, address
    running.stop()


@pytest.fixture
def stub(server: tuple[Server, str]) -> Iterator[contact_pb2_grpc.ContactServiceStub]:
    with channel(server[1]) as connection:
        yield contact_pb2_grpc.ContactServiceStub(connection)


def create(stub: Any, name: str, *, tenant: UUID = OURS.tenant_id, actor: UUID = ACTOR, key: str = "") -> pb.Contact:
    request = pb.CreateContactRequest(contact=pb.Contact(given_name=name))
    bearer = ISSUER.token(tenant, [WRITE], actor_id=actor)
    return call(stub.CreateContact, request, bearer, key=key)


def call(method: Any, request: Any, bearer: str | None, *, key: str = "") -> Any:
    pairs = [("x-request-id", "request 7")]
    if bearer is not None:
        pairs.append(("authorization", f"Bearer {bearer}"))
    if key:
        pairs.append(("idempotency-key", key))
    try:
        return method(request, metadata=pairs, timeout=10)
    except grpc.RpcError as error:
        raise from_rpc_error(error) from None


def get(stub: Any, bearer: str | None, contact_id: str = "") -> Any:
    return call(stub.GetContact, pb.GetContactRequest(id=contact_id or str(uuid7())), bearer)


def test_a_call_needs_a_token_with_the_methods_scope(stub: Any, database: Database) -> None:
    for bearer in (None, "", "junk", "a.b.c"):
        with pytest.raises(Unauthenticated):
            get(stub, bearer)
    with pytest.raises(PermissionDenied) as refused:
        get(stub, ISSUER.token(OURS.tenant_id, [WRITE, "contacts.readers"]))
    assert (refused.value.reason, refused.value.metadata["scope"]) == ("MISSING_SCOPE", READ)
    with pytest.raises(PermissionDenied):
        call(
            stub.CreateContact,
            pb.CreateContactRequest(contact=pb.Contact(given_name="x")),
            ISSUER.token(OURS.tenant_id, [READ]),
        )
    assert bodies(database, OURS) == []
    assert get(stub, ISSUER.token(OURS.tenant_id, [READ])).id


def glass_token() -> tuple[str, str]:
    """A token under break-glass, and the id of the opening."""
    opening = str(uuid7())
    claim = {"id": opening, "until": int(time.time()) + 60}
    return ISSUER.token(OURS.tenant_id, [READ, WRITE, "contacts.export"], glass=claim), opening


def told(stored: TestDatabase) -> list[tuple[str, str, str]]:
    """Calls under break-glass that are to go to the bus: opening, method and record."""
    with psycopg.connect(stored.admin_url) as connection:
        rows = connection.execute("SELECT envelope FROM outbox ORDER BY id").fetchall()
    envelopes = [Envelope.FromString(row[0]) for row in rows]
    uses = [BreakGlassUsed.FromString(one.payload) for one in envelopes if one.type == "contacts.break_glass.used"]
    return [(one.break_glass_id, one.method, one.record_id) for one in uses]


def test_a_call_under_break_glass_is_told_of_before_it_is_answered(
    stub: Any, notes: Notes, stored: TestDatabase
) -> None:
    bearer, opening = glass_token()
    seen: list[int] = []

    def look(work: Work, request: Any) -> pb.Contact:
        seen.append(len(told(stored)))
        return pb.Contact(id=request.id)

    notes.get = look
    record = str(uuid7())
    get(stub, bearer, record)
    get(stub, ISSUER.token(OURS.tenant_id, [READ]), record)
    call(stub.CreateContact, pb.CreateContactRequest(contact=pb.Contact(given_name="x")), bearer)
    with pytest.raises(grpc.RpcError):
        list(stub.ExportContacts(pb.ExportContactsRequest(), metadata=[("authorization", f"Bearer {bearer}")]))
    assert seen == [1, 1]
    assert told(stored) == [
        (opening, f"ContactService/{name}", about)
        for name, about in (("GetContact", record), ("CreateContact", ""), ("ExportContacts", ""))
    ]


def test_nothing_is_answered_under_break_glass_where_it_cannot_be_told(
    stub: Any, notes: Notes, stored: TestDatabase
) -> None:
    bearer, _ = glass_token()
    asked: list[Any] = []
    notes.get = lambda _work, request: asked.append(request) or pb.Contact()
    with psycopg.connect(stored.admin_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE outbox RENAME TO outbox_away")
        with pytest.raises(FuniaError):
            get(stub, bearer)
        connection.execute("ALTER TABLE outbox_away RENAME TO outbox")
    assert asked == []


def test_a_bad_field_is_named_and_nothing_is_written(stub: Any, notes: Notes, database: Database) -> None:
    with pytest.raises(InvalidArgument) as refused:
        get(stub, ISSUER.token(OURS.tenant_id, [READ]), "no id at all")
    assert [violation.field for violation in refused.value.violations] == ["id"]
    with pytest.raises(InvalidArgument) as too_long:
        create(stub, "x" * 100_000)
    assert [violation.field for violation in too_long.value.violations] == ["contact.given_name"]
    assert (notes.created, bodies(database, OURS)) == (0, [])


def test_an_error_of_a_rule_travels_whole_and_undoes_the_work(stub: Any, notes: Notes, database: Database) -> None:
    def refuse(work: Work, request: Any) -> pb.Contact:
        add(work, "half done")
        raise Conflict("There is one already.", reason="DUPLICATE_CONTACT", metadata={"other": "7"})

    notes.create = refuse
    with pytest.raises(Conflict) as refused:
        create(stub, "Ann")
    error = refused.value
    assert (error.message, error.reason, error.metadata["other"]) == (
        "There is one already.", "DUPLICATE_CONTACT", "7",
    )  # fmt: skip
    assert bodies(database, OURS) == []


def test_an_unforeseen_error_tells_the_caller_nothing_but_the_request_id(
    stub: Any, notes: Notes, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(work: Work, request: Any) -> pb.Contact:
        raise RuntimeError("password=hunter2")

    notes.get = fail
    with pytest.raises(Internal) as refused:
        get(stub, ISSUER.token(OURS.tenant_id, [READ]))
    assert "hunter2" not in repr(vars(refused.value))
    assert any(getattr(record, "request_id", "") == "request 7" for record in caplog.records)


def test_an_error_within_a_stream_comes_after_what_was_sent(stub: Any) -> None:
    bearer = ISSUER.token(OURS.tenant_id, ["contacts.export"])
    answer = stub.ExportContacts(
        pb.ExportContactsRequest(format="csv"), metadata=[("authorization", f"Bearer {bearer}")], timeout=10
    )
    assert next(answer).chunk == b"one"
    with pytest.raises(grpc.RpcError) as refused:
        next(answer)
    assert isinstance(from_rpc_error(refused.value), NotFound)


def test_a_method_without_a_scope_stops_the_start() -> None:
    from grpc_health.v1 import health_pb2

    with pytest.raises(LookupError, match="names no scope"):
        rpc_table([health_pb2.DESCRIPTOR.services_by_name["Health"]])


def test_a_write_repeated_with_its_key_answers_the_same_and_happens_once(
    stub: Any, notes: Notes, database: Database, stored: TestDatabase
) -> None:
    first = create(stub, "Ann", key="one")
    assert create(stub, "Ann", key="one") == first
    assert (notes.created, bodies(database, OURS)) == (1, ["Ann"])
    with psycopg.connect(stored.admin_url) as admin:
        assert admin.execute("SELECT count(*) FROM outbox").fetchone() == (1,)


def test_a_key_used_for_another_body_is_refused(stub: Any, database: Database) -> None:
    create(stub, "Ann", key="one")
    with pytest.raises(Unprocessable) as refused:
        create(stub, "Bob", key="one")
    assert refused.value.reason == "IDEMPOTENCY_KEY_REUSED"
    assert bodies(database, OURS) == ["Ann"]


def test_a_key_belongs_to_its_tenant_and_its_caller(stub: Any, database: Database) -> None:
    first = create(stub, "Ann", key="one")
    assert create(stub, "Theirs", tenant=THEIRS.tenant_id, key="one") != first
    assert create(stub, "Colleague", actor=uuid7(), key="one") != first
    assert bodies(database, OURS) == ["Ann", "Colleague"]
    assert bodies(database, THEIRS) == ["Theirs"]


def test_a_key_whose_request_still_runs_is_a_conflict(stub: Any, notes: Notes, database: Database) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slow(work: Work, request: Any) -> pb.Contact:
        entered.set()
        leave.wait(10)
        return notes.add_note(work, request)

    notes.create = slow
    answers: list[pb.Contact] = []
    first = threading.Thread(target=lambda: answers.append(create(stub, "Ann", key="one")))
    first.start()
    assert entered.wait(5)
    with pytest.raises(Conflict) as refused:
        create(stub, "Ann", key="one")
    leave.set()
    first.join()
    assert refused.value.reason == "IDEMPOTENCY_KEY_IN_USE"
    assert create(stub, "Ann", key="one") == answers[0]
    assert bodies(database, OURS) == ["Ann"]


def test_of_many_requests_with_one_key_at_once_one_takes_effect(stub: Any, database: Database) -> None:
    outcomes: list[pb.Contact | FuniaError] = []

    def race() -> None:
        try:
            outcomes.append(create(stub, "Ann", key="one"))
        except FuniaError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answered = {outcome.id for outcome in outcomes if isinstance(outcome, pb.Contact)}
    assert len(answered) == 1
    assert all(isinstance(outcome, pb.Contact | Conflict) for outcome in outcomes)
    assert bodies(database, OURS) == ["Ann"]


def test_a_failed_write_leaves_its_key_free(stub: Any, notes: Notes, database: Database) -> None:
    add_note = notes.create

    def fail(work: Work, request: Any) -> pb.Contact:
        raise Conflict("not now")

    notes.create = fail
    with pytest.raises(Conflict):
        create(stub, "Ann", key="one")
    notes.create = add_note
    assert create(stub, "Ann", key="one").id
    assert bodies(database, OURS) == ["Ann"]


def test_a_key_that_is_too_long_is_refused(stub: Any, database: Database) -> None:
    with pytest.raises(InvalidArgument) as refused:
        create(stub, "Ann", key="x" * 201)
    assert refused.value.reason == "INVALID_IDEMPOTENCY_KEY"
    assert bodies(database, OURS) == []


def test_a_graceful_stop_finishes_what_runs_and_refuses_what_comes(
    server: tuple[Server, str], stub: Any, notes: Notes, database: Database
) -> None:
    entered = threading.Event()

    def slow(work: Work, request: Any) -> pb.Contact:
        entered.set()
        time.sleep(1)
        return notes.add_note(work, request)

    notes.create = slow
    answers: list[pb.Contact] = []
    running = threading.Thread(target=lambda: answers.append(create(stub, "Ann")))
    running.start()
    assert entered.wait(5)
    stopping = threading.Thread(target=server[0].stop)
    stopping.start()
    time.sleep(0.2)
    with channel(server[1]) as late, pytest.raises(FuniaError):
        create(contact_pb2_grpc.ContactServiceStub(late), "late")
    running.join()
    stopping.join(5)
    assert not stopping.is_alive()
    assert len(answers) == 1
    assert bodies(database, OURS) == ["Ann"]
