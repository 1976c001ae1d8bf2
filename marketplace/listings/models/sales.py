"""How editions are sold: at a price, or by auction; when, to whom, in which currencies and with which licence."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.languages import translated
from marketplace.core.machine import BEGINNING, Machine, Transition
from marketplace.core.models import TimeStamped
from marketplace.core.money import Money
from marketplace.listings.models.releases import Edition, EditionState, Release

MANY = 2_000  # sales whose keys are not brought here to find a page of them


class Licence(models.Model):
    """What an owner may do with a work; kept as data, and never changed once something was sold under it."""

    code = models.SlugField(primary_key=True, max_length=40, help_text="Such as personal, commercial-2, print.")
    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=300)
    terms = models.TextField()
    is_offered = models.BooleanField(default=True, help_text="Whether new sales may offer it.")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.said_title

    @property
    def said_title(self) -> str:
        """In the reader's language, where it is one of the house's own; else as curators wrote it."""
        return translated(self.title)

    @property
    def said_summary(self) -> str:
        """What it comes to."""
        return translated(self.summary)

    @property
    def said_terms(self) -> str:
        """A translation of the terms, for reading; `terms` are what was agreed to."""
        return translated(self.terms)

    @property
    def is_translated(self) -> bool:
        """Are the terms that bind in another language than the reader's?"""
        return self.said_terms != self.terms


class SaleKind(models.TextChoices):
    FIXED = "fixed", _("At a price")
    ENGLISH = "english", _("Auction: the highest bid wins")
    DUTCH = "dutch", _("Auction: the price falls, and all pay the last one")


class SaleState(models.TextChoices):
    DRAFT = "draft"
    OPEN = "open"  # from `opens_at` on it can be bought
    PAUSED = "paused"
    ENDED = "ended"
    CANCELLED = "cancelled"


SALE = Machine(
    "sale",
    "A sale",
    (
        Transition("draft", (BEGINNING,), "draft", "seller"),
        Transition("publish", ("draft", "paused"), "open", "seller", deadline="may be bought from opens_at on"),
        Transition("pause", ("open",), "paused", "seller"),
        Transition("end", ("open", "paused"), "ended", "seller, or time", deadline="sold out, or closes_at"),
        Transition("cancel", ("draft", "open", "paused"), "cancelled", "seller, or curator"),
    ),
)


class SaleQuerySet(models.QuerySet["Sale"]):
    """Sales with what is shown of them."""

    def with_what_is_sold(self) -> "SaleQuerySet":
        return self.select_related(
            "seller", "release__artist", "release__artwork", "release__trained_model", "edition__release__artist",
            "edition__release__artwork", "edition__made",
        )  # fmt: skip

    def of_works(self, artwork_ids: Collection[UUID]) -> "SaleQuerySet":
        """Those of these works: of their releases, and of single editions."""
        return self._that_are_in(
            Q(release__artwork__in=artwork_ids), Q(edition__release__artwork__in=artwork_ids),
            Q(edition__made__in=artwork_ids),
        )  # fmt: skip

    def of_release(self, release_id: UUID) -> "SaleQuerySet":
        """Those of a release, and of its single editions."""
        return self._that_are_in(Q(release=release_id), Q(edition__release=release_id))

    def of_artist(self, slug: str) -> "SaleQuerySet":
        """Those of what an artist issued, whoever sells it."""
        return self._that_are_in(Q(release__artist__slug=slug), Q(edition__release__artist__slug=slug))

    def resold(self) -> "SaleQuerySet":
        """Those open ones by which owners sell on."""
        return self._that_are_in(Q(edition__state=EditionState.SOLD, state=SaleState.OPEN))

    def before(self, sale_id: UUID | None) -> "SaleQuerySet":
        """Those that are older than a sale; all, where there is none."""
        return self if sale_id is None else self.filter(pk__lt=sale_id)

    def _that_are_in(self, first: Q, *others: Q) -> "SaleQuerySet":
        # Found first, each in indexes of its own: in one query with all that is joined to show a sale, PostgreSQL would
        # read all sales that there are. Very many stay where they are: among these it soon meets enough for a page.
        looks = [Sale.objects.filter(one).order_by().values_list("pk") for one in (first, *others)]
        found = looks[0].union(*looks[1:])
        keys = [pk for (pk,) in found[: MANY + 1]]
        return self.filter(pk__in=keys) if len(keys) <= MANY else self.filter(pk__in=found)


class Sale(TimeStamped):
    """A way in which editions are sold: those of a release by its artist, or one edition by whoever owns it."""

    Kind, State = SaleKind, SaleState

    kind = models.CharField(max_length=10, choices=Kind)
    seller = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sales")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, null=True, blank=True, related_name="sales")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="sales")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    opens_at = models.DateTimeField(null=True, blank=True, help_text="None: as soon as it is published.")
    closes_at = models.DateTimeField(null=True, blank=True, help_text="None: until everything is sold.")
    per_buyer = models.PositiveIntegerField(null=True, blank=True, help_text="Most editions for one buyer.")
    allowlist_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then only those on the list can buy; none: there is no list."
    )
    takes_offers = models.BooleanField(default=False, help_text="Whether buyers may offer another price.")
    is_private = models.BooleanField(
        default=False, help_text="It comes of an accepted offer: shown and open to the one buyer on its list."
    )
    announced_at = models.DateTimeField(null=True, blank=True, help_text="When its list was told that it is open.")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[SaleQuerySet] = SaleQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is untyped

    class Meta:
        constraints = [
            models.CheckConstraint(name="listings_sale_kind", condition=Q(kind__in=SaleKind.values)),
            models.CheckConstraint(name="listings_sale_state", condition=Q(state__in=SaleState.values)),
            models.CheckConstraint(
                name="listings_sale_of_one_thing",
                condition=Q(release__isnull=False, edition=None) | Q(release=None, edition__isnull=False),
            ),
            models.CheckConstraint(
                name="listings_sale_in_order",
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
            ),
            # A bid is for one edition, by a time.
            models.CheckConstraint(
                name="listings_english_of_an_edition",
                condition=~Q(kind="english") | Q(edition__isnull=False, closes_at__isnull=False) | Q(state="draft"),
            ),
            # What is on offer is offered in one place at a time.
            models.UniqueConstraint(
                name="listings_edition_on_offer_once", fields=["edition"], condition=Q(state__in=["open", "paused"])
            ),
            models.UniqueConstraint(
                name="listings_release_on_offer_once", fields=["release"], condition=Q(state__in=["open", "paused"])
            ),
            # What is for one buyer alone is one edition, on a list of one, for as long as the list holds.
            models.CheckConstraint(
                name="listings_private_has_list",
                condition=Q(is_private=False)
                | Q(edition__isnull=False, closes_at__isnull=False, allowlist_until=models.F("closes_at")),
            ),
        ]
        indexes = [
            models.Index(name="listings_sale_open", fields=["-id"], condition=Q(state="open")),
            models.Index(name="listings_sale_closing", fields=["closes_at"], condition=Q(state__in=["open", "paused"])),
            models.Index(name="listings_sale_seller", fields=["seller", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"

    @property
    def what(self) -> Release | Edition:
        """What is sold."""
        sold = self.release or self.edition
        assert sold is not None  # a constraint in the database
        return sold

    @property
    def issued(self) -> Release:
        """The release that what is sold belongs to."""
        return self.release or self.edition.release  # type: ignore[union-attr]  # a constraint: one of the two

    @property
    def is_resale(self) -> bool:
        return self.seller_id != self.issued.artist.user_id

    def is_open_at(self, now: datetime) -> bool:
        """Whether it has begun and is not over, for those who may buy."""
        has_begun = self.opens_at is None or self.opens_at <= now
        return self.state == SaleState.OPEN and has_begun and not self.is_past(now)

    def is_past(self, now: datetime) -> bool:
        """Whether its time is over, though no chore may have come by yet."""
        return self.closes_at is not None and self.closes_at <= now


class Price(TimeStamped):
    """What an edition costs at a fixed price in one currency with one licence; of an auction, where it begins."""

    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="prices")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.PositiveBigIntegerField(help_text="Minor units.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="listings_price_once", fields=["sale", "licence", "currency"]),
            models.CheckConstraint(name="listings_sale_price_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.money} ({self.licence})"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Allowed(models.Model):
    """A person on the list of a drop: of this house, or whoever has this address."""

    id = models.BigAutoField(primary_key=True)
    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="allowed")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    email = models.EmailField(max_length=254, blank=True, help_text="In small letters; it need not be known yet.")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="listings_allowed_once", fields=["sale", "user"]),
            models.UniqueConstraint(
                name="listings_allowed_address_once", fields=["sale", "email"], condition=~Q(email="")
            ),
            models.CheckConstraint(
                name="listings_allowed_is_one",
                condition=Q(user__isnull=False, email="") | (Q(user=None) & ~Q(email="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.email} may buy early"
