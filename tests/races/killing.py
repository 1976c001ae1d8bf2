"""`python -m tests.races.killing [BUYERS]`: while people buy, the house's processes are killed one after the other.

Every buyer asks again with the same key until there is an answer, as an integrator would. The sandbox loses answers on
top of it, and tells everything twice and in no order.
"""

import json
import random
import sys
import threading
import time
from collections import Counter
from functools import partial
from typing import Any

import httpx

from tests.races.market import Market, open_market, reckon

VICTIMS = ("marketplace.asgi", "queues io", "manage.py relay", "manage.py sweep")
FAULTS = (
    {"kind": "drop", "method": "POST", "path": "/v1/payment_intents", "stage": "after", "times": 3},
    {"kind": "drop", "method": "POST", "path": "/v1/payment_intents/*/confirm", "stage": "after", "times": 5},
    {"kind": "error", "status": 500, "method": "POST", "path": "/v1/payment_intents/*/confirm", "times": 3},
)
PATIENCE = 400.0


def main(buyers: int = 24, seed: int = 1) -> dict[str, Any]:
    """Run it and return the counts; raises AssertionError where anything is lost or done twice."""
    with open_market() as market:
        sale = market.sale(buyers // 2)
        market.house.sandbox.post("/_sandbox/webhooks", json={"copies": 2, "order": "shuffled"}).raise_for_status()
        for fault in FAULTS:
            market.house.sandbox.post("/_sandbox/faults", json=fault).raise_for_status()
        clients = [market.client(person) for person in market.crowd(buyers)]
        over, killed = threading.Event(), Counter[str]()
        killer = threading.Thread(target=_kill, args=(market, over, killed, random.Random(seed)))
        killer.start()
        heard = Counter(market.all_at_once(partial(_insist, str(sale.pk)), clients))
        over.set()
        killer.join()
        market.settle_down()
        counts = reckon(market)
        assert counts["orders"].get("owned", 0) == buyers // 2, counts["orders"]
        assert counts["charges"]["succeeded"] == buyers // 2, counts["charges"]
        return {"buyers": buyers, "killed": dict(killed), "heard": dict(heard)} | counts


def _insist(sale: str, client: httpx.Client) -> str:
    """Ask with one key until there is an answer that says something."""
    body = {"sale": sale, "licence": "personal", "currency": "eur", "payment_method": "pm_card_visa"}
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            answer = client.post("/orders/", json=body, headers={"Idempotency-Key": "mine"})
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        if answer.status_code == 201 and answer.json()["state"] != "reserved":
            return str(answer.json()["state"])
        if answer.status_code == 201:
            return _finish(answer.json()["id"], client, until)
        if answer.status_code == 409 and "in-use" not in answer.text:
            return "sold out"
        time.sleep(0.2)
    return "no answer"


def _finish(order: str, client: httpx.Client, until: float) -> str:
    """Reserved, though the payment's answer was lost: pay until it is paid."""
    while time.monotonic() < until:
        try:
            answer = client.post(f"/orders/{order}/pay/", json={"payment_method": "pm_card_visa"})
            if answer.status_code == 200 and answer.json()["state"] == "owned":
                return "owned"
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    return "not finished"


def _kill(market: Market, over: threading.Event, killed: Counter[str], chance: random.Random) -> None:
    while not over.wait(chance.uniform(0.8, 2.0)):
        victim = chance.choice(VICTIMS)
        try:
            market.kill(victim)
            killed[victim] += 1
        except (IndexError, ProcessLookupError):
            continue  # it is not up again yet


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:])), default=str))
