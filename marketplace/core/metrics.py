"""`/metrics`: what Prometheus reads. Each room registers a collector; nothing is asked before it is scraped."""

import secrets
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db.models import ExpressionWrapper, F
from django.db.models.fields import DurationField
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from marketplace.core import outbox, problems
from marketplace.core.errors import AtelierError, PermissionRefused
from marketplace.core.models import Heartbeat

registry = CollectorRegistry(auto_describe=False)
_requests = Histogram(
    "atelier_request_seconds", "Requests to this web process.", ["route", "method", "status"], registry=registry,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
LOOPBACK = {"127.0.0.1", "::1"}


class MetricsTokenNeeded(AtelierError):
    """Send the operator's METRICS_TOKEN as a bearer token."""

    code, title, status = "metrics-token-needed", "The metrics are not public", 401


class HouseFigures:
    """The outbox and the processes that beat."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        told = outbox.standing()
        yield GaugeMetricFamily("atelier_outbox_rows", "Events that are not told yet.", value=told.rows)
        yield GaugeMetricFamily("atelier_outbox_late_seconds", "How long the oldest is overdue.", value=told.late)
        yield GaugeMetricFamily("atelier_outbox_failing", "Events whose handlers failed.", value=told.failing)
        silence = GaugeMetricFamily("atelier_process_silence_seconds", "Since a process's last beat.", labels=["name"])
        age = ExpressionWrapper(Now() - F("beat_at"), output_field=DurationField())
        for name, silent in Heartbeat.objects.annotate(age=age).values_list("name", "age"):
            silence.add_metric([name], silent.total_seconds())
        yield silence


registry.register(HouseFigures())


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The metrics in Prometheus' text format, for who holds METRICS_TOKEN; without one, for this machine and staff."""
    try:
        _require_leave(request)
    except AtelierError as error:
        headers = {"WWW-Authenticate": 'Bearer realm="metrics"'} if error.status == 401 else {}
        document = problems.describe(error, request.path)
        return JsonResponse(document, status=error.status, headers=headers, content_type=problems.MEDIA_TYPE)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _require_leave(request: HttpRequest) -> None:
    if getattr(request.user, "is_staff", False):
        return
    token = settings.ATELIER.metrics_token.get_secret_value()
    if not token:
        # Behind a proxy everybody seems to come from this machine: then nobody has leave without a token.
        if request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers:
            return
        raise PermissionRefused(
            gettext("The metrics are for staff and for this machine; set METRICS_TOKEN to read them.")
        )
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(given.strip(), token):
        raise MetricsTokenNeeded()


class RequestTimes:
    """Django middleware: times each request by the name of its route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match else "unknown"
        labels = (route, request.method or "", str(response.status_code))
        _requests.labels(*labels).observe(time.perf_counter() - started)
        return response
