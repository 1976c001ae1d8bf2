"""Making exhibitions: curators write them, hang works, order these, publish and close; artists are told."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, count
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.models import EXHIBITION, Exhibition, ExhibitionState, Hanging, Section
from gallery.models.exhibitions import LONGEST_LABEL, MOST_WORKS, WRITTEN
from gallery.services.cards import note_change
from generation.models import Artwork, Visibility
from marketplace.accounts import services as accounts
from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, InvalidInput, NotFound, PermissionRefused
from marketplace.core.machine import NotNow

NAMING = 0x4558  # PostgreSQL's advisory lock under which a new exhibition gets its address


def draft_exhibition(*, curator: User, title: str) -> Exhibition:
    """Begin one. Raises PermissionRefused, InvalidInput."""
    _require_curator(curator)
    with transaction.atomic():
        exhibition = Exhibition(title=title.strip(), slug=_free_slug(title), curator=curator)
        _save(exhibition)
    return exhibition


def write_exhibition(*, curator: User, exhibition_id: UUID, seen: str = "", **written: Any) -> Exhibition:
    """Change title, slug, text, opens_at, closes_at or timezone.

    `seen` is the exhibition's `words_tag` as the curator saw it. Raises PermissionRefused, NotFound, InvalidInput,
    Conflict where somebody else has written meanwhile.
    """
    with transaction.atomic():
        exhibition = _locked(curator, exhibition_id)
        if seen and seen != exhibition.words_tag:
            raise Conflict(_("Somebody has written something else here meanwhile. Save again to replace it by yours."))
        for name in WRITTEN:
            if name in written:
                setattr(exhibition, name, written[name])
        _save(exhibition)
    return exhibition


def hang_in_exhibition(*, curator: User, exhibition_id: UUID, artwork_id: UUID, text: str = "") -> Hanging:
    """Add a work that hangs on the wall, at the end; adding it again changes nothing.

    Raises PermissionRefused, NotFound, InvalidInput where there are too many.
    """
    with transaction.atomic():
        exhibition = _locked(curator, exhibition_id)
        artwork = Artwork.objects.filter(pk=artwork_id, visibility=Visibility.WALL).first()
        if artwork is None:
            raise NotFound(_("No such work hangs on the wall."))
        last = exhibition.hangings.order_by("-position", "-id").first()
        found = exhibition.hangings.filter(artwork=artwork).first()
        if found is not None:
            return found
        if exhibition.hangings.count() >= MOST_WORKS:
            raise InvalidInput(_("At most %(most)d works.") % {"most": MOST_WORKS})
        hanging = Hanging.objects.create(
            exhibition=exhibition, artwork=artwork, position=(last.position + 1 if last else 0), text=text,
            section=exhibition.sections.last(),
        )  # fmt: skip
        _touch(exhibition)
        if exhibition.state == ExhibitionState.PUBLISHED:
            _tell(exhibition, [artwork])
    return hanging


def remove_from_exhibition(*, curator: User, exhibition_id: UUID, hanging_id: int) -> None:
    """Take a work out. Raises PermissionRefused, NotFound."""
    with transaction.atomic():
        exhibition = _locked(curator, exhibition_id)
        if not exhibition.hangings.filter(pk=hanging_id).delete()[0]:
            raise NotFound(_("There is no such work in it."))
        _touch(exhibition)


def label_hanging(*, curator: User, exhibition_id: UUID, hanging_id: int, text: str) -> None:
    """Write a work's label. Raises PermissionRefused, NotFound, InvalidInput."""
    if len(text) > LONGEST_LABEL:
        raise InvalidInput(_("A label has at most %(most)d characters.") % {"most": LONGEST_LABEL})
    with transaction.atomic():
        exhibition = _locked(curator, exhibition_id)
        if not exhibition.hangings.filter(pk=hanging_id).update(text=text.strip()):
            raise NotFound(_("There is no such work in it."))
        _touch(exhibition)


def arrange_exhibition(
    *, curator: User, exhibition_id: UUID, order: Sequence[tuple[int, int | None]], version: int | None = None
) -> Exhibition:
    """Bring the works into an order: each hanging's id, with its section's or None.

    Every work must be named once. `version` is the exhibition's as the curator saw it. Raises PermissionRefused,
    NotFound, InvalidInput, Conflict where somebody else has changed it meanwhile.
    """
    with transaction.atomic():
        exhibition = _locked(curator, exhibition_id)
        if version is not None and version != exhibition.version:
            raise Conflict(_("Somebody has changed this exhibition meanwhile: look again."), version=exhibition.version)
        hangings = {hanging.pk: hanging for hanging in exhibition.hangings.all()}
        sections = {None, *exhibition.sections.values_list("pk", flat=True)}
        named = [pk for pk, _section in order]
        if sorted(named) != sorted(hangings) or not {section for _pk, section in order} <= sections:
            raise InvalidInput(_("Name each work of the exhibition once, and sections of its own."))
        for position, (pk, section) in enumerate(order):
            hangings[pk].position, hangings[pk].section_id = position, section
        Hanging.objects.bulk_update(hangings.values(), ["position", "section"])
        _touch(exhibition)
    return exhibition


def move_hanging(*, curator: User, exhibition_id: UUID, hanging_id: int, by: int) -> Exhibition:
    """Move a work so many places on, or back; at either end it stays, but the last one passes into the last section.

    Raises PermissionRefused, NotFound.
    """
    with transaction.atomic():
        exhibition = _locked(curator, exhibition_id)
        order = [(one.pk, one.section_id) for one in in_order(exhibition)]
        at = next((place for place, (pk, _section) in enumerate(order) if pk == hanging_id), None)
        if at is None:
            raise NotFound(_("There is no such work in it."))
        to = min(max(at + by, 0), len(order) - 1)
        section = order[to][1]  # a work that passes into another section is in that one
        if by > 0 and to == at:  # and the last one into a section that waits for works
            section = exhibition.sections.values_list("pk", flat=True).last()
        pk, _was = order.pop(at)
        order.insert(to, (pk, section))
        return arrange_exhibition(curator=curator, exhibition_id=exhibition_id, order=order)


def add_section(*, curator: User, exhibition_id: UUID, title: str, text: str = "", first: int | None = None) -> Section:
    """Add a section at the end; or from the hanging `first` on, where it takes the rest of the section it parts.

    Raises PermissionRefused, NotFound, InvalidInput.
    """
    if not 0 < len(title.strip()) <= 120 or len(text) > LONGEST_LABEL:
        raise InvalidInput(_("A section has a title."), errors={"title": [_("From 1 to 120 characters.")]})
    with transaction.atomic():
        exhibition = _locked(curator, exhibition_id)
        parted = exhibition.hangings.filter(pk=first).first() if first is not None else None
        if first is not None and parted is None:
            raise NotFound(_("There is no such work in it."))
        sections = list(exhibition.sections.all())
        before = [section.pk for section in sections]
        place = len(sections)
        if parted is not None:
            place = before.index(parted.section_id) + 1 if parted.section_id else 0
        section = Section(exhibition=exhibition, title=title.strip(), text=text.strip(), position=place)
        section.save()
        for position, later in enumerate(sections[place:], start=place + 1):
            later.position = position
        Section.objects.bulk_update(sections, ["position"])
        if parted is not None:
            room = [one.pk for one in in_order(exhibition) if one.section_id == parted.section_id]
            exhibition.hangings.filter(pk__in=room[room.index(parted.pk) :]).update(section=section)
        _touch(exhibition)
    return section


def remove_section(*, curator: User, exhibition_id: UUID, section_id: int) -> None:
    """Take a heading away; its works go to the section before it. Raises PermissionRefused, NotFound."""
    with transaction.atomic():
        exhibition = _locked(curator, exhibition_id)
        section = exhibition.sections.filter(pk=section_id).first()
        if section is None:
            raise NotFound(_("There is no such section."))
        earlier = exhibition.sections.filter(position__lt=section.position).last()
        section.hangings.update(section=earlier)
        section.delete()
        _touch(exhibition)


def move_exhibition(*, curator: User, exhibition_id: UUID, move: str) -> Exhibition:
    """Publish, take back, close or reopen; artists are told of the first publication.

    What is closed before its time has its closing time then. Raises PermissionRefused, NotFound, NotNow, InvalidInput
    where nothing hangs in what is to be published, or its time is over.
    """
    with transaction.atomic():
        exhibition = _locked(curator, exhibition_id)
        EXHIBITION.move(exhibition, move)
        if move == "publish":
            works = list(Artwork.objects.on_wall().filter(exhibited__exhibition=exhibition))
            if not works:
                raise InvalidInput(_("Hang a work first."))
            if exhibition.closes_at is not None and exhibition.closes_at <= timezone.now():
                raise InvalidInput(_("It would be over already: choose when it closes."))
            exhibition.opens_at = exhibition.opens_at or timezone.now()
            _save(exhibition)
            _tell(exhibition, works)
        if move == "close":
            if exhibition.opens_at is not None and exhibition.opens_at > timezone.now():
                raise NotNow(_("It has not opened yet: take it back instead."), state=exhibition.state)
            # Its page says how long it was open; what was over already stays so, though no chore has come by yet.
            exhibition.closes_at = min(exhibition.closes_at or timezone.now(), timezone.now())
        if move == "reopen" and exhibition.closes_at is not None and exhibition.closes_at <= timezone.now():
            exhibition.closes_at = None
        _save(exhibition)
    return exhibition


def close_exhibitions() -> int:
    """Close those whose time is over; return how many."""
    over = Exhibition.objects.filter(state=ExhibitionState.PUBLISHED, closes_at__lte=timezone.now())
    with transaction.atomic():
        closed = over.update(state=ExhibitionState.CLOSED, updated_at=timezone.now())
        if closed:
            note_change()
    return closed


def in_order(exhibition: Exhibition) -> list[Hanging]:
    """Its works as they hang: those without a section first, then section by section."""
    places = {pk: place for place, pk in enumerate(exhibition.sections.values_list("pk", flat=True))}
    return sorted(
        exhibition.hangings.all(), key=lambda one: (places.get(one.section_id or 0, -1), one.position, one.pk)
    )


def _free_slug(title: str) -> str:
    """An address made of a title, with the first number that is free where others have it; nobody else finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAMING])
    slug = slugify(title.replace("_", "-"))[:60].strip("-") or "exhibition"
    taken = set(Exhibition.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    return next(name for name in chain([slug], (f"{slug}-{number}" for number in count(2))) if name not in taken)


def _tell(exhibition: Exhibition, works: Sequence[Artwork]) -> None:
    for work in Artwork.objects.filter(pk__in=[work.pk for work in works]).select_related("artist__user", "maker"):
        named = {"work": work.display_title, "title": exhibition.title}
        accounts.notify(
            person=work.artist.user if work.artist else work.maker, kind="exhibition.changed",
            key=f"{exhibition.pk}:{work.pk}"[:80], link=f"/exhibitions/{exhibition.slug}/",
            title=format_lazy(gettext_lazy("{work} is in the exhibition “{title}”"), **named),
            data={"exhibition": exhibition.slug, "artwork": str(work.pk)},
        )  # fmt: skip


def _locked(curator: User, exhibition_id: UUID) -> Exhibition:
    _require_curator(curator)
    exhibition = Exhibition.objects.select_for_update().filter(pk=exhibition_id).first()
    if exhibition is None:
        raise NotFound(_("There is no such exhibition."))
    return exhibition


def _touch(exhibition: Exhibition) -> None:
    exhibition.version += 1
    exhibition.save(update_fields=["version", "updated_at"])
    _note(exhibition)


def _save(exhibition: Exhibition) -> None:
    exhibition.text = exhibition.text.strip()
    _require_times(exhibition.opens_at, exhibition.closes_at)
    try:
        exhibition.full_clean()
    except ValidationError as error:
        raise InvalidInput(_("Something is not right yet."), errors=error.message_dict) from error
    exhibition.save()
    _note(exhibition)


def _note(exhibition: Exhibition) -> None:
    """Pages that name what is on are built anew; `take_back` leaves a draft that was on until now."""
    if exhibition.opens_at is not None:
        note_change()


def _require_times(opens_at: datetime | None, closes_at: datetime | None) -> None:
    if opens_at and closes_at and closes_at <= opens_at:
        raise InvalidInput(_("Something is not right yet."), errors={"closes_at": [_("It closes after it opens.")]})


def _require_curator(person: User) -> None:
    if not person.is_curator:
        raise PermissionRefused(_("Only curators make exhibitions."))
