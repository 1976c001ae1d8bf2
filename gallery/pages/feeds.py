"""What is new, for readers: the wall, an artist, a public collection and the exhibitions, as Atom and as RSS."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.html import format_html, linebreaks
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from gallery.models import Card
from gallery.pages.answering import refused_as_pages
from gallery.selectors import collection_by_slug
from gallery.selectors import exhibitions as exhibiting
from gallery.selectors.addresses import absolute, page_of
from gallery.selectors.collections import added_last
from gallery.services.sharing import shared
from gallery.templatetags.cards import described
from gallery.templatetags.languages import language_tag
from gallery.templatetags.pictures import describe
from generation import selectors
from generation.models import Artwork
from marketplace.artists import selectors as artists

MOST = 30
KINDS: dict[str, type[Atom1Feed | Rss201rev2Feed]] = {"atom": Atom1Feed, "rss": Rss201rev2Feed}
View = TypeVar("View", bound=Callable[..., HttpResponse])


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is new."""

    title: str
    link: str  # whole; it is the entry's id, too
    text: str  # HTML
    at: datetime | None
    changed_at: datetime | None  # when something that is told of it changed last
    author: tuple[str, str | None] = ("", None)  # the name, and the address of a page
    enclosures: list[Enclosure] = field(default_factory=list)


def _as_feed(view: View) -> View:
    """What readers ask for over and over: one for all, and told to be unchanged by its ETag."""
    return require_safe(shared(view))


@_as_feed
def wall(request: HttpRequest, kind: str) -> HttpResponse:
    """The works that were hung last."""
    title = gettext("Atelier: what was hung last")
    about = gettext("Generative art, made by machines and chosen by people.")
    works = _of_works(selectors.wall()[:MOST])
    return _feed(kind, title, about, page_of("wall"), page_of("feed", kind), works)


@_as_feed
def artist(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What of an artist's was hung last."""
    with refused_as_pages():
        profile = artists.profile_of(slug)
    artist, works = profile.artist, _of_works(profile.works[:MOST])
    title = gettext("%(artist)s on Atelier") % {"artist": artist.name}
    return _feed(kind, title, artist.bio, page_of("artist", slug), page_of("artist-feed", slug, kind), works)


@_as_feed
def collection(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What was put last into a public collection, and hangs; a private one has no feed, for its owner neither."""
    with refused_as_pages():
        shelf = collection_by_slug(slug, None)
    title = gettext("%(collection)s, collected by %(name)s") % {"collection": shelf.title, "name": shelf.owner.name}
    works = (_of_card(card, at) for card, at in added_last(shelf, limit=MOST))
    page, own = page_of("collection-of-works", slug), page_of("collection-feed", slug, kind)
    return _feed(kind, title, shelf.description, page, own, works)


@_as_feed
def exhibitions(request: HttpRequest, kind: str) -> HttpResponse:
    """Exhibitions that opened, the last first."""
    title = gettext("Atelier: exhibitions")
    about = gettext("Walls that the curators of Atelier put together.")
    shown = exhibiting.faces(exhibiting.shown_exhibitions()[:MOST])
    entries = [
        Entry(
            one.title, page_of("exhibition", one.slug), _pictured(card) + linebreaks(one.text, autoescape=True),
            one.opens_at, one.updated_at, (gettext("Atelier"), None),
        )
        for one, card in shown
    ]  # fmt: skip
    return _feed(kind, title, about, page_of("exhibitions"), page_of("exhibitions-feed", kind), entries)


def _feed(kind: str, title: str, about: str, page: str, own: str, entries: Iterable[Entry]) -> HttpResponse:
    language = language_tag(get_language() or "")
    feed = KINDS[kind](title=title, link=page, description=about or title, language=language, feed_url=own)
    for one in entries:
        feed.add_item(
            title=one.title, link=one.link, unique_id=one.link, description=one.text, author_name=one.author[0],
            author_link=one.author[1], pubdate=one.at, updateddate=one.changed_at, enclosures=one.enclosures,
        )  # fmt: skip
    answer = HttpResponse(content_type=feed.content_type)
    feed.write(answer, "utf-8")
    return answer


def _of_works(works: Iterable[Artwork]) -> list[Entry]:
    """A card is written only where something that it shows changed, a price too; a title is in its work's row first."""
    shown = list(works)
    drawn = dict(Card.objects.filter(pk__in=[work.pk for work in shown]).values_list("pk", "refreshed_at"))
    return [_of_work(work, max(work.updated_at, drawn.get(work.pk, work.updated_at))) for work in shown]


def _of_work(work: Artwork, changed_at: datetime) -> Entry:
    hand, said = work.artist or work.style_artist, describe(work)
    author = (hand.name, page_of("artist", hand.slug)) if hand else (gettext("Atelier"), None)
    text = _image(work.preview_url(), said) or said
    return Entry(
        work.display_title, page_of("work", work.pk), text, work.hung_at, changed_at, author, _enclosures(work)
    )


def _of_card(card: Card, at: datetime) -> Entry:
    hand = card.shown["artist"] or card.shown["style_artist"]
    author = (hand["name"], page_of("artist", hand["slug"])) if hand else (gettext("Atelier"), None)
    return Entry(card.shown["title"], page_of("work", card.pk), _pictured(card), at, max(at, card.refreshed_at), author)


def _pictured(card: Card | None) -> str:
    return _image(card.shown["picture"]["src"], described(card)) if card else ""


def _image(picture: str, said: str) -> str:
    return format_html('<p><img src="{}" alt="{}"></p>', absolute(picture), said) if picture else ""


def _enclosures(work: Artwork) -> list[Enclosure]:
    url = work.preview_url()
    file = next((file for file in work.files.all() if file.url and file.url == url), None)
    return [Enclosure(absolute(url), str(file.bytes), "image/webp")] if file else []
