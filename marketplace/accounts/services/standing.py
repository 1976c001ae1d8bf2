"""Suspending an artist and letting them in again: curators do, and say why."""

from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import ARTIST, Artist, User
from marketplace.accounts.services.notifying import notify
from marketplace.core.errors import InvalidInput, NotFound, PermissionRefused

log = structlog.get_logger(__name__)
MOST_WORDS = 500


@transaction.atomic
def suspend_artist(*, curator: User, artist_id: UUID, reason: str) -> Artist:
    """Nothing new of theirs is published or bought from now on; what was bought or agreed before is kept.

    Raises PermissionRefused, NotFound, NotNow, InvalidInput (`reason`).
    """
    artist = _locked(curator, artist_id)
    if not 0 < len(reason.strip()) <= MOST_WORDS:
        raise InvalidInput(
            gettext("Say why."),
            errors={
                "reason": [
                    gettext("From 1 to %(most_words)s characters; the artist reads it.") % {"most_words": MOST_WORDS}
                ]
            },
        )
    ARTIST.move(artist, "suspend")
    artist.suspended_for = reason.strip()
    _save(artist, curator)
    notify(
        person=artist.user, kind="artist.suspended", key=_key(artist), link="/shop/",
        title=_("You are suspended as an artist"), body=artist.suspended_for,
    )  # fmt: skip
    return artist


@transaction.atomic
def reinstate_artist(*, curator: User, artist_id: UUID) -> Artist:
    """Undo a suspension: all that was on offer is on offer again. Raises PermissionRefused, NotFound, NotNow."""
    artist = _locked(curator, artist_id)
    ARTIST.move(artist, "reinstate")
    artist.suspended_for = ""
    _save(artist, curator)
    notify(
        person=artist.user, kind="artist.reinstated", key=_key(artist), link="/shop/",
        title=_("You are an artist of the house again"), body=_("All that you had on offer is on offer again."),
    )  # fmt: skip
    return artist


def _locked(curator: User, artist_id: UUID) -> Artist:
    if not curator.is_curator:
        raise PermissionRefused(gettext("Curators decide who takes part."))
    artist = Artist.objects.select_for_update(of=("self",)).select_related("user").filter(pk=artist_id).first()
    if artist is None:
        raise NotFound(gettext("There is no such artist."))
    if artist.user_id == curator.pk:
        raise PermissionRefused(gettext("Somebody else decides about you."))
    return artist


def _save(artist: Artist, curator: User) -> None:
    artist.save(update_fields=["state", "suspended_for", "updated_at"])
    log.info("artist.standing", artist=str(artist.pk), state=artist.state, by=str(curator.pk))


def _key(artist: Artist) -> str:
    # Each time is told: the moment of the change tells them apart.
    return f"{artist.pk}:{artist.updated_at:%Y-%m-%dT%H:%M:%S.%f}"
