"""A commission: one collector, one listing, what is to be painted, one price, and how far it has come."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from generation.models import Artwork, Job, TrainedModel, Upload
from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models import Listing
from payments.ledger import HOUSE
from payments.models import Payment


class CommissionState(models.TextChoices):
    AWAITING_PAYMENT = "awaiting_payment"
    PAINTING = "painting"
    PROOF = "proof"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    FAILED = "failed"
    EXPIRED = "expired"
    LAPSED = "lapsed"


# As long as a commission from a model is in one of these, nobody else may have its seed.
HOLDS_SEED = ("awaiting_payment", "painting", "proof", "accepted", "delivered")

OVER = ("delivered", "declined", "cancelled", "failed", "expired", "lapsed")
TIME_TO_PAY = timedelta(hours=24)
TIME_TO_PAY_FOR_A_SEED = timedelta(minutes=20)  # nobody else can have it meanwhile: like a basket in a shop


class CommissionQuerySet(models.QuerySet["Commission"]):
    """Commissions by what is still awaited of them."""

    def overdue(self) -> "CommissionQuerySet":
        """Those that were to be paid by now, and were not as far as we know."""
        now = timezone.now()
        of_a_seed = Q(trained_model__isnull=False, photograph=None, created_at__lt=now - TIME_TO_PAY_FOR_A_SEED)
        return self.filter(of_a_seed | Q(created_at__lt=now - TIME_TO_PAY), state=CommissionState.AWAITING_PAYMENT)


class Commission(TimeStamped):
    """The order's life:

    awaiting_payment ─▶ painting ─▶ proof ─▶ accepted ─▶ delivered
          │                │          │          └─────▶ lapsed      the bank let the authorisation go
          ├─▶ expired      ├─▶ failed └─▶ declined ...               the card is released
          └─▶ cancelled    └─▶ cancelled

    A picture that waits for a curator leaves it at painting; a proof that a curator takes back returns there.
    """

    State = CommissionState

    collector = models.ForeignKey(User, on_delete=models.PROTECT, related_name="commissions")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="commissions")
    trained_model = models.ForeignKey(
        TrainedModel, on_delete=models.PROTECT, null=True, blank=True, related_name="commissions",
        help_text="Where the listing offers a model: that model.",
    )  # fmt: skip
    engine = models.CharField(max_length=80)
    seed = models.BigIntegerField(null=True, blank=True, help_text="Chosen or drawn at the order, of a model alone.")
    photograph = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="commissions",
        help_text="Where the engine asks for one.",
    )  # fmt: skip
    mask = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Where the photograph is painted: white where it is. None: all of it.",
    )  # fmt: skip
    parameters = models.JSONField(help_text="What the engine is told, checked against its schema.")
    state = models.CharField(max_length=20, choices=State, default=State.AWAITING_PAYMENT)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it ended without a work, for the collector.")

    price_amount = models.PositiveBigIntegerField()
    artist_amount = models.PositiveBigIntegerField(help_text="The artist's part, fixed at the order.")
    platform_amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    consents = models.JSONField(
        default=dict,
        blank=True,
        help_text="Whose styles and models are in it and on which terms, as they stood at the order.",
    )

    included_rerolls = models.PositiveSmallIntegerField(
        default=0, help_text="How many more pictures may be asked for at no cost."
    )
    most_rerolls = models.PositiveSmallIntegerField(default=0, help_text="How many in all, with those that are paid.")
    reroll_amount = models.PositiveBigIntegerField(default=0, help_text="What each costs beyond the included ones.")

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="commission")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="commission")
    artwork = models.OneToOneField(Artwork, on_delete=models.PROTECT, null=True, blank=True, related_name="commission")
    accept_by = models.DateTimeField(null=True, blank=True, help_text="Silence until then counts as acceptance.")
    request_key = models.CharField(max_length=250, null=True, blank=True, unique=True)

    objects: ClassVar[CommissionQuerySet] = CommissionQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.CheckConstraint(name="commissions_price_positive", condition=Q(price_amount__gt=0)),
            # The parts are the whole, to the cent.
            models.CheckConstraint(
                name="commissions_parts_are_the_price",
                condition=Q(price_amount=F("artist_amount") + F("platform_amount")),
            ),
            models.CheckConstraint(
                name="commissions_rerolls_agreed",
                condition=Q(included_rerolls__lte=F("most_rerolls"))
                & (Q(included_rerolls=F("most_rerolls")) | Q(reroll_amount__gt=0)),
            ),
            # A photograph in a style, or a seed of a model, with a photograph or without.
            models.CheckConstraint(
                name="commissions_of_a_style_or_a_model",
                condition=Q(trained_model=None, seed=None, photograph__isnull=False)
                | Q(trained_model__isnull=False, seed__isnull=False),
            ),
            models.CheckConstraint(
                name="commissions_mask_of_a_photograph", condition=Q(mask=None) | Q(photograph__isnull=False)
            ),
            models.CheckConstraint(name="commissions_seed_is_exact", condition=Q(seed__gte=0, seed__lt=2**53)),
            # A seed of a model is one collector's: whatever the size or the parameters, it is not sold twice.
            models.UniqueConstraint(
                name="commissions_seed_once", fields=["trained_model", "engine", "seed"],
                condition=Q(photograph=None, state__in=HOLDS_SEED),
            ),
            # There is a picture to answer, or to own, exactly from the proof on.
            models.CheckConstraint(
                name="commissions_proof_has_artwork",
                condition=~Q(state__in=["proof", "accepted", "delivered", "declined", "lapsed"])
                | Q(artwork__isnull=False, job__isnull=False),
            ),
            models.CheckConstraint(
                name="commissions_state_known",
                condition=Q(
                    state__in=[
                        "awaiting_payment", "painting", "proof", "accepted", "delivered",
                        "declined", "cancelled", "failed", "expired", "lapsed",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="commissions_proof_has_deadline", condition=~Q(state="proof") | Q(accept_by__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="commissions_of_collector", fields=["collector", "-id"]),
            models.Index(name="commissions_deadlines", fields=["accept_by"], condition=Q(state="proof")),
        ]

    def __str__(self) -> str:
        return f"{self.title} for {self.collector}"

    @property
    def title(self) -> str:
        """What the picture will be called."""
        return self.title_of(self.seed)

    def title_of(self, seed: int | None) -> str:
        """What it would be called with that seed."""
        if self.trained_model is None:
            # An engine that is told in words paints those; what else an engine makes is called after it.
            told = str(self.parameters.get("sentence", ""))[:100]
            return (told or self.listing.title) if self.listing.engine else f"After “{self.listing.title}”"
        return f"A portrait in {self.listing.title}" if self.photograph_id else f"Seed {seed} of {self.listing.title}"

    @property
    def shown_seed(self) -> int | None:
        """The seed that tells what the picture will be: a portrait's does not."""
        return None if self.photograph_id else self.seed

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.currency)

    @property
    def artist_part(self) -> Money:
        """What artists get of it: fixed at the order, less their part of the tax that is in the price."""
        credited = [amount for who, _, amount in self.payment.splits if who != HOUSE]
        return Money(sum(credited) if credited else self.artist_amount, self.currency)

    @property
    def reroll_price(self) -> Money:
        return Money(self.reroll_amount, self.currency)

    @property
    def pay_by(self) -> datetime:
        """Until when it may be paid; what is reserved meanwhile is kept for the collector no longer."""
        is_of_a_seed = self.trained_model_id is not None and self.photograph_id is None
        return self.created_at + (TIME_TO_PAY_FOR_A_SEED if is_of_a_seed else TIME_TO_PAY)

    @property
    def is_held(self) -> bool:
        """Whether its picture is painted and waits for a curator."""
        painted: Artwork | None = getattr(self.job, "artwork", None)
        return self.state == "painting" and painted is not None and painted.is_held

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in OVER
