"""What is issued: a work, or a series that a model makes, in numbered editions."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.models import Artwork, TrainedModel
from marketplace.accounts.models import Artist, User
from marketplace.core.models import TimeStamped

MOST_EDITIONS = 10_000
MOST_ROYALTY = 2_500  # of 10,000 of a resale's price


class Release(TimeStamped):
    """A work, or a series, and in how many numbered editions there is one.

    Of a work, every edition shows the same picture. Of a series, each is made when it is bought, by an engine from a
    model with a seed that is drawn after payment.
    """

    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="releases")
    artwork = models.OneToOneField(Artwork, on_delete=models.PROTECT, null=True, blank=True, related_name="release")
    trained_model = models.ForeignKey(
        TrainedModel, on_delete=models.PROTECT, null=True, blank=True, related_name="releases", help_text="Of a series."
    )
    engine = models.CharField(max_length=80, blank=True, help_text="Of a series: what makes its editions.")
    parameters = models.JSONField(default=dict, blank=True, help_text="Of a series: what the engine is told.")
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=2000)
    size = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many editions there are; none: as many as are sold until it closes."
    )
    numbered = models.PositiveIntegerField(default=0, help_text="How many editions have a number by now.")
    royalty_bps = models.PositiveIntegerField(default=1000, help_text="Of each resale's price, in 1/100 of a percent.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="listings_release_of_one_thing",
                condition=Q(artwork__isnull=False, trained_model=None, engine="")
                | (Q(artwork=None, trained_model__isnull=False) & ~Q(engine="")),
            ),
            # No edition beyond the size can ever have a number.
            models.CheckConstraint(
                name="listings_release_within_size", condition=Q(size=None) | Q(numbered__lte=F("size"))
            ),
            models.CheckConstraint(
                name="listings_release_has_size", condition=Q(size=None) | Q(size__gte=1, size__lte=MOST_EDITIONS)
            ),
            models.CheckConstraint(name="listings_release_royalty", condition=Q(royalty_bps__lte=MOST_ROYALTY)),
        ]
        indexes = [models.Index(name="listings_release_artist", fields=["artist", "-id"])]

    def __str__(self) -> str:
        return self.title

    @property
    def is_series(self) -> bool:
        return self.trained_model_id is not None


class Contributor(TimeStamped):
    """Somebody beside the artist who gets a part of what the artist gets from a release, in every sale of it."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="contributors")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="contributions")
    share_bps = models.PositiveIntegerField(help_text="Of the artist's part, in 1/100 of a percent.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="listings_contributor_once", fields=["release", "user"]),
            models.CheckConstraint(
                name="listings_contributor_share", condition=Q(share_bps__gte=1, share_bps__lte=10_000)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} of {self.release}"


class EditionState(models.TextChoices):
    FREE = "free", _("Nobody's yet")
    RESERVED = "reserved", _("Being bought")
    SOLD = "sold", _("Somebody's")
    VOID = "void", _("Never issued")  # its number came after the last one that a timed edition sold


class Edition(TimeStamped):
    """One numbered copy of a release; it has one owner at most (see orders.Ownership)."""

    State = EditionState

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.FREE)
    seed = models.BigIntegerField(null=True, blank=True, help_text="Of a series: drawn when it was paid for.")
    made = models.OneToOneField(
        Artwork, on_delete=models.PROTECT, null=True, blank=True, related_name="edition",
        help_text="Of a series: the work that was made for it.",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(name="listings_edition_number", fields=["release", "number"]),
            models.CheckConstraint(name="listings_edition_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="listings_edition_state", condition=Q(state__in=EditionState.values)),
            # Nobody else gets a seed of the same series.
            models.UniqueConstraint(name="listings_edition_seed", fields=["release", "seed"]),
        ]
        indexes = [models.Index(name="listings_edition_free", fields=["release", "number"], condition=Q(state="free"))]

    def __str__(self) -> str:
        said = {"title": self.release.title, "number": self.number, "size": self.release.size}
        return (
            gettext("%(title)s, %(number)s of %(size)s") if said["size"] else gettext("%(title)s, %(number)s")
        ) % said

    @property
    def artwork(self) -> Artwork | None:
        """What it shows; None while it is still to be made."""
        return self.made or self.release.artwork

    @property
    def artwork_id(self) -> UUID | None:
        """The id of what it shows."""
        return self.made_id or self.release.artwork_id
