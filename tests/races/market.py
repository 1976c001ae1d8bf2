"""A running house with works for sale and a crowd with tokens, for races; and what must be true afterwards."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import django
import httpx

from marketplace.house.environment import Keys, house_environment
from tests.journeys.conftest import LANE, ROOT, House, close_house, eventually, open_house

if TYPE_CHECKING:
    from marketplace.accounts.models import Artist, User
    from marketplace.listings.models import Release, Sale

Item = TypeVar("Item")
Result = TypeVar("Result")
AT_ONCE = 32  # requests on their way at the same time
SCOPES = ["read", "buy", "trade"]
IMPATIENT = httpx.Timeout(120)
LONGEST = 900.0  # seconds that a race may take


@dataclass
class Market:
    """The house, seen from outside by HTTP and from inside by its own models."""

    house: House
    clients: list[httpx.Client] = field(default_factory=list)

    def crowd(self, size: int, name: str = "buyer") -> "list[User]":
        """People without passwords: they come with tokens."""
        from marketplace.accounts.models import User

        people = [User(email=f"{name}{number}@crowd.test", display_name=f"{name} {number}") for number in range(size)]
        return User.objects.bulk_create(people)

    def client(self, person: "User") -> httpx.Client:
        """An API client of one of the crowd."""
        from marketplace.accounts import services as accounts

        _, secret = accounts.create_token(user=person, name="race", scopes=SCOPES, expires_in=None)
        client = httpx.Client(
            base_url=f"{self.house.url}/api/v1",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=IMPATIENT,
            verify=False,  # plain HTTP: no certificate is looked at
        )
        self.clients.append(client)
        return client

    @cached_property
    def artist(self) -> "Artist":
        from marketplace.accounts.models import Artist
        from tests.gallery import hanging

        return Artist.objects.filter(name="Race Artist").first() or hanging.artist("Race Artist")

    def release(self, size: int, *, title: str = "Race") -> "Release":
        """A work in so many numbered editions."""
        from marketplace.listings import services as listings
        from tests.gallery import hanging

        work = hanging.work(self.artist.user, title=title)
        return listings.issue_release(artist_user=self.artist.user, artwork_id=work.pk, terms=listings.Terms(size=size))

    def sale(self, size: int, *, price: int = 2500, title: str = "Race", **schedule: Any) -> "Sale":
        """An open sale of a new release at a price."""
        from marketplace.listings import services as listings

        release, seller = self.release(size, title=title), self.artist.user
        prices = [listings.AskedPrice("personal", "eur", price)]
        sale = listings.draft_sale(
            seller=seller, release_id=release.pk, prices=prices, schedule=listings.Schedule(**schedule)
        )
        return listings.publish_sale(seller=seller, sale_id=sale.pk)

    def save_card(self, person: "User") -> None:
        """A card at the provider that may be charged while its owner is away."""
        from payments.models import Customer, SavedCard

        sandbox = self.house.sandbox
        made = sandbox.post("/v1/customers").raise_for_status().json()["id"]
        attached = sandbox.post("/v1/payment_methods/pm_card_visa/attach", data={"customer": made})
        card = attached.raise_for_status().json()
        customer = Customer.objects.create(user=person, stripe_id=made)
        SavedCard.objects.create(
            customer=customer, stripe_id=card["id"], brand="visa", last4="4242", expires="2034-12", is_default=True
        )

    def all_at_once(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """Do something for everybody, many at the same time."""
        from django.db import connection

        def one(item: Item) -> Result:
            try:
                return work(item)
            finally:
                connection.close()  # each thread has one of its own

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, items))

    def settle_down(self, within: float = 300.0) -> None:
        """Wait until every event was told and nobody may still pay."""
        eventually(lambda: self._is_quiet() or None, within=within)

    def _is_quiet(self) -> bool:
        waiting = "SELECT count(*) FROM core_outboxevent WHERE done_at IS NULL"
        events = "SELECT count(*) FROM payments_webhookevent WHERE processed_at IS NULL"
        return self.house.query(waiting) == [(0,)] and self.house.query(events) == [(0,)]

    def charges(self) -> list[dict[str, Any]]:
        """Every charge at the provider."""
        found: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": 100}
        while True:
            page = self.house.sandbox.get("/v1/charges", params=query).json()
            found += page["data"]
            if not page["has_more"]:
                return found
            query["starting_after"] = found[-1]["id"]

    def kill(self, name: str) -> None:
        """SIGKILL one of the house's processes; its supervisor starts another."""
        os.killpg(self.house.pid_of(name), signal.SIGKILL)


@contextmanager
def open_market(kept: Path | None = None) -> Iterator[Market]:
    """A house with bare walls on ports of its own, and Django set up on its database in this process.

    It is new, and gone afterwards; or it lies in `kept`, as it was left there the last time.
    """
    home = kept or Path(tempfile.mkdtemp(prefix="atelier-races-"))
    home.mkdir(exist_ok=True, parents=True)
    home.chmod(0o755)
    house = open_house(home, furnished=False)
    try:
        ports = json.loads((home / "ports.json").read_text())
        ports["web"] = int(house.url.rpartition(":")[2])
        os.environ |= house_environment(home=home, ports=ports, keys=Keys.remembered(home / "keys.json"))
        os.environ["LOG_LEVEL"] = "ERROR"
        django.setup()
        market = Market(house)
        yield market
        for client in market.clients:
            client.close()
    finally:
        close_house(house)
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def reckon(market: Market) -> dict[str, Any]:
    """What must be true after every race, as counts; raises AssertionError where it is not."""
    from django.db.models import Count, Sum

    from marketplace.orders.models import Order, Ownership
    from payments.models import Posting, Refund

    orders = Counter(Order.objects.values_list("state", flat=True))
    unsettled = {state: orders[state] for state in ("paid", "making", "refunding") if orders[state]}
    assert not unsettled, f"left half done: {unsettled}"
    twice = Ownership.objects.values("edition").annotate(owners=Count("pk")).filter(owners__gt=1)
    assert not twice.exists(), "an edition has two owners"
    sums = dict(Posting.objects.values_list("account__currency").annotate(total=Sum("amount")).order_by())
    assert set(sums.values()) <= {0}, f"the ledger does not add up: {sums}"
    charges = Counter(_fate(charge) for charge in market.charges())
    owned = set(Order.objects.filter(state="owned").values_list("payment__charge_id", flat=True))
    refunded = set(Refund.objects.filter(state="succeeded").values_list("payment__charge_id", flat=True))
    homeless = [
        charge["id"] for charge in market.charges()
        if _fate(charge) in {"succeeded", "refunded"} and charge["id"] not in owned | refunded
    ]  # fmt: skip
    assert not homeless, f"charges that belong to no order and were not refunded: {homeless}"
    return {"orders": dict(orders), "charges": dict(charges), "ledger": sums, "reconcile": _reconciled()}


def _reconciled(within: float = 120.0) -> str:
    """What `reconcile` says once nothing differs: what a dead process was told is told again, a little later."""
    from django.core.management import CommandError, call_command

    until = time.monotonic() + within
    while True:
        said = StringIO()
        try:
            call_command("reconcile", stdout=said)
            return said.getvalue().strip()
        except CommandError as differing:
            if time.monotonic() > until:
                raise AssertionError(said.getvalue()) from differing
        time.sleep(1)


def _fate(charge: dict[str, Any]) -> str:
    if charge["status"] != "succeeded":
        return str(charge["status"])
    return "refunded" if charge["refunded"] else "succeeded"


def run(module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """One of the races in a process of its own, away from the settings of the tests' own lane."""
    kept = {name: value for name, value in os.environ.items() if name not in LANE}
    command = [sys.executable, "-m", module, *arguments]
    race = subprocess.Popen(
        command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said, complained = race.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(race.pid, signal.SIGKILL)  # its house with it, which would hold the pipes open
        said, complained = race.communicate()
    return subprocess.CompletedProcess(command, race.returncode, said, complained)
