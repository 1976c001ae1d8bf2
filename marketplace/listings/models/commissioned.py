"""What is for sale: commissions in the style of a work, from a model that an artist trained, or by an engine."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from generation.engines import registry
from generation.engines.errors import UnknownEngine
from generation.models import Artwork, TrainedModel
from marketplace.accounts.models import Artist
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money

MOST_REROLLS = 20
LEAST_REROLL_BPS = 500  # a picture more takes the machines as long as the first


class ListingState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"


class ListingKind(models.TextChoices):
    STYLE = "style", _("A picture in the style of a work")
    MODEL = "model", _("A picture from a model")
    ENGINE = "engine", _("A picture by an engine of the house")


class Listing(TimeStamped):
    """An offer to have pictures made: in the style of an artist's work, from an artist's model, or by an engine.

    An engine is offered by the house, in the name of the artist who is paid for it.
    """

    State, Kind = ListingState, ListingKind

    artwork = models.OneToOneField(Artwork, on_delete=models.PROTECT, null=True, blank=True, related_name="listing")
    trained_model = models.OneToOneField(
        TrainedModel, on_delete=models.PROTECT, null=True, blank=True, related_name="listing"
    )
    engine = models.CharField(max_length=80, blank=True, help_text="Where an engine is offered: its name.")
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="listings")
    state = models.CharField(max_length=12, choices=State, default=State.PUBLISHED)
    price_amount = models.PositiveBigIntegerField(help_text="Minor units, such as cents.")
    currency = models.CharField(max_length=3)
    included_rerolls = models.PositiveSmallIntegerField(
        default=2, help_text="How many more pictures of one commission may be asked for at no cost."
    )
    most_rerolls = models.PositiveSmallIntegerField(default=6, help_text="How many in all, with those that are paid.")
    reroll_bps = models.PositiveIntegerField(
        default=2000, help_text="What each costs beyond the included ones, of 10,000 of the commission's price."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="listings_rerolls",
                condition=Q(included_rerolls__lte=F("most_rerolls"), most_rerolls__lte=MOST_REROLLS)
                & Q(reroll_bps__gte=LEAST_REROLL_BPS, reroll_bps__lte=10_000),
            ),
            models.CheckConstraint(name="listings_price_positive", condition=Q(price_amount__gt=0)),
            models.CheckConstraint(
                name="listings_state_known", condition=Q(state__in=["draft", "published", "paused"])
            ),
            # One of the three; that there is one listing of a style or a model, their own unique columns say.
            models.CheckConstraint(
                name="listings_offers_one_thing",
                condition=Q(artwork__isnull=False, trained_model=None, engine="")
                | Q(artwork=None, trained_model__isnull=False, engine="")
                | (Q(artwork=None, trained_model=None) & ~Q(engine="")),
            ),
            models.UniqueConstraint(
                name="listings_engine_once", fields=["engine"], condition=~Q(engine="")
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="listings_artist_state", fields=["artist", "state"])]

    def __str__(self) -> str:
        if self.artwork:
            return f"In the style of {self.artwork}"
        return f"From the model {self.trained_model}" if self.trained_model else self.title

    @property
    def kind(self) -> str:
        if self.artwork_id:
            return self.Kind.STYLE
        return self.Kind.MODEL if self.trained_model_id else self.Kind.ENGINE

    @property
    def title(self) -> str:
        """The title of the work, the name of the model, or the engine's title."""
        if self.artwork:
            return self.artwork.display_title
        if self.trained_model:
            return self.trained_model.name
        try:
            return registry.declaration(self.engine).title
        except UnknownEngine:
            return self.engine  # it was taken out of the house; what was sold of it stays

    @property
    def style_artist(self) -> Artist | None:
        """In whose manner what comes of it is made; an engine of the house has none, whomever its price pays."""
        return None if self.engine else self.artist

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.currency)

    @property
    def paid_rerolls(self) -> int:
        """How many more pictures may be asked for beyond the included ones."""
        return self.most_rerolls - self.included_rerolls

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PUBLISHED
