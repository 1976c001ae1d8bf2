"""`python -m tests.races.crowd [BUYERS] [EDITIONS]`: a crowd buys one edition of few, all at once, over HTTP.

One in five has a card that is declined, and gives the reservation up; one in ten asks twice at the same time with one
key. Whoever hears that it is sold out tries again a few times, for somebody may have given up.
"""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx

from tests.races.market import Market, open_market, reckon

TRIES, PAUSE = 4, 0.3
GOOD, BAD = "pm_card_visa", "pm_card_chargeDeclined"


def main(buyers: int = 1000, editions: int = 10) -> dict[str, Any]:
    """Run it and return the counts; raises AssertionError where something is not as it must be."""
    with open_market() as market:
        sale = market.sale(editions)
        clients = [market.client(person) for person in market.crowd(buyers)]
        wishes = list(enumerate(clients))
        heard = Counter(market.all_at_once(partial(_buy, str(sale.pk)), wishes))
        market.settle_down()
        sold_late = _sell_the_rest(market, str(sale.pk), editions)
        market.settle_down()
        counts = reckon(market)
        assert counts["orders"]["owned"] == editions, f"{counts['orders']} of {editions} editions"
        assert counts["charges"].get("succeeded", 0) == editions, counts["charges"]
        return {"buyers": buyers, "editions": editions, "heard": dict(heard), "sold late": sold_late} | counts


def _buy(sale: str, wish: tuple[int, httpx.Client]) -> str:
    number, client = wish
    body = {"sale": sale, "licence": "personal", "currency": "eur", "payment_method": BAD if number % 5 == 4 else GOOD}
    for attempt in range(TRIES):
        key = {"Idempotency-Key": f"crowd-{attempt}"}
        answer = _twice(client, body, key) if number % 10 == 0 else client.post("/orders/", json=body, headers=key)
        if answer.status_code == 201:
            return str(answer.json()["state"])
        if answer.status_code == 402:
            client.post(f"/orders/{answer.json()['order']}/cancel/").raise_for_status()
            return "declined"
        code = str(answer.json().get("type", "")).rsplit("/", 2)[-2]
        if answer.status_code >= 500 or code not in {"sold-out", "sale-ended"}:
            return f"{answer.status_code} {code}"
        time.sleep(PAUSE)
    return "sold out"


def _twice(client: httpx.Client, body: dict[str, str], key: dict[str, str]) -> httpx.Response:
    """The same request two times at once: one of the two may be told to wait, and then the answer is the same."""
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: client.post("/orders/", json=body, headers=key), range(2)))
    settled = [answer for answer in answers if answer.status_code != 409 or "in-use" not in answer.text]
    bodies = {json.dumps(answer.json(), sort_keys=True) for answer in settled}
    assert len(bodies) <= 1, f"one key, two answers: {bodies}"
    return settled[0]


def _sell_the_rest(market: Market, sale: str, editions: int) -> int:
    """What was given up after everybody had left is still to be had, and no more than that."""
    late = [market.client(person) for person in market.crowd(editions + 2, "late")]
    return sum(_buy(sale, (1, client)) == "owned" for client in late)


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), default=str))
