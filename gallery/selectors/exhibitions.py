"""Reading exhibitions: those that anybody may visit, drafts by a signed link, and what curators may add."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from gallery.models import Exhibition, Hanging, Section
from generation.models import Artwork, Visibility
from generation.models.artworks import ArtworkQuerySet
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound, PermissionRefused

PREVIEW_SECONDS = 7 * 24 * 3600
_SALT = "gallery.exhibition.preview"


@dataclass(frozen=True, slots=True)
class Room:
    """A section and what hangs in it; the first may have no section."""

    section: Section | None
    hangings: list[Hanging]


def shown_exhibitions() -> list[Exhibition]:
    """Every exhibition that has opened, last opened first, with how many works hang."""
    hung = Count("hangings", filter=Q(hangings__artwork__visibility=Visibility.WALL))
    return list(Exhibition.objects.open_to_all().annotate(works=hung).order_by("-opens_at", "-id")[:60])


def announced_exhibitions() -> list[Exhibition]:
    """Those that will open, next first."""
    return list(Exhibition.objects.announced().order_by("opens_at")[:12])


def exhibition_for(slug: str, viewer: User | None, *, preview: str = "") -> Exhibition:
    """One that has opened; to curators any, and to whoever has a preview link that has not lapsed. Raises NotFound."""
    exhibition = Exhibition.objects.select_related("curator").filter(slug=slug).first()
    if exhibition is None or not (
        Exhibition.objects.open_to_all().filter(pk=exhibition.pk).exists()
        or (viewer is not None and viewer.is_curator)
        or _opens(preview, exhibition)
    ):
        raise NotFound(_("There is no such exhibition."))
    return exhibition


def exhibition_by_id(curator: User, exhibition_id: UUID) -> Exhibition:
    """Any exhibition, for curators. Raises PermissionRefused, NotFound."""
    if not curator.is_curator:
        raise PermissionRefused(_("Only curators make exhibitions."))
    exhibition = Exhibition.objects.filter(pk=exhibition_id).first()
    if exhibition is None:
        raise NotFound(_("There is no such exhibition."))
    return exhibition


def rooms_of(exhibition: Exhibition, *, everything: bool = False) -> list[Room]:
    """Its works in their order, by section; of works that do not hang, only with `everything`, for curators."""
    hangings = exhibition.hangings.select_related("artwork__artist", "artwork__style_artist")
    hangings = hangings.prefetch_related("artwork__files")
    if not everything:
        hangings = hangings.filter(artwork__visibility=Visibility.WALL)
    by_section: dict[int | None, list[Hanging]] = {}
    for hanging in hangings:
        by_section.setdefault(hanging.section_id, []).append(hanging)
    rooms = [Room(None, by_section.get(None, []))]
    rooms += [Room(section, by_section.get(section.pk, [])) for section in exhibition.sections.all()]
    return [room for room in rooms if room.hangings or (room.section and everything)]


def preview_token(exhibition: Exhibition) -> str:
    """What opens a draft to whoever has it, for a week."""
    return signing.dumps(str(exhibition.pk), salt=_SALT)


def all_exhibitions(curator: User) -> list[Exhibition]:
    """Every exhibition, for curators, last changed first. Raises PermissionRefused."""
    if not curator.is_curator:
        raise PermissionRefused(_("Only curators make exhibitions."))
    return list(Exhibition.objects.annotate(works=Count("hangings")).order_by("-updated_at")[:200])


def addable(exhibition: Exhibition, words: str) -> ArtworkQuerySet:
    """Works on the wall that are not in it and whose title or artist has these words."""
    found = Artwork.objects.on_wall().exclude(exhibited__exhibition=exhibition)
    for word in words.split()[:6]:
        found = found.filter(Q(title__icontains=word) | Q(artist__name__icontains=word))
    return found.with_files().order_by("-hung_at")


def exhibitions_of(artwork_id: UUID) -> list[Exhibition]:
    """The exhibitions that are open and show a work."""
    return [one for one in Exhibition.objects.open_to_all().filter(hangings__artwork=artwork_id) if one.is_open]


def faces(exhibitions: list[Exhibition]) -> Iterator[tuple[Exhibition, Artwork | None]]:
    """Each with the first work that hangs in it, in a few queries."""
    hung = Hanging.objects.filter(exhibition__in=exhibitions, artwork__visibility=Visibility.WALL)
    hung = hung.order_by("exhibition", "position", "id").distinct("exhibition").select_related("artwork__artist")
    first = {one.exhibition_id: one.artwork for one in hung.prefetch_related(Prefetch("artwork__files"))}
    for exhibition in exhibitions:
        yield exhibition, first.get(exhibition.pk)


def _opens(token: str, exhibition: Exhibition) -> bool:
    try:
        return bool(signing.loads(token, salt=_SALT, max_age=PREVIEW_SECONDS) == str(exhibition.pk))
    except signing.BadSignature:
        return False
