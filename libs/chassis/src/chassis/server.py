"""The gRPC server of a service: verifies the caller, opens the work, runs one servicer method, maps its errors.

What every method needs is done here, once, so a servicer holds only decode, use case and encode.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, NoReturn, cast
from uuid import UUID

import grpc
from funia.type.v1 import options_pb2
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from chassis import approvals, field_rights, glass, idempotency, rules, tracing
from chassis.caller import Caller
from chassis.client import PROOF, TAKES
from chassis.errors import FuniaError, Internal, InvalidArgument, PermissionDenied, Unauthenticated, Violation
from chassis.ids import uuid7
from chassis.settings import Settings
from chassis.status import to_status
from chassis.telemetry import RPC_SECONDS
from chassis.tokens import TokenVerifier
from chassis.work import Database

log = logging.getLogger(__name__)

REQUEST_ID = "x-request-id"
IDEMPOTENCY_KEY = "idempotency-key"
TRACEPARENT = "traceparent"
STANDARD_CLASS = "standard"


@dataclass(frozen=True, slots=True)
class Call:
    """What a method with `own_work` gets instead of a Work: it opens its own, outside of which it may wait."""

    caller: Caller
    database: Database
    context: grpc.ServicerContext
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Served:
    """A service descriptor and the object whose methods carry its RPCs out."""

    descriptor: ServiceDescriptor
    servicer: object


@dataclass(frozen=True, slots=True)
class RpcRow:
    """One row of the RPC table: a method, its access rule, and its place in HTTP if it has one."""

    method: str
    rule: options_pb2.Rpc
    descriptor: MethodDescriptor


def rpc_table(services: Iterable[ServiceDescriptor]) -> list[RpcRow]:
    """Every method with its access rule. Raises LookupError where a method says neither scope nor public."""
    table = []
    for service in services:
        for method in service.methods:
            rule = method.GetOptions().Extensions[options_pb2.rpc]
            if not rule.scope and not rule.public:
                raise LookupError(f"{method.full_name} names no scope; write (funia.type.v1.rpc) beside it")
            table.append(RpcRow(f"/{service.full_name}/{method.name}", rule, method))
    return table


class Server:
    """A synchronous gRPC server over one database."""

    def __init__(
        self, settings: Settings, database: Database, verifier: TokenVerifier, served: Sequence[Served]
    ) -> None:
        self._settings = settings
        self._frame = _Frame(database, verifier, settings.tenant_classes)
        self._server = grpc.server(
            ThreadPoolExecutor(settings.server_threads, thread_name_prefix="rpc"),
            options=(
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", settings.server_max_message_bytes),
                ("grpc.max_send_message_length", settings.server_max_message_bytes),
                ("grpc.max_connection_age_ms", settings.server_max_connection_age_s * 1000),
                ("grpc.max_connection_age_grace_ms", int(settings.server_grace_s * 1000)),
                ("grpc.keepalive_time_ms", 30_000),
                ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
                ("grpc.keepalive_permit_without_calls", 1),
            ),
        )
        self._health = health.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        rows = {row.method: row for row in rpc_table(entry.descriptor for entry in served)}
        for entry in served:
            handlers = {
                method.name: self._frame.handler(
                    rows[f"/{entry.descriptor.full_name}/{method.name}"], getattr(entry.servicer, method.name)
                )
                for method in entry.descriptor.methods
            }
            self._server.add_generic_rpc_handlers(
                (grpc.method_handlers_generic_handler(entry.descriptor.full_name, handlers),)
            )

    def start(self) -> int:
        """Listens and serves; returns the port (0 for a unix socket)."""
        port = self._server.add_insecure_port(self._settings.listen)
        self._server.start()
        self._health.set("", health_pb2.HealthCheckResponse.SERVING)
        return port

    def stop(self) -> None:
        """Refuses new calls, lets running ones finish within the grace, then returns."""
        self._health.enter_graceful_shutdown()
        self._server.stop(self._settings.server_grace_s).wait()


class _Frame:
    """Builds the gRPC handler around each servicer method."""

    def __init__(self, database: Database, verifier: TokenVerifier, tenant_classes: Mapping[str, str]) -> None:
        self._database = database
        self._verifier = verifier
        self._classes = {UUID(tenant_id): name for tenant_id, name in tenant_classes.items()}

    def handler(self, row: RpcRow, method: Callable[..., Any]) -> grpc.RpcMethodHandler[Any, Any]:
        """The handler of one method, by its shape."""
        request_class = message_factory.GetMessageClass(row.descriptor.input_type)
        serialize = _serialize
        if row.descriptor.client_streaming and row.descriptor.server_streaming:
            raise LookupError(f"{row.method}: streams in both directions are not served")
        if row.descriptor.server_streaming:
            return grpc.unary_stream_rpc_method_handler(
                self._streaming(row, method), request_class.FromString, serialize
            )
        if row.descriptor.client_streaming:
            return grpc.stream_unary_rpc_method_handler(
                self._collecting(row, method), request_class.FromString, serialize
            )
        wrapped = self._own_work(row, method) if row.rule.own_work else self._in_work(row, method)
        if row.rule.read_only and row.rule.may_wait:
            raise LookupError(f"{row.method}: what changes nothing waits for no approval")
        return grpc.unary_unary_rpc_method_handler(wrapped, request_class.FromString, serialize)

    def _in_work(self, row: RpcRow, method: Callable[..., Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
        check = checker(row)
        response_class = message_factory.GetMessageClass(row.descriptor.output_type)
        read_only = row.rule.read_only
        open_work = self._database.open_work

        def run(request: Message, call: _Incoming) -> Message | bytes:
            refuse(check(request))
            with open_work(call.caller, read_only=read_only) as work:
                work.takes_json = call.takes_json and read_only and not call.caller.fields
                if read_only or not call.idempotency_key:
                    answer: Message | bytes = method(work, request)
                    return answer
                earlier = idempotency.earlier_answer(work, call.idempotency_key, row.method, request)
                if earlier is not None:
                    return response_class.FromString(earlier)
                asked = type(request).FromString(request.SerializeToString())
                fresh: Message = method(work, request)
                idempotency.keep_answer(work, call.idempotency_key, row.method, asked, fresh)
                return fresh

        return self._guarded(row, self._waiting(row, run) if row.rule.may_wait else run)

    def _own_work(self, row: RpcRow, method: Callable[..., Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
        check = checker(row)

        def run(request: Message, call: _Incoming) -> Message:
            refuse(check(request))
            answer: Message = method(Call(call.caller, self._database, call.context, call.idempotency_key), request)
            return answer

        return self._guarded(row, self._waiting(row, run) if row.rule.may_wait else run)

    def _waiting(
        self, row: RpcRow, run: Callable[[Any, _Incoming], Message | bytes]
    ) -> Callable[[Any, _Incoming], Message | bytes]:
        """The call, and where a policy asks for an approval its request kept, as it came."""

        def kept(request: Any, call: _Incoming) -> Message | bytes:
            asked = type(request).FromString(request.SerializeToString())
            try:
                return run(request, call)
            except approvals.NeedsApproval as needed:
                key = call.idempotency_key
                raise approvals.submit(self._database, call.caller, row.method, asked, needed, key) from needed

        return kept

    def _collecting(self, row: RpcRow, method: Callable[..., Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
        check = checker(row)

        def checked(requests: Iterator[Message]) -> Iterator[Message]:
            for request in requests:
                refuse(check(request))
                yield request

        def run(requests: Iterator[Message], call: _Incoming) -> Message:
            answer: Message = method(
                Call(call.caller, self._database, call.context, call.idempotency_key), checked(requests)
            )
            return answer

        return self._guarded(row, run)

    def _guarded(
        self, row: RpcRow, run: Callable[[Any, _Incoming], Message | bytes]
    ) -> Callable[[Any, grpc.ServicerContext], Any]:
        observe = self._observer(row.method)

        def handle(request: Any, context: grpc.ServicerContext) -> Any:
            started = time.perf_counter()
            caller: Caller | None = None
            try:
                call = self._incoming(row, context)
                caller = call.caller
                self._tell(row, caller, request)
                if caller.fields and isinstance(request, Message):
                    field_rights.refuse_forbidden(request, caller.fields, read_only=row.rule.read_only)
                answer = run(request, call) if tracing.active is None else _traced(row, call, run, request)
                if caller.fields:
                    field_rights.hide(answer, caller.fields)
            except Exception as error:  # noqa: BLE001 - every failure must reach the caller as a status
                self._abort(context, row, error, caller, started)
            observe(caller.tenant_id, time.perf_counter() - started)
            return answer

        return handle

    def _streaming(self, row: RpcRow, method: Callable[..., Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
        check = checker(row)
        observe = self._observer(row.method)

        def handle(request: Message, context: grpc.ServicerContext) -> Iterator[Message]:
            started = time.perf_counter()
            caller: Caller | None = None
            try:
                call = self._incoming(row, context)
                caller = call.caller
                self._tell(row, caller, request)
                refuse(check(request))
                answers = method(Call(call.caller, self._database, context), request)
                yield from _hidden(answers, call.caller) if call.caller.fields else answers
            except Exception as error:  # noqa: BLE001 - every failure must reach the caller as a status
                self._abort(context, row, error, caller, started)
            observe(caller.tenant_id, time.perf_counter() - started)

        return handle

    def _tell(self, row: RpcRow, caller: Caller, request: Any) -> None:
        # What a service asks another one for the caller was told of where he asked.
        shows_others = row.rule.visibility or row.rule.opens_records
        if caller.glass is not None and shows_others and not row.rule.internal:
            glass.tell(self._database, caller, row.method, request)

    def _observer(self, method: str) -> Callable[[UUID, float], None]:
        """Where the seconds of a call that went well are noted, by the tenant's class."""
        standard = RPC_SECONDS.labels(method, "OK", STANDARD_CLASS).observe
        named = {tenant_id: RPC_SECONDS.labels(method, "OK", name).observe for tenant_id, name in self._classes.items()}
        return lambda tenant_id, seconds: named.get(tenant_id, standard)(seconds)

    def _abort(
        self, context: grpc.ServicerContext, row: RpcRow, error: Exception, caller: Caller | None, started: float
    ) -> NoReturn:
        request_id = caller.request_id if caller else ""
        tenant_class = self._classes.get(caller.tenant_id, STANDARD_CLASS) if caller else STANDARD_CLASS
        if not isinstance(error, FuniaError):
            log.error("%s failed", row.method, exc_info=error, extra={"method": row.method, "request_id": request_id})
            error = Internal("Something went wrong on our side. Tell us the request id.", reason="INTERNAL")
        if caller is not None and caller.fields:
            error.details = tuple(field_rights.hidden_details(error.details, caller.fields))
        code, message, trailing = to_status(error, request_id=request_id)
        RPC_SECONDS.labels(row.method, code.name, tenant_class).observe(time.perf_counter() - started)
        context.set_trailing_metadata(trailing)
        context.abort(code, message)

    def _incoming(self, row: RpcRow, context: grpc.ServicerContext) -> _Incoming:
        credential = proof = request_id = key = traceparent = ""
        takes_json = False
        for name, raw in context.invocation_metadata():
            value = cast(str, raw)
            if name == "authorization":
                credential = value
            elif name == PROOF:
                proof = value
            elif name == REQUEST_ID:
                request_id = value
            elif name == IDEMPOTENCY_KEY:
                key = value
            elif name == TRACEPARENT:
                traceparent = value
            elif name == TAKES[0]:
                takes_json = value == TAKES[1]
        if credential.startswith("Bearer "):
            known = self._verifier.verify(credential[7:])
        elif credential.startswith("DPoP ") and proof:
            known = self._verifier.verify(credential[5:], proof)
        else:
            raise Unauthenticated("This call needs an access token: Authorization: Bearer <token>.", reason="NO_TOKEN")
        if row.rule.scope not in known.scopes:
            raise PermissionDenied(
                f'This call needs the scope "{row.rule.scope}". Ask an administrator of your company for it.',
                reason="MISSING_SCOPE",
                metadata={"scope": row.rule.scope},
            )
        remaining = context.time_remaining()
        caller = replace(
            known,
            request_id=request_id or str(uuid7()),
            traceparent=traceparent,
            deadline=None if remaining is None else time.monotonic() + remaining,
        )
        return _Incoming(caller, context, key, takes_json)


@dataclass(frozen=True, slots=True)
class _Incoming:
    caller: Caller
    context: grpc.ServicerContext
    idempotency_key: str
    takes_json: bool


def _traced(row: RpcRow, call: _Incoming, run: Callable[[Any, _Incoming], Any], request: Any) -> Any:
    """The call inside a span of its own, which the transaction and the events it records belong to."""
    attributes = {"rpc.method": row.method, "funia.tenant_id": str(call.caller.tenant_id)}
    with tracing.spans(row.method[1:], "server", [(call.caller.traceparent, attributes)]) as traceparent:
        if traceparent:
            call = replace(call, caller=replace(call.caller, traceparent=traceparent))
        return run(request, call)


def checker(row: RpcRow) -> Callable[[Message], list[Violation]]:
    """Lists what breaks a rule; in requests that write, values only the server sets are dropped first."""
    rules.checker(row.descriptor.input_type)
    if row.rule.read_only:
        return rules.violations

    def clear_and_check(request: Message) -> list[Violation]:
        rules.clear_output_only(request)
        return rules.violations(request)

    return clear_and_check


def refuse(violations: Sequence[Violation]) -> None:
    """Raises InvalidArgument where there are any."""
    if violations:
        first = violations[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason="INVALID_FIELD", violations=violations)


def _hidden(answers: Iterator[Message], caller: Caller) -> Iterator[Message]:
    for answer in answers:
        field_rights.hide(answer, caller.fields)
        yield answer


def _serialize(answer: Message | bytes) -> bytes:
    return answer if isinstance(answer, bytes) else answer.SerializeToString()
