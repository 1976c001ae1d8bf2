"""How templates show cards: pictures and prices from what is ready in them."""

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext as _

from gallery.models import Card
from gallery.selectors.engine_words import engine_words
from gallery.selectors.matching import said_in
from gallery.templatetags.pictures import picture
from marketplace.core.money import Money

register = template.Library()


@register.inclusion_tag("gallery/picture.html")
def card_picture(card: Card, sizes: str, lazy: bool = True) -> dict[str, Any]:
    """A card's work in as many sizes and formats as there are; the browser takes what suits it."""
    return picture(card.shown["picture"], sizes, lazy, alt=described(card))


@register.simple_tag
def card_ratio(card: Card) -> str:
    """Width by height, for the wall's rows."""
    picture = card.shown["picture"]
    return f"{picture['width'] / picture['height']:.4f}"


@register.simple_tag(takes_context=True)
def price_of(context: Context, sale: dict[str, Any]) -> Money:
    """The price of what a card says of its sale: in the currency that is asked in, where it has one there."""
    priced = getattr(context.get("query"), "priced", None)
    currency = priced.currency if priced and priced.currency in sale["prices"] else sale["currency"]
    return Money(sale["prices"].get(currency, sale["amount"]), currency)


@register.filter
def said(query: dict[str, list[str]]) -> list[str]:
    """What a search that is kept looks for, in words."""
    return said_in(query)


@register.filter
def moment(text: str) -> datetime:
    """A time as it is kept in a card."""
    return datetime.fromisoformat(text)


@register.filter
def lasting(seconds: float) -> str:
    """How long a film takes: 6 seconds, 0.5 seconds."""
    return (_("%s second") if seconds == 1 else _("%s seconds")) % f"{seconds:.1f}".removesuffix(".0")


def described(card: Card) -> str:
    """Words for those who do not see a card's picture."""
    shown = card.shown
    length = _(", a film of %(length)s") % {"length": lasting(seconds)} if (seconds := shown["film_seconds"]) else ""
    said = {"title": shown["title"], "engine": engine_words(shown["engine"])}
    if shown["artist"]:
        said |= {"artist": shown["artist"]["name"] + length}
        return _("%(title)s by %(artist)s, made with %(engine)s") % said
    if shown["style_artist"]:
        said |= {"artist": shown["style_artist"]["name"] + length}
        return _("%(title)s in the style of %(artist)s, made with %(engine)s") % said
    return _("%(title)s, made with %(engine)s") % (said | {"title": shown["title"] + length})
