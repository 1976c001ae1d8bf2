"""Where a payer is taxed, the tax on what they paid, and what of it was given back."""

from django.db import models
from django.db.models import Q

from marketplace.accounts.models import User
from marketplace.core.countries import country_name
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from payments.models.payment import Payment


class BillingDetails(TimeStamped):
    """How invoices name a payer, and where in their country they are; the country itself is the user's."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="billing_details")
    name = models.CharField(max_length=120, blank=True, help_text="On invoices; empty: the name that others see.")
    line1 = models.CharField(max_length=200, blank=True, help_text="Street and number.")
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    region = models.CharField(max_length=20, blank=True, help_text="State or province, such as CA: USA and Canada.")
    vat_id = models.CharField(max_length=20, blank=True, help_text="A business's VAT id, such as DE123456789.")

    def __str__(self) -> str:
        return f"Billing details of {self.user}"


class SaleTax(TimeStamped):
    """The tax on one payment: calculated before it is paid, recorded with the provider once it is."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="sale_tax")
    provider = models.CharField(max_length=10, help_text="Who calculated it, and has the record.")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=20, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    vat_id = models.CharField(max_length=20, blank=True)
    percentage = models.CharField(max_length=12, help_text="Such as 19.0.")
    kind = models.CharField(max_length=30, blank=True, help_text="As the provider calls it: vat, sales_tax, gst …")
    reason = models.CharField(max_length=40, help_text="As the provider calls it: standard_rated, reverse_charge …")
    calculation_id = models.CharField(max_length=100, unique=True)
    transaction_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    line_id = models.CharField(max_length=100, blank=True, help_text="The record's line, which reversals name.")
    failure = models.CharField(max_length=200, blank=True, help_text="Why it could not be recorded.")

    class Meta:
        verbose_name_plural = "taxes on sales"
        constraints = [
            models.CheckConstraint(
                name="payments_tax_recorded_has_line", condition=Q(transaction_id=None) | ~Q(line_id="")
            )
        ]
        indexes = [
            models.Index(name="payments_tax_open", fields=["updated_at"], condition=Q(transaction_id=None, failure=""))
        ]

    def __str__(self) -> str:
        return f"{Money(self.payment.tax_amount, self.payment.currency)} {self.label} in {self.country}"

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def label(self) -> str:
        """For people: VAT 19 %, reverse charge …"""
        return tax_label(self.kind, self.percentage, self.reason)


def tax_label(kind: str, percentage: str, reason: str) -> str:
    """How an invoice names a tax."""
    if reason == "reverse_charge":
        return "Reverse charge: the customer accounts for the VAT"
    if reason == "not_collecting" or not kind:
        return "No tax is collected there"
    name = kind.replace("_", " ")
    name = name.upper() if len(name) <= 4 else name.capitalize()  # VAT, GST; Sales tax
    rate = percentage.rstrip("0").rstrip(".") if "." in percentage else percentage
    return f"{name} {rate or '0'} %"


class TaxReversalState(models.TextChoices):
    REQUESTED = "requested"
    MADE = "made"
    REFUSED = "refused"


class TaxReversal(TimeStamped):
    """Tax that went back to a payer, on the provider's record too: with a refund, or a dispute that was lost."""

    State = TaxReversalState

    tax = models.ForeignKey(SaleTax, on_delete=models.PROTECT, related_name="reversals")
    reference = models.CharField(max_length=120, unique=True, help_text="Why: refund:<id> or dispute:<id>.")
    amount = models.PositiveBigIntegerField(help_text="What went back, with the tax.")
    tax_amount = models.PositiveBigIntegerField(help_text="Of that: tax.")
    state = models.CharField(max_length=10, choices=TaxReversalState, default=TaxReversalState.REQUESTED)
    stripe_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="payments_tax_back_state", condition=Q(state__in=TaxReversalState.values)),
            models.CheckConstraint(
                name="payments_tax_back_within", condition=Q(tax_amount__lte=models.F("amount"), amount__gt=0)
            ),
            models.CheckConstraint(
                name="payments_tax_back_made_has_id", condition=~Q(state="made") | Q(stripe_id__isnull=False)
            ),
        ]
        indexes = [models.Index(name="payments_tax_back_open", fields=["updated_at"], condition=Q(state="requested"))]

    def __str__(self) -> str:
        return f"{self.reference}: {Money(self.tax_amount, self.tax.payment.currency)}"
