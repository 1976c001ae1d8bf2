"""Re-rolls: further pictures that a collector asks for when they have seen a proof; all are kept, one is accepted."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models import Artwork, Job, TrainedModel
from marketplace.commissions.models.instant import Commission
from marketplace.core.machine import BEGINNING, Machine, Transition
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from payments.models import Payment

TIME_TO_PAY = timedelta(minutes=20)  # the proof's own deadline runs meanwhile


class RerollState(models.TextChoices):
    AWAITING_PAYMENT = "awaiting_payment", _("Waiting for a card")
    PAINTING = "painting", _("Being painted")
    SHOWN = "shown", _("To be answered")
    CHOSEN = "chosen", _("Accepted")
    PASSED = "passed", _("Not taken")
    FAILED = "failed", _("Came to nothing")
    DROPPED = "dropped", _("Given up")


REROLL = Machine(
    "reroll",
    "A re-roll of an instant commission",
    (
        Transition("ask", (BEGINNING,), "painting", "collector", "included: none"),
        Transition("order", (BEGINNING,), "awaiting_payment", "collector", "a hold of its price is prepared"),
        Transition("begin", ("awaiting_payment",), "painting", "provider", "its price is held, beside the proof's"),
        Transition("show", ("painting",), "shown", "worker, or curator who clears it"),
        Transition("hold", ("shown",), "painting", "curator, who holds the picture"),
        Transition("fail", ("painting",), "failed", "worker", "its hold is released; it does not count"),
        Transition("refuse", ("painting", "shown"), "failed", "curator", "its hold is released; it does not count"),
        Transition(
            "drop", ("awaiting_payment", "painting"), "dropped", "collector who answers first, or time",
            "its hold is released", "pay_by",
        ),
        Transition(
            "choose", ("shown",), "chosen", "collector, or silence", "its hold is taken once the price is", "accept_by",
        ),
        Transition(
            "pass", ("shown",), "passed", "collector, or silence",
            "its hold is taken where another is accepted, else released", "accept_by",
        ),
    ),
)  # fmt: skip
OPEN = ("awaiting_payment", "painting")  # one at a time
COUNTED = ("awaiting_payment", "painting", "shown", "chosen", "passed")  # against the number that was agreed
SEEN = ("shown", "chosen", "passed")
ENGAGED = ("painting", *SEEN)


class Reroll(TimeStamped):
    """One more picture for a commission that has a proof, with another seed or other parameters.

    Within the included number it is painted at once; beyond it, as soon as its price is held on a card by a payment of
    its own. That hold is taken only once the commission's price is, and only if the picture was shown.
    """

    State = RerollState

    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="rerolls")
    number = models.PositiveIntegerField(help_text="Among the candidates: the first is the commission's own picture.")
    parameters = models.JSONField()
    seed = models.BigIntegerField(null=True, blank=True, help_text="Of a model alone, as the commission's.")
    state = models.CharField(max_length=20, choices=State)
    reason = models.CharField(max_length=300, blank=True, help_text="Why nothing came of it, for the collector.")
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="reroll",
        help_text="None where it is included.",
    )  # fmt: skip
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="reroll")
    request_key = models.CharField(max_length=250, null=True, blank=True, unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="commissions_reroll_number", fields=["commission", "number"]),
            models.CheckConstraint(name="commissions_reroll_from_two", condition=Q(number__gte=2)),
            models.CheckConstraint(name="commissions_reroll_state", condition=Q(state__in=RerollState.values)),
            models.UniqueConstraint(
                name="commissions_reroll_one_open", fields=["commission"], condition=Q(state__in=OPEN)
            ),
            models.UniqueConstraint(
                name="commissions_reroll_one_chosen", fields=["commission"], condition=Q(state="chosen")
            ),
            models.CheckConstraint(
                name="commissions_reroll_paid_first",
                condition=~Q(state="awaiting_payment") | Q(payment__isnull=False, job=None),
            ),
            models.CheckConstraint(
                name="commissions_reroll_has_job", condition=~Q(state__in=ENGAGED) | Q(job__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Candidate {self.number} of {self.commission.title}"

    @property
    def price(self) -> Money | None:
        """What is held for it; none where it is included."""
        return self.payment.price if self.payment else None

    @property
    def pay_by(self) -> datetime:
        return self.created_at + TIME_TO_PAY

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def artwork(self) -> Artwork | None:
        """The picture, held back or not; none while it is being painted, or where it came to nothing."""
        made: Artwork | None = getattr(self.job, "artwork", None)
        return made

    @property
    def counts_at_acceptance(self) -> bool:
        """Whether it is paid for when a candidate is accepted: its picture was seen, and its price is held."""
        held = self.payment is not None and self.payment.state in {
            Payment.State.AUTHORISED, Payment.State.CAPTURING, Payment.State.CAPTURED,
        }  # fmt: skip
        return held and self.state in SEEN


class ClaimedSeed(models.Model):
    """A seed of a model that somebody has, or may still have: of a commission's first picture, or of a re-roll."""

    id = models.BigAutoField(primary_key=True)
    trained_model = models.ForeignKey(TrainedModel, on_delete=models.PROTECT, related_name="+")
    engine = models.CharField(max_length=80)
    seed = models.BigIntegerField()
    commission = models.ForeignKey(Commission, on_delete=models.PROTECT, related_name="claimed_seeds")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="commissions_claimed_once", fields=["trained_model", "engine", "seed"]),
        ]

    def __str__(self) -> str:
        return f"{self.seed} of {self.trained_model_id}"

    @classmethod
    def claim(cls, commission: Commission, seed: int | None) -> None:
        """Have nobody else order that seed; nothing where a photograph is painted. Raises IntegrityError."""
        if commission.trained_model_id is None or commission.photograph_id is not None or seed is None:
            return
        model_id: UUID = commission.trained_model_id
        cls.objects.create(trained_model_id=model_id, engine=commission.engine, seed=seed, commission=commission)
