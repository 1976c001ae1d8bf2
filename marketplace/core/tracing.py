"""Traces by OpenTelemetry: one from the request to the engine, where OTLP_ENDPOINT names a collector.

A job's row carries the W3C trace context of the request that asked for it, so that its worker, another day on another
host, goes on with the same trace. Without a collector nothing is set up, and a span costs a comparison.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_carrier = TraceContextTextMapPropagator()
_provider: TracerProvider | None = None
_tracer: Tracer | None = None


def configure(service: str) -> None:
    """Send this process's spans to the collector, under the name of its service; called once as it starts."""
    global _provider, _tracer  # a process has one tracer, or none
    endpoint = settings.ATELIER.otlp_endpoint.rstrip("/")
    if not endpoint or _tracer is not None:
        return
    _provider = TracerProvider(resource=Resource.create({"service.name": f"atelier-{service}"}))
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces")))
    _tracer = _provider.get_tracer("atelier")


def flush() -> None:
    """Send what waits to be sent."""
    if _provider is not None:
        _provider.force_flush()


def current_traceparent() -> str:
    """The W3C trace context of what is being done, or nothing."""
    if _tracer is None:
        return ""
    carried: dict[str, str] = {}
    _carrier.inject(carried)
    return carried.get("traceparent", "")


@contextmanager
def span(name: str, *, parent: str = "", **attributes: str | int | float) -> Iterator[None]:
    """A span around a piece of work, below the present one, or below the trace context `parent`."""
    if _tracer is None:
        yield
        return
    with _tracer.start_as_current_span(name, context=_context(parent), attributes=attributes):
        yield


def record(name: str, *, seconds: float, parent: str = "", **attributes: str | int | float) -> None:
    """A span of what has just ended elsewhere, after so many seconds."""
    if _tracer is None:
        return
    now = time.time_ns()
    started = now - int(seconds * 1e9)
    _tracer.start_span(name, context=_context(parent), attributes=attributes, start_time=started).end(now)


def _context(parent: str) -> Context | None:
    return _carrier.extract({"traceparent": parent}) if parent else None
