"""A job's progress as server-sent events: the browser's EventSource, or `curl -N`, may watch it being made.

A plain asynchronous view, because Django REST framework has none; it signs people in by the same two ways.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from generation import selectors
from generation.selectors import JobSnapshot
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core import notify, problems
from marketplace.core.errors import AtelierError, PermissionRefused
from marketplace.core.languages import translated

KEEP_ALIVE_SECONDS = 15.0
RETRY_MILLISECONDS = 2000


class NotSignedIn(AtelierError):
    """Sign in, or send a token with the scope `read`."""

    code, title, status = "not-authenticated", "You are not signed in", 401


@require_GET
async def job_events(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """Stream `event: progress` at once and at each change, until the job has ended.

    A client that comes back with the `Last-Event-ID` of the last state of all gets 204, which ends an EventSource.
    """
    try:
        snapshot = await sync_to_async(_look_as)(request, job_id)
    except AtelierError as error:
        document = problems.describe(error, request.path)
        headers = {"WWW-Authenticate": 'Bearer realm="atelier"'} if error.status == 401 else {}
        return JsonResponse(document, status=error.status, headers=headers, content_type=problems.MEDIA_TYPE)
    seen = request.headers.get("Last-Event-ID", "")
    if snapshot.is_final and seen == _event_id(snapshot):
        return HttpResponse(status=204)
    return StreamingHttpResponse(
        _stream(job_id, seen, translation.get_language()),
        content_type="text/event-stream",
        # Proxies that collect an answer before they pass it on would spoil it.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(job_id: UUID, seen: str, language: str | None) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    async with aclosing(notify.changes("job", str(job_id), every=KEEP_ALIVE_SECONDS)) as changes:  # type: ignore[type-var]
        async for _ in changes:
            snapshot = await sync_to_async(_look)(job_id)
            event_id = _event_id(snapshot)
            if event_id == seen:
                yield ": still here\n\n"
                continue
            seen = event_id
            yield f"id: {event_id}\nevent: progress\ndata: {_data(snapshot, language)}\n\n"
            if snapshot.is_final:
                return


def _look_as(request: HttpRequest, job_id: UUID) -> JobSnapshot:
    """The job's state, for its owner and for staff. Raises NotSignedIn, PermissionRefused, NotFound."""
    selectors.job_by_id(job_id, _person(request))
    return _look(job_id)


def _look(job_id: UUID) -> JobSnapshot:
    try:
        return selectors.job_snapshot(job_id)
    finally:
        # A stream lives for minutes: it must not keep a connection of the pool all that time.
        close_old_connections()


def _person(request: HttpRequest) -> User:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        token = accounts.use_token(secret=secret.strip())
        if token is None:
            raise NotSignedIn(gettext("This token is unknown, expired or revoked."))
        if "read" not in token.scopes:
            raise PermissionRefused(gettext("This token has not the scope `read`."))
        return token.user
    if not request.user.is_authenticated:
        raise NotSignedIn()
    return request.user


def _data(snapshot: JobSnapshot, language: str | None) -> str:
    with translation.override(language):
        return json.dumps(_shown(snapshot) | {"stage": translated(snapshot.stage)})


def _shown(snapshot: JobSnapshot) -> dict[str, Any]:
    shown = asdict(snapshot)
    shown.pop("is_final")
    return shown


def _event_id(snapshot: JobSnapshot) -> str:
    # Made from what is shown, so that it means the same to every process and after every restart. That an estimate's
    # seconds pass is no news; that it moved up in line is.
    shown, wait = _shown(snapshot), snapshot.estimated_wait
    news = json.dumps(shown | {"estimated_wait": wait and [wait.position, wait.workers]})
    return hashlib.blake2s(news.encode(), digest_size=8).hexdigest()
