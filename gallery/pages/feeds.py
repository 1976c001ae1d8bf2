"""What hangs, last hung first, for readers: the wall and each artist, as Atom and as RSS."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from gallery.pages.answering import refused_as_pages
from gallery.selectors.addresses import absolute, page_of
from gallery.templatetags.languages import language_tag
from gallery.templatetags.pictures import describe
from generation import selectors
from generation.models import Artwork
from marketplace.artists import selectors as artists

MOST = 30
KINDS: dict[str, type[Atom1Feed | Rss201rev2Feed]] = {"atom": Atom1Feed, "rss": Rss201rev2Feed}
_kept = cache_control(public=True, max_age=300)


@require_safe
@_kept
@conditional_page
def wall(request: HttpRequest, kind: str) -> HttpResponse:
    """The works that were hung last."""
    title = gettext("Atelier: what was hung last")
    about = gettext("Generative art, made by machines and chosen by people.")
    works = list(selectors.wall()[:MOST])
    return _feed(kind, title, about, page_of("wall"), page_of("feed", kind), works)


@require_safe
@_kept
@conditional_page
def artist(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What of an artist's was hung last."""
    with refused_as_pages():
        profile = artists.profile_of(slug)
    artist, works = profile.artist, list(profile.works[:MOST])
    title = gettext("%(artist)s on Atelier") % {"artist": artist.name}
    return _feed(kind, title, artist.bio, page_of("artist", slug), page_of("artist-feed", slug, kind), works)


def _feed(kind: str, title: str, about: str, page: str, own: str, works: Sequence[Artwork]) -> HttpResponse:
    language = language_tag(get_language() or "")
    feed = KINDS[kind](title=title, link=page, description=about or title, language=language, feed_url=own)
    for work in works:
        hand, picture = work.artist or work.style_artist, work.preview_url()
        image = format_html('<p><img src="{}" alt="{}"></p>', absolute(picture), describe(work)) if picture else ""
        feed.add_item(
            title=work.display_title,
            link=page_of("work", work.pk),
            unique_id=page_of("work", work.pk),
            description=image or describe(work),
            author_name=hand.name if hand else gettext("Atelier"),
            author_link=page_of("artist", hand.slug) if hand else None,
            pubdate=work.hung_at,
            updateddate=work.hung_at,
            enclosures=_enclosures(work),
        )
    answer = HttpResponse(content_type=feed.content_type)
    feed.write(answer, "utf-8")
    return answer


def _enclosures(work: Artwork) -> list[Enclosure]:
    url = work.preview_url()
    file = next((file for file in work.files.all() if file.url and file.url == url), None)
    return [Enclosure(absolute(url), str(file.bytes), "image/webp")] if file else []
