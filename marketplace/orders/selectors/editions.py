"""Reading who owns what, who owned it before, what is given, and what was certified."""

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.languages import kept
from marketplace.listings.models import AwardState, Bid, Edition, EditionState, SaleState
from marketplace.orders.models import Acquisition, Certificate, Gift, GiftState, Ownership, SigningKey

PRIVATE = kept("a private collection")  # certified in English; pages say it as their readers do


class Step(NamedTuple):
    """One step of an edition's history, with the names that its owners chose to show."""

    step: int
    at: datetime
    giver: str
    owner: str
    how: str


def collection_of(owner: User) -> QuerySet[Ownership]:
    """What a collector owns, newest first."""
    return (
        Ownership.objects.filter(owner=owner)
        .select_related(
            "edition__release__artist",
            "edition__release__artwork__style_artist",
            "edition__release__artwork__artist",
            "edition__made__artist",
            "edition__made__style_artist",
            "licence",
        )
        .prefetch_related("edition__release__artwork__files", "edition__made__files")
        .order_by("-pk")
    )


def owned_by(owner: User, edition_id: UUID) -> Ownership:
    """One edition in somebody's collection. Raises NotFound."""
    owned = collection_of(owner).filter(edition=edition_id).first()
    if owned is None:
        raise NotFound(gettext("You own no such edition."))
    return owned


def owned_of_artwork(owner: User, artwork_id: UUID) -> QuerySet[Ownership]:
    """The editions of a work that are somebody's."""
    return collection_of(owner).filter(Q(edition__release__artwork=artwork_id) | Q(edition__made=artwork_id))


def owners_of_artwork(artwork_id: UUID) -> set[UUID]:
    """Whoever owns an edition of a work, or the work that was made as one."""
    owned = Ownership.objects.filter(Q(edition__release__artwork=artwork_id) | Q(edition__made=artwork_id))
    return set(owned.values_list("owner_id", flat=True))


def owns(person: User, edition_id: UUID) -> bool:
    """Whether an edition is somebody's."""
    return Ownership.objects.filter(owner=person, edition=edition_id).exists()


def edition_by_id(edition_id: UUID) -> Edition:
    """An edition that somebody owns or owned. Raises NotFound."""
    edition = Edition.objects.select_related("release__artist", "release__artwork", "made").filter(
        pk=edition_id, acquisitions__isnull=False
    )
    found = edition.first()
    if found is None:
        raise NotFound(gettext("There is no such edition."))
    return found


def history_of(edition: Edition) -> list[Step]:
    """Every step, oldest first; who did not choose a name for the certificate is a private collection."""
    artist = edition.release.artist.name
    shown = {one.acquisition_id: str(said_by(one)["owner"]) for one in edition.certificates.order_by("pk")}
    holder, steps = artist, []
    for step in Acquisition.objects.filter(edition=edition).order_by("step"):
        giver, holder = holder, shown.get(step.pk, PRIVATE) if step.owner_id else artist
        steps.append(Step(step.step, step.created_at.astimezone(UTC), giver, holder, step.source.partition(":")[0]))
    return steps


def certificate_by_id(certificate_id: UUID) -> Certificate:
    """A certificate, valid or superseded: anybody may read it. Raises NotFound."""
    certificate = _certificates().filter(pk=certificate_id).first()
    if certificate is None:
        raise NotFound(gettext("There is no such certificate."))
    return certificate


def valid_certificate_of(edition_id: UUID) -> Certificate:
    """The certificate of an edition's present owner. Raises NotFound, also while it is still being written."""
    certificate = _certificates().filter(edition=edition_id, superseded_at=None).first()
    if certificate is None:
        raise NotFound(gettext("There is no certificate of it at present."))
    return certificate


def said_by(certificate: Certificate) -> dict[str, Any]:
    """What a certificate says."""
    said: dict[str, Any] = json.loads(certificate.document)
    return said


def signing_keys() -> QuerySet[SigningKey]:
    """Every key that ever signed a certificate here."""
    return SigningKey.objects.order_by("since")


def is_spoken_for(artwork: Artwork) -> bool:
    """Whether somebody owns an edition of a work, is buying one, or has a bid for one that counts."""
    bids = Bid.objects.filter(struck_at=None, auction__sale__edition=OuterRef("pk"))
    going = Q(auction__sale__state__in=[SaleState.OPEN, SaleState.PAUSED]) | Q(award__state=AwardState.OFFERED)
    taken = Q(ownership__isnull=False) | Q(state=EditionState.RESERVED) | Exists(bids.filter(going))
    return Edition.objects.filter(Q(release__artwork=artwork) | Q(made=artwork)).filter(taken).exists()


def gifts_to(person: User) -> QuerySet[Gift]:
    """What waits for somebody to accept it."""
    return _gifts().filter(to_email=person.email, state=GiftState.OFFERED)


def gifts_from(person: User) -> QuerySet[Gift]:
    """What somebody gives or gave, newest first."""
    return _gifts().filter(giver=person)


def gift_for(person: User, gift_id: UUID) -> Gift:
    """A gift that somebody gives or is given. Raises NotFound."""
    gift = _gifts().filter(pk=gift_id).first()
    if gift is None or (gift.giver_id != person.pk and gift.to_email != person.email):
        raise NotFound(gettext("There is no such gift."))
    return gift


def _certificates() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("key", "edition__release__artwork", "edition__made")


def _gifts() -> QuerySet[Gift]:
    return Gift.objects.select_related(
        "giver", "edition__release__artist", "edition__release__artwork", "edition__made"
    ).order_by("-pk")
