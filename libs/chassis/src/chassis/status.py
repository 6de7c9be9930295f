"""The border between Funia's errors and statuses: of gRPC in both directions, of HTTP outwards.

The kind travels as the status code and, since HTTP has more kinds than gRPC codes, in ErrorInfo's metadata.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2

from chassis.errors import BY_KIND, FuniaError, Internal, Kind, Violation

DOMAIN = "funia"
DETAILS_KEY = "grpc-status-details-bin"
_KIND_KEY = "kind"

_CODES: dict[Kind, grpc.StatusCode] = {
    Kind.INVALID_ARGUMENT: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    Kind.PERMISSION_DENIED: grpc.StatusCode.PERMISSION_DENIED,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.CONFLICT: grpc.StatusCode.ABORTED,
    Kind.UNPROCESSABLE: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.FAILED_PRECONDITION: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.TOO_LARGE: grpc.StatusCode.OUT_OF_RANGE,
    Kind.RESOURCE_EXHAUSTED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    Kind.DEADLINE_EXCEEDED: grpc.StatusCode.DEADLINE_EXCEEDED,
    Kind.INTERNAL: grpc.StatusCode.INTERNAL,
}
HTTP_STATUS: dict[Kind, HTTPStatus] = {
    Kind.INVALID_ARGUMENT: HTTPStatus.BAD_REQUEST,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.PERMISSION_DENIED: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.UNPROCESSABLE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.FAILED_PRECONDITION: HTTPStatus.CONFLICT,
    Kind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Kind.RESOURCE_EXHAUSTED: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Kind.DEADLINE_EXCEEDED: HTTPStatus.GATEWAY_TIMEOUT,
    Kind.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The one place where a kind becomes an HTTP status; services need it where they answer for single items."""
_KIND_OF_CODE: dict[grpc.StatusCode, Kind] = {
    **{code: kind for kind, code in reversed(_CODES.items())},
    grpc.StatusCode.ALREADY_EXISTS: Kind.CONFLICT,
    grpc.StatusCode.CANCELLED: Kind.UNAVAILABLE,
}


def to_status(error: FuniaError, *, request_id: str = "") -> tuple[grpc.StatusCode, str, tuple[tuple[str, bytes], ...]]:
    """Code, message and trailing metadata that carry the error over gRPC."""
    code = _CODES[error.kind]
    status = status_pb2.Status(code=code_pb2.Code.Value(code.name), message=error.message)
    _pack(
        status,
        error_details_pb2.ErrorInfo(
            reason=error.reason, domain=DOMAIN, metadata={**error.metadata, _KIND_KEY: error.kind.value}
        ),
    )
    if error.violations:
        _pack(
            status,
            error_details_pb2.BadRequest(
                field_violations=[
                    error_details_pb2.BadRequest.FieldViolation(
                        field=violation.field, description=violation.message, reason=violation.reason
                    )
                    for violation in error.violations
                ]
            ),
        )
    if request_id:
        _pack(status, error_details_pb2.RequestInfo(request_id=request_id))
    for detail in error.details:
        _pack(status, detail)
    return code, error.message, ((DETAILS_KEY, status.SerializeToString()),)


def from_rpc_error(error: grpc.RpcError) -> FuniaError:
    """The error as it was raised on the other side; unpacked details stay packed in `raw_details`."""
    call: Any = error
    for key, value in call.trailing_metadata() or ():
        if key == DETAILS_KEY:
            return _from_details(status_pb2.Status.FromString(value))
    kind = _KIND_OF_CODE.get(call.code(), Kind.INTERNAL)
    if kind is Kind.UNAVAILABLE:
        return BY_KIND[kind]("A part of the service is away for the moment. Try again.", reason="UNAVAILABLE")
    if kind is Kind.DEADLINE_EXCEEDED:
        return BY_KIND[kind]("The request took too long. Try again, or ask for less.", reason="DEADLINE_EXCEEDED")
    if kind is Kind.INTERNAL:
        return Internal("Something went wrong on our side. Tell us the request id.")
    return BY_KIND[kind](call.details() or kind.value)


def _from_details(status: status_pb2.Status) -> FuniaError:
    info = error_details_pb2.ErrorInfo()
    bad_request = error_details_pb2.BadRequest()
    rest: list[any_pb2.Any] = []
    for detail in status.details:
        if detail.TypeName() == "google.rpc.ErrorInfo":
            detail.Unpack(info)
        elif detail.TypeName() == "google.rpc.BadRequest":
            detail.Unpack(bad_request)
        elif detail.TypeName() != "google.rpc.RequestInfo":
            rest.append(detail)
    metadata = dict(info.metadata)
    kind = Kind(metadata.pop(_KIND_KEY, Kind.INTERNAL.value))
    return BY_KIND[kind](
        status.message,
        reason=info.reason,
        violations=[Violation(v.field, v.description, v.reason) for v in bad_request.field_violations],
        metadata=metadata,
        details=rest,
    )


def _pack(status: status_pb2.Status, message: Any) -> None:
    if isinstance(message, any_pb2.Any):
        status.details.append(message)
    else:
        status.details.add().Pack(message)
