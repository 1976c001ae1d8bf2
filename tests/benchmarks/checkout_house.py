"""`python -m tests.benchmarks.checkout_house ORDERS BUYERS`: a house where so many orders are owned already, and sales.

It says one line of JSON when it is open (addresses, sales, tokens), and one for each word that it reads: `quiet` (once
everything was told), `owned` (when each paid order became owned), `reckon` (counts, or why they are wrong). It closes
when there is nothing more to read. The other end is `Remote` in checkout_buyers.py.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.races.market import SCOPES, Market, open_market

_SUMS = """
    SELECT a.currency, sum(p.amount)::bigint FROM payments_posting p JOIN payments_account a ON a.id = p.account_id
    GROUP BY a.currency
"""
LISTINGS, HOT, EACH = 32, 4000, 400  # sales that differ, editions of the one that everybody wants, and of the others


def main(orders: int, buyers: int) -> None:
    """Open, fill, and answer until the other end hangs up."""
    kept = os.environ.get("CHECKOUT_HOUSES")  # a folder: houses stay there, filled, for the next run
    with open_market(Path(kept).resolve() / str(orders) if kept else None) as market:
        from tests.benchmarks.checkout_history import write_history

        began = time.monotonic()
        write_history(orders, market.artist)
        filled = time.monotonic() - began
        sales = {
            "different": [str(market.sale(EACH, title=f"Different {number}").pk) for number in range(LISTINGS)],
            "one": [str(market.sale(HOT, title="One").pk)],
            "open": [str(_open_edition(market))],
        }
        tokens = [_token(person) for person in market.crowd(buyers, f"buyer{time.time_ns()}-")]
        market.settle_down()
        past = reckon(market)
        _say({
            "url": market.house.url, "sandbox": str(market.house.sandbox.base_url), "key": _publishable(market),
            "sales": sales, "tokens": tokens, "filled_seconds": round(filled, 1), "past": past,
        })  # fmt: skip
        answers = {"quiet": _quiet, "owned": _owned, "reckon": reckon}
        for line in sys.stdin:
            _say(answers[line.strip()](market))


def _open_edition(market: Market) -> Any:
    """A sale of as many as are bought: its editions get their numbers while it goes on."""
    from datetime import timedelta

    from django.utils import timezone

    from marketplace.listings import services as listings
    from tests.gallery import hanging

    seller = market.artist.user
    work = hanging.work(seller, title="Open")
    release = listings.issue_release(artist_user=seller, artwork_id=work.pk, terms=listings.Terms(size=None))
    prices = [listings.AskedPrice("personal", "eur", 2500)]
    closes = listings.Schedule(closes_at=timezone.now() + timedelta(days=1))
    sale = listings.draft_sale(seller=seller, release_id=release.pk, prices=prices, schedule=closes)
    return listings.publish_sale(seller=seller, sale_id=sale.pk).pk


def _token(person: Any) -> str:
    from marketplace.accounts import services as accounts

    return accounts.create_token(user=person, name="bench", scopes=SCOPES, expires_in=None)[1]


def _publishable(market: Market) -> str:
    return str(json.loads((market.house.home / "keys.json").read_text())["stripe_publishable_key"])


def _quiet(market: Market) -> dict[str, float]:
    """How long it took until everything was told."""
    began = time.monotonic()
    market.settle_down(within=600)
    return {"seconds": time.monotonic() - began}


def _owned(market: Market) -> dict[str, tuple[float, float]]:
    """When each bought order was paid (our record of the provider's answer) and owned, in seconds of this machine."""
    rows = market.house.query(
        "SELECT o.id::text, extract(epoch FROM p.captured_at)::float8, extract(epoch FROM w.acquired_at)::float8"
        " FROM orders_order o JOIN payments_payment p ON p.id = o.payment_id"
        " JOIN orders_ownership w ON w.edition_id = o.edition_id"
        " WHERE o.state = 'owned' AND o.paid_at > now() - interval '1 day'"
    )
    return {str(order): (float(str(paid)), float(str(owned))) for order, paid, owned in rows}


def reckon(market: Market) -> dict[str, Any]:
    """What is owned, sold, paid and charged, each counted by itself, and the ledger's sum in each currency."""
    counted = {
        "owned": "orders_order WHERE state = 'owned'",
        "other_orders": "orders_order WHERE state <> 'owned'",
        "ownerships": "orders_ownership",
        "acquisitions": "orders_acquisition",
        "sold_editions": "listings_edition WHERE state = 'sold'",
        "captured": "payments_payment WHERE state = 'captured'",
        "posted": "payments_entry WHERE kind = 'capture'",
        "lines": "payments_posting",
        "audited": "core_audit",
    }
    counts: dict[str, Any] = {}
    for name, what in counted.items():
        counts[name] = market.house.query(f"SELECT count(*) FROM {what}")[0][0]
    counts["ledger"] = {str(currency): total for currency, total in market.house.query(_SUMS)}
    charges = market.charges()
    counts["charges"] = sum(charge["status"] == "succeeded" and not charge["refunded"] for charge in charges)
    return counts


def _say(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
