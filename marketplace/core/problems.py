"""Problem details (RFC 9457): the one shape in which every error leaves the API."""

from collections.abc import Iterator
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from marketplace.core.errors import AtelierError, InvalidInput, NotFound, PermissionRefused
from marketplace.core.languages import translated

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"


def to_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: domain errors and DRF's own become problem details; others stay unhandled (500)."""
    headers: dict[str, str] = {}
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = PermissionRefused()
    if isinstance(error, AtelierError):
        problem = describe(error, context["request"].path)
        if error.transient or "retry_after" in error.data:
            headers["Retry-After"] = str(error.data.get("retry_after", 2))
    elif isinstance(error, exceptions.APIException):
        problem = _from_drf(error, context["request"].path)
        if (wait := getattr(error, "wait", None)) is not None:
            headers["Retry-After"] = str(int(wait) + 1)
        if challenge := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
    else:
        return None
    set_rollback()
    return Response(problem, status=problem["status"], headers=headers, content_type=MEDIA_TYPE)


def describe(error: AtelierError, instance: str) -> dict[str, Any]:
    """The problem document of a domain error."""
    detail = translated(error.detail)
    return _document(error.code, gettext(error.title), error.status, detail, instance) | _told(error.data)


def _told(data: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with each field, where an engine said it."""
    if not isinstance(errors := data.get("errors"), dict):
        return data
    told = {field: [translated(one) if type(one) is str else one for one in why] for field, why in errors.items()}
    return data | {"errors": told}


def _document(code: str, title: str, status: int, detail: str, instance: str) -> dict[str, Any]:
    return {
        "type": f"/problems/{code}/", "title": title, "status": status,
        "detail": detail, "instance": instance, "code": code,
    }  # fmt: skip


def _from_drf(error: exceptions.APIException, instance: str) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return describe(InvalidInput(gettext("Some fields are missing or not valid."), errors=fields), instance)
    code = str(error.default_code).replace("_", "-")
    return _document(code, str(error.default_detail), error.status_code, str(error.detail), instance)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The 404 of paths that no view serves: a problem for the API, a page for people."""
    if request.path.startswith("/api/"):
        return _json(describe(NotFound(gettext("There is nothing at this address.")), request.path))
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The 400 of what is not even looked at: a problem for the API, a page for people."""
    if request.path.startswith("/api/"):
        title = gettext("The request cannot be read")
        return _json(_document("bad-request", title, 400, gettext("Nothing was done."), request.path))
    return render(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """The 500: never says more than its own request id."""
    document = _document(
        "internal-error", gettext("Something broke on our side"), 500, gettext("It has been logged."), request.path
    )
    if request.path.startswith("/api/"):
        return _json(document | {"request_id": getattr(request, "request_id", "")})
    return render(request, "500.html", status=500)


def _json(document: dict[str, Any]) -> JsonResponse:
    return JsonResponse(document, status=document["status"], content_type=MEDIA_TYPE)


@require_safe
def catalogue(request: HttpRequest, code: str = "") -> HttpResponse:
    """What `type` in a problem points to: every kind of problem with its meaning."""
    kinds = [
        {"code": kind.code, "title": gettext(kind.title), "status": kind.status, "meaning": meaning_of(kind)}
        for kind in sorted(_all_kinds(AtelierError), key=lambda kind: kind.code)
    ]
    return render(request, "problems.html", {"kinds": kinds, "code": code})


def meaning_of(kind: type[AtelierError]) -> str:
    """What a kind of error means, in the reader's language."""
    return translated(" ".join((kind.__doc__ or "").split()))


def _all_kinds(kind: type[AtelierError]) -> Iterator[type[AtelierError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _all_kinds(child)
