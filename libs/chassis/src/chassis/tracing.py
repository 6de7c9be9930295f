"""Traces of requests across processes, sent over OTLP where FUNIA_OTLP_ENDPOINT is set; otherwise nothing is loaded.

The W3C traceparent travels in the caller, in the event's envelope and in the message's header, never in a context
variable. A process adds two spans to a request at most: the call, and its transaction. Spans carry ids, never
personal data.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chassis.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

Kind = Literal["server", "client", "producer", "consumer"]
Attributes = Mapping[str, str | int]

_SAMPLED = "01"
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})", re.ASCII)

active: Tracing | None = None
"""None where nothing is traced, which is all that an untraced process ever looks at."""


@dataclass(frozen=True, slots=True)
class Traced:
    """An open span, and the traceparent under which what it causes is to be traced."""

    span: Span
    traceparent: str

    def end(self, error: str = "") -> None:
        """Closes the span; `error` is a status or the name of an exception, no message."""
        if error:
            from opentelemetry.trace import StatusCode

            self.span.set_status(StatusCode.ERROR, error)
        self.span.end()


class Tracing:
    """The spans of one process."""

    def __init__(self, provider: TracerProvider, *, sample_ratio: float) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("funia")
        self._sample_ratio = sample_ratio

    def begin_root(self, name: str, traceparent: str, attributes: Attributes) -> Traced | None:
        """A span at the public door. We choose what is sampled: the caller's own mark could be set on every request."""
        if random.random() >= self._sample_ratio:  # noqa: S311 - a sample, not a secret
            return None
        return self._start(name, "server", traceparent, attributes)

    def begin(self, name: str, kind: Kind, traceparent: str, attributes: Attributes) -> Traced | None:
        """A span inside; None where the trace it would belong to is not sampled."""
        if not traceparent.endswith(_SAMPLED):
            return None
        return self._start(name, kind, traceparent, attributes)

    @contextmanager
    def all_of(self, name: str, kind: Kind, of: Sequence[tuple[str, Attributes]]) -> Iterator[str]:
        """A span for each sampled traceparent of a batch; gives the traceparent of the first, or ""."""
        begun = [traced for parent, attributes in of if (traced := self.begin(name, kind, parent, attributes))]
        error = ""
        try:
            yield begun[0].traceparent if begun else ""
        except BaseException as failure:
            error = type(failure).__name__
            raise
        finally:
            for traced in begun:
                traced.end(error)

    def close(self) -> None:
        """Sends what is left."""
        self._provider.shutdown()

    def _start(self, name: str, kind: Kind, traceparent: str, attributes: Attributes) -> Traced:
        from opentelemetry import trace

        span = self._tracer.start_span(
            name,
            context=_context(traceparent),
            kind=trace.SpanKind[kind.upper()],
            attributes=dict(attributes),
        )
        own = span.get_span_context()
        return Traced(span, f"00-{trace.format_trace_id(own.trace_id)}-{trace.format_span_id(own.span_id)}-{_SAMPLED}")


def configure(service: str, settings: Settings) -> None:
    """Turns tracing on for this process where the settings say so. Call it after a fork, never before."""
    global active
    if not settings.otlp_endpoint:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource({"service.name": service}), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(f"{settings.otlp_endpoint.rstrip('/')}/v1/traces", timeout=settings.otlp_timeout_s)
    provider.add_span_processor(
        BatchSpanProcessor(
            exporter,
            max_queue_size=settings.otlp_queue_spans,
            schedule_delay_millis=settings.otlp_delay_ms,
        )
    )
    active = Tracing(provider, sample_ratio=settings.trace_sample_ratio)


def close() -> None:
    """Sends what is left and turns tracing off."""
    global active
    if active is not None:
        active.close()
        active = None


@contextmanager
def spans(name: str, kind: Kind, of: Sequence[tuple[str, Attributes]]) -> Iterator[str]:
    """`Tracing.all_of` where tracing is on; otherwise nothing, and the traceparent ""."""
    if active is None:
        yield ""
        return
    with active.all_of(name, kind, of) as traceparent:
        yield traceparent


def _context(traceparent: str) -> Context:
    from opentelemetry import trace
    from opentelemetry.context import Context

    found = _TRACEPARENT.fullmatch(traceparent)
    if found is None:
        return Context()
    parent = trace.SpanContext(
        int(found[1], 16), int(found[2], 16), is_remote=True, trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED)
    )
    return trace.set_span_in_context(trace.NonRecordingSpan(parent), Context())
