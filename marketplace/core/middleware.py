"""Gives every request an id that its logs and its answer carry, and every page its content security policy."""

import re
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from marketplace.core import tracing
from marketplace.core.audit import acting_for

Next = Callable[[HttpRequest], HttpResponseBase]
FRAMED = "may_be_framed"  # set on the one kind of answer that other sites may show within their pages
_SAFE_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")


class RequestContextMiddleware:
    """Binds `request_id` (the caller's X-Request-ID where it is well-formed) to the logs and returns it; traces."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _SAFE_ID.match(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        traced = {"parent": request.headers.get("traceparent", ""), "path": request.path}
        span = tracing.span(f"{request.method} {request.path}", **traced)
        with span, acting_for(request, request.request_id):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


class ContentSecurityPolicyMiddleware:
    """Pages may load from this house, its object store and the payment form, and from nowhere else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        atelier = settings.ATELIER
        stores = " ".join(
            sorted({_origin(u) for u in (atelier.s3_browser_url, atelier.s3_endpoint_url, atelier.s3_public_url) if u})
        )
        stripe = _origin(atelier.stripe_js_url)
        frames = stripe if atelier.stripe_api_base else f"{stripe} https://*.js.stripe.com https://hooks.stripe.com"
        calls = stripe if atelier.stripe_api_base else "https://api.stripe.com"
        # Forms that open a payee's account lead on to the provider's own pages.
        leads_to = _origin(atelier.stripe_api_base) if atelier.stripe_api_base else "https://connect.stripe.com"
        self.pages = "; ".join(
            (
                "default-src 'self'",
                f"img-src 'self' data: blob: {stores}",
                f"connect-src 'self' {stores} {calls}",
                f"script-src 'self' {stripe}",
                "style-src 'self' 'unsafe-inline'",
                f"frame-src {frames}",
                "frame-ancestors 'none'",
                "base-uri 'self'",
                f"form-action 'self' {leads_to}",
                "object-src 'none'",
            )
        )
        # Unfold and the API's documentation run inline scripts of their own; both are for signed-in staff and readers.
        self.tools = self.pages.replace("script-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval'")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = self.tools if request.path.startswith(("/admin/", "/api/v1/docs/")) else self.pages
        if getattr(response, FRAMED, False):
            policy = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
