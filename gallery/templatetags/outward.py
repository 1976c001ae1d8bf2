"""What a page says to those who come by a link: search engines, readers of feeds, and places where links are shown."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from gallery.models import Card
from gallery.pages.shown_sales import SaleShown
from gallery.selectors import linked_data
from gallery.selectors.addresses import absolute, page_of
from gallery.selectors.oembed import frame_code
from gallery.templatetags.pictures import describe
from generation.models import Artwork
from marketplace.artists.selectors import Profile
from marketplace.core.languages import PARAMETER, known_language

register = template.Library()

SHARED_SIZE = (1200, 630)
KEPT_IN_ADDRESS = ("engine", "page")  # what makes another page of the same path; all else is a way of looking at it
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
LOCALES = {"en-gb": "en_GB", "zh-hans": "zh_CN"}  # as Open Graph writes them


@register.simple_tag(takes_context=True)
def canonical(context: template.RequestContext) -> SafeString:
    """The one address under which a page is to be known: whole, with the language if the address asks for one."""
    request = context.get("request")
    if not isinstance(request, HttpRequest) or request.method != "GET":
        return SafeString("")
    kept = {name: request.GET[name] for name in KEPT_IN_ADDRESS if request.GET.get(name)}
    if language := known_language(request.GET.get(PARAMETER, "")):
        kept[PARAMETER] = language
    return format_html(
        '<link rel="canonical" href="{}">', absolute(request.path) + (f"?{urlencode(kept)}" if kept else "")
    )


@register.inclusion_tag("gallery/outward/meta.html")
def share_work(artwork: Artwork, sales: Sequence[SaleShown]) -> dict[str, Any]:
    """A work that hangs: cards for links to it, linked data, and how others show it within their pages."""
    url = page_of("work", artwork.pk)
    return {
        "kind": "article",
        "url": url,
        "title": artwork.display_title,
        "about": describe(artwork),
        "image": page_of("work-share", artwork.pk),
        "image_size": SHARED_SIZE,
        "oembed": f"{page_of('oembed')}?{urlencode({'url': url, 'format': 'json'})}",
        "author": artwork.artist.name if artwork.artist else "",
        "data": linked(linked_data.work_data(artwork, [shown.sale for shown in sales])),
        **_house(),
    }


@register.inclusion_tag("gallery/outward/meta.html")
def share_artist(profile: Profile, works: Iterable[Card]) -> dict[str, Any]:
    """An artist: their newest work stands for them where they have no portrait; and their feeds."""
    artist, shown = profile.artist, list(works)
    portrait = profile.portrait.url if profile.portrait else ""
    return {
        "kind": "profile",
        "url": page_of("artist", artist.slug),
        "title": artist.name,
        "about": artist.bio or gettext("%(artist)s on Atelier") % {"artist": artist.name},
        "image": page_of("work-share", shown[0].pk) if shown else absolute(portrait) if portrait else "",
        "image_size": SHARED_SIZE if shown else None,
        "feeds": _feeds(lambda kind: reverse("artist-feed", args=[artist.slug, kind])),
        "data": linked(linked_data.artist_data(artist, shown, portrait)),
        **_house(),
    }


@register.inclusion_tag("gallery/outward/meta.html")
def share_wall() -> dict[str, Any]:
    """The wall: what the house is, and its feeds."""
    return {
        "kind": "website",
        "url": page_of("wall"),
        "title": settings.ATELIER.house_name,
        "about": gettext("Generative art, made by machines and chosen by people."),
        "feeds": _feeds(lambda kind: reverse("feed", args=[kind])),
        "data": linked([linked_data.house_data()]),
        **_house(),
    }


@register.simple_tag
def feed_links(title: str, name: str, *of: str) -> SafeString:
    """Where a page's feeds are, for a browser's or reader's button."""
    links = [(kind, title, feed) for kind, feed in _feeds(lambda kind: reverse(name, args=[*of, kind]))]
    return format_html_join("\n", '<link rel="alternate" type="{}" title="{}" href="{}">', links)


@register.simple_tag
def embed_code(artwork: Artwork) -> str:
    """What somebody pastes into their own page; to be shown as text."""
    return str(frame_code(artwork))


@register.filter
def linked(data: Sequence[linked_data.Data]) -> SafeString:
    """Linked data as it stands within a script element: no text in it can end that."""
    text = json.dumps(list(data), ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308  # escaped just now, as Django's json_script does


def _feeds(path: Any) -> list[tuple[str, str]]:
    return [(f"application/{kind}+xml", absolute(path(kind))) for kind in ("atom", "rss")]


def _house() -> dict[str, str]:
    return {"house": settings.ATELIER.house_name, "locale": LOCALES.get(get_language() or "", "en_GB")}


@register.simple_tag
def address_of(name: str, *args: object) -> str:
    """The whole address of a page by its name."""
    return page_of(name, *args)


@register.simple_tag
def address_of_file(path: str) -> str:
    """The whole address of a static file."""
    return absolute(static(path))
