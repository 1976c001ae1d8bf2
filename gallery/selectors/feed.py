"""The feed: what the artists whom one follows hang and sell, and where it is exhibited; newest first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime

from gallery.models import Card, Exhibition, Hanging
from gallery.selectors.exhibitions import faces
from gallery.selectors.works import hanging
from generation.models import Visibility
from marketplace.accounts.models import Artist, ArtistState, User
from marketplace.listings import selectors as listings
from marketplace.listings.models import Sale

PAGE = 24
# The newest of each artist by their own index, then the newest of these: it costs the same however much hangs.
_HUNG = """
    SELECT work.id, work.hung_at FROM gallery_follow AS follow
    JOIN accounts_artist AS artist ON artist.id = follow.artist_id AND artist.state = 'approved'
    CROSS JOIN LATERAL (
        SELECT artwork_id AS id, hung_at FROM gallery_card
        WHERE artist_id = follow.artist_id AND (hung_at, artwork_id) < (%(at)s, %(id)s)
        ORDER BY hung_at DESC, artwork_id DESC LIMIT %(limit)s) AS work
    WHERE follow.follower_id = %(person)s ORDER BY work.hung_at DESC, work.id DESC LIMIT %(limit)s
"""


class Place(NamedTuple):
    """A place in the feed; what comes after it is older."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"


@dataclass(frozen=True, slots=True)
class News:
    """One thing in the feed: a work that was hung, a sale that opened or will, or an exhibition that opened."""

    place: Place
    card: Card | None = None  # of an exhibition the first work that hangs in it
    sale: Sale | None = None
    exhibition: Exhibition | None = None
    artists: Sequence[Artist] = ()  # those of an exhibition's whom one follows

    @property
    def kind(self) -> str:
        """work, sale, or exhibition."""
        return "exhibition" if self.exhibition else "sale" if self.sale else "work"


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some news, and where to go on; empty at the end."""

    news: list[News]
    next: str


def feed_of(person: User, *, after: str = "", limit: int = PAGE) -> FeedPage:
    """A page of a person's feed. Nothing of artists who are suspended, or of works that do not hang.

    A drop stands at the moment of its opening, so those to come stand first; an exhibition, once it has opened, at the
    moment when it did.
    """
    place, most = _read(after), limit + 1
    found = [*_hung(person, place, most), *_sold(person, place, most), *_exhibited(person, place, most)]
    found.sort(key=_newest, reverse=True)
    news = found[:limit]
    return FeedPage(news, str(news[-1].place) if len(found) > limit else "")


def _newest(news: News) -> Place:
    return news.place


def _hung(person: User, place: Place | None, limit: int) -> Iterable[News]:
    at, last = ("infinity", UUID(int=0)) if place is None else place
    with connection.cursor() as cursor:
        cursor.execute(_HUNG, {"person": person.pk, "at": at, "id": last, "limit": limit})
        places = {row[0]: Place(row[1], row[0]) for row in cursor.fetchall()}
    for card in hanging(places):
        yield News(places[card.pk], card=card)


def _sold(person: User, place: Place | None, limit: int) -> Iterable[News]:
    # Whom one follows is asked first: sellers have an index of their own, and what they follow of has none.
    followed = list(Artist.objects.filter(followers__follower=person).values_list("user", flat=True))
    first_hand = Q(seller=F("release__artist__user")) | Q(seller=F("edition__release__artist__user"))
    theirs = listings.sales_shown().filter(first_hand, seller__in=followed)
    sales = theirs.annotate(at=Coalesce("opens_at", "created_at"))
    if place is not None:
        sales = sales.filter(Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.id))
    for sale in sales.order_by("-at", "-pk")[:limit]:
        yield News(Place(sale.opens_at or sale.created_at, sale.pk), sale=sale)


def _exhibited(person: User, place: Place | None, limit: int) -> Iterable[News]:
    """Exhibitions that opened and show works of artists whom one follows."""
    followed = Q(
        artwork__artist__followers__follower=person, artwork__artist__state=ArtistState.APPROVED,
        artwork__visibility=Visibility.WALL,
    )  # fmt: skip
    shows = Hanging.objects.filter(followed)
    opened = Exhibition.objects.open_to_all().filter(Exists(shows.filter(exhibition=OuterRef("pk"))))
    if place is not None:
        opened = opened.filter(Q(opens_at__lt=place.at) | Q(opens_at=place.at, pk__lt=place.id))
    found = list(opened.order_by("-opens_at", "-pk")[:limit])
    if not found:
        return
    artists: dict[UUID, dict[UUID, Artist]] = {}
    for one in shows.filter(exhibition__in=found).select_related("artwork__artist").order_by("position", "pk"):
        if (artist := one.artwork.artist) is not None:
            artists.setdefault(one.exhibition_id, {})[artist.pk] = artist
    for exhibition, card in faces(found):
        if exhibition.opens_at is not None:
            told = list(artists.get(exhibition.pk, {}).values())
            yield News(Place(exhibition.opens_at, exhibition.pk), card=card, exhibition=exhibition, artists=told)


def _read(after: str) -> Place | None:
    """A cursor as `Place` writes it; one that means nothing begins anew."""
    at, _tilde, last = after.partition("~")
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", last):
        return None
    try:
        moment = parse_datetime(at.replace(" ", "+"))
    except ValueError:
        return None
    return None if moment is None or moment.tzinfo is None else Place(moment, UUID(last))
