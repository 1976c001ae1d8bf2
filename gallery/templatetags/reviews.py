"""How templates show the review queue."""

from django import template
from django.contrib.auth.models import AnonymousUser

from gallery.selectors.curating import waiting_cases
from generation import selectors
from generation.models import Review
from marketplace.accounts.models import User

register = template.Library()
TONES = {"waiting": "now", "cleared": "good", "refused": "bad"}


@register.simple_tag
def waiting_for(person: "User | AnonymousUser") -> int | None:
    """How many pictures wait for this person's look; None for those who have nothing to say about them."""
    if not isinstance(person, User) or not selectors.may_review(person):
        return None
    return selectors.waiting_count() + waiting_cases()


@register.filter
def review_tone(review: Review) -> str:
    """The badge's colour."""
    return TONES[review.state]
