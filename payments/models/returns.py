"""Money that goes back to a payer: refunds, which we give, and disputes, in which a bank takes it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from payments.models.payment import Payment


class RefundState(models.TextChoices):
    REQUESTED = "requested"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SETTLED = "settled", _("Given otherwise")


class Refund(TimeStamped):
    """A part of a captured payment, or all of it, on its way back to the payer.

    requested ─▶ pending ─▶ succeeded
        │           │           │
        └───────────┴───────────┴─▶ failed    refused, or the bank would not take it, which it may say late: the money
                                              is back with us, and a person decides: another refund is tried, or is
                                              `settled` from the start, given by the house's own bank

    Together, those that did not fail are never more than the payment (a trigger in the database sees to it).
    """

    State = RefundState
    GIVEN = (RefundState.SUCCEEDED, RefundState.SETTLED)
    """The payer has the money."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    reference = models.CharField(max_length=120, unique=True, help_text="Why, once: such as order:<id>:sold-out.")
    amount = models.PositiveBigIntegerField(help_text="Minor units of the payment's currency.")
    parts = models.JSONField(
        default=list, help_text="Whose it was: [[share, amount], …], null for the house and “tax” for the tax."
    )
    reason = models.CharField(max_length=300, help_text="For the payer.")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.REQUESTED)
    stripe_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="payments_refund_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payments_refund_state", condition=Q(state__in=RefundState.values)),
            models.CheckConstraint(
                name="payments_refund_made_has_id",
                condition=~Q(state__in=["pending", "succeeded"]) | Q(stripe_id__isnull=False),
            ),
        ]
        indexes = [models.Index(name="payments_refund_state_age", fields=["state", "updated_at"])]

    def __str__(self) -> str:
        return f"{Money(self.amount, self.payment.currency)} back: {self.reason}"


class DisputeState(models.TextChoices):
    INQUIRY = "inquiry", _("The bank asks; no money has moved")
    OPEN = "open", _("The money is withheld until the bank decides")
    WON = "won"
    LOST = "lost"


class Dispute(TimeStamped):
    """A payer's bank takes a payment back (a chargeback), until or unless we win.

    inquiry ─▶ open ─▶ won | lost;  inquiry ─▶ won (closed without a withdrawal)
    """

    State = DisputeState

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    stripe_id = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=10, choices=State)
    status = models.CharField(max_length=40, help_text="As the provider calls it.")
    reason = models.CharField(max_length=60)
    amount = models.PositiveBigIntegerField()
    parts = models.JSONField(default=list, help_text="Whose it is, while it is withheld or lost: as a refund's.")
    is_withheld = models.BooleanField(default=False, help_text="Whether shares count it as gone.")
    fee = models.PositiveBigIntegerField(default=0)
    evidence_due_at = models.DateTimeField(null=True, blank=True)
    evidence = models.JSONField(default=dict, help_text="What is to be handed in, or was.")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When somebody asked to hand it in.")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    failure = models.CharField(max_length=200, blank=True, help_text="Why it could not be handed in.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="payments_dispute_state", condition=Q(state__in=DisputeState.values)),
            models.CheckConstraint(
                name="payments_dispute_closed_is_dated",
                condition=Q(state__in=["won", "lost"], closed_at__isnull=False)
                | Q(state__in=["inquiry", "open"], closed_at=None),
            ),
        ]
        indexes = [models.Index(name="payments_dispute_open", fields=["evidence_due_at"], condition=Q(closed_at=None))]

    def __str__(self) -> str:
        return f"{self.reason} {self.stripe_id}"
