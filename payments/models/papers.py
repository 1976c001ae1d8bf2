"""Invoices and credit notes: numbered by the database without gaps, and never changed once issued."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from payments.models.payment import Payment
from payments.models.returns import Dispute, Refund


class PaperKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")


class PaperSeries(models.Model):
    """A row of numbers; the trigger that numbers a paper counts here, so whoever rolls back leaves no gap."""

    code = models.CharField(primary_key=True, max_length=20, help_text="Such as INV-2026.")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "paper series"

    def __str__(self) -> str:
        return f"{self.code}: {self.last}"


class Paper(TimeStamped):
    """An invoice for a payment, which is its receipt too, or a credit note for what went back of it.

    `said` is everything that is drawn, frozen at issue; the file is drawn once, when it is first
    asked for, and known by its hash. A trigger gives
    the number and refuses every change but that the file is there.
    """

    Kind = PaperKind

    kind = models.CharField(max_length=12, choices=PaperKind)
    series = models.CharField(max_length=20)
    number = models.PositiveIntegerField(default=0, help_text="Given by the database.")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="papers", help_text="Who paid.")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="papers")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="paper")
    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="paper")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections", help_text="The invoice."
    )
    issued_at = models.DateTimeField(default=timezone.now)
    said = models.JSONField(help_text="Seller, buyer, lines, totals, how it was paid: as drawn.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file, once it is drawn.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payments_paper_number", fields=["series", "number"]),
            models.UniqueConstraint(
                name="payments_paper_invoice_once", fields=["payment"], condition=Q(kind="invoice")
            ),
            models.CheckConstraint(
                name="payments_paper_kind",
                condition=Q(kind="invoice", refund=None, dispute=None, corrects=None)
                | Q(kind="credit_note", refund__isnull=False, dispute=None, corrects__isnull=False)
                | Q(kind="credit_note", refund=None, dispute__isnull=False, corrects__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="payments_paper_of_person", fields=["person", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def name(self) -> str:
        """Series and number, as it is quoted."""
        return f"{self.series}-{self.number:06d}"

    @property
    def total(self) -> Money:
        """With the tax; negative for what went back."""
        return Money(self.said["total"], self.said["currency"])
