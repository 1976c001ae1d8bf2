"""How templates show that a work is kept, and by whom an artist is followed."""

from typing import Any

from django import template

from gallery import selectors
from gallery.pages.visitors import person_of
from generation.models import Artwork
from marketplace.accounts.models import Artist, User

register = template.Library()


@register.inclusion_tag("gallery/keeping.html", takes_context=True)
def keeping(context: template.RequestContext, artwork: Artwork) -> dict[str, Any]:
    """The heart of a work, and in which collections one keeps it; for visitors the way to sign in."""
    person = person_of(context["request"])
    kept = selectors.keeping_of(person, artwork.pk) if person else None
    return {"artwork": artwork, "kept": kept, "person": person, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("gallery/follow.html", takes_context=True)
def follow(context: template.RequestContext, artist: Artist, tells_how_many: bool = True) -> dict[str, Any]:
    """The button by which one follows an artist, and how many do; for visitors the way to sign in.

    A page that is shared does not tell how many: following somebody changes nothing of the catalogue.
    """
    request = context["request"]
    shown = following_of(person_of(request), artist, request.get_full_path(), tells_how_many=tells_how_many)
    return shown | {"csrf_token": context.get("csrf_token")}


def following_of(person: User | None, artist: Artist, back: str, *, tells_how_many: bool) -> dict[str, Any]:
    """What `gallery/follow.html` shows: `back` is where a form without scripts leads to."""
    return {
        "artist": artist, "person": person, "is_self": person is not None and person.pk == artist.user_id,
        "is_following": selectors.is_following(person, artist), "tells_how_many": tells_how_many,
        "followers": selectors.followers_of(artist) if tells_how_many else None, "back": back,
    }  # fmt: skip
