"""Payments, every call made to the provider for them, every event heard from it, and the ledger."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

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


class Payment(TimeStamped):
    """One price that one person pays once.

    created ─▶ requires_payment ─▶ authorised ─▶ capturing ─▶ captured
       │              │                │             └─────▶ lapsed    the provider let the authorisation go
       └──────────────┴────────────────┴─▶ releasing ─▶ released
    """

    State = PaymentState

    payer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="payments")
    amount = models.PositiveBigIntegerField(help_text="Minor units.")
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=100, unique=True, help_text="What is paid, such as commission:<id>.")
    state = models.CharField(max_length=20, choices=State, default=State.CREATED)
    intent_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    client_secret = models.CharField(max_length=200, blank=True)
    charge_id = models.CharField(max_length=100, blank=True)
    confirmations = models.PositiveIntegerField(default=0, help_text="Payment methods that got a definite answer.")
    last_error_code = models.CharField(max_length=60, blank=True)
    last_error_message = models.CharField(max_length=500, blank=True)
    splits = models.JSONField(default=list, blank=True, help_text="Who is credited at capture: [[account, amount], …].")
    authorised_at = models.DateTimeField(null=True, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    capture_before = models.DateTimeField(null=True, blank=True, help_text="When the authorisation lapses.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="payments_amount_positive", condition=Q(amount__gt=0)),
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
        indexes = [models.Index(name="payments_state_age", fields=["state", "updated_at"])]

    def __str__(self) -> str:
        return f"{self.price} {self.reference}"

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def is_payable(self) -> bool:
        return self.state in {self.State.CREATED, self.State.REQUIRES_PAYMENT}


class GatewayCall(TimeStamped):
    """A call to the provider that changes something there: written down before it is made, with its key."""

    class State(models.TextChoices):
        PENDING = "pending", "No answer yet"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        BROKEN = "broken", "The provider failed"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="calls")
    operation = models.CharField(max_length=20)
    number = models.PositiveIntegerField(help_text="A new number is a new idempotency key.")
    key = models.CharField(max_length=120, unique=True)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    tries = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=200, blank=True, help_text="The intent and its status, as answered.")
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="payments_call_number", fields=["payment", "operation", "number"])]

    def __str__(self) -> str:
        return self.key


class WebhookEvent(models.Model):
    """Something the provider told us, stored once before anything is made of it."""

    id = models.BigAutoField(primary_key=True)
    stripe_id = models.CharField(max_length=100, unique=True)
    type = models.CharField(max_length=100)
    payload = models.JSONField()
    received_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="Why nothing came of it, if nothing did.")

    class Meta:
        indexes = [models.Index(name="payments_webhook_open", fields=["received_at"], condition=Q(processed_at=None))]

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_id}"


class Account(models.Model):
    """A ledger account: where money is (assets), to whom it is owed (liabilities), and what was earned (revenue)."""

    class Kind(models.TextChoices):
        ASSET = "asset"
        LIABILITY = "liability"
        REVENUE = "revenue"
        EXPENSE = "expense"

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="payments_account_code_currency", fields=["code", "currency"]),
            models.CheckConstraint(
                name="payments_account_kind", condition=Q(kind__in=["asset", "liability", "revenue", "expense"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.currency})"


class Entry(models.Model):
    """A journal entry: one fact, posted once. Its postings add up to nothing (a trigger in the database sees to it)."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=30)
    reference = models.CharField(max_length=120)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    occurred_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(name="payments_entry_once", fields=["kind", "reference"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Posting(models.Model):
    """One line of an entry: debits are positive, credits negative, in the account's minor units. Never changed."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    amount = models.BigIntegerField()

    class Meta:
        ordering = [F("id").asc()]
        constraints = [models.CheckConstraint(name="payments_posting_not_nothing", condition=~Q(amount=0))]

    def __str__(self) -> str:
        return f"{self.amount} {self.account}"
