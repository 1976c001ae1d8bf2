"""Idempotency-Key for requests that cost money or GPU time (draft-ietf-httpapi-idempotency-key-header).

The first request with a key does the work; the same request again gets the stored answer. Answers of 500 and above
are not stored, so that the work can be tried again; what it makes carries `current_key`, a unique column, so that
even a try that died half way is continued rather than doubled.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from marketplace.core.errors import KeyInUse, KeyReused, MalformedKey
from marketplace.core.models import IdempotencyRecord
from marketplace.core.problems import MEDIA_TYPE

HEADER = "Idempotency-Key"
LONGEST_REQUEST = timedelta(seconds=60)

Method = Callable[..., Response]


def current_key(request: Request) -> str | None:
    """The request's key made unique over all people, for a domain row's `request_key`; None where none was sent."""
    key = request.headers.get(HEADER)
    return f"{request.user.pk}:{key}" if key else None


def idempotent(method: Method) -> Method:
    """Make a view's method honour Idempotency-Key; the person must be signed in."""

    @wraps(method)
    def wrapper(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return method(view, request, *args, **kwargs)
        if not (0 < len(key) <= 200 and key.isprintable()):
            raise MalformedKey()
        record, is_new = _claim(request, key)
        if not is_new and record.status is not None:
            kind = MEDIA_TYPE if record.status >= 400 else None
            return Response(record.body, record.status, headers={"Idempotent-Replayed": "true"}, content_type=kind)
        return _work_once(record, lambda: method(view, request, *args, **kwargs), view)

    wrapper.honours_idempotency_key = True  # type: ignore[attr-defined]  # the OpenAPI document says so
    return wrapper


def _claim(request: Request, key: str) -> tuple[IdempotencyRecord, bool]:
    now = timezone.now()
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        record, is_new = IdempotencyRecord.objects.select_for_update().get_or_create(
            owner_id=request.user.pk,
            key=key,
            defaults={"fingerprint": fingerprint, "locked_until": now + LONGEST_REQUEST},
        )
        if record.fingerprint != fingerprint:
            raise KeyReused()
        if not is_new and record.status is None:
            if record.locked_until > now:
                raise KeyInUse()
            # The process that held the key died: whoever asks again takes over.
            record.locked_until = now + LONGEST_REQUEST
            record.save(update_fields=["locked_until"])
    return record, is_new


def _work_once(record: IdempotencyRecord, work: Callable[[], Response], view: APIView) -> Response:
    try:
        try:
            response = work()
        except Exception as error:  # noqa: BLE001  # DRF's own handler decides, and raises what it does not know
            response = view.handle_exception(error)
    except BaseException:
        record.delete()
        raise
    if response.status_code >= 500:
        record.delete()
    else:
        record.status = response.status_code
        record.body = json.loads(json.dumps(response.data, cls=JSONEncoder))
        record.save(update_fields=["status", "body"])
    return response


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, cls=JSONEncoder)
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()
