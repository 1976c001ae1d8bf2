"""What search engines read in a page: schema.org's words for works, artists, offers and the way to a page (JSON-LD)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from gallery.models import Card
from gallery.selectors.addresses import absolute, page_of
from generation.models import Artwork
from marketplace.accounts.models import Artist
from marketplace.listings import selectors as listings
from marketplace.listings.models import Sale

CONTEXT = "https://schema.org"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
Data = dict[str, Any]


def work_data(artwork: Artwork, sales: Iterable[Sale]) -> list[Data]:
    """A work that hangs: what it is, what it costs, and the way to it."""
    url, artist = page_of("work", artwork.pk), artwork.artist
    kind = "trainedAlgorithmicMedia" if artwork.model_hash else "algorithmicMedia"
    work: Data = {
        "@context": CONTEXT,
        "@type": "VisualArtwork",
        "@id": url,
        "url": url,
        "name": artwork.display_title,
        "artform": gettext("Generative art"),
        "artMedium": gettext("Film") if artwork.is_film else gettext("Digital picture"),
        "digitalSourceType": SOURCE_TYPES + kind,
        "dateCreated": artwork.created_at.date().isoformat(),
        "width": _pixels(artwork.width),
        "height": _pixels(artwork.height),
    }
    if src := artwork.preview_url(1200):
        work["image"] = {"@type": "ImageObject", "contentUrl": absolute(src), "creditText": _credit(artwork)}
        work["thumbnailUrl"] = absolute(artwork.thumbnail_url or src)
    if artist is not None:
        work["creator"] = person_data(artist)
        work["creditText"] = artist.name
    if offers := [offer for sale in sales for offer in _offers(sale)]:
        work["offers"] = offers
    steps = [(gettext("Wall"), page_of("wall"))]
    steps += [(artist.name, page_of("artist", artist.slug))] if artist else []
    return [work, breadcrumbs([*steps, (artwork.display_title, url)])]


def artist_data(artist: Artist, works: Iterable[Card], portrait: str = "") -> list[Data]:
    """An artist's page: a collection of what they made."""
    url = page_of("artist", artist.slug)
    person = person_data(artist) | ({"description": artist.bio} if artist.bio else {})
    person |= {"image": absolute(portrait)} if portrait else {}
    person |= {"sameAs": list(artist.links)} if artist.links else {}
    parts = [{"@type": "VisualArtwork", "@id": page_of("work", work.pk), "name": work.shown["title"]} for work in works]
    page = {
        "@context": CONTEXT, "@type": "CollectionPage", "@id": f"{url}#page", "url": url, "name": artist.name,
        "about": {"@id": person["@id"]}, "hasPart": parts,
    }  # fmt: skip
    way = breadcrumbs([(gettext("Wall"), page_of("wall")), (artist.name, url)])
    return [{"@context": CONTEXT, **person}, page, way]


def house_data() -> Data:
    """The wall: the house's own page."""
    url = page_of("wall")
    return {
        "@context": CONTEXT, "@type": "CollectionPage", "@id": url, "url": url, "name": settings.ATELIER.house_name,
        "about": gettext("Generative art"),
    }  # fmt: skip


def person_data(artist: Artist) -> Data:
    """An artist, as works name them."""
    url = page_of("artist", artist.slug)
    return {"@type": "Person", "@id": url, "name": artist.name, "url": url}


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> Data:
    """The way to a page, by names and whole addresses."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(steps, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def _offers(sale: Sale) -> list[Data]:
    """Each price at which a work can be had; of an auction nothing, since its price is not known."""
    if sale.kind != "fixed" or sale.is_private:
        return []
    shown = {
        "@type": "Offer", "url": page_of("sale", sale.pk), "availability": f"{CONTEXT}/{_availability(sale)}",
        "itemCondition": f"{CONTEXT}/NewCondition",
    }  # fmt: skip
    if sale.opens_at is not None:
        shown["availabilityStarts"] = sale.opens_at.isoformat()
    prices = [(price.money.decimal, price.currency.upper()) for price in sale.prices.all()]
    return [shown | {"price": str(amount), "priceCurrency": currency} for amount, currency in prices]


def _availability(sale: Sale) -> str:
    """schema.org's word for whether an edition can be bought now, later, or not any more."""
    if listings.left_of(sale) == 0:
        return "SoldOut"
    return "PreOrder" if sale.opens_at is not None and sale.opens_at > timezone.now() else "InStock"


def _pixels(count: int) -> Data:
    return {"@type": "QuantitativeValue", "value": count, "unitText": "px"}


def _credit(artwork: Artwork) -> str:
    hand = artwork.artist or artwork.style_artist
    return f"{artwork.display_title}, {hand.name}" if hand else artwork.display_title
