"""How templates show artists."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django import template
from django.utils.translation import ngettext

from marketplace.accounts.models import Artist

register = template.Library()

_MOST_NAMED = 3
_PLACES = {
    "instagram.com": "Instagram", "youtube.com": "YouTube", "vimeo.com": "Vimeo", "behance.net": "Behance",
    "github.com": "GitHub", "are.na": "Are.na", "bsky.app": "Bluesky", "mastodon.social": "Mastodon",
    "artstation.com": "ArtStation", "tumblr.com": "Tumblr", "patreon.com": "Patreon", "pixelfed.social": "Pixelfed",
}  # fmt: skip


@register.filter
def place(address: str) -> str:
    """What to call the place that a link leads to: by its name where people know it, else by its host."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return _PLACES.get(host, host)


@register.filter
def named(artists: Sequence[Artist]) -> str:
    """The names of some artists, in a row; of many the first three."""
    names = ", ".join(artist.name for artist in artists[:_MOST_NAMED])
    more = len(artists) - _MOST_NAMED
    if more <= 0:
        return names
    return ngettext("%(names)s and %(more)d other", "%(names)s and %(more)d others", more) % {
        "names": names, "more": more,
    }  # fmt: skip


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for somebody who shows no portrait."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
