"""A commission: one collector, one style, one photograph, one price, and how far it has come."""

from django.db import models
from django.db.models import F, Q

from generation.models import Artwork, Job, Upload
from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models import Listing
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
    photograph = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="commissions")
    parameters = models.JSONField(help_text="What the engine is told, checked against its schema.")
    state = models.CharField(max_length=20, choices=State, default=State.AWAITING_PAYMENT)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it ended without a work, for the collector.")

    price_amount = models.PositiveBigIntegerField()
    artist_amount = models.PositiveBigIntegerField(help_text="The artist's part, fixed at the order.")
    platform_amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="commission")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="commission")
    artwork = models.OneToOneField(Artwork, on_delete=models.PROTECT, null=True, blank=True, related_name="commission")
    accept_by = models.DateTimeField(null=True, blank=True, help_text="Silence until then counts as acceptance.")
    request_key = models.CharField(max_length=250, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="commissions_price_positive", condition=Q(price_amount__gt=0)),
            # The parts are the whole, to the cent.
            models.CheckConstraint(
                name="commissions_parts_are_the_price",
                condition=Q(price_amount=F("artist_amount") + F("platform_amount")),
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
        return f"After {self.listing.artwork} for {self.collector}"

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.currency)

    @property
    def is_held(self) -> bool:
        """Whether its picture is painted and waits for a curator."""
        painted: Artwork | None = getattr(self.job, "artwork", None)
        return self.state == "painting" and painted is not None and painted.is_held

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {"delivered", "declined", "cancelled", "failed", "expired", "lapsed"}
