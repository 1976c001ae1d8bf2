"""One trace and one request id from the request to the engine."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.conf import LazySettings
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from rest_framework.test import APIClient
from structlog.testing import capture_logs

from generation.models import Job
from generation.worker.running import run_next_batch
from marketplace.core import tracing

pytestmark = pytest.mark.django_db(transaction=True)


class Collector(BaseHTTPRequestHandler):
    """A collector of traces that remembers what it was sent."""

    received: list[ExportTraceServiceRequest]

    def do_POST(self) -> None:
        told = ExportTraceServiceRequest()
        told.ParseFromString(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).received.append(told)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Collector]]:
    Collector.received = []
    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.serve_forever)
    thread.start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    settings.ATELIER = settings.ATELIER.model_copy(update={"otlp_endpoint": endpoint})
    monkeypatch.setattr(tracing, "_tracer", None)
    monkeypatch.setattr(tracing, "_provider", None)
    tracing.configure("test")
    assert tracing._provider is not None
    yield Collector
    tracing._provider.shutdown()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_job_goes_on_with_the_trace_of_its_request(api: APIClient, collector: type[Collector]) -> None:
    given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = api.post("/api/v1/jobs/", {"engine": "toy"}, format="json", headers={"traceparent": given})
    assert answer.status_code == 201
    run_next_batch("cpu")
    tracing.flush()

    spans = {
        span.name: span
        for told in collector.received
        for resource in told.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }
    assert {"POST /api/v1/jobs/", "job.submit", "job.run", "engine.run", "job.store"} <= set(spans)
    assert {span.trace_id.hex() for span in spans.values()} == {"0af7651916cd43dd8448eb211c80319c"}
    assert spans["job.submit"].parent_span_id == spans["POST /api/v1/jobs/"].span_id
    assert spans["job.run"].parent_span_id == spans["job.submit"].span_id
    assert spans["engine.run"].end_time_unix_nano > spans["engine.run"].start_time_unix_nano
    service = collector.received[0].resource_spans[0].resource.attributes
    assert {"atelier-test"} <= {entry.value.string_value for entry in service if entry.key == "service.name"}


def test_without_a_collector_there_is_no_trace(api: APIClient) -> None:
    tracing.configure("web")
    with tracing.span("nothing"):
        assert tracing.current_traceparent() == ""
    api.post("/api/v1/jobs/", {"engine": "toy"}, format="json")
    assert Job.objects.get().traceparent == ""


def test_a_requests_id_is_in_every_line_of_its_job(api: APIClient) -> None:
    headers = {"X-Request-ID": "from-the-browser"}
    job = api.post("/api/v1/jobs/", {"engine": "toy"}, format="json", headers=headers).json()["id"]
    assert Job.objects.get().request_id == "from-the-browser"

    with capture_logs() as lines:
        run_next_batch("cpu")

    of_the_job = [line for line in lines if line.get("job") == job]
    assert {"job.started", "job.succeeded"} <= {line["event"] for line in of_the_job}
    assert {line["request_id"] for line in of_the_job} == {"from-the-browser"}
