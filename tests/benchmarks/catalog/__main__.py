"""What the catalogue costs: `python -m tests.benchmarks.catalog [FEW MANY [SECONDS ROUNDS]]`, everything in one run.

A PostgreSQL with two houses of ours and two django-oscar shops, of FEW and of MANY listings, each behind two gunicorn
workers; wrk asks them in turns with one thread and eight connections, and every request asks something else. All four
databases are read from disk once before. Printed are medians of rounds, with requests/s and p99 beside. `ours` over
`baseline` is, of lines named

- `catalog-KIND-growth`: the p50 of KIND among MANY over that among FEW. Nothing is answered from what is kept for all:
  every request is worked out. KIND is list, facets, search, similar, detail, and the pages wall, search-page, work-page
- `catalog-KIND-shared`: the p50 of what many ask, as the house serves it, over that of the same worked out, among MANY
- `catalog-depth`: the p50 of pages about the ten thousandth over that of the first ones, worked out
- `catalog-list-oscar-…`: our lists/s over oscar's: pages of 24 from the newest on, our cards with artist, price and
  picture, its titles; by oscar's documented LimitOffset pages. Ours are worked out; `…-shared` is as the house serves
- `catalog-detail-oscar`: our details of a work/s over its details of a product, among FEW: of forty that many ask, as
  the house serves; `-worked-out` is of thousands, without what is kept

`similar-recall-at-10` is among MANY, of an exact search (recall.py). CATALOG_HOME keeps what was filled.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests import template
from tests.benchmarks.catalog import filling, serving, shop
from tests.benchmarks.catalog.cluster import ROOT, Cluster, fingerprint, open_cluster
from tests.benchmarks.catalog.questions import MOST, STRETCH
from tests.benchmarks.catalog.wrk import Walk
from tests.benchmarks.reporting import report

HERE = Path(__file__).parent
FEW, MANY = 10_000, 1_000_000
SECONDS, ROUNDS = 3, 5
GROWING = ("list", "facets", "search", "similar", "detail", "wall", "search-page", "work-page")
AGAIN = 40  # addresses that many ask
OSCAR = "django-oscar 4.2"
SHORT = {FEW: "10k", MANY: "1m"}
UNSHARED = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.catalog.unshared_settings"}


def main(few: int = FEW, many: int = MANY, seconds: int = SECONDS, rounds: int = ROUNDS) -> None:
    """Measure everything, and print."""
    with open_cluster() as cluster:
        houses = {size: _house(cluster, size) for size in (few, many)}
        shops = {size: _shop(cluster, size) for size in (few, many)}
        # Once for all houses, as an image is built; pages name their files by what this writes.
        environment = cluster.environment(houses[few], redis_database=0)
        serving.python_of(sys.executable, "manage.py", "collectstatic", "--no-input", "-v0", environment=environment)
        for database in (*houses.values(), *shops.values()):
            cluster.warm(database)
        print(_heard(cluster, houses[many], "similar"), flush=True)
        asked = {
            size: json.loads(_heard(cluster, house, "questions").splitlines()[-1]) for size, house in houses.items()
        }
        with ExitStack() as stack:
            ours = {
                size: stack.enter_context(serving.ours(cluster, house, number, UNSHARED))
                for number, (size, house) in enumerate(houses.items(), 1)
            }
            shared = {
                size: stack.enter_context(serving.ours(cluster, house, number, {}))
                for number, (size, house) in enumerate(houses.items(), 3)
            }
            _growth(ours, shared[many], asked, seconds, rounds)
            _depth(ours[many], asked[many], seconds, rounds)
            theirs = {
                size: stack.enter_context(serving.oscar(cluster, name, number))
                for number, (size, name) in enumerate(shops.items(), 5)
            }
            _lists_beside_oscar(ours, shared, theirs, asked, seconds, rounds)
            _details_beside_oscar(ours[few], shared[few], theirs[few], asked[few], few, seconds, rounds)


def _growth(ours: Mapping[int, str], shared: str, asked: Mapping[int, Any], seconds: int, rounds: int) -> None:
    few, many = ours
    for kind in GROWING:
        small, large = (Walk(ours[size], asked[size][kind]) for size in (few, many))
        again = Walk(shared, asked[many][kind][:AGAIN])
        _in_turns([small, large, again], seconds, rounds)
        _report(f"catalog-{kind}-growth", large, small, "p50", beside=f"{few} listings", listings=many)
        _report(f"catalog-{kind}-shared", again, large, "p50", beside="worked out", listings=many)


def _depth(url: str, asked: Mapping[str, Any], seconds: int, rounds: int) -> None:
    first, deep = Walk(url, asked["first"]), Walk(url, asked["deep"])
    _in_turns([first, deep], seconds, rounds)
    _report("catalog-depth", deep, first, "p50", beside="page 1", page=asked["deep_page"])


def _lists_beside_oscar(
    ours: Mapping[int, str], shared: Mapping[int, str], theirs: Mapping[int, str], asked: Mapping[int, Any],
    seconds: int, rounds: int,
) -> None:  # fmt: skip
    for size, url in ours.items():
        our, kept = Walk(url, asked[size]["first"]), Walk(shared[size], asked[size]["first"])
        their = Walk(theirs[size], [f"/api/products/?limit=24&offset={24 * page}" for page in range(STRETCH)])
        _in_turns([our, their, kept], seconds, rounds)
        name = f"catalog-list-oscar-{SHORT.get(size, size)}"
        _report(name, our, their, "rate", beside=OSCAR, listings=size)
        _report(f"{name}-shared", kept, their, "rate", beside=OSCAR, listings=size)


def _details_beside_oscar(
    ours: str, shared: str, theirs: str, asked: Mapping[str, Any], listings: int, seconds: int, rounds: int
) -> None:
    served, worked_out = Walk(shared, asked["detail"][:AGAIN]), Walk(ours, asked["detail"])
    their = Walk(theirs, [f"/api/products/{number}/" for number in range(1, listings, max(1, listings // MOST))])
    _in_turns([served, their, worked_out], seconds, rounds)
    _report("catalog-detail-oscar", served, their, "rate", beside=OSCAR, listings=listings)
    _report("catalog-detail-oscar-worked-out", worked_out, their, "rate", beside=OSCAR, listings=listings)


def _in_turns(walks: Sequence[Walk], seconds: int, rounds: int) -> None:
    """Rounds here and there, so that noise falls on all; a first one that does not count opens connections."""
    for walk in walks:
        walk.go(2, counts=False)
    for turn in range(rounds):
        for walk in walks if turn % 2 else reversed(walks):
            walk.go(seconds)


def _report(name: str, ours: Walk, baseline: Walk, unit: str, **more: float | str) -> None:
    more |= {"rate": round(ours.rate, 1), "p50": round(ours.p50, 2), "p99": round(ours.p99, 2), "bytes": int(ours.size)}
    more |= {f"baseline_{key}": round(getattr(baseline, key), 2) for key in ("rate", "p50", "p99")}
    more["baseline_bytes"] = int(baseline.size)
    mine, theirs = (ours.rate, baseline.rate) if unit == "rate" else (ours.p50, baseline.p50)
    report(name, mine, theirs, "requests/s" if unit == "rate" else "ms", ours.requests, **more)


def _house(cluster: Cluster, listings: int) -> str:
    """A house of ours, filled."""
    name = f"atelier_{listings}"
    made_by = template.fingerprint() + fingerprint(*(HERE / f"{part}.py" for part in filling.PARTS))
    if not cluster.is_filled(name, made_by):
        cluster.migrated(name)
        environment = cluster.environment(name, redis_database=0)
        serving.python_of(sys.executable, "-m", filling.__name__, str(listings), environment=environment)
        cluster.remember(name, made_by)
    return name


def _shop(cluster: Cluster, products: int) -> str:
    """An oscar, filled."""
    name = f"oscar_{products}"
    made_by = fingerprint(HERE / "oscar", HERE / "shop.py", HERE / "words.py")
    if not cluster.is_filled(name, made_by):
        cluster.empty(name)
        shop.fill(cluster, name, products)
        cluster.remember(name, made_by)
    return name


def _heard(cluster: Cluster, house: str, module: str) -> str:
    """What a module of this benchmark says of a house."""
    ran = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.catalog.{module}"],
        cwd=ROOT, env=os.environ | cluster.environment(house, redis_database=0), check=True, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    return ran.stdout.strip()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
