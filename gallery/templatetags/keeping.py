"""How templates show that a work is kept, and by whom an artist is followed."""

from typing import Any

from django import template

from gallery import selectors
from gallery.pages.visitors import person_of
from generation.models import Artwork
from marketplace.accounts.models import Artist

register = template.Library()


@register.inclusion_tag("gallery/keeping.html", takes_context=True)
def keeping(context: template.RequestContext, artwork: Artwork) -> dict[str, Any]:
    """The heart of a work, and in which collections one keeps it; for visitors the way to sign in."""
    person = person_of(context["request"])
    kept = selectors.keeping_of(person, artwork.pk) if person else None
    return {"artwork": artwork, "kept": kept, "person": person, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("gallery/follow.html", takes_context=True)
def follow(context: template.RequestContext, artist: Artist) -> dict[str, Any]:
    """The button by which one follows an artist, and how many do."""
    person = person_of(context["request"])
    return {
        "artist": artist, "person": person, "is_self": person is not None and person.pk == artist.user_id,
        "is_following": selectors.is_following(person, artist), "followers": selectors.followers_of(artist),
        "csrf_token": context.get("csrf_token"), "back": context["request"].get_full_path(),
    }  # fmt: skip
