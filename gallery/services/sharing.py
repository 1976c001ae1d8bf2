"""One answer for all: what anybody may read and looks the same to everybody is built once and kept for a moment.

A view that is `shared` says that its answer to somebody who is not signed in depends on nothing but the address, the
language, and whether htmx asks. Such answers are kept in the cache under the catalogue's version, so that the first
read after an edit of any card builds a new one; what is told of one work alone under that work's. Browsers and proxies
are given a strong ETag and asked to come back.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from operator import itemgetter
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from gallery.selectors import catalogue_version, engines_version, work_version

KEPT_SECONDS = 60
# What is told of one work changes with its version and not with the clock; another release of the house may tell more.
KEPT_ALONE_SECONDS = 600
LARGEST = 512_000
PUBLIC = "public, max-age=0, s-maxage=5, stale-while-revalidate=30"
PRIVATE = "private, no-cache"
MARK = "is_shared"
# Where shared answers are looked for: whatever is not here is never kept, though a view be marked.
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PLACES = re.compile(
    rf"^/(?:|search/|api/v1/catalogue/(?:facets/)?|feeds/\w+/?"
    rf"|(?:works|api/v1/artworks)/(?P<work>{_UUID})/(?:similar/)?)$"
)
_COMMON_API = re.compile(r"^/api/v1/catalogue/")
# Other rooms' answers that are the same to everybody who is nobody, as a work's page is.
_OPEN_API = re.compile(rf"^/api/v1/artworks/{_UUID}/(?:similar/)?$")
# What is told of one work alone: whatever else is hung, it stays as it is.
_ALONE = re.compile(rf"^/api/v1/artworks/{_UUID}/$")
_API = "/api/"
_KEPT_HEADERS = ("Content-Type", "Content-Language", "Content-Security-Policy", "X-Frame-Options", "Link")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is kept."""

    headers: dict[str, str]
    body: bytes
    route: str  # by which the request is counted


def shared(view: View) -> View:
    """Mark a view's answers as the same for all who are not signed in; those who are get their own."""

    @wraps(view)
    def show(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_common = is_anybody(request)
        setattr(request, MARK, is_common)
        response = view(request, *args, **kwargs)
        # A view that says itself how long its answer may be kept knows of something that changes no card.
        response.headers.setdefault("Cache-Control", PUBLIC if is_common else PRIVATE)
        setattr(response, MARK, response.headers["Cache-Control"] == PUBLIC)
        return response

    return cast(View, show)


def is_anybody(request: HttpRequest) -> bool:
    """Whether nothing in the request says who sends it, or its answer is the same to everybody."""
    if _COMMON_API.match(request.path_info):
        return True
    signs = {"Authorization", "X-Session-Token"}
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and not any(sign in request.headers for sign in signs)


class SharedAnswers:
    """Middleware: answers from what is kept, keeps what may be, and says 304 to those who have it already.

    It stands before everything that looks for a person, and behind what finds the language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"} or not _PLACES.match(request.path_info) or not is_anybody(request):
            return self.get_response(request)
        key = _key(request)
        kept: Kept | None = cache.get(key)
        if kept is None:
            response = self.get_response(request)
            kept = _keepable(request, response)
            if kept is None:
                return response
            cache.set(key, kept, KEPT_ALONE_SECONDS if _ALONE.match(request.path_info) else KEPT_SECONDS)
        return _answer(request, kept)


def _key(request: HttpRequest) -> str:
    """Under which an answer is kept; a version that nobody has seen yet has none."""
    query = _in_order(request.META.get("QUERY_STRING", ""))
    kind = "part" if request.headers.get("HX-Request") == "true" else "whole"
    told = f"{request.get_host()} {request.path_info}?{query} {translation.get_language()} {kind} {_version(request)}"
    return f"shared:{hashlib.blake2b(told.encode(), digest_size=16).hexdigest()}"


def _version(request: HttpRequest) -> str:
    """The catalogue's, and what a work's page, or an engine's wall, shows besides; of a work alone its own."""
    place = _PLACES.match(request.path_info)
    if place and place["work"]:
        version = work_version(UUID(place["work"]))
        return version if _ALONE.match(request.path_info) else f"{catalogue_version()} {version}"
    if request.path_info == "/" and "engine" in request.GET:
        return f"{catalogue_version()} {engines_version()}"
    return catalogue_version()


@lru_cache(maxsize=4096)
def _in_order(query: str) -> str:
    """A query with its names in one order, without what is empty; of a repeated name the last may be what counts."""
    return urlencode(sorted(parse_qsl(query), key=itemgetter(0)))


def _keepable(request: HttpRequest, response: HttpResponseBase) -> Kept | None:
    """What is kept of an answer that is shared, went well, and sets no cookie."""
    if (
        not (getattr(response, MARK, False) or _OPEN_API.match(request.path_info))
        or response.status_code != 200
        or response.cookies
    ):
        return None
    if not isinstance(response, HttpResponse) or len(response.content) > LARGEST:
        return None
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    etag = hashlib.blake2b(response.content, digest_size=12).hexdigest()
    headers |= {"ETag": f'"{etag}"', "Cache-Control": PUBLIC}
    match = request.resolver_match
    return Kept(headers | {"Vary": _varies(request)}, response.content, match.route if match else "unknown")


def _varies(request: HttpRequest) -> str:
    if _COMMON_API.match(request.path_info):
        return "Accept-Language"
    is_api = request.path_info.startswith(_API)
    return "Accept-Language, Authorization, Cookie" if is_api else "HX-Request, Accept-Language, Cookie"


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    # What the middlewares before this one ask of a request that no view has seen.
    request.resolver_match = request.resolver_match or _Route(kept.route)  # type: ignore[assignment]  # all they read
    if _has(request.headers.get("If-None-Match", ""), kept.headers["ETag"]):
        return HttpResponse(status=304, headers={k: v for k, v in kept.headers.items() if k != "Content-Type"})
    response = HttpResponse(kept.body, headers=kept.headers)
    response.headers["Content-Length"] = str(len(kept.body))
    return response


def _has(given: str, etag: str) -> bool:
    """Whether somebody has this very answer (RFC 9110, 13.1.2: compared weakly)."""
    return given.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in given.split(","))


@dataclass(frozen=True, slots=True)
class _Route:
    route: str
