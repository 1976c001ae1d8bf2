"""A quote: what a commission by brief costs, and what is had for it."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.commissions.models.briefs import Brief
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models import StyleTerms

MOST_DAYS, MOST_REVISIONS, MOST_CANDIDATES, MOST_MINUTES = 365, 20, 500, 100_000


class QuoteState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    COUNTERED = "countered", _("Answered by another")
    CLOSED = "closed", _("No longer open")


class Quote(TimeStamped):
    """What one side offers the other; a counter-quote takes its place. At most one of a brief is open or accepted."""

    State = QuoteState

    brief = models.ForeignKey(Brief, on_delete=models.PROTECT, related_name="quotes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    price_amount = models.PositiveBigIntegerField(help_text="The whole, in minor units of the brief's currency.")
    deposit_bps = models.PositiveIntegerField(default=5000, help_text="Of the price, before the work; 10,000 is all.")
    days = models.PositiveIntegerField(help_text="From the deposit to the first proof.")
    revision_days = models.PositiveIntegerField(default=7, help_text="From a revision's request to the next proof.")
    revisions = models.PositiveIntegerField(default=1, help_text="That are included.")
    revision_amount = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="What one more costs; none: there are no more."
    )
    candidates = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many pictures may be made by the house's machines; none: no bound."
    )
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="How long these may take; none: no bound.")
    uses = models.ManyToManyField(
        StyleTerms, related_name="+", blank=True, help_text="Lent styles and models that go into it, paid of the price."
    )
    note = models.TextField(blank=True, max_length=2000)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="commissions_quote_state", condition=Q(state__in=QuoteState.values)),
            models.CheckConstraint(name="commissions_quote_price", condition=Q(price_amount__gt=0)),
            models.CheckConstraint(
                name="commissions_quote_deposit", condition=Q(deposit_bps__gte=1, deposit_bps__lte=10_000)
            ),
            models.CheckConstraint(
                name="commissions_quote_bounds",
                condition=Q(days__gte=1, days__lte=MOST_DAYS, revision_days__gte=1, revision_days__lte=MOST_DAYS)
                & Q(revisions__lte=MOST_REVISIONS),
            ),
            models.CheckConstraint(
                name="commissions_quote_budget",
                condition=(Q(candidates=None) | Q(candidates__gte=1, candidates__lte=MOST_CANDIDATES))
                & (Q(minutes=None) | Q(minutes__gte=1, minutes__lte=MOST_MINUTES))
                & (Q(candidates__isnull=False) | Q(minutes__isnull=False)),
            ),
            models.CheckConstraint(
                name="commissions_quote_revision_price", condition=Q(revision_amount=None) | Q(revision_amount__gt=0)
            ),
            # Of what is on the table there is one, and one agreement.
            models.UniqueConstraint(
                name="commissions_quote_one_stands", fields=["brief"], condition=Q(state__in=["open", "accepted"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price} by {self.author}"

    @property
    def price(self) -> Money:
        return Money(self.price_amount, self.brief.currency)

    @property
    def deposit(self) -> Money:
        """What is paid before the work; at least one minor unit."""
        return Money(max(1, self.price_amount * self.deposit_bps // 10_000), self.brief.currency)

    @property
    def balance(self) -> Money:
        """What is paid at acceptance."""
        return self.price - self.deposit

    @property
    def revision_price(self) -> Money | None:
        """What one more revision costs, if there are any."""
        return None if self.revision_amount is None else Money(self.revision_amount, self.brief.currency)

    @property
    def time(self) -> timedelta:
        """From the deposit to the first proof."""
        return timedelta(days=self.days)
