"""Drawing a card: everything that is known of a work that hangs, as the columns of its row."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings

from gallery.models import Orientation
from gallery.selectors.catalogue import facets
from gallery.selectors.catalogue.lexicon import searchable, vocabulary
from gallery.selectors.catalogue.tongues import names_of
from gallery.selectors.pictures import picture_of
from gallery.services.cards.selling import Offer, offer_of
from generation.models import Artwork
from marketplace.accounts.models import Artist
from marketplace.core.money import Money
from marketplace.listings.models import Sale

LONGEST_PROMPT = 1000
SQUARE = 0.03  # sides that differ by less look equal


def draw(artwork: Artwork, sales: Sequence[Sale], colours: Sequence[str]) -> dict[str, Any]:
    """One card's columns, as JSON; the work comes with artists and files."""
    assert artwork.hung_at is not None  # a constraint in the database: it hangs
    offer, artist, style = offer_of(sales), artwork.artist, artwork.style_artist
    orientation, year = orientation_of(artwork.width, artwork.height), artwork.created_at.year
    texts = _texts(artwork, colours)
    return {
        "artwork_id": str(artwork.pk), "title": artwork.display_title, "artist_id": _key(artist),
        "artist_name": artist.name if artist else "", "style_artist_id": _key(style), "engine": artwork.engine,
        "medium": artwork.medium, "orientation": orientation, "year": year, "licences": list(offer.licences),
        "colours": list(colours), "sale_kind": offer.kind, "on_sale": bool(offer.kind), "prices": offer.prices,
        "price": offer.price, "editions_left": offer.left,
        "opens_at": offer.opens_at.isoformat() if offer.opens_at else None,
        "ends_at": offer.ends_at.isoformat() if offer.ends_at else None, "hung_at": artwork.hung_at.isoformat(),
        "facets": facets_of(artwork, offer, orientation, year, colours),
        "words": vocabulary(texts.values()), **{name: searchable(text) for name, text in texts.items()},
        "shown": _shown(artwork, offer, orientation, year, colours),
    }  # fmt: skip


def facets_of(artwork: Artwork, offer: Offer, orientation: str, year: int, colours: Sequence[str]) -> list[str]:
    """What one finds it by when narrowing a search."""
    is_left = bool(offer.kind) and offer.left != 0
    money = None if offer.price is None else Money(offer.price, settings.ATELIER.currency)
    return facets.named({
        "medium": [artwork.medium], "engine": [artwork.engine],
        "artist": [artwork.artist.slug] if artwork.artist else [], "colour": colours, "orientation": [orientation],
        "price": [facets.band_of(int(money.decimal))] if money else [], "currency": list(offer.prices),
        "edition": ["left"] if is_left else [], "licence": offer.licences, "year": [year],
        "sale": [offer.kind] if offer.kind else [],
    })  # fmt: skip


def orientation_of(width: int, height: int) -> Orientation:
    """Portrait, landscape, or square where the sides differ by less than three hundredths."""
    if abs(width - height) < SQUARE * max(width, height):
        return Orientation.SQUARE
    return Orientation.LANDSCAPE if width > height else Orientation.PORTRAIT


def _texts(artwork: Artwork, colours: Sequence[str]) -> dict[str, str]:
    """What it is found by, by how much it weighs."""
    artists = [artist.name for artist in (artwork.artist, artwork.style_artist) if artist]
    kinds = [artwork.engine.replace("-", " "), artwork.medium, *colours]
    prompt = " ".join(_strings(artwork.public_recipe.get("parameters", {})))[:LONGEST_PROMPT]
    names = names_of(artwork.engine, artwork.medium, colours)
    return {"a": artwork.display_title, "b": " ".join(artists), "c": " ".join(kinds), "d": prompt, "names": names}


def _strings(value: Any) -> Iterator[str]:
    """Every text within what an engine was told."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def _shown(artwork: Artwork, offer: Offer, orientation: str, year: int, colours: Sequence[str]) -> dict[str, Any]:
    """What `gallery.api.cards.CardSerializer` describes."""
    return {
        "id": str(artwork.pk), "title": artwork.display_title, "artist": _credit(artwork.artist),
        "style_artist": _credit(artwork.style_artist), "engine": artwork.engine, "medium": artwork.medium,
        "orientation": orientation, "year": year, "colours": list(colours),
        "picture": picture_of(artwork), "thumbnail_url": artwork.thumbnail_url,
        "film_seconds": artwork.seconds if artwork.is_film else None, "sale": offer.as_shown(),
        "hung_at": artwork.hung_at.isoformat() if artwork.hung_at else None,
    }  # fmt: skip


def _credit(artist: Artist | None) -> dict[str, str] | None:
    return {"slug": artist.slug, "name": artist.name} if artist else None


def _key(artist: Artist | None) -> str | None:
    return str(artist.pk) if artist else None
