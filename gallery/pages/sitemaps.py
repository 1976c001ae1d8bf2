"""What search engines ask first: robots.txt and the sitemaps."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from gallery.selectors import sitemaps
from gallery.selectors.addresses import absolute, page_of

CACHED_SECONDS = 3600
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What is one's own, costs money or moves; that it is not to be seen is not left to this.
CLOSED = (
    "/accounts/", "/admin/", "/_allauth/", "/api/", "/collection/", "/commissions/", "/orders/", "/notifications/",
    "/operations/", "/payments/", "/review/", "/curator/", "/search/", "/language/", "/oembed", "/works/*/origin/",
)  # fmt: skip
_public = cache_control(public=True, max_age=CACHED_SECONDS)


@require_safe
@_public
def robots(request: HttpRequest) -> HttpResponse:
    """Where crawlers may go, and where the sitemaps are."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "", f"Sitemap: {page_of('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@_public
def index(request: HttpRequest) -> HttpResponse:
    """Every sitemap, and when something in it changed last."""
    listed: list[tuple[str, datetime | None]] = [(page_of("sitemap-pages"), None)]
    listed += [(page_of("sitemap-part", part.section, part.after), part.changed_at) for part in sitemaps.parts()]
    return _xml("sitemapindex", _entries("sitemap", listed))


@require_safe
@_public
def pages(request: HttpRequest) -> HttpResponse:
    """The pages that are there whatever hangs."""
    return _xml("urlset", _entries("url", ((address, None) for address in sitemaps.page_addresses())))


@require_safe
@_public
def part(request: HttpRequest, section: str, after: UUID) -> HttpResponse:
    """At most 50,000 pages of one kind, from after a key on."""
    if section not in sitemaps.SECTIONS:
        raise Http404
    return _xml("urlset", _entries("url", sitemaps.addresses_of(section, after)))


def _entries(tag: str, listed: Iterable[tuple[str, datetime | None]]) -> Iterator[str]:
    for address, changed_at in listed:
        when = f"<lastmod>{changed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed_at else ""
        yield f"<{tag}><loc>{escape(absolute(address))}</loc>{when}</{tag}>"


def _xml(root: str, entries: Iterable[str]) -> HttpResponse:
    body = "\n".join(entries)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{XMLNS}">\n{body}\n</{root}>\n'
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
