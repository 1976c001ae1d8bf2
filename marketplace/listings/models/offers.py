"""Private offers: what somebody would pay for an edition, and what its seller would take."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.machine import BEGINNING, Machine, Transition
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models.releases import Edition, Release
from marketplace.listings.models.sales import Licence, Sale


class OfferState(models.TextChoices):
    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    COUNTERED = "countered", _("Answered with another price")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Lapsed")


OFFER = Machine(
    "offer",
    "A private offer",
    (
        Transition("make", (BEGINNING,), "pending", "buyer, or seller in answer", deadline="expires_at"),
        Transition(
            "accept", ("pending",), "accepted", "whoever it was made to", "an order is reserved at this price"
        ),
        Transition("decline", ("pending",), "declined", "whoever it was made to"),
        Transition("counter", ("pending",), "countered", "whoever it was made to"),
        Transition("withdraw", ("pending",), "withdrawn", "whoever made it"),
        Transition("expire", ("pending",), "expired", "time", deadline="expires_at, or sold to somebody else"),
        Transition("fail", ("accepted",), "expired", "house", deadline="sold to somebody else before it was reserved"),
    ),
)  # fmt: skip


class Offer(TimeStamped):
    """A price for one edition, from its buyer or, in answer, from its seller; its life is OFFER in docs/machines.md."""

    State = OfferState

    sale = models.ForeignKey(
        Sale, on_delete=models.PROTECT, null=True, blank=True, related_name="offers",
        help_text="Any edition of this sale; or where the edition is sold, once the offer was accepted.",
    )  # fmt: skip
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="offers", help_text="This one alone."
    )
    buyer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="offers_made")
    seller = models.ForeignKey(User, on_delete=models.PROTECT, related_name="offers_received")
    by_seller = models.BooleanField(default=False, help_text="The seller's answer, for the buyer to accept.")
    answers = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="answer",
        help_text="The offer of the other side to which this is the counter-offer.",
    )  # fmt: skip
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.PositiveBigIntegerField(help_text="Minor units.")
    message = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.PENDING)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it lapsed.")
    answered_at = models.DateTimeField(null=True, blank=True)
    request_key = models.CharField(max_length=250, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="listings_offer_state", condition=Q(state__in=OfferState.values)),
            models.CheckConstraint(
                name="listings_offer_of_something", condition=Q(sale__isnull=False) | Q(edition__isnull=False)
            ),
            models.CheckConstraint(name="listings_offer_not_to_oneself", condition=~Q(buyer=F("seller"))),
            models.CheckConstraint(name="listings_offer_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="listings_offer_answered_is_dated",
                condition=Q(state="pending", answered_at=None)
                | (~Q(state="pending") & Q(answered_at__isnull=False)),
            ),
            # Nobody presses with two prices at a time.
            models.UniqueConstraint(
                name="listings_offer_once_a_sale", fields=["buyer", "sale"],
                condition=Q(state="pending", edition=None),
            ),
            models.UniqueConstraint(
                name="listings_offer_once_an_edition", fields=["buyer", "edition"],
                condition=Q(state="pending", edition__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="listings_offers_made", fields=["buyer", "-id"]),
            models.Index(name="listings_offers_received", fields=["seller", "-id"]),
            models.Index(name="listings_offers_lapsing", fields=["expires_at"], condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"{self.money} for {self.what}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def what(self) -> Release | Edition:
        """What it is made for."""
        if self.edition:
            return self.edition
        assert self.sale is not None  # a constraint in the database
        return self.sale.what

    @property
    def maker(self) -> User:
        """Whose offer it is."""
        return self.seller if self.by_seller else self.buyer

    @property
    def recipient(self) -> User:
        """Who may accept it."""
        return self.buyer if self.by_seller else self.seller
