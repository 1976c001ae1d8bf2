"""A storm passes over the house, and nothing is lost. `python -m tests.chaos.storm` runs the same by hand.

CHAOS_SEED gives the seed (it is printed: a storm can be had again), CHAOS_ROUNDS how often each kind of blow falls.
`pytest -s` shows the counts.
"""

import os
import random
import subprocess
import sys

from tests.journeys.conftest import LANE, ROOT

SEED = os.environ.get("CHAOS_SEED") or str(random.randrange(10**6))
ROUNDS = os.environ.get("CHAOS_ROUNDS", "1")


def test_in_the_end_every_job_has_come_to_the_end_it_deserves() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in LANE}
    command = [sys.executable, "-m", "tests.chaos.storm", SEED, ROUNDS]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600 * int(ROUNDS))
    print(ran.stdout)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
