"""Reading exhibitions: those that anybody may visit, drafts by a signed link, and what curators may add."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from gallery.models import Card, Exhibition, Hanging, Section
from gallery.selectors.works import hanging
from generation.models import Artwork, Visibility
from generation.models.artworks import ArtworkQuerySet
from marketplace.accounts.models import User
from marketplace.core.errors import NotFound, PermissionRefused

PREVIEW_SECONDS = 7 * 24 * 3600
_SALT = "gallery.exhibition.preview"
_HUNG = Count("hangings", filter=Q(hangings__artwork__visibility=Visibility.WALL))


@dataclass(frozen=True, slots=True)
class Room:
    """A section and what hangs in it; the first may have no section."""

    section: Section | None
    hangings: list[Hanging]


def shown_exhibitions() -> list[Exhibition]:
    """Every exhibition that has opened, last opened first, with how many works hang."""
    return list(Exhibition.objects.open_to_all().annotate(works=_HUNG).order_by("-opens_at", "-id")[:60])


def exhibitions_on_now(*, limit: int = 3) -> list[Exhibition]:
    """Those that are on, last opened first, with how many works hang."""
    return list(Exhibition.objects.on_now().annotate(works=_HUNG).order_by("-opens_at", "-id")[:limit])


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
    for one in hangings:
        by_section.setdefault(one.section_id, []).append(one)
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
    return list(
        Exhibition.objects.select_related("curator").annotate(works=Count("hangings")).order_by("-updated_at")[:200]
    )


def addable(exhibition: Exhibition, words: str) -> ArtworkQuerySet:
    """Works on the wall that are not in it and whose title or artist has these words."""
    found = Artwork.objects.on_wall().exclude(exhibited__exhibition=exhibition)
    for word in words.split()[:6]:
        found = found.filter(Q(title__icontains=word) | Q(artist__name__icontains=word))
    return found.with_files().order_by("-hung_at")


def exhibitions_of(artwork_id: UUID) -> list[Exhibition]:
    """The exhibitions that are on and show a work, last opened first."""
    return list(Exhibition.objects.on_now().filter(hangings__artwork=artwork_id).order_by("-opens_at", "-id")[:12])


def faces(exhibitions: Sequence[Exhibition]) -> list[tuple[Exhibition, Card | None]]:
    """Each with the first work that hangs in it: two queries, none where there are none."""
    if not exhibitions:
        return []
    hung = Hanging.objects.filter(exhibition__in=exhibitions, artwork__card__isnull=False)
    hung = hung.order_by("exhibition", "position", "id").distinct("exhibition")
    first = dict(hung.values_list("exhibition", "artwork"))
    cards = {card.pk: card for card in hanging(first.values())}
    return [(one, cards.get(first.get(one.pk))) for one in exhibitions]


def _opens(token: str, exhibition: Exhibition) -> bool:
    try:
        return bool(signing.loads(token, salt=_SALT, max_age=PREVIEW_SECONDS) == str(exhibition.pk))
    except signing.BadSignature:
        return False
