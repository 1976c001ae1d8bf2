"""On what terms an artist lends a style or a model: to be used in other artists' commissions and works."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from generation.models import Artwork, TrainedModel
from marketplace.accounts.models import Artist, ArtistState
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money

MOST_LENT = 5_000  # of 10,000 of what the seller gets


class StyleTermsQuerySet(models.QuerySet["StyleTerms"]):
    """Terms by when they stood."""

    def standing(self) -> "StyleTermsQuerySet":
        """Those that new commissions and works may rely on."""
        return self.filter(withdrawn_at=None)

    def offered(self) -> "StyleTermsQuerySet":
        """Those that may be chosen now: they stand, and their artist takes part."""
        return self.standing().filter(artist__state=ArtistState.APPROVED)

    def at(self, moment: datetime) -> "StyleTermsQuerySet":
        """Those that stood at a moment: whoever used the style then owes what they say, whatever came later."""
        return self.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment), created_at__lte=moment)


class StyleTerms(TimeStamped):
    """A work's style, or a model, lent at a fee for each commission or at a share of each sale.

    A row is never changed but to be withdrawn: other terms are another row, so that what was sold under old terms
    stays under them.
    """

    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="lent_styles")
    artwork = models.ForeignKey(
        Artwork, on_delete=models.PROTECT, null=True, blank=True, related_name="style_terms", help_text="Whose style."
    )
    trained_model = models.ForeignKey(
        TrainedModel, on_delete=models.PROTECT, null=True, blank=True, related_name="style_terms"
    )
    share_bps = models.PositiveIntegerField(
        default=0, help_text="Of what the seller gets in each sale, in 1/100 of a percent."
    )
    fee_amount = models.PositiveBigIntegerField(default=0, help_text="For each commission, in minor units.")
    currency = models.CharField(max_length=3, help_text="Of the fee; in it alone is the style lent at a fee.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[StyleTermsQuerySet] = StyleTermsQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        verbose_name_plural = "style terms"
        constraints = [
            models.CheckConstraint(
                name="listings_terms_of_one_thing",
                condition=Q(artwork__isnull=False, trained_model=None) | Q(artwork=None, trained_model__isnull=False),
            ),
            # A fee or a share: both would be paying twice, neither is nothing to agree on.
            models.CheckConstraint(
                name="listings_terms_fee_or_share",
                condition=Q(share_bps=0, fee_amount__gt=0) | Q(share_bps__gt=0, fee_amount=0),
            ),
            models.CheckConstraint(name="listings_terms_share_bound", condition=Q(share_bps__lte=MOST_LENT)),
            models.UniqueConstraint(
                name="listings_terms_of_style_once", fields=["artwork"], condition=Q(withdrawn_at=None)
            ),
            models.UniqueConstraint(
                name="listings_terms_of_model_once", fields=["trained_model"], condition=Q(withdrawn_at=None)
            ),
        ]
        indexes = [models.Index(name="listings_terms_artist", fields=["artist", "-id"])]

    def __str__(self) -> str:
        return f"{self.title} at {self.price_words}"

    @property
    def title(self) -> str:
        """What is lent."""
        return self.artwork.display_title if self.artwork else str(self.trained_model)

    @property
    def role(self) -> str:
        """As what its artist is paid: `style` or `model`."""
        return "style" if self.artwork_id else "model"

    @property
    def price_words(self) -> str:
        """What it costs, for people."""
        if self.fee_amount:
            return gettext("%(fee)s a commission") % {"fee": Money(self.fee_amount, self.currency)}
        return gettext("%(percent)s %% of what the seller gets") % {"percent": f"{self.share_bps / 100:g}"}

    @property
    def consent(self) -> dict[str, Any]:
        """What is written down at a sale: who agreed to what, and for a model, from which data it was trained."""
        agreed: dict[str, Any] = {
            "terms": str(self.pk), "payee": str(self.artist.user_id), "role": self.role, "share_bps": self.share_bps,
            "fee_amount": self.fee_amount, "currency": self.currency, "agreed_at": self.created_at.isoformat(),
        }  # fmt: skip
        if self.trained_model is None:
            return agreed | {"artwork": str(self.artwork_id)}
        return agreed | consent_of(self.trained_model)


def consent_of(model: TrainedModel) -> dict[str, Any]:
    """Which version of a model was used, and the version of the data whose consents it rests on."""
    return {
        "model": str(model.pk), "model_version": model.version, "model_hash": model.model_hash,
        "dataset": str(model.training.dataset_id), "dataset_version": model.training.dataset.version,
    }  # fmt: skip
