"""Reviews: a picture that the gate held back, what it was held for, and what a curator decided."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.engines.training.showing import WIDE
from generation.models.artworks import Artwork
from generation.models.datasets import DatasetPicture
from generation.models.training import TrainedModel
from generation.models.uploads import Upload
from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped


class ReviewState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a curator")
    CLEARED = "cleared", _("Cleared")
    REFUSED = "refused", _("Refused")


class FlagKind(models.TextChoices):
    """What the gate holds a picture for."""

    EXPLICIT = "explicit", _("It may be explicit")
    SIMILAR = "similar", _("It resembles a work on the wall")
    MEMORISED = "memorised", _("It repeats a picture that its model learnt from")


class ReviewQuerySet(models.QuerySet["Review"]):
    """Reviews by what is still to be done."""

    def standing(self) -> "ReviewQuerySet":
        """Those that were not undone: at most one a picture."""
        return self.filter(undone_at=None)

    def waiting(self) -> "ReviewQuerySet":
        return self.filter(state=ReviewState.WAITING)


class Review(TimeStamped):
    """One look of a curator's at one picture that the gate held back.

    A decision that is undone stays as it was, marked so, and a new review of the same picture waits in its place.
    """

    State = ReviewState

    upload = models.ForeignKey(
        Upload, on_delete=models.CASCADE, null=True, blank=True, related_name="reviews",
        help_text="The first upload of the picture; others of the same bytes share its review.",
    )  # fmt: skip
    artwork = models.ForeignKey(Artwork, on_delete=models.CASCADE, null=True, blank=True, related_name="reviews")
    dataset_picture = models.ForeignKey(
        DatasetPicture, on_delete=models.CASCADE, null=True, blank=True, related_name="reviews"
    )
    trained_model = models.ForeignKey(
        TrainedModel, on_delete=models.CASCADE, null=True, blank=True, related_name="reviews",
        help_text="The model of whose samples one was flagged.",
    )  # fmt: skip
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.WAITING)

    explicit = models.FloatField(help_text="How explicit the classifier takes it to be, from 0 to 1.")
    is_explicit = models.BooleanField(default=False, help_text="Held because of that.")
    resembles = models.ForeignKey(
        Artwork, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="The work on the wall that it looks like.",
    )  # fmt: skip
    distance = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="In how many of 64 bits the two differ; held because of that."
    )
    repeats = models.ForeignKey(
        DatasetPicture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="The picture that its model learnt from and to which it comes nearest.",
    )  # fmt: skip
    nearness = models.FloatField(
        null=True, blank=True,
        help_text="How far the two lie apart, as a share of what is usual in the dataset; held because of that.",
    )  # fmt: skip

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="Why; the owner of a refused picture reads it.")
    final_because = models.CharField(max_length=200, blank=True, help_text="Why the decision cannot be undone.")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ReviewQuerySet] = ReviewQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            # A review is of one picture, or of one model's pictures.
            models.CheckConstraint(
                name="generation_review_of_one_picture",
                condition=Q(upload__isnull=False, artwork=None, dataset_picture=None, trained_model=None)
                | Q(upload=None, artwork__isnull=False, dataset_picture=None, trained_model=None)
                | Q(upload=None, artwork=None, dataset_picture__isnull=False, trained_model=None)
                | Q(upload=None, artwork=None, dataset_picture=None, trained_model__isnull=False),
            ),
            models.CheckConstraint(name="generation_review_state", condition=Q(state__in=ReviewState.values)),
            # Nothing is held for nothing.
            models.CheckConstraint(
                name="generation_review_has_a_cause",
                condition=Q(is_explicit=True) | Q(distance__isnull=False) | Q(nearness__isnull=False),
            ),
            models.CheckConstraint(
                name="generation_review_explicit_is_share", condition=Q(explicit__gte=0.0, explicit__lte=1.0)
            ),
            # Decided by somebody at some time, or waiting.
            models.CheckConstraint(
                name="generation_review_decided_by_whom",
                condition=Q(state="waiting", decided_by=None, decided_at=None)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            # Undone by somebody at some time, or not at all; and only what was decided, and not for good.
            models.CheckConstraint(
                name="generation_review_undone_by_whom",
                condition=Q(undone_by=None, undone_at=None)
                | (Q(undone_by__isnull=False, undone_at__isnull=False, final_because="") & ~Q(state="waiting")),
            ),
            # One picture has one review that stands.
            models.UniqueConstraint(
                name="generation_review_one_of_upload", fields=["upload"], condition=Q(undone_at=None)
            ),
            models.UniqueConstraint(
                name="generation_review_one_of_artwork", fields=["artwork"], condition=Q(undone_at=None)
            ),
            models.UniqueConstraint(
                name="generation_review_one_of_dataset_picture",
                fields=["dataset_picture"],
                condition=Q(undone_at=None),
            ),
            models.UniqueConstraint(
                name="generation_review_one_of_trained_model", fields=["trained_model"], condition=Q(undone_at=None)
            ),
        ]
        indexes = [
            models.Index(name="generation_review_waiting", fields=["id"], condition=Q(state="waiting")),
            models.Index(name="generation_review_decided", fields=["-decided_at"], condition=~Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self._subject}"

    @property
    def _subject(self) -> "Artwork | Upload | DatasetPicture | TrainedModel | None":
        return self.artwork or self.upload or self.dataset_picture or self.trained_model

    @property
    def kinds(self) -> list[FlagKind]:
        """What it was held for."""
        held_for = {
            FlagKind.EXPLICIT: self.is_explicit,
            FlagKind.SIMILAR: self.distance is not None,
            FlagKind.MEMORISED: self.nearness is not None,
        }
        return [kind for kind, applies in held_for.items() if applies]

    @property
    def reasons(self) -> list[str]:
        """Why it was held, in words, each with how sure the gate is."""
        said: dict[FlagKind, str] = {
            FlagKind.EXPLICIT: gettext("The classifier takes it for explicit (%(score)s).")
            % {"score": f"{self.explicit:.0%}"},
            FlagKind.SIMILAR: gettext("It looks like %(work)s (%(bits)s of 64 bits differ).")
            % {"work": _named(self.resembles), "bits": self.distance},
            FlagKind.MEMORISED: gettext(
                "It repeats a picture that its model learnt from (%(near)s of the usual distance between two of them)."
            )
            % {"near": f"{self.nearness or 0.0:.0%}"},
        }
        return [said[kind] for kind in self.kinds]

    @property
    def sender(self) -> User:
        """Who sent the picture, or had it made."""
        if self.artwork is not None:
            return self.artwork.maker
        if self.trained_model is not None:
            return self.trained_model.artist.user
        if self.dataset_picture is not None:
            return self.dataset_picture.consented_by
        assert self.upload is not None
        return self.upload.owner

    @property
    def subject_name(self) -> str:
        """What to call the picture."""
        if self.artwork is not None:
            return f"“{self.artwork.display_title}”"
        if self.trained_model is not None:
            return f"“{self.trained_model.name}”"
        sent = self.upload or self.dataset_picture
        assert sent is not None
        return sent.filename or gettext("A picture without a name")

    @property
    def size(self) -> tuple[int, int]:
        """The picture's width and height."""
        if self.trained_model is not None:
            return WIDE, WIDE
        of = self.artwork or self.upload or self.dataset_picture
        assert of is not None
        return of.width or 1, of.height or 1

    @property
    def told(self) -> str:
        """What the sender is told while the picture is held."""
        if self.state == ReviewState.REFUSED:
            return self.refusal
        causes = gettext(" and ").join(str(kind.label).replace("It", "it", 1) for kind in self.kinds)
        return gettext("A curator looks at it first, because %(causes)s.") % {"causes": causes}

    @property
    def refusal(self) -> str:
        """What the owner of a refused picture is told."""
        return self.note or gettext("A curator looked at this picture and decided that it cannot be shown here.")

    @property
    def can_be_undone(self) -> bool:
        return self.state != ReviewState.WAITING and self.undone_at is None and not self.final_because

    def as_dict(self) -> dict[str, Any]:
        """What it was held for: what the review that follows an undone one takes over."""
        taken_over = (
            "upload_id", "artwork_id", "dataset_picture_id", "trained_model_id", "explicit", "is_explicit",
            "resembles_id", "distance", "repeats_id", "nearness",
        )  # fmt: skip
        return {name: getattr(self, name) for name in taken_over}


def _named(artwork: Artwork | None) -> str:
    if artwork is None:
        return gettext("a work that is gone")
    if artwork.artist:
        return gettext("“%(title)s” by %(artist)s") % {"title": artwork.display_title, "artist": artwork.artist.name}
    return f"“{artwork.display_title}”"
