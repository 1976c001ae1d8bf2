"""Dutch auctions: the price falls by time, and in the end everybody pays what the last buyer paid."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from marketplace.accounts.models import Artist, User
from marketplace.core.errors import InvalidInput
from marketplace.listings import services as listings
from marketplace.listings.models import Falling
from marketplace.listings.services import DutchTerms
from marketplace.listings.services.auctions.drafting import falling_amounts
from marketplace.listings.tasks import close_what_is_over
from marketplace.orders.tasks import settle_dutch_auctions
from payments import ledger
from payments.models import Refund, Share
from tests.marketplace.orders.bidding import hours_pass, open_falling
from tests.marketplace.orders.market import Settle, again, buy, order
from tests.payments.provider import Provider


@pytest.fixture
def falling(artist: Artist) -> Falling:
    return open_falling(artist)


def test_the_price_falls_step_by_step_to_its_floor(falling: Falling) -> None:
    prices: list[int] = []
    for _ in range(7):
        falling = Falling.objects.select_related("sale").get(pk=falling.pk)
        prices.append(falling.price_at(timezone.now()).amount)
        hours_pass(falling.sale, 1)
    assert prices == [10_000, 9_000, 8_000, 7_000, 6_000, 5_000, 5_000]


def test_an_order_is_at_the_price_of_its_moment(falling: Falling, user: User) -> None:
    hours_pass(falling.sale, 2)
    assert order(falling.sale, user).price_amount == 8_000


def test_everybody_pays_the_last_price(
    falling: Falling, make_user: Callable[..., User], settle: Settle, provider: Provider
) -> None:
    first, second, third = (make_user() for _ in range(3))
    early = buy(falling.sale, first)
    hours_pass(falling.sale, 2)
    middle = buy(falling.sale, second)
    settle_dutch_auctions()
    assert not Refund.objects.exists()
    assert set(Share.objects.values_list("release_at", flat=True)) == {None}
    hours_pass(falling.sale, 1)
    last = buy(falling.sale, third)
    settle()
    close_what_is_over()
    settle_dutch_auctions()
    settle_dutch_auctions()
    settle()
    falling.refresh_from_db()
    assert falling.settled_amount == 7_000
    assert [again(one).price_amount for one in (early, middle, last)] == [10_000, 8_000, 7_000]
    assert sorted(Refund.objects.values_list("amount", "state")) == [(1_000, "succeeded"), (3_000, "succeeded")]
    assert ledger.balance("stripe:balance", "eur") + ledger.balance("fees:stripe", "eur") == 21_000
    assert ledger.balance(ledger.payee(falling.sale.seller_id), "eur") == -14_700
    assert None not in set(Share.objects.values_list("release_at", flat=True))


def test_one_that_nobody_buys_from_ends_quietly(falling: Falling, artist: Artist) -> None:
    listings.cancel_sale(by=artist.user, sale_id=falling.sale_id)
    settle_dutch_auctions()
    falling.refresh_from_db()
    assert (falling.settled_amount, falling.settled_at is not None) == (None, True)


def test_without_rebates_everybody_pays_what_they_agreed_to(
    artist: Artist, make_user: Callable[..., User], settle: Settle, provider: Provider
) -> None:
    falling = open_falling(artist, size=2, rebates=False)
    buy(falling.sale, make_user())
    hours_pass(falling.sale, 1)
    buy(falling.sale, make_user())
    settle()
    close_what_is_over()
    settle_dutch_auctions()
    settle()
    assert not Refund.objects.exists()
    assert None not in set(Share.objects.values_list("release_at", flat=True))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"floor_amount": 10_000}, "floor_amount"), ({"steps": 0}, "steps"), ({"step_seconds": 5}, "step_seconds"),
        ({"start_amount": 1}, "start_amount"), ({"currency": "xxx"}, "start_amount"),
    ],
)  # fmt: skip
def test_a_price_that_cannot_fall_is_refused(changed: dict[str, object], field: str) -> None:
    usual: dict[str, object] = {
        "licence": "personal", "currency": "eur", "start_amount": 10_000, "floor_amount": 5_000, "steps": 5,
        "step_seconds": 60,
    }  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        falling_amounts(DutchTerms(**usual | changed))  # type: ignore[arg-type]
    assert list(caught.value.data["errors"]) == [field]
