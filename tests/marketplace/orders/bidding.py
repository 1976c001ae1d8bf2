"""Auctions as the orders' tests start from them, and bidders with saved cards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from marketplace.accounts.models import Artist, User
from marketplace.listings import services as listings
from marketplace.listings.models import Auction, Falling, Release, Sale
from marketplace.listings.services import DutchTerms, EnglishTerms, Schedule
from marketplace.orders.services.reserving import number_editions
from payments.models import Customer, SavedCard
from tests.marketplace.orders.market import make_work
from tests.payments.provider import Provider

Bidder = Callable[..., User]


def save_card(user: User, provider: Provider, method: str = "pm_card_visa") -> User:
    """A card at the provider that may be charged while its owner is away."""
    made = provider.http.post("/v1/customers").raise_for_status().json()["id"]
    card = provider.http.post(f"/v1/payment_methods/{method}/attach", data={"customer": made}).raise_for_status().json()
    customer = Customer.objects.create(user=user, stripe_id=made)
    SavedCard.objects.create(
        customer=customer, stripe_id=card["id"], brand="visa", last4=card["card"]["last4"], expires="2034-12",
        is_default=True,
    )  # fmt: skip
    return user


def release_of(artist: Artist, size: int = 1) -> Release:
    release = Release.objects.create(artist=artist, artwork=make_work(artist), title="Ink", size=size)
    number_editions(release.pk)
    return release


def open_auction(artist: Artist, *, hours: float = 24, **terms: Any) -> Auction:
    """An English auction of a work of which there is one, open now."""
    schedule = Schedule(closes_at=timezone.now() + timedelta(hours=hours))
    usual: dict[str, Any] = {"licence": "personal", "currency": "eur", "start_amount": 10_000}
    sale = listings.draft_auction(
        artist_user=artist.user, release_id=release_of(artist).pk, number=1, terms=EnglishTerms(**usual | terms),
        schedule=schedule,
    )  # fmt: skip
    listings.publish_sale(seller=artist.user, sale_id=sale.pk)
    return Auction.objects.select_related("sale").get(sale=sale)


def open_falling(artist: Artist, *, size: int = 3, **terms: Any) -> Falling:
    """A Dutch auction: 100, 90, … down to 50, an hour each."""
    usual: dict[str, Any] = {
        "licence": "personal", "currency": "eur", "start_amount": 10_000, "floor_amount": 5_000, "steps": 5,
        "step_seconds": 3600,
    }  # fmt: skip
    opens = Schedule(opens_at=timezone.now() + timedelta(minutes=1))
    sale = listings.draft_dutch_auction(
        artist_user=artist.user, release_id=release_of(artist, size).pk, terms=DutchTerms(**usual | terms),
        schedule=opens,
    )  # fmt: skip
    listings.publish_sale(seller=artist.user, sale_id=sale.pk)
    hours_pass(sale, 0.1)
    return Falling.objects.select_related("sale").get(sale=sale)


def hours_pass(sale: Sale, hours: float) -> None:
    """Time goes by for a sale: what was to come lies so much nearer, or behind."""
    sale.refresh_from_db()
    moved = {name: getattr(sale, name) for name in ("opens_at", "closes_at") if getattr(sale, name)}
    Sale.objects.filter(pk=sale.pk).update(**{name: moment - timedelta(hours=hours) for name, moment in moved.items()})
    sale.refresh_from_db()
