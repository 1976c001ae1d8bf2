"""Reading how works look: which of them nobody has looked at yet, and what they were seen to be."""

from collections.abc import Sequence
from uuid import UUID

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from generation.models import Artwork, ArtworkFile, ArtworkLook, FileRole, Job, PictureLook, Purpose
from generation.models.artworks import ArtworkQuerySet
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound

_SPARED, _MOST_SPARED = "look-failed", 1000
SPARED_SECONDS = 3600  # a work that could not be looked at waits as long before it is tried again


def unseen_works() -> ArtworkQuerySet:
    """Works with files of which there is no look that could be compared with today's, newest first."""
    current = ArtworkLook.objects.current().filter(artwork=OuterRef("pk"))
    shown = ArtworkFile.objects.filter(artwork=OuterRef("pk"), role=FileRole.PREVIEW, format="webp")
    return Artwork.objects.filter(~Exists(current), Exists(shown)).order_by("-id")


def next_unseen(most: int) -> list[UUID]:
    """The next works to look at; those that failed a short while ago are spared."""
    return list(unseen_works().exclude(pk__in=spared()).values_list("pk", flat=True)[:most])


def spare(ids: Sequence[UUID]) -> None:
    """Do not look at these works, or datasets, again for an hour: it failed."""
    if ids:
        cache.set(_SPARED, [*spared(), *ids][-_MOST_SPARED:], SPARED_SECONDS)


def spared() -> list[UUID]:
    """What is left alone for a while."""
    kept: list[UUID] = cache.get(_SPARED, [])
    return kept


def face_of(artwork_id: UUID) -> ArtworkFile | None:
    """The file by which a work is looked at: its smallest clean preview; of a film, of its poster."""
    previews = ArtworkFile.objects.filter(artwork=artwork_id, role=FileRole.PREVIEW, format="webp")
    return previews.order_by("is_marked", "width").first()


def unread_works(reader: str, most: int) -> list[ArtworkLook]:
    """Looks of works whose words this text model has not read yet, newest first."""
    unread = ArtworkLook.objects.filter(Q(said="") | ~Q(said__startswith=f"{reader}:"))
    return list(unread.select_related("artwork__artist", "artwork__style_artist").order_by("-artwork")[:most])


def look_of_job(job_id: UUID, owner: User) -> tuple[Job, PictureLook | None]:
    """A look that this person asked for, and what it found if it is over. Raises NotFound."""
    job = Job.objects.filter(pk=job_id, owner=owner, purpose=Purpose.LOOK).select_related("look").first()
    if job is None:
        raise NotFound(gettext("There is no such search."))
    return job, getattr(job, "look", None)
