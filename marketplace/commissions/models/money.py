"""What is paid for a brief, part by part; and how staff decided where the two sides did not agree."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models import Upload
from marketplace.accounts.models import User
from marketplace.commissions.models.briefs import Brief
from marketplace.commissions.models.candidates import Revision
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from payments.models import Payment


class InstalmentKind(models.TextChoices):
    DEPOSIT = "deposit", _("Deposit")
    BALANCE = "balance", _("Balance")
    REVISION = "revision", _("Extra revision")
    TIP = "tip", _("Tip")


class Instalment(TimeStamped):
    """One payment for a brief. All but tips are kept in escrow until the work is delivered, or given back."""

    Kind = InstalmentKind

    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="instalments")
    kind = models.CharField(max_length=10, choices=Kind)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="instalment")
    revision = models.OneToOneField(
        Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="instalment"
    )
    refunded_bps = models.PositiveIntegerField(
        null=True, blank=True, help_text="What part of it was sent back when the commission ended."
    )
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="When escrow ended: sent back, released to those who earned it, or both."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="commissions_instalment_kind", condition=Q(kind__in=InstalmentKind.values)),
            models.UniqueConstraint(
                name="commissions_instalment_once", fields=["brief", "kind"],
                condition=Q(kind__in=["deposit", "balance"]),
            ),
            models.CheckConstraint(
                name="commissions_instalment_of_revision",
                condition=Q(kind="revision", revision__isnull=False) | (~Q(kind="revision") & Q(revision=None)),
            ),
            models.CheckConstraint(
                name="commissions_instalment_refund", condition=Q(refunded_bps=None) | Q(refunded_bps__lte=10_000)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.brief.title}"

    @property
    def amount(self) -> Money:
        return self.payment.price

    @property
    def is_paid(self) -> bool:
        return self.payment.state == Payment.State.CAPTURED


class BriefDispute(TimeStamped):
    """One side says that it went wrong; staff read what there is, and decide."""

    brief = models.OneToOneField(Brief, on_delete=models.PROTECT, related_name="dispute")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state_before = models.CharField(max_length=20, help_text="Where the commission stood.")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    refund_bps = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of what was paid, back to the collector."
    )
    is_delivered = models.BooleanField(null=True, blank=True, help_text="Whether the collector has the proof.")
    decision = models.TextField(max_length=3000, blank=True, help_text="Why, for both sides.")

    class Meta:
        constraints = [
            # Decided by somebody at some time with both answers, or not at all.
            models.CheckConstraint(
                name="commissions_dispute_decided",
                condition=Q(decided_at=None, decided_by=None, refund_bps=None, is_delivered=None)
                | Q(
                    decided_at__isnull=False, decided_by__isnull=False, refund_bps__lte=10_000,
                    is_delivered__isnull=False,
                ),
            ),
            # Nobody has both the money and the work.
            models.CheckConstraint(
                name="commissions_dispute_fair",
                condition=Q(refund_bps=None) | Q(is_delivered=True, refund_bps__lt=10_000)
                | Q(is_delivered=False, refund_bps__gt=0),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Dispute about {self.brief.title}"


MOST_EVIDENCE = 40  # statements of one side


class Evidence(TimeStamped):
    """What a side brings forward in a dispute: words and pictures, kept as they were brought."""

    dispute = models.ForeignKey(BriefDispute, on_delete=models.PROTECT, related_name="evidence")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=5000)
    uploads = models.ManyToManyField(Upload, related_name="+", blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:60]}"
