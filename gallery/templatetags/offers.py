"""What a model's page offers to whoever looks at it."""

from django import template

from gallery.pages import offers
from generation.models import TrainedModel
from marketplace.accounts.models import User

register = template.Library()


@register.simple_tag
def offer_of(model: TrainedModel, user: object) -> offers.Offer:
    """The offer of a model as this person sees it."""
    return offers.offer_of(model, user if isinstance(user, User) else None)
