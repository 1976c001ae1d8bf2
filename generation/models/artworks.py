"""Artworks: what a job made, the files that hold it, and what curators did with it."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models.jobs import Job
from marketplace.accounts.models import Artist, User
from marketplace.core import storage
from marketplace.core.models import TimeStamped

if TYPE_CHECKING:
    from generation.models.moderation import Review


class Visibility(models.TextChoices):
    WALL = "wall", _("On the wall")
    PRIVATE = "private", _("Private")
    HIDDEN = "hidden", _("Taken down")
    HELD = "held", _("Held back")


class FileRole(models.TextChoices):
    ORIGINAL = "original", _("Original")
    PREVIEW = "preview", _("Preview")
    THUMBNAIL = "thumbnail", _("Thumbnail")
    FILM = "film", _("Film")


def owned_by(user: User) -> Q:
    """Works that a person owns, or owns an edition of."""
    return Q(owner=user) | Q(pk__in=Holder.objects.filter(user=user).values("artwork"))


class ArtworkQuerySet(models.QuerySet["Artwork"]):
    """Artworks by who may see them."""

    def on_wall(self) -> "ArtworkQuerySet":
        return self.filter(visibility=Visibility.WALL)

    def visible_to(self, user: User | None) -> "ArtworkQuerySet":
        """The wall for everybody; their own for makers, owners and artists; everything for staff and curators."""
        if user is None:
            return self.on_wall()
        if user.is_staff or user.is_curator:
            return self.all()
        return self.filter(Q(visibility=Visibility.WALL) | Q(maker=user) | Q(artist__user=user) | owned_by(user))

    def with_files(self) -> "ArtworkQuerySet":
        return self.select_related("artist", "style_artist").prefetch_related("files")


class Artwork(TimeStamped):
    """A finished work. The recipe holds all that is needed to make it again."""

    Visibility = Visibility

    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="artwork")
    title = models.CharField(max_length=120, blank=True)
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="made_artworks", help_text="Who had it made."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_artworks",
        help_text="Whose it is; nobody's while it is a proof.",
    )
    artist = models.ForeignKey(
        Artist, on_delete=models.PROTECT, null=True, blank=True, related_name="artworks", help_text="Who published it."
    )
    style_artist = models.ForeignKey(
        Artist,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="styled_artworks",
        help_text="Who is credited for its style.",
    )
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE)
    hung_at = models.DateTimeField(null=True, blank=True)
    taken_down_at = models.DateTimeField(null=True, blank=True)

    engine = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    medium = models.CharField(max_length=20)
    model_hash = models.CharField(max_length=64, blank=True)
    seed = models.BigIntegerField()
    recipe = models.JSONField()
    pixels_sha256 = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the picture's bare pixels, whatever file they lie in."
    )
    phash = models.BigIntegerField(
        null=True, blank=True, help_text="64 bits of what it looks like; none where it shows nothing to go by."
    )
    placeholder = models.CharField(
        max_length=600,
        null=True,
        blank=True,
        help_text="What is shown until its picture has come: a WebP of 16 pixels, in base64. Unknown: not made yet.",
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    frames = models.PositiveIntegerField(default=1, help_text="One of a picture, more of a film.")
    duration_ms = models.PositiveIntegerField(default=0, help_text="How long a film takes, in milliseconds.")

    objects: ClassVar[ArtworkQuerySet] = ArtworkQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.CheckConstraint(name="generation_artwork_visibility", condition=Q(visibility__in=Visibility.values)),
            # The wall is ordered by when a work was hung.
            models.CheckConstraint(
                name="generation_artwork_wall_has_time", condition=~Q(visibility="wall") | Q(hung_at__isnull=False)
            ),
            models.CheckConstraint(
                name="generation_artwork_hidden_has_time",
                condition=~Q(visibility="hidden") | Q(taken_down_at__isnull=False),
            ),
            models.CheckConstraint(name="generation_artwork_has_size", condition=Q(width__gt=0, height__gt=0)),
            # A film has frames and takes time, and nothing else does.
            models.CheckConstraint(
                name="generation_artwork_film_has_length",
                condition=Q(frames=1, duration_ms=0) | Q(frames__gt=1, duration_ms__gt=0),
            ),
        ]
        indexes = [
            models.Index(name="generation_artwork_wall", fields=["-hung_at", "-id"], condition=Q(visibility="wall")),
            # From before there were placeholders and today's widths of previews.
            models.Index(name="generation_artwork_unfitted", fields=["id"], condition=Q(placeholder=None)),
        ]

    def __str__(self) -> str:
        return self.display_title

    @property
    def display_title(self) -> str:
        """Its title, or what to call a work that has none."""
        return self.title or f"Untitled ({self.engine.replace('-', ' ')})"

    @property
    def credits(self) -> list[str]:
        """Whose drawings it was made after, and on which terms."""
        found: list[str] = self.recipe.get("credits", [])
        return found

    @property
    def public_recipe(self) -> dict[str, Any]:
        """The recipe without where the inputs lie: their hashes say what they were."""
        kept = ("name", "sha256", "credit")
        inputs = [{name: given[name] for name in kept if given.get(name)} for given in self.recipe.get("inputs", [])]
        return {**self.recipe, "inputs": inputs}

    @property
    def is_held(self) -> bool:
        """Whether the gate holds it back: nobody but curators sees it, and its files are all private."""
        return self.visibility == Visibility.HELD

    @property
    def standing_review(self) -> "Review | None":
        """The review that decides whether it is held, if the gate ever held it."""
        return self.reviews.filter(undone_at=None).first()

    @property
    def original(self) -> "ArtworkFile | None":
        return next((file for file in self.files.all() if file.role == FileRole.ORIGINAL), None)

    @property
    def is_film(self) -> bool:
        """Whether it moves. Its previews and thumbnails are then its poster's."""
        return self.frames > 1

    @property
    def seconds(self) -> float:
        """How long a film takes; nought for a picture."""
        return self.duration_ms / 1000

    @property
    def film_url(self) -> str:
        """The film as it is shown, smaller than the original; nothing for a picture, or while it is held."""
        return next((file.url for file in self._public("webp", FileRole.FILM)), "")

    @property
    def thumbnail_url(self) -> str:
        """The smallest public picture of it, or nothing."""
        smallest = min(self._public("webp", FileRole.THUMBNAIL), key=lambda file: file.width, default=None)
        return smallest.url if smallest else ""

    @property
    def largest_url(self) -> str:
        """The widest WebP preview, or nothing."""
        return (
            max(self._public("webp", FileRole.PREVIEW), key=lambda file: file.width).url if self.preview_url() else ""
        )

    def preview_url(self, at_least: int = 960) -> str:
        """The WebP preview nearest above `at_least` pixels in width, or the widest."""
        files = sorted(self._public("webp", FileRole.PREVIEW), key=lambda file: file.width)
        fitting = next((file for file in files if file.width >= at_least), files[-1] if files else None)
        return fitting.url if fitting else ""

    def srcset(self, media_format: str) -> str:
        """The previews in one format (webp, avif) as an HTML `srcset`."""
        files = sorted(self._public(media_format, FileRole.PREVIEW), key=lambda file: file.width)
        return ", ".join(f"{file.url} {file.width}w" for file in files)

    def _public(self, media_format: str, role: FileRole) -> "list[ArtworkFile]":
        # Not a query: `files` is prefetched wherever many works are shown. A held work has no public file.
        return [file for file in self.files.all() if file.role == role and file.format == media_format and file.url]


class ArtworkFile(models.Model):
    """One encoding of an artwork, stored under a key derived from its bytes."""

    id = models.BigAutoField(primary_key=True)
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(max_length=10, choices=FileRole.choices)
    format = models.CharField(max_length=10)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    bucket = models.CharField(max_length=10, choices=[(bucket.value, bucket.value) for bucket in storage.Bucket])
    key = models.CharField(max_length=200, db_index=True)
    is_marked = models.BooleanField(
        default=False, help_text="Watermarked: shown in place of the clean one until the work is somebody's."
    )

    class Meta:
        ordering: ClassVar[list[Any]] = ["artwork", "role", "width", "format"]
        constraints = [
            models.UniqueConstraint(
                name="generation_artworkfile_one_of_a_kind", fields=["artwork", "role", "format", "width", "is_marked"]
            ),
            models.CheckConstraint(name="generation_artworkfile_role", condition=Q(role__in=FileRole.values)),
            # Originals are what is sold: they never lie where anybody could fetch them. What is shown of a work lies
            # in public, except while the work is held.
            models.CheckConstraint(
                name="generation_artworkfile_original_is_private", condition=~Q(role="original") | Q(bucket="private")
            ),
            # What is sold is never the marked one.
            models.CheckConstraint(
                name="generation_artworkfile_original_is_clean", condition=~Q(role="original") | Q(is_marked=False)
            ),
            models.CheckConstraint(
                name="generation_artworkfile_bucket",
                condition=Q(bucket__in=[bucket.value for bucket in storage.Bucket]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.width} {self.format}"

    @property
    def url(self) -> str:
        """The lasting address of a public file; nothing for a private one."""
        return storage.public_url(self.key) if self.bucket == storage.Bucket.PUBLIC.value else ""


class Holder(models.Model):
    """Somebody who owns an edition of a work of which there are several: each may see it and have its original."""

    id = models.BigAutoField(primary_key=True)
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="holders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="held_artworks")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="generation_holder_once", fields=["user", "artwork"])]

    def __str__(self) -> str:
        return f"{self.user} holds {self.artwork}"


class CurationAct(models.Model):
    """A work was hung, taken down or brought back: kept, so that it can be told and undone."""

    class Action(models.TextChoices):
        HANG = "hang", _("Hung")
        TAKE_DOWN = "take-down", _("Taken down")
        BRING_BACK = "bring-back", _("Brought back")

    id = models.BigAutoField(primary_key=True)
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, related_name="curation_acts")
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Nobody's where the house itself took it down.",
    )  # fmt: skip
    action = models.CharField(max_length=10, choices=Action.choices)
    reason = models.CharField(max_length=200, blank=True)
    before = models.JSONField(help_text="Visibility and times as they were.")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[Any]] = ["-id"]
        constraints = [
            # Undone by somebody at some time, or not at all.
            models.CheckConstraint(
                name="generation_curationact_undone_by_whom",
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.artwork_id}"
