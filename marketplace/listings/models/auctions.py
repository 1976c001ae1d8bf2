"""Auctions: an English one with bids by proxy, and a Dutch one whose price falls until everything is sold."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.machine import BEGINNING, Machine, Transition
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models.sales import Licence, Sale


class Auction(TimeStamped):
    """An English auction of one edition: what is bid for, and how it stands.

    Bidders name the most they would pay; the house bids for them, no more than is needed to lead.
    """

    sale = models.OneToOneField(Sale, on_delete=models.CASCADE, related_name="auction")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    start_amount = models.PositiveBigIntegerField(help_text="The least that can be bid first, in minor units.")
    reserve_amount = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Below it nothing is sold; told to nobody but as “not met yet”."
    )
    extension_seconds = models.PositiveIntegerField(
        default=900, help_text="A bid so near the close moves it: that much time is left after it."
    )
    leader = models.ForeignKey("Bid", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    price_amount = models.PositiveBigIntegerField(null=True, blank=True, help_text="At which it stands; none: no bid.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="listings_auction_starts", condition=Q(start_amount__gt=0)),
            models.CheckConstraint(
                name="listings_auction_reserve_above_start",
                condition=Q(reserve_amount=None) | Q(reserve_amount__gte=F("start_amount")),
            ),
            models.CheckConstraint(
                name="listings_auction_leader_has_price",
                condition=Q(leader=None, price_amount=None) | Q(leader__isnull=False, price_amount__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Auction of {self.sale.what}"

    @property
    def price(self) -> Money | None:
        """At which it stands."""
        return None if self.price_amount is None else Money(self.price_amount, self.currency)

    @property
    def start(self) -> Money:
        """The least first bid."""
        return Money(self.start_amount, self.currency)

    @property
    def is_reserve_met(self) -> bool:
        return self.price_amount is not None and self.price_amount >= (self.reserve_amount or 0)


class Bid(TimeStamped):
    """The most that somebody would pay. Rows are kept; one that a curator strikes out counts no more."""

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="bids")
    bidder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="bids")
    most_amount = models.PositiveBigIntegerField(help_text="Theirs alone to know.")
    price_amount = models.PositiveBigIntegerField(help_text="At which the auction stood after it.")
    leads = models.BooleanField(help_text="Whether its bidder led after it.")
    struck_at = models.DateTimeField(null=True, blank=True, help_text="When a curator, or a failed payment, undid it.")
    struck_because = models.CharField(max_length=200, blank=True)
    request_key = models.CharField(max_length=250, null=True, blank=True, unique=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="listings_bid_positive", condition=Q(most_amount__gt=0))]
        indexes = [
            models.Index(name="listings_bid_standing", fields=["auction", "id"], condition=Q(struck_at=None)),
            models.Index(name="listings_bid_bidder", fields=["bidder", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.bidder} on {self.auction}"


class AwardState(models.TextChoices):
    OFFERED = "offered", _("To be paid")
    BOUGHT = "bought", _("Paid")
    DEFAULTED = "defaulted", _("Not paid in time")
    VOID = "void", _("Called off")


AWARD = Machine(
    "award",
    "What an auction awards",
    (
        Transition("award", (BEGINNING,), "offered", "time, at the close", "an order is placed at the winning price"),
        Transition("buy", ("offered",), "bought", "winner, or their saved card", "the order is paid", "pay_by"),
        Transition("default", ("offered",), "defaulted", "time", "nothing moves; the next bidder is asked", "pay_by"),
        Transition("void", ("offered",), "void", "curator", "the order is cancelled"),
    ),
)


class Award(TimeStamped):
    """An auction's edition, awarded to a bid for a price, to be paid by a time; then to the next bid."""

    State = AwardState

    auction = models.ForeignKey(Auction, on_delete=models.PROTECT, related_name="awards")
    bid = models.OneToOneField(Bid, on_delete=models.PROTECT, related_name="award")
    amount = models.PositiveBigIntegerField()
    pay_by = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)

    class Meta:
        constraints = [
            models.CheckConstraint(name="listings_award_state", condition=Q(state__in=AwardState.values)),
            # One edition, one winner.
            models.UniqueConstraint(
                name="listings_one_winner", fields=["auction"], condition=Q(state__in=["offered", "bought"])
            ),
        ]
        indexes = [models.Index(name="listings_award_due", fields=["pay_by"], condition=Q(state="offered"))]

    def __str__(self) -> str:
        return f"{self.auction} to {self.bid.bidder}"

    @property
    def price(self) -> Money:
        return Money(self.amount, self.auction.currency)


class Falling(TimeStamped):
    """A Dutch auction's price: it falls by steps until it lies at its floor or everything is sold.

    With `rebates`, everybody pays in the end what the last buyer paid: the difference goes back.
    """

    sale = models.OneToOneField(Sale, on_delete=models.CASCADE, related_name="falling")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amounts = ArrayField(models.PositiveBigIntegerField(), help_text="The price of each step, the highest first.")
    step_seconds = models.PositiveIntegerField(help_text="How long each lasts.")
    rebates = models.BooleanField(default=True)
    settled_amount = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="What all paid in the end, once the auction is over."
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="listings_falling_by_time", condition=Q(step_seconds__gte=10)),
            models.CheckConstraint(name="listings_falling_has_steps", condition=Q(amounts__len__gte=2)),
        ]

    def __str__(self) -> str:
        return f"Dutch auction of {self.sale.what}"

    @property
    def first(self) -> Money:
        return Money(self.amounts[0], self.currency)

    @property
    def floor(self) -> Money:
        return Money(self.amounts[-1], self.currency)

    @property
    def last(self) -> Money | None:
        """What all paid in the end."""
        return None if self.settled_amount is None else Money(self.settled_amount, self.currency)

    def price_at(self, now: datetime) -> Money:
        """What an edition costs at `now`; at the last step it stays. The sale must have opened."""
        opened = self.sale.opens_at
        assert opened is not None  # set when it is published
        step = max(0, (now - opened) // timedelta(seconds=self.step_seconds))
        return Money(self.amounts[min(step, len(self.amounts) - 1)], self.currency)

    def falls_at(self, now: datetime) -> datetime | None:
        """When the price falls next; None at the floor."""
        opened = self.sale.opens_at
        assert opened is not None
        step = max(0, (now - opened) // timedelta(seconds=self.step_seconds)) + 1
        return opened + step * timedelta(seconds=self.step_seconds) if step < len(self.amounts) else None
