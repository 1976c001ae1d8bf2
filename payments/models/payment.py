"""What one person pays once, and who has a share in it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money


class PaymentState(models.TextChoices):
    CREATED = "created"
    REQUIRES_PAYMENT = "requires_payment"
    AUTHORISED = "authorised"
    CAPTURING = "capturing"
    CAPTURED = "captured"
    RELEASING = "releasing"
    RELEASED = "released"
    LAPSED = "lapsed"


class CaptureMethod(models.TextChoices):
    MANUAL = "manual", _("Held first, taken later")  # cards only, within seven days
    AUTOMATIC = "automatic", _("Taken at once")  # every method that the provider offers


class Payment(TimeStamped):
    """One price that one person pays once, held first and taken later, or taken at once.

    created ─▶ requires_payment ─▶ authorised ─▶ capturing ─▶ captured
       │              │    │           │             └─────▶ lapsed    the provider let the authorisation go
       │              │    └───────────┼───────────────────▶ captured  what is taken at once is never held
       └──────────────┴────────────────┴─▶ releasing ─▶ released

    What comes after capture does not change it: see Refund, Dispute, Share.
    """

    State, Capture = PaymentState, CaptureMethod

    payer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="payments")
    amount = models.PositiveBigIntegerField(help_text="Minor units.")
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=100, unique=True, help_text="What is paid, such as commission:<id>.")
    capture_method = models.CharField(max_length=10, choices=Capture, default=Capture.MANUAL)
    tax_amount = models.PositiveBigIntegerField(default=0, help_text="Of the amount: tax that the house owes.")
    tax_reference = models.CharField(max_length=100, blank=True, help_text="The provider's calculation of the tax.")
    tax_inclusive = models.BooleanField(default=True, help_text="Whether it is in the price, or came on top.")
    is_taxable = models.BooleanField(default=True, help_text="No: a tip, for which nothing is given.")
    state = models.CharField(max_length=20, choices=State, default=State.CREATED)
    intent_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    paid_with = models.CharField(max_length=60, blank=True, help_text="For people, such as Visa ·4242.")
    client_secret = models.CharField(max_length=200, blank=True)
    charge_id = models.CharField(max_length=100, blank=True)
    action_url = models.CharField(
        max_length=500, blank=True, help_text="Where the payer authenticates, while their bank asks for it."
    )
    fee = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="What the provider kept; none: not known yet, or settled in another currency."
    )
    confirmations = models.PositiveIntegerField(default=0, help_text="Payment methods that got a definite answer.")
    last_error_code = models.CharField(max_length=60, blank=True)
    last_error_message = models.CharField(max_length=500, blank=True)
    keep_agreed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the payer agreed that the card is kept; none: they did not."
    )
    splits = models.JSONField(
        default=list, blank=True, help_text="Who is credited at capture: [[payee or platform, role, amount], …]."
    )
    hold_seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="How long after capture shares wait; none: until release_shares is called."
    )
    authorised_at = models.DateTimeField(null=True, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    capture_before = models.DateTimeField(null=True, blank=True, help_text="When the authorisation lapses.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="payments_amount_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payments_tax_within_amount", condition=Q(tax_amount__lte=F("amount"))),
            models.CheckConstraint(name="payments_capture_known", condition=Q(capture_method__in=CaptureMethod.values)),
            models.CheckConstraint(
                name="payments_only_held_cards_wait",
                condition=Q(capture_method="manual") | ~Q(state__in=["authorised", "capturing"]),
            ),
            models.CheckConstraint(
                name="payments_state_known",
                condition=Q(
                    state__in=[
                        "created", "requires_payment", "authorised", "capturing", "captured", "releasing",
                        "released", "lapsed",
                    ]
                ),
            ),
            # Money is only ever held or taken through an intent that we know.
            models.CheckConstraint(
                name="payments_held_has_intent",
                condition=Q(state__in=["created", "releasing", "released", "lapsed"]) | Q(intent_id__isnull=False),
            ),
            # Whatever is held or taken was authorised at some moment.
            models.CheckConstraint(
                name="payments_held_is_dated",
                condition=~Q(state__in=["authorised", "capturing", "captured"]) | Q(authorised_at__isnull=False),
            ),
            models.CheckConstraint(
                name="payments_captured_iff_dated",
                condition=Q(state="captured", captured_at__isnull=False)
                | (~Q(state="captured") & Q(captured_at__isnull=True)),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="payments_state_age", fields=["state", "updated_at"]),
            # What is captured stays for ever; few wait for their fee.
            models.Index(
                name="payments_fee_unknown", fields=["updated_at"], condition=Q(state="captured", fee__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price} {self.reference}"

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def net(self) -> int:
        """What is left without the tax: everybody's parts, and the house's."""
        return self.amount - self.tax_amount

    @property
    def asked(self) -> int:
        """The price as it was asked: with the tax where that is in it, without where it came on top."""
        return self.amount if self.tax_inclusive else self.net

    @property
    def tax(self) -> Money:
        return Money(self.tax_amount, self.currency)

    @property
    def is_payable(self) -> bool:
        return self.state in {self.State.CREATED, self.State.REQUIRES_PAYMENT}


class Share(TimeStamped):
    """One payee's part of a captured payment: owed until it is transferred, less what was refunded or lost.

    What is owed is `amount - refunded - transferred`; below nothing, the payee owes it to the house, and later shares
    of theirs are transferred less that.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="shares")
    payee = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shares")
    role = models.CharField(
        max_length=20, help_text="As what: seller, artist, style, model, contributor, royalty, tip."
    )
    amount = models.PositiveBigIntegerField()
    refunded = models.PositiveBigIntegerField(
        default=0, help_text="Given back to the payer, lost in a dispute, or withheld while one is open."
    )
    transferred = models.PositiveBigIntegerField(default=0, help_text="Sent to the payee's account, less reversals.")
    release_at = models.DateTimeField(
        null=True, blank=True, help_text="From when it may be transferred; none: not yet."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payments_share_once", fields=["payment", "payee", "role"]),
            models.CheckConstraint(name="payments_share_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payments_share_refunded_within", condition=Q(refunded__lte=F("amount"))),
            models.CheckConstraint(name="payments_share_transferred_within", condition=Q(transferred__lte=F("amount"))),
        ]
        indexes = [
            models.Index(
                name="payments_share_due", fields=["release_at"],
                condition=Q(amount__gt=F("refunded") + F("transferred")),
            ),
            models.Index(name="payments_share_payee", fields=["payee", "-id"]),
            # What is still owed to a payee or by them: few of many.
            models.Index(
                name="payments_share_open", fields=["payee"],
                condition=~Q(amount=F("refunded") + F("transferred")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{Money(self.amount, self.payment.currency)} for {self.payee} as {self.role}"

    @property
    def owed(self) -> int:
        """Minor units that the payee still gets; negative where they owe it."""
        return self.amount - self.refunded - self.transferred
