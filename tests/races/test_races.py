"""The races, each in a house of its own; `make races` prints their counts, with a crowd of a thousand."""

import json

import pytest

from tests.races.market import run

RACES = {
    "tests.races.crowd": ("160", "8"),
    "tests.races.bidding": ("60",),
    "tests.races.killing": ("12",),
}


@pytest.mark.parametrize("race", RACES)
def test_whoever_races_money_and_editions_add_up(race: str) -> None:
    ran = run(race, *RACES[race])
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr[-6000:]}"
    counts = json.loads(ran.stdout.splitlines()[-1])
    assert counts["ledger"] == {"eur": 0}
