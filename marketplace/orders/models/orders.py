"""An order: one buyer, one edition, one price; reserved, paid, owned."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from generation.models import Job
from marketplace.accounts.models import User
from marketplace.core.machine import BEGINNING, Machine, Transition
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models import Edition, Licence, Sale
from payments.models import Payment

AWARDED = "award:"  # begins the key of an order that an auction made, followed by the award's id


class OrderState(models.TextChoices):
    RESERVED = "reserved", _("Reserved")
    PAID = "paid", _("Paid")
    MAKING = "making", _("Being made")
    OWNED = "owned", _("Owned")
    LAPSED = "lapsed", _("Not paid in time")
    CANCELLED = "cancelled", _("Cancelled")
    REFUNDING = "refunding", _("Being refunded")
    REFUNDED = "refunded", _("Refunded")
    REVERSED = "reversed", _("Taken back by the bank")


BUYING = ("reserved", "paid", "making")  # an edition is in one of these at most
TAKES_PLACE = (*BUYING, "owned")  # these count where a sale has a limit a buyer

ORDER = Machine(
    "order",
    "An order",
    (
        Transition("reserve", (BEGINNING,), "reserved", "buyer", "a payment is prepared"),
        Transition("cancel", ("reserved",), "cancelled", "buyer", "what was prepared is cancelled"),
        Transition("lapse", ("reserved",), "lapsed", "time", "what was prepared is cancelled", "reserved_until"),
        Transition("pay", ("reserved",), "paid", "provider", "taken, and credited to everybody with a share"),
        Transition(
            "pay_late", ("lapsed", "cancelled"), "paid", "provider", "taken after all; the edition was still free"
        ),
        Transition(
            "pay_too_late", ("lapsed", "cancelled"), "refunding", "provider", "taken after all, and all given back"
        ),
        Transition("make", ("paid",), "making", "house"),
        Transition("own", ("paid", "making"), "owned", "house"),
        Transition("fail", ("paid", "making"), "refunding", "house", "all given back"),
        Transition("refund", ("owned",), "refunding", "curator", "all given back"),
        Transition("refunded", ("refunding",), "refunded", "provider, or staff by another way"),
        Transition("reverse", ("paid", "making", "owned", "refunding"), "reversed", "bank", "a dispute was lost"),
    ),
)


class Order(TimeStamped):
    """One edition, bought once by one person for one price; its life is ORDER, drawn in docs/machines.md."""

    State = OrderState

    buyer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="orders")
    seller = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sold_orders")
    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="orders")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="orders")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    price_amount = models.PositiveBigIntegerField(
        help_text="As it was asked, in minor units: with tax or without, as is usual in its currency."
    )
    currency = models.CharField(max_length=3)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="order")
    state = models.CharField(max_length=12, choices=State, default=State.RESERVED)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it ended without the edition, for the buyer.")
    place = models.PositiveIntegerField(
        null=True, blank=True, help_text="Where a sale has a limit a buyer: which of theirs this is, from one on."
    )
    reserved_until = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    job = models.OneToOneField(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="order", help_text="What makes the edition."
    )
    request_key = models.CharField(max_length=250, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="orders_price_positive", condition=Q(price_amount__gt=0)),
            models.CheckConstraint(name="orders_state_known", condition=Q(state__in=OrderState.values)),
            models.CheckConstraint(name="orders_not_from_oneself", condition=~Q(buyer=F("seller"))),
            models.CheckConstraint(
                name="orders_paid_is_dated",
                condition=Q(state__in=["reserved", "lapsed", "cancelled"], paid_at=None)
                | (~Q(state__in=["reserved", "lapsed", "cancelled"]) & Q(paid_at__isnull=False)),
            ),
            models.CheckConstraint(name="orders_making_has_job", condition=~Q(state="making") | Q(job__isnull=False)),
            # An edition is never sold to two at once: the last word against overselling.
            models.UniqueConstraint(
                name="orders_edition_once", fields=["edition"], condition=Q(state__in=list(BUYING))
            ),
            # Nor is it sold twice in the same sale.
            models.UniqueConstraint(
                name="orders_edition_once_a_sale", fields=["sale", "edition"],
                condition=Q(state__in=list(TAKES_PLACE)),
            ),
            models.UniqueConstraint(
                name="orders_place_once", fields=["sale", "buyer", "place"],
                condition=Q(place__isnull=False, state__in=list(TAKES_PLACE)),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(name="orders_of_buyer", fields=["buyer", "-id"]),
            models.Index(name="orders_of_seller", fields=["seller", "-id"]),
            models.Index(name="orders_deadlines", fields=["reserved_until"], condition=Q(state="reserved")),
        ]

    def __str__(self) -> str:
        return f"{self.edition} for {self.buyer}"

    @property
    def price(self) -> Money:
        """As it was asked."""
        return Money(self.price_amount, self.currency)

    @property
    def total(self) -> Money:
        """What is paid: the price, with tax that comes on top of it."""
        return self.payment.price

    @property
    def tax_amount(self) -> int:
        """Of the total: tax, once it has been calculated."""
        return self.payment.tax_amount

    @property
    def is_awarded(self) -> bool:
        """Whether it is of an auction's winner."""
        return (self.request_key or "").startswith(AWARDED)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is expected to happen."""
        return self.state == OrderState.OWNED or self.state in ORDER.finals
