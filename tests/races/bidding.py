"""`python -m tests.races.bidding [BIDDERS]`: a crowd bids in an auction's last second, all at once, over HTTP."""

import json
import random
import sys
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import httpx

from tests.races.market import Market, open_market, reckon

START = 10_000
EXTENSION = 5  # seconds: long enough to be seen, short enough to be waited for


def main(bidders: int = 100, seed: int = 1) -> dict[str, Any]:
    """Run it and return the counts; raises AssertionError where the highest bid did not win."""
    chance = random.Random(seed)
    with open_market() as market:
        people = market.crowd(bidders, "bidder")
        market.all_at_once(market.save_card, people)
        sale = _open_auction(market)
        mosts = chance.sample(range(START, START + 1000 * bidders, 500), bidders)
        clients = [market.client(person) for person in people]
        _wait_for_the_last_second(sale)
        heard = Counter(market.all_at_once(partial(_bid, str(sale.pk)), list(zip(clients, mosts, strict=True))))
        _wait_for_the_close(sale)
        market.settle_down()
        counts = reckon(market)
        return {"bidders": bidders, "heard": dict(heard)} | _look_at_the_winner(sale, heard) | counts


def _open_auction(market: Market) -> Any:
    from django.utils import timezone

    from marketplace.listings import services as listings

    release, artist = market.release(1), market.artist.user
    terms = listings.EnglishTerms("personal", "eur", START, extension_seconds=EXTENSION)
    closes = listings.Schedule(closes_at=timezone.now() + timedelta(seconds=12))
    sale = listings.draft_auction(artist_user=artist, release_id=release.pk, number=1, terms=terms, schedule=closes)
    return listings.publish_sale(seller=artist, sale_id=sale.pk)


def _wait_for_the_last_second(sale: Any) -> None:
    from django.utils import timezone

    time.sleep(max(0.0, (sale.closes_at - timezone.now()).total_seconds() - 1))


def _wait_for_the_close(sale: Any) -> None:
    """Bids moved it."""
    from marketplace.listings.models import Sale

    until = time.monotonic() + 120
    while time.monotonic() < until and Sale.objects.get(pk=sale.pk).state == "open":
        time.sleep(0.5)


def _bid(sale: str, wish: tuple[httpx.Client, int]) -> str:
    client, most = wish
    answer = client.post(f"/sales/{sale}/bids/", json={"most_amount": most})
    if answer.status_code == 201:
        return "taken"
    return str(answer.json().get("type", answer.status_code)).rsplit("/", 2)[-2]


def _look_at_the_winner(sale: Any, heard: Counter[str]) -> dict[str, Any]:
    from marketplace.listings.models import Award, Bid
    from marketplace.orders.models import Order

    bids = Bid.objects.filter(auction__sale=sale)
    assert bids.count() == heard["taken"], "a bid was lost or taken twice"
    highest = bids.order_by("-most_amount", "pk").first()
    second = max((bid.most_amount for bid in bids if highest and bid.bidder_id != highest.bidder_id), default=START)
    award = Award.objects.get()
    assert highest is not None
    assert award.bid.bidder_id == highest.bidder_id, "the highest bid did not win"
    assert second <= award.amount <= highest.most_amount
    order = Order.objects.get()
    assert (order.buyer_id, order.price_amount, order.state) == (highest.bidder_id, award.amount, "owned")
    return {"highest": highest.most_amount, "second": second, "price": award.amount}


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), default=str))
