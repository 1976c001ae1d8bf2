"""How templates show artists."""

from urllib.parse import urlsplit

from django import template

register = template.Library()

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
def initials(name: str) -> str:
    """Up to two letters that stand for somebody who shows no portrait."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
