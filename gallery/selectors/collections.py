"""Reading what people saved and collected."""

import re
from collections.abc import Collection as Group
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from gallery.models import Card, Collection, CollectionItem, CollectionKind
from gallery.selectors.works import hanging
from generation.models import Visibility
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Kept:
    """A work in a collection; `card` is None where it does not hang, or no longer: its keeper alone is told of it."""

    item_id: int
    place: int
    artwork_id: UUID
    title: str
    card: Card | None

    @property
    def cursor(self) -> str:
        """What comes after it is asked for by this."""
        return f"{self.place}:{self.item_id}"


@dataclass(frozen=True, slots=True)
class KeptPage:
    """Some of a collection's works, and the cursor of what follows; empty at the end."""

    works: list[Kept]
    next: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """Whether a person saved a work, and which of their collections hold it."""

    is_saved: bool
    collections: list[Collection]  # each with `holds`


def saved_of(person: User) -> Collection | None:
    """What a person gave their heart to; None before the first."""
    return Collection.objects.filter(owner=person, kind=CollectionKind.SAVED).first()


def collections_of(owner: User) -> QuerySet[Collection]:
    """A person's collections, the last first, each with how many works it holds (`size`) and what stands for it."""
    return _told(Collection.objects.filter(owner=owner, kind=CollectionKind.COLLECTION)).order_by("-pk")


def collection_by_id(collection_id: UUID, viewer: User | None) -> Collection:
    """One of one's own, or a public one. Raises NotFound."""
    return _one(viewer, pk=collection_id)


def collection_by_slug(slug: str, viewer: User | None) -> Collection:
    """One of one's own, or a public one, by its address. Raises NotFound."""
    return _one(viewer, slug=slug)


def works_in(collection: Collection, viewer: User | None, *, after: str = "", limit: int = 24) -> KeptPage:
    """The works of a collection in their order: to its owner all, to others those that hang.

    To the owner a work that does not hang any more is known by its title. Two queries, wherever the page begins.
    """
    items = collection.items.select_related("artwork").order_by("place", "pk")
    if viewer is None or viewer.pk != collection.owner_id:
        items = items.filter(artwork__visibility=Visibility.WALL)
    if (place := _cursor(after)) is not None:
        items = items.filter(Q(place__gt=place[0]) | Q(place=place[0], pk__gt=place[1]))
    found = list(items[: limit + 1])
    cards = {card.pk: card for card in hanging(item.artwork_id for item in found)}
    works = [_kept(item, cards.get(item.artwork_id)) for item in found[:limit]]
    return KeptPage(works, works[-1].cursor if len(found) > limit else "")


def added_last(collection: Collection, *, limit: int) -> list[tuple[Card, datetime]]:
    """The works of a collection that hang, with when they were put into it, the last first: two queries."""
    items = collection.items.filter(artwork__visibility=Visibility.WALL).order_by("-added_at", "-pk")
    added = dict(items.values_list("artwork", "added_at")[:limit])
    return [(card, added[card.pk]) for card in hanging(added)]


def keeping_of(person: User, artwork_id: UUID) -> Keeping:
    """How a person keeps a work: in one query."""
    holds = Exists(CollectionItem.objects.filter(collection=OuterRef("pk"), artwork=artwork_id))
    mine = list(Collection.objects.filter(owner=person).annotate(holds=holds).order_by("-pk"))
    is_saved = any(one.kind == CollectionKind.SAVED and one.holds for one in mine)
    return Keeping(is_saved, [one for one in mine if one.kind == CollectionKind.COLLECTION])


def saved_among(person: User, artwork_ids: Group[UUID]) -> set[UUID]:
    """Which of these works a person saved."""
    saved = CollectionItem.objects.filter(
        collection__owner=person, collection__kind=CollectionKind.SAVED, artwork__in=artwork_ids
    )
    return set(saved.values_list("artwork_id", flat=True))


def _told(collections: QuerySet[Collection]) -> QuerySet[Collection]:
    hanging = CollectionItem.objects.filter(collection=OuterRef("pk"), artwork__visibility=Visibility.WALL)
    chosen = hanging.filter(artwork=OuterRef("cover"))
    return collections.select_related("owner").annotate(
        size=Count("items"),
        stands=Subquery(chosen.values("artwork")[:1]),
        first=Subquery(hanging.order_by("place", "pk").values("artwork")[:1]),
    )


def _one(viewer: User | None, **key: Any) -> Collection:
    seen = Q(is_public=True, owner__is_active=True)
    if viewer is not None:
        seen |= Q(owner=viewer)
    collection = _told(Collection.objects.filter(seen, kind=CollectionKind.COLLECTION, **key)).first()
    if collection is None:
        raise NotFound(_("There is no such collection."))
    return collection


def _kept(item: CollectionItem, card: Card | None) -> Kept:
    return Kept(item.pk, item.place, item.artwork_id, item.artwork.display_title, card)


def _cursor(after: str) -> tuple[int, int] | None:
    place, _colon, item = after.partition(":")
    if not (re.fullmatch(r"-?\d{1,9}", place) and re.fullmatch(r"\d{1,18}", item)):
        return None
    return int(place), int(item)
