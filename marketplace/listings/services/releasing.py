"""Issuing works in editions."""

from django.db import transaction

from generation.models import Artwork
from marketplace.accounts.models import Artist
from marketplace.listings.models import Edition, EditionState, Release


@transaction.atomic
def issue_single(*, artwork: Artwork, artist: Artist) -> Edition:
    """The one edition of a work that was made for somebody, numbered and sold; the same work gives the same edition."""
    release, is_new = Release.objects.get_or_create(
        artwork=artwork,
        defaults={"artist": artist, "title": artwork.display_title, "size": 1, "numbered": 1},
    )
    if not is_new:
        return release.editions.select_for_update().get(number=1)
    return Edition.objects.create(release=release, number=1, state=EditionState.SOLD)
