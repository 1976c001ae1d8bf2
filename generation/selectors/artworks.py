"""Reading artworks: the wall, a single work, a person's own, and who may have the original."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from generation.models import Artwork, Visibility
from generation.models.artworks import ArtworkQuerySet, owned_by
from marketplace.accounts.models import User
from marketplace.core import storage
from marketplace.core.errors import NotFound

ORIGINAL_SECONDS = 300


def wall() -> ArtworkQuerySet:
    """What hangs on the wall, last hung first, with files and artists."""
    return Artwork.objects.on_wall().with_files().order_by("-hung_at", "-id")


def wall_after(hung: ArtworkQuerySet, artwork_id: UUID | None) -> ArtworkQuerySet:
    """The part of a wall that comes after one of its works, even if that was taken down meanwhile."""
    last = Artwork.objects.filter(pk=artwork_id, hung_at__isnull=False).first() if artwork_id else None
    if last is None:
        return hung
    return hung.filter(Q(hung_at__lt=last.hung_at) | Q(hung_at=last.hung_at, id__lt=last.pk))


def artworks_of(user: User) -> ArtworkQuerySet:
    """What a person made, had made, owns or published, newest first."""
    theirs = Q(maker=user) | Q(artist__user=user) | owned_by(user)
    return Artwork.objects.filter(theirs).with_files().order_by("-id")


def collection_of(user: User) -> ArtworkQuerySet:
    """What a person owns and may see, newest first."""
    return Artwork.objects.filter(owned_by(user)).exclude(visibility=Visibility.HELD).with_files().order_by("-id")


def artwork_by_id(artwork_id: UUID, user: User | None) -> Artwork:
    """One work that this person (None: anybody) may see, with files and artists. Raises NotFound."""
    try:
        return Artwork.objects.visible_to(user).with_files().get(pk=artwork_id)
    except Artwork.DoesNotExist:
        raise _no_such_work() from None


def is_seen(artwork_id: UUID, user: User | None) -> bool:
    """May this person (None: anybody) see a work?"""
    return Artwork.objects.visible_to(user).filter(pk=artwork_id).exists()


def require_seen(artwork_id: UUID, user: User | None) -> None:
    """Require that this person (None: anybody) may see a work. Raises NotFound."""
    if not is_seen(artwork_id, user):
        raise _no_such_work()


def _no_such_work() -> NotFound:
    return NotFound(gettext("There is no such work."))


def unfitted_works() -> ArtworkQuerySet:
    """Works from before there were placeholders and today's widths, that may be shown as they are; with files."""
    shown = Artwork.objects.filter(placeholder=None, visibility__in=[Visibility.WALL, Visibility.PRIVATE])
    return shown.exclude(files__is_marked=True).select_related("job").prefetch_related("files").order_by("id")


def is_fit_to_show(artwork: Artwork) -> bool:
    """Whether its clean previews may lie in public: it is neither held back, nor taken down, nor a proof."""
    is_shown = artwork.visibility in {Visibility.WALL, Visibility.PRIVATE}
    return is_shown and not artwork.files.filter(is_marked=True).exists()


def may_download(user: User | None, artwork: Artwork) -> bool:
    """May this person have the original? Its owners and its artist may, and staff; not who merely sees a proof.

    Nobody may while the work is held: curators look at it in their queue.
    """
    if user is None or artwork.is_held:
        return False
    is_artist = artwork.artist is not None and artwork.artist.user_id == user.pk
    if user.is_staff or is_artist or user.pk == artwork.owner_id:
        return True
    return artwork.holders.filter(user=user).exists()


def original_url(artwork: Artwork) -> str:
    """An address of the original that lapses in five minutes; ask `may_download` first."""
    original = artwork.original
    return storage.presigned_get(original.key, expires=ORIGINAL_SECONDS) if original else ""
