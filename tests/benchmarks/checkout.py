"""What a purchase costs: `python -m tests.benchmarks.checkout`, two houses at once, one run.

A purchase is reserved, paid at the sandbox and owned, over the public API of a running house; whoever hears `owned` is
done. Every purchase is somebody else's. One house has FEW owned orders in its tables, the other MANY; what is compared
takes turns, so that noise falls on both.

- `checkout-N`: completed purchases/s by N buyers at a time, all at one listing, over the same at listings that differ
- `checkout-p99-N`: how long the slowest of a hundred takes; `checkout-contention` is that of 32 buyers
- `checkout-contention-open`: the same for an edition without a number of copies, whose numbers are given meanwhile
- `checkout-growth`: how long a purchase takes beside MANY orders, over beside FEW; by one buyer
- `checkout-growth-crowd`: the same by 32 buyers at listings that differ, everything told: seconds for one purchase
- `checkout-owned`: from our record that it is paid to our record that it is owned, over the whole purchase, 32 buyers
- `checkout-owned-webhook`: the same where the buyer pays in the browser and only a webhook tells us, from the
  provider's answer on

At the end of each house everything is counted: raises AssertionError where anything is too much or missing.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Any

from tests.benchmarks.checkout_buyers import Bought, Remote, crowd, in_the_browser
from tests.benchmarks.reporting import report

FEW, MANY = 10_000, 1_000_000
CROWDS = {1: 10, 8: 40, 32: 96}  # buyers at a time, and purchases a round
ROUNDS, TURNS = 4, 10
WARM = 40  # purchases that are not counted
BLOCK = 10  # purchases of one buyer before the other house's turn


def main(few: int = FEW, many: int = MANY, rounds: int = ROUNDS, turns: int = TURNS) -> None:
    """Measure everything, and print."""
    both = turns * BLOCK + rounds * CROWDS[32] + WARM  # buyers that each house needs
    most = both + rounds * (2 * sum(CROWDS.values()) + 2 * CROWDS[32])
    houses = []
    try:
        for orders, buyers in ((few, most), (many, both)):
            houses.append(Remote(orders, buyers).opened())
        small, large = houses
        for house in houses:  # everything is imported and planned once
            crowd(house, house.told["sales"]["different"], 8, WARM)
            house.ask("quiet")
        _contention(small, rounds)
        _growth(small, large, turns)
        _growth_of_crowds(small, large, rounds)
        for house in houses:
            _count(house)
    finally:
        for house in houses:
            house.close()


def _contention(house: Remote, rounds: int) -> None:
    """One listing, listings that differ, and an open edition, in turns."""
    times: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
    took: defaultdict[tuple[str, int], float] = defaultdict(float)
    orders: list[Bought] = []
    browsed: list[Bought] = []
    for turn in range(rounds):
        for buyers, count in CROWDS.items():
            arms = ["different", "one", *(["open"] if buyers == 32 else [])]
            for arm in arms if turn % 2 else reversed(arms):
                bought, seconds = crowd(house, house.told["sales"][arm], buyers, count)
                times[arm, buyers] += [one.seconds for one in bought]
                took[arm, buyers] += seconds
                orders += bought if buyers == 32 else []
                house.ask("quiet")
        browsed += crowd(house, house.told["sales"]["different"], 32, CROWDS[32], in_the_browser)[0]
        house.ask("quiet")
    for buyers in CROWDS:
        _compare(f"checkout-{buyers}", f"checkout-p99-{buyers}", times, took, "one", buyers)
    _compare("", "checkout-contention", times, took, "one", 32)
    _compare("", "checkout-contention-open", times, took, "open", 32)
    _owned(house, orders, browsed)


def _compare(rate: str, late: str, times: Any, took: Any, arm: str, buyers: int) -> None:
    """An arm beside listings that differ."""
    ours, beside = times[arm, buyers], times["different", buyers]
    count = len(ours)
    more: dict[str, float | str] = {"buyers": buyers, "beside": "different listings"}
    if rate:
        report(rate, count / took[arm, buyers], count / took["different", buyers], "purchases/s", count, **more)
    middles = {"p50": round(median(ours), 4), "baseline_p50": round(median(beside), 4)}
    report(late, percentile(ours, 99), percentile(beside, 99), "s", count, **more, **middles)


def _owned(house: Remote, orders: Sequence[Bought], browsed: Sequence[Bought]) -> None:
    """How long it takes from paid to owned."""
    known = house.ask("owned")
    waits = [known[one.order][1] - known[one.order][0] for one in orders]
    whole = [one.seconds for one in orders]
    late = {"p99": round(percentile(waits, 99), 4), "baseline_p99": round(percentile(whole, 99), 4)}
    report("checkout-owned", median(waits), median(whole), "s", len(waits), beside="whole purchases", buyers=32, **late)
    told = [known[one.order][1] - one.paid_at for one in browsed]
    until = [one.seconds for one in browsed]
    late = {"p99": round(percentile(told, 99), 4), "baseline_p99": round(percentile(until, 99), 4)}
    beside = "until the provider's answer"
    report("checkout-owned-webhook", median(told), median(until), "s", len(told), beside=beside, buyers=32, **late)


def _growth(small: Remote, large: Remote, turns: int) -> None:
    """One buyer at a time, some purchases here, some there."""
    times: dict[Remote, list[float]] = {small: [], large: []}
    for turn in range(turns):
        for house in (small, large) if turn % 2 else (large, small):
            bought, _ = crowd(house, house.told["sales"]["different"], 1, BLOCK)
            times[house] += [one.seconds for one in bought]
            house.ask("quiet")
    more = {"beside": f"{small.told['past']['owned']} orders", "orders": large.told["past"]["owned"]}
    quarters = {"p25": round(percentile(times[large], 25), 4), "baseline_p25": round(percentile(times[small], 25), 4)}
    report("checkout-growth", median(times[large]), median(times[small]), "s", len(times[large]), **more, **quarters)


def _growth_of_crowds(small: Remote, large: Remote, rounds: int) -> None:
    """Crowds here and there, with all that follows a purchase."""
    took: dict[Remote, list[float]] = {small: [], large: []}
    for turn in range(rounds):
        for house in (small, large) if turn % 2 else (large, small):
            _, seconds = crowd(house, house.told["sales"]["different"], 32, CROWDS[32])
            took[house].append((seconds + house.ask("quiet")["seconds"]) / CROWDS[32])
    beside = f"{small.told['past']['owned']} orders"
    count = rounds * CROWDS[32]
    report("checkout-growth-crowd", median(took[large]), median(took[small]), "s", count, beside=beside, buyers=32)


def _count(house: Remote) -> None:
    """What was bought is owned, sold, paid and charged as often; the ledger adds up to nothing."""
    counts, past = house.ask("reckon"), house.told["past"]
    new = {name: counts[name] - past[name] for name in counts if name != "ledger"}
    once = ("owned", "ownerships", "acquisitions", "sold_editions", "captured", "posted", "charges")
    told = {"before": past["owned"], "bought": house.bought, **new, "ledger": counts["ledger"]}
    filled = house.told["filled_seconds"]
    print(json.dumps({"name": "checkout-counts", **told, "filled_seconds": filled}), flush=True)
    assert all(new[name] == house.bought for name in once), f"{house.bought} bought: {new}"
    assert set(counts["ledger"].values()) == {0}, counts["ledger"]
    assert counts["other_orders"] == 0, counts


def percentile(values: Sequence[float], percent: int) -> float:
    """The least value that so many of a hundred do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
