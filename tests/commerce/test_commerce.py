"""Whatever happens in whatever order: nothing is sold twice, no cent is lost, everybody is paid, nothing is done twice.

COMMERCE_STEPS sets how many steps are taken (`make commerce` takes thousands); the suite takes a few hundred, the same
ones each time.
"""

import json
import os

import pytest
import stripe
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.commerce.briefs import Briefs
from tests.commerce.invariants import Invariants
from tests.commerce.money import Money
from tests.commerce.reckoning import Reckoning
from tests.commerce.selling import Selling

STEPS_A_WORLD = 50
STEPS = int(os.environ.get("COMMERCE_STEPS", "250"))


class Commerce(Selling, Briefs, Money, Reckoning, Invariants):
    """Everybody at once."""


@pytest.mark.django_db(transaction=True)
def test_the_whole_of_commerce_adds_up(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(stripe._http_client.HTTPClient, "INITIAL_DELAY", 0.0)  # nobody waits for a fault to pass
    monkeypatch.setattr(stripe._http_client.HTTPClient, "MAX_DELAY", 0.0)
    Commerce.counts.clear()
    is_long = "COMMERCE_STEPS" in os.environ
    run_state_machine_as_test(
        Commerce,
        settings=settings(
            max_examples=max(1, STEPS // STEPS_A_WORLD), stateful_step_count=STEPS_A_WORLD, deadline=None,
            derandomize=not is_long, database=None, suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if "COMMERCE_SHRINK" in os.environ else [Phase.generate],
        ),
    )  # fmt: skip
    with capsys.disabled():
        print("\n" + json.dumps(dict(sorted(Commerce.counts.items())), indent=1))
