"""Where money goes: a payee's account at the provider, what is sent to it, and what is paid to their bank."""

from django.db import models
from django.db.models import F, Q

from marketplace.accounts.models import User
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from payments.models.payment import Share


class PayoutAccount(TimeStamped):
    """A person's connected account at the provider; its capabilities decide whether anything is sent to it."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="payout_account")
    stripe_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    country = models.CharField(max_length=2, help_text="ISO code; where they live and are taxed. Fixed once made.")
    transfers_active = models.BooleanField(default=False)
    payouts_enabled = models.BooleanField(default=False)
    details_submitted = models.BooleanField(default=False)
    requirements = models.JSONField(default=list, help_text="What the provider still wants to know.")
    disabled_reason = models.CharField(max_length=100, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When it was last read at the provider.")

    # `updated_at` says when something of it last changed: seeing it unchanged does not touch it.

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payments_payable_account_exists",
                condition=Q(transfers_active=False, payouts_enabled=False) | Q(stripe_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.stripe_id or 'to be opened'} of {self.user}"

    CLOSED = "closed"
    """The disabled reason of an account for which the house may no longer act: another can be opened."""

    @property
    def is_payable(self) -> bool:
        """Whether what is earned reaches the payee's bank."""
        return self.transfers_active and self.payouts_enabled

    @property
    def is_closed(self) -> bool:
        return self.disabled_reason == self.CLOSED


class TransferState(models.TextChoices):
    REQUESTED = "requested"
    MADE = "made"
    REFUSED = "refused"


class Transfer(TimeStamped):
    """Money of a share on its way to its payee's account. Its share counts it from the request on, until refused.

    requested ─▶ made;  requested ─▶ refused: the share is owed it again, and another transfer is tried later

    `reversed` counts what is being taken back from the request on, too.
    """

    State = TransferState

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="transfers")
    amount = models.PositiveBigIntegerField()
    reversed = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    stripe_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="payments_transfer_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payments_transfer_state", condition=Q(state__in=TransferState.values)),
            models.CheckConstraint(name="payments_transfer_reversed_within", condition=Q(reversed__lte=F("amount"))),
            models.CheckConstraint(
                name="payments_transfer_made_has_id", condition=~Q(state="made") | Q(stripe_id__isnull=False)
            ),
        ]
        indexes = [models.Index(name="payments_transfer_open", fields=["updated_at"], condition=Q(state="requested"))]

    def __str__(self) -> str:
        return f"{Money(self.amount, self.share.payment.currency)} to {self.share.payee}"


class Reversal(TimeStamped):
    """Money taken back from a payee's account, because the payment was refunded or disputed."""

    State = TransferState

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="reversals")
    reference = models.CharField(max_length=120, help_text="Why: refund:<id> or dispute:<id>.")
    amount = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    stripe_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    failure = models.CharField(max_length=200, blank=True, help_text="Then the payee owes it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payments_reversal_once", fields=["transfer", "reference"]),
            models.CheckConstraint(name="payments_reversal_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="payments_reversal_state", condition=Q(state__in=TransferState.values)),
        ]
        indexes = [models.Index(name="payments_reversal_open", fields=["updated_at"], condition=Q(state="requested"))]

    def __str__(self) -> str:
        return f"{self.amount} back from {self.transfer}"


class Payout(TimeStamped):
    """Money on its way from a payee's account to their bank, as the provider tells it."""

    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="payouts")
    stripe_id = models.CharField(max_length=100, unique=True)
    amount = models.BigIntegerField(help_text="Negative where the bank is debited.")
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20, help_text="As the provider calls it: pending, in_transit, paid, failed …")
    arrives_at = models.DateTimeField(null=True, blank=True)
    failure_code = models.CharField(max_length=60, blank=True, help_text="As the provider calls it.")
    failure = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When it was last read at the provider.")

    class Meta:
        indexes = [models.Index(name="payments_payout_newest", fields=["account", "-id"])]

    def __str__(self) -> str:
        return f"{Money(self.amount, self.currency)} {self.status}"
