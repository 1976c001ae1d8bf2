"""Crowds of buyers for checkout.py: each purchase by somebody else, as in a drop, so that no rate limit is met."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).resolve().parents[2]
CARD = "pm_card_visa"
PATIENCE = httpx.Timeout(120)


@dataclass(frozen=True, slots=True)
class Bought:
    """One purchase: the order, how many seconds it took, and when its buyer was told that it is paid."""

    order: str
    seconds: float
    paid_at: float = 0.0


class Remote:
    """A house in a process of its own, and those who have not bought there yet."""

    def __init__(self, orders: int, buyers: int) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.checkout_house", str(orders), str(buyers)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.orders, self.told = orders, {}  # type: int, dict[str, Any]
        self._lock, self._next = threading.Lock(), 0

    def opened(self) -> Self:
        """Wait until it is open."""
        self.told = self._heard()
        return self

    def ask(self, word: str) -> Any:
        """What it answers."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self._heard()

    def close(self) -> None:
        """Hang up, and wait until it is gone."""
        self.process.communicate(timeout=120)

    def buyer(self) -> dict[str, str]:
        """The headers of somebody who has not bought yet."""
        with self._lock:
            self._next += 1
            return {"Authorization": f"Bearer {self.told['tokens'][self._next - 1]}"}

    @property
    def bought(self) -> int:
        """How many have bought."""
        return self._next

    def _heard(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the house with {self.orders} orders is gone; it said why above")
        return json.loads(line)


Purchase = Callable[[Remote, httpx.Client, str], Bought]


def at_once(house: Remote, client: httpx.Client, sale: str) -> Bought:
    """Reserve, and pay by our API; whoever hears the answer owns it."""
    headers, began = house.buyer(), time.perf_counter()
    order = _place(house, client, sale, headers)
    paid = client.post(
        f"{house.told['url']}/api/v1/orders/{order}/pay/", json={"payment_method": CARD}, headers=headers
    )
    state = _said(paid)["state"]
    if state != "owned":
        raise RuntimeError(f"paid, but {state}")
    return Bought(order, time.perf_counter() - began)


def in_the_browser(house: Remote, client: httpx.Client, sale: str) -> Bought:
    """Reserve, and pay at the provider, as Stripe.js does: we hear of it by its webhook alone."""
    headers, began = house.buyer(), time.perf_counter()
    order = _place(house, client, sale, headers)
    prepared = client.post(f"{house.told['url']}/api/v1/orders/{order}/pay/", json={}, headers=headers)
    secret = _said(prepared)["payment"]["client_secret"]
    confirm = f"{house.told['sandbox']}/v1/payment_intents/{secret.partition('_secret')[0]}/confirm"
    form = {"client_secret": secret, "payment_method": CARD, "return_url": house.told["url"]}
    said = _said(client.post(confirm, data=form, headers={"Authorization": f"Bearer {house.told['key']}"}))
    if said["status"] != "succeeded":
        raise RuntimeError(f"not paid, but {said['status']}")
    return Bought(order, time.perf_counter() - began, time.time())


def crowd(
    house: Remote, sales: Sequence[str], buyers: int, count: int, how: Purchase = at_once
) -> tuple[list[Bought], float]:
    """`count` purchases by `buyers` at a time, and how many seconds they took together.

    The nth buys of the nth sale, and so on around: with as many sales as buyers no two are at the same one.
    Raises what the house answered to a purchase that failed, a 429 as well.
    """
    here = threading.local()
    clients: list[httpx.Client] = []

    def one(number: int) -> Bought:
        if not hasattr(here, "client"):
            here.client = httpx.Client(timeout=PATIENCE)
            clients.append(here.client)
        return how(house, here.client, sales[number % len(sales)])

    began = time.perf_counter()
    with ThreadPoolExecutor(buyers) as pool:
        bought = list(pool.map(one, range(count)))
    took = time.perf_counter() - began
    for client in clients:
        client.close()
    return bought, took


def _place(house: Remote, client: httpx.Client, sale: str, headers: dict[str, str]) -> str:
    wish = {"sale": sale, "licence": "personal", "currency": "eur"}
    return str(_said(client.post(f"{house.told['url']}/api/v1/orders/", json=wish, headers=headers))["id"])


def _said(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise RuntimeError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
    said: dict[str, Any] = answer.json()
    return said
