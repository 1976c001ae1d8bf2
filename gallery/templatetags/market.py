"""How templates show what is for sale."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from gallery.pages.sales import new_key
from gallery.pages.shown_sales import SaleShown
from marketplace.listings.models import Sale

register = template.Library()

SALE_WORDS = {
    "draft": (_("Draft"), ""),
    "open": (_("On sale"), "good"),
    "paused": (_("Paused"), "now"),
    "ended": (_("Ended"), ""),
    "cancelled": (_("Taken off"), ""),
}


HOW = {
    "order": _("bought"),
    "commission": _("commissioned"),
    "brief": _("commissioned"),
    "gift": _("given"),
    "refund": _("taken back"),
}


@register.inclusion_tag("gallery/sale_card.html", takes_context=True)
def sale_card(context: template.RequestContext, shown: SaleShown) -> dict[str, Any]:
    """What is for sale, its price, and the way to buy it."""
    return {
        "shown": shown,
        "sale": shown.sale,
        "user": context.get("user"),
        "csrf_token": context.get("csrf_token"),
        "request_key": new_key(),
        "buy_url": _address("order-new", shown.sale),
        "auction_url": _address("auction", shown.sale),
    }


@register.filter
def sale_words(sale: Sale) -> str:
    """A sale's state as its seller would say it."""
    return str(SALE_WORDS[sale.state][0])


@register.filter
def sale_tone(sale: Sale) -> str:
    """The badge's colour."""
    return SALE_WORDS[sale.state][1]


@register.filter
def how_words(how: str) -> str:
    """By which way an edition changed hands, for people."""
    return str(HOW.get(how, how))


@register.filter
def of_hundred(bps: int) -> str:
    """1000 parts of ten thousand as 10 %."""
    return f"{bps / 100:g} %"


def _address(name: str, sale: Sale) -> str:
    """The address of a page that another room may bring, or nothing."""
    try:
        return reverse(name, args=[sale.pk])
    except NoReverseMatch:
        return ""
