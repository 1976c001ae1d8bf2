"""Exhibitions: walls that curators put together, with words, for a time."""

import hashlib
import json
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from generation.models import Artwork
from marketplace.accounts.models import User
from marketplace.core.machine import BEGINNING, Machine, Transition
from marketplace.core.models import TimeStamped
from marketplace.core.timezones import zone_name

MOST_WORKS = 120
WRITTEN = ("title", "slug", "text", "opens_at", "closes_at", "timezone")  # what curators write of it
LONGEST_TEXT = 6000
LONGEST_LABEL = 1200


def require_zone(name: str) -> None:
    """Raises ValidationError where no time zone is called so."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder
        raise ValidationError(_("There is no such time zone.")) from error


class ExhibitionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")


EXHIBITION = Machine(
    name="exhibition",
    title="An exhibition",
    transitions=(
        Transition("draft", (BEGINNING,), "draft", actor="curator"),
        Transition("publish", ("draft",), "published", actor="curator", deadline="opens at opens_at"),
        Transition("take_back", ("published",), "draft", actor="curator"),
        Transition("close", ("published",), "closed", actor="curator, or time", deadline="closes_at"),
        Transition("reopen", ("closed",), "published", actor="curator"),
    ),
)


class ExhibitionQuerySet(models.QuerySet["Exhibition"]):
    """Exhibitions by who may enter."""

    def open_to_all(self) -> "ExhibitionQuerySet":
        """Those that opened: the present ones, and those that are closed and can still be read."""
        return self.filter(state__in=["published", "closed"], opens_at__lte=timezone.now())

    def on_now(self) -> "ExhibitionQuerySet":
        """Those that can be visited in their time, now."""
        now = timezone.now()
        is_in_time = Q(closes_at=None) | Q(closes_at__gt=now)
        return self.filter(is_in_time, state="published", opens_at__lte=now)

    def announced(self) -> "ExhibitionQuerySet":
        """Those that will open."""
        return self.filter(state="published", opens_at__gt=timezone.now())


class Exhibition(TimeStamped):
    """A wall with a title, words and works in their order; its life is EXHIBITION."""

    State = ExhibitionState

    slug = models.SlugField(max_length=80, unique=True, validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")])
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=LONGEST_TEXT, blank=True, help_text="Paragraphs are parted by an empty line.")
    state = models.CharField(max_length=10, choices=ExhibitionState, default=ExhibitionState.DRAFT)
    curator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    timezone = models.CharField(
        max_length=64, default="UTC", validators=[require_zone],
        help_text="The IANA name of the time zone in which its times are said, such as Europe/Berlin.",
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1, help_text="Grows with each change of the works' order.")

    objects: ClassVar[ExhibitionQuerySet] = ExhibitionQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.CheckConstraint(name="gallery_exhibition_state", condition=Q(state__in=ExhibitionState.values)),
            models.CheckConstraint(
                name="gallery_exhibition_opens_before_it_closes",
                condition=Q(closes_at=None) | Q(opens_at=None) | Q(closes_at__gt=F("opens_at")),
            ),
            # What is public opened, or will.
            models.CheckConstraint(
                name="gallery_exhibition_public_opens", condition=Q(state="draft") | Q(opens_at__isnull=False)
            ),
        ]
        indexes = [models.Index(name="gallery_exhibition_last", fields=["-opens_at"], condition=~Q(state="draft"))]

    def __str__(self) -> str:
        return self.title

    @property
    def words_tag(self) -> str:
        """What it says and when it is open, as a short digest: by it a change of what somebody has not seen is told."""
        said = [str(getattr(self, name)) for name in WRITTEN]
        return hashlib.blake2b(json.dumps(said).encode(), digest_size=8).hexdigest()

    @property
    def zone_name(self) -> str:
        """Its time zone as people write it."""
        return zone_name(self.timezone)

    @property
    def is_to_come(self) -> bool:
        """Whether it is announced and opens later."""
        return self.state == ExhibitionState.PUBLISHED and self.opens_at is not None and self.opens_at > timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether it can be visited now, in its time."""
        now = timezone.now()
        begun = self.opens_at is not None and self.opens_at <= now
        return self.state == ExhibitionState.PUBLISHED and begun and (self.closes_at is None or self.closes_at > now)


class Section(models.Model):
    """A part of an exhibition that has a heading."""

    id = models.BigAutoField(primary_key=True)
    exhibition = models.ForeignKey(Exhibition, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=LONGEST_LABEL, blank=True)

    class Meta:
        ordering: ClassVar[list[Any]] = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Hanging(models.Model):
    """A work in its place, with its label; in a section, or before them all."""

    id = models.BigAutoField(primary_key=True)
    exhibition = models.ForeignKey(Exhibition, on_delete=models.CASCADE, related_name="hangings")
    section = models.ForeignKey(Section, on_delete=models.SET_NULL, null=True, blank=True, related_name="hangings")
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="exhibited")
    position = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=LONGEST_LABEL, blank=True, help_text="The label beside it.")

    class Meta:
        ordering: ClassVar[list[Any]] = ["position", "id"]
        constraints = [models.UniqueConstraint(name="gallery_hanging_once", fields=["exhibition", "artwork"])]

    def __str__(self) -> str:
        return f"{self.artwork_id} in {self.exhibition_id}"
