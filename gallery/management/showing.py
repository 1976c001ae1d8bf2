"""How the people of the demo do what season.py says, as they would by hand; what somebody has begun is left alone."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gallery import services as gallery
from gallery.management.furnishing import key_of
from gallery.management.season import COLLECTED, DOUBTED, EVENING, PLACE, SHOWN, Shown
from gallery.models import Collection, CollectionKind, Exhibition, Report
from gallery.services import curating, exhibiting
from generation.models import Artwork
from marketplace.accounts.models import Artist, User


def show(curator: User) -> list[str]:
    """Put the exhibitions together where there is none yet; return their titles."""
    if Exhibition.objects.exists():
        return []
    now = timezone.now()
    with transaction.atomic():
        for wanted in SHOWN:
            _exhibit(wanted, curator, now)
    return [wanted.title for wanted in SHOWN]


def collect(collector: User) -> list[str]:
    """Follow the artists and put a collection together, unless the collector has one; return its title."""
    if Collection.objects.filter(owner=collector, kind=CollectionKind.COLLECTION).exists():
        return []
    with transaction.atomic():
        for slug in Artist.objects.values_list("slug", flat=True):
            gallery.follow_artist(person=collector, slug=slug)
        collection = gallery.create_collection(
            owner=collector, title=COLLECTED.title, description=COLLECTED.description, is_public=True
        )
        for slug in COLLECTED.works:
            if work := furnished(slug):
                gallery.add_to_collection(owner=collector, collection_id=collection.pk, artwork_id=work.pk)
    return [COLLECTED.title]


def doubt(collector: User) -> list[str]:
    """Report a work, unless the collector has reported one; return its title."""
    work = furnished(DOUBTED.slug)
    if work is None or Report.objects.filter(reporter=collector).exists():
        return []
    curating.report_artwork(artwork_id=work.pk, reporter=collector, reason=DOUBTED.reason, words=DOUBTED.words)
    return [work.title]


def furnished(slug: str) -> Artwork | None:
    """A work that was furnished, where it hangs."""
    return Artwork.objects.on_wall().filter(job__request_key=key_of(slug)).first()


def _exhibit(wanted: Shown, curator: User, now: datetime) -> None:
    exhibition = exhibiting.draft_exhibition(curator=curator, title=wanted.title)
    evening = now.astimezone(PLACE).replace(hour=EVENING, minute=0, second=0, microsecond=0) + wanted.opens_in
    exhibiting.write_exhibition(
        curator=curator, exhibition_id=exhibition.pk, slug=wanted.slug, text=wanted.text, timezone=PLACE.key,
        opens_at=evening if wanted.opens_in else now, closes_at=evening + wanted.stays,
    )  # fmt: skip
    for part in wanted.parts:
        first = None
        for hung in part.works:
            if work := furnished(hung.slug):
                hanging = exhibiting.hang_in_exhibition(
                    curator=curator, exhibition_id=exhibition.pk, artwork_id=work.pk, text=hung.label
                )
                first = first or hanging.pk
        if part.title:
            exhibiting.add_section(
                curator=curator, exhibition_id=exhibition.pk, title=part.title, text=part.text, first=first
            )
    exhibiting.move_exhibition(curator=curator, exhibition_id=exhibition.pk, move="publish")
