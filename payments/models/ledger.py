"""The ledger's tables: accounts, entries that balance, and their postings, which are never changed."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from payments.models.payment import Payment


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
