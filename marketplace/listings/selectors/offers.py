"""Reading private offers."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.listings.models import Offer, OfferState

SHOWN = (
    "buyer", "seller", "licence", "sale__release__artist", "sale__release__artwork", "sale__release__trained_model",
    "sale__edition__release__artist", "sale__edition__release__artwork", "sale__edition__made",
    "edition__release__artist", "edition__release__artwork", "edition__made",
)  # fmt: skip
_PICTURES = (
    "sale__release__artwork__files", "sale__edition__release__artwork__files", "sale__edition__made__files",
    "edition__release__artwork__files", "edition__made__files", "sale__release__artwork__artist",
    "sale__edition__release__artwork__artist", "sale__edition__made__artist", "edition__release__artwork__artist",
    "edition__made__artist",
)  # fmt: skip


def offers_of(person: User) -> QuerySet[Offer]:
    """Those that a person made or received, with what they are for, newest first."""
    return Offer.objects.filter(Q(buyer=person) | Q(seller=person)).select_related(*SHOWN).order_by("-pk")


def talks_of(person: User) -> QuerySet[Offer]:
    """The last word of each talk, with pictures: offers that have no counter-offer."""
    return offers_of(person).filter(answer=None).prefetch_related(*_PICTURES)


def offer_by_id(offer_id: UUID, person: User) -> Offer:
    """One that a person made or received. Raises NotFound."""
    offer = offers_of(person).filter(pk=offer_id).first()
    if offer is None:
        raise NotFound(gettext("There is no such offer."))
    return offer


def words_before(last_words: Collection[Offer]) -> dict[UUID, list[Offer]]:
    """What was said before the last words of some talks, by their ids, the first word first.

    One query for each word of the longest talk.
    """
    said: dict[UUID, list[Offer]] = {offer.pk: [] for offer in last_words}
    before = {offer.answers_id: offer.pk for offer in last_words if offer.answers_id}
    while before:
        earlier = list(Offer.objects.select_related("buyer", "seller").filter(pk__in=before))
        for offer in earlier:
            said[before[offer.pk]].insert(0, offer)
        before = {offer.answers_id: before[offer.pk] for offer in earlier if offer.answers_id}
    return said


def waiting_for(person: User) -> int:
    """How many offers wait for this person's answer."""
    theirs = Q(seller=person, by_seller=False) | Q(buyer=person, by_seller=True)
    return Offer.objects.filter(theirs, state=OfferState.PENDING).count()
