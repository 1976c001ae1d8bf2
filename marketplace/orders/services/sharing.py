"""Who has a share in a sale, as its release, its artists and the house's settings say."""

from collections.abc import Iterator

from django.conf import settings

from marketplace.core.money import Money
from marketplace.listings import selectors as listings
from marketplace.listings.models import Falling, Release, Sale, SaleKind
from marketplace.orders.services.dividing import WHOLE, Claim, Part, divide_first_sale, divide_resale
from payments import services as payments


def splits_of(sale: Sale, price: Money) -> list[payments.Split]:
    """How `price` is credited; the parts are the price to the last cent."""
    return [payments.Split(payee=part.payee, amount=part.amount, role=part.role) for part in parts_of(sale, price)]


def hold_of(sale: Sale) -> payments.Hold:
    """What may yet go back does not leave the house: what is still to be made, and what awaits a last price."""
    waits = awaits_last_price(sale) or (sale.issued.is_series and not sale.is_resale)
    return payments.Hold.UNTIL_RELEASED if waits else payments.Hold.USUAL


def awaits_last_price(sale: Sale) -> bool:
    """A Dutch auction's last price decides what everybody keeps."""
    return sale.kind == SaleKind.DUTCH and Falling.objects.filter(sale=sale, rebates=True).exists()


def parts_of(sale: Sale, price: Money) -> list[Part]:
    """Everybody's part of a price at which the sale sells."""
    release, atelier = sale.issued, settings.ATELIER
    contributors = [
        Claim(payee, "contributor", bps)
        for payee, bps in release.contributors.order_by("pk").values_list("user_id", "share_bps")
    ]
    if sale.is_resale:
        return divide_resale(
            price.amount,
            seller=sale.seller_id,
            artist=release.artist.user_id,
            house_bps=atelier.resale_fee_bps,
            royalty_bps=min(release.royalty_bps, WHOLE - atelier.resale_fee_bps),
            contributors=contributors,
        )
    return divide_first_sale(
        price.amount,
        artist=release.artist.user_id,
        house_bps=WHOLE - atelier.artist_share_bps,
        lenders=list(_lenders(release)),
        contributors=contributors,
    )


def _lenders(release: Release) -> Iterator[Claim]:
    """Whose style, or whose model, the release is made by, where that is another artist's who asked for a share."""
    thing = release.artwork or release.trained_model
    assert thing is not None  # a constraint: one of the two
    for payee, bps, role in listings.of_others(listings.shares_of(thing), release.artist.user_id):
        yield Claim(payee, role, bps)
